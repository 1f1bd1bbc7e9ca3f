package keeping

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// plan is what keeps entries and what lets them go, as of an instant.
type plan struct {
	service *Service
	rules   *rules
	// held are the ids, as text, of people who are under legal hold, with those of duplicates that were merged into them.
	held []string
	// open are the entries that say who has a key that is out, restored the ranges that were put back for a while.
	open     map[id.ID]bool
	restored []ledger.SeqRange
	// mark tells whether a policy or a hold has changed since the plan was made.
	mark string
	// end is behind the last full tile; what comes later cannot go yet.
	end uint64
	// kept counts what the holds have kept so far.
	kept uint64
}

// leaving is an entry whose time is over.
type leaving struct {
	seq uint64
	about
}

const (
	// window is how many numbers are looked at in one statement.
	window = 20_000

	selectAged = "SELECT seq, id, stream, occurred_at, recorded_at, action, entity_type, source FROM entry_index" +
		" WHERE seq >= ? AND seq < ? AND LEAST(occurred_at, recorded_at) < ? ORDER BY seq"
	selectHours = "SELECT TIMESTAMPDIFF(HOUR, '1970-01-01', LEAST(i.occurred_at, i.recorded_at)) AS hour, COUNT(*) AS entries," +
		" COALESCE(SUM(LENGTH(e.body)), 0) AS bytes FROM entry_index i JOIN {ledger}.entry e ON e.seq = i.seq" +
		" WHERE i.seq >= ? AND i.seq < ? AND i.stream = ? GROUP BY hour"
	// selectMark names what a plan rests upon and can change meanwhile.
	selectMark = "SELECT CONCAT_WS('|', (SELECT COUNT(*) FROM legal_hold), (SELECT COUNT(*) FROM legal_hold WHERE open_person IS NOT NULL)," +
		" (SELECT COUNT(*) FROM retention_policy), (SELECT COALESCE(MAX(changed_at), '') FROM retention_policy)," +
		" (SELECT COALESCE(MAX(restored_at), '') FROM archive), (SELECT COUNT(*) FROM person WHERE merged_into IS NOT NULL))"
)

// planAsOf makes the plan of an instant.
func (s *Service) planAsOf(ctx context.Context, asOf time.Time) (*plan, error) {
	p := &plan{service: s}
	if err := s.db.Get(ctx, &p.mark, selectMark); err != nil {
		return nil, err
	}
	policies, err := s.policies(ctx, s.db)
	if err != nil {
		return nil, err
	}
	if p.held, err = s.heldIDs(ctx); err != nil {
		return nil, err
	}
	if p.open, err = s.loans.IssuedEntriesOut(ctx); err != nil {
		return nil, err
	}
	if p.restored, err = s.restoredUntil(ctx, asOf); err != nil {
		return nil, err
	}
	p.end = ledger.Prunable(s.ledger.DurableSize())
	p.rules = rulesOf(policies, asOf, s.config.Grace)
	return p, p.limit(ctx, policies)
}

// limit finds out what the limits of streams let go.
func (p *plan) limit(ctx context.Context, policies []*Policy) error {
	for _, one := range policies {
		if one.MaxEntries == nil && one.MaxBytes == nil {
			continue
		}
		hours, err := p.hoursOf(ctx, one.Stream)
		if err != nil {
			return err
		}
		p.rules.limited[one.Stream] = limitOf(hours, one.MaxEntries, one.MaxBytes)
	}
	return nil
}

func (p *plan) hoursOf(ctx context.Context, stream ledger.Stream) ([]hour, error) {
	sums := map[int64]*hour{}
	for from := uint64(0); from < p.service.ledger.DurableSize(); from += window {
		var some []hour
		if err := p.service.db.Select(ctx, &some, selectHours, from, from+window, stream.Code()); err != nil {
			return nil, err
		}
		for _, h := range some {
			sum := sums[h.Hour]
			if sum == nil {
				sum = &hour{Hour: h.Hour}
				sums[h.Hour] = sum
			}
			sum.Entries, sum.Bytes = sum.Entries+h.Entries, sum.Bytes+h.Bytes
		}
	}
	all := make([]hour, 0, len(sums))
	for _, h := range sums {
		all = append(all, *h)
	}
	return all, nil
}

// changed reports whether a policy, a hold or a restored archive came in between, as seen in a transaction.
func (p *plan) changed(ctx context.Context, tx *mysql.Tx) (bool, error) {
	var mark string
	err := tx.Get(ctx, &mark, selectMark)
	return mark != p.mark, err
}

// next gives what goes of the window of entries from seq on, and where the window ends.
func (p *plan) next(ctx context.Context, from uint64) (gone []leaving, to uint64, err error) {
	to = min(from+window, p.end)
	latest := p.rules.latest()
	if latest.IsZero() {
		return nil, p.end, nil
	}
	var rows []struct {
		Seq        uint64    `db:"seq"`
		ID         id.ID     `db:"id"`
		Stream     uint8     `db:"stream"`
		OccurredAt time.Time `db:"occurred_at"`
		RecordedAt time.Time `db:"recorded_at"`
		Action     string    `db:"action"`
		EntityType string    `db:"entity_type"`
		Source     string    `db:"source"`
	}
	if err := p.service.db.Select(ctx, &rows, selectAged, from, to, latest); err != nil {
		return nil, 0, err
	}
	for _, r := range rows {
		if r.Stream < 1 || int(r.Stream) > len(ledger.Streams()) || p.open[r.ID] || p.isRestored(r.Seq) {
			continue
		}
		one := leaving{r.Seq, about{ledger.Streams()[r.Stream-1], r.Source, r.EntityType, r.Action, r.OccurredAt, r.RecordedAt}}
		if p.rules.goes(&one.about) {
			gone = append(gone, one)
		}
	}
	gone, err = p.notHeld(ctx, gone)
	return gone, to, err
}

func (p *plan) isRestored(seq uint64) bool {
	return slices.ContainsFunc(p.restored, func(r ledger.SeqRange) bool { return r.From <= seq && seq < r.To })
}
