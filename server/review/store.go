package review

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	// rowsAtOnce is how many entries one statement marks.
	rowsAtOnce = 100

	insertReview = "INSERT INTO entry_review (seq, occurred_at, state) VALUES "
	newReview    = " ON DUPLICATE KEY UPDATE state = VALUES(state)"
	firstReview  = " ON DUPLICATE KEY UPDATE seq = VALUES(seq)"
	selectStates = "SELECT seq, state FROM entry_review WHERE seq IN (?)"
	settleReview = "UPDATE entry_review SET state = ? WHERE state = ? AND seq IN (?)"

	// stateNew is that of a row which a transaction has just added, and which nobody else ever sees: it tells them from those
	// that were there.
	stateNew = 128
)

// marking is what is said of entries: by which action, in which role it refers to them, and their state then.
type marking struct {
	action, role string
	code         int
	said         said
	// first leaves alone what was flagged or reviewed before.
	first bool
}

// store marks entries, records who did, and gives how many are marked.
func (s *Service) store(ctx context.Context, actor *access.Actor, entries []ledger.Entry, m *marking) (n int, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		for some := range slices.Chunk(entries, rowsAtOnce) {
			if err := insert(ctx, tx, some, m); err != nil {
				return err
			}
		}
		marked, err := s.marked(ctx, tx, entries, m)
		if n = len(marked); err != nil || n == 0 {
			return err
		}
		_, err = s.ledger.Append(ctx, tx, m.draft(actor, marked, s.now().UTC()))
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, s.ledger.AwaitRead(ctx)
}

// draft is the entry that says it.
func (m *marking) draft(actor *access.Actor, entries []ledger.Entry, now time.Time) ledger.Draft {
	d := actor.Draft(ledger.StreamSystem, m.action, now)
	d.Details = map[string]any{"entries": len(entries)}
	for i := range entries {
		d.Refs = append(d.Refs, ledger.EntryRef(m.role, entries[i].Seq))
	}
	if m.said != (said{}) {
		d.Parts = append(d.Parts, ledger.PersonPart(fieldReview, actor.Person, now, m.said))
	}
	return d
}

// marked gives the entries that are marked now: not those that somebody flagged or reviewed while they were read.
func (s *Service) marked(ctx context.Context, tx *mysql.Tx, entries []ledger.Entry, m *marking) ([]ledger.Entry, error) {
	if !m.first {
		return entries, nil
	}
	states, err := states(ctx, tx, seqsOf(entries))
	if err != nil {
		return nil, err
	}
	added := slices.DeleteFunc(slices.Clone(entries), func(e ledger.Entry) bool { return states[e.Seq] != stateNew })
	if len(added) == 0 {
		return nil, nil
	}
	query, args, err := mysql.In(settleReview, m.code, stateNew, seqsOf(added))
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, query, args...)
	return added, err
}

func insert(ctx context.Context, tx *mysql.Tx, entries []ledger.Entry, m *marking) error {
	query, args, code := insertReview, []any{}, m.code
	if m.first {
		code = stateNew
	}
	for i := range entries {
		if i > 0 {
			query += ", "
		}
		query += "(?, ?, ?)"
		args = append(args, entries[i].Seq, entries[i].OccurredAt, code)
	}
	if m.first {
		query += firstReview
	} else {
		query += newReview
	}
	_, err := tx.Exec(ctx, query, args...)
	return err
}

// unmarked keeps the entries that were neither flagged nor reviewed.
func (s *Service) unmarked(ctx context.Context, entries []ledger.Entry) ([]ledger.Entry, error) {
	states, err := states(ctx, s.db, seqsOf(entries))
	return slices.DeleteFunc(entries, func(e ledger.Entry) bool { return states[e.Seq] != 0 }), err
}

func seqsOf(entries []ledger.Entry) []uint64 {
	seqs := make([]uint64, len(entries))
	for i := range entries {
		seqs[i] = entries[i].Seq
	}
	return seqs
}

func states(ctx context.Context, q mysql.Querier, seqs []uint64) (map[uint64]int, error) {
	query, args, err := mysql.In(selectStates, seqs)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Seq   uint64 `db:"seq"`
		State int    `db:"state"`
	}
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	states := make(map[uint64]int, len(rows))
	for _, r := range rows {
		states[r.Seq] = r.State
	}
	return states, nil
}

// recordDay records that a day was closed.
func (s *Service) recordDay(ctx context.Context, actor *access.Actor, in DayInput, closed *Day) error {
	now := s.now().UTC()
	d := actor.Draft(ledger.StreamSystem, ledger.LogDayReviewed, now)
	d.Entity = ledger.Entity{Type: "day", ID: string(in.Date), Label: string(in.Date)}
	d.Details = map[string]any{"date": string(in.Date), "timeZone": in.TimeZone, "entries": closed.Reviewed, "left": closed.Left}
	d.Parts = append(d.Parts, ledger.PersonPart(fieldReview, actor.Person, now, said{Note: in.Note}),
		ledger.PersonPart("filter", actor.Person, now, in.Filter.Words()))
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, d)
		return err
	})
}

// Of gives what was said last of entries, as far as the actor's right to review reaches; none of others.
func (s *Service) Of(ctx context.Context, actor *access.Actor, seqs []uint64) (map[uint64]*Review, error) {
	if s.access.ScopeOf(actor, access.LogsReview) == access.None || len(seqs) == 0 {
		return nil, nil
	}
	states, err := states(ctx, s.db, seqs)
	if err != nil || len(states) == 0 {
		return nil, err
	}
	reachable, err := s.book.ReviewableAt(ctx, actor, slices.Sorted(maps.Keys(states)))
	if err != nil {
		return nil, err
	}
	var marked []uint64
	for i := range reachable {
		marked = append(marked, reachable[i].Seq)
	}
	last, err := s.last(ctx, marked)
	if err != nil {
		return nil, err
	}
	reviews := make(map[uint64]*Review, len(marked))
	for _, seq := range marked {
		if e := last[seq]; e != nil {
			if reviews[seq], err = s.open(ctx, e, states[seq]); err != nil {
				return nil, err
			}
		}
	}
	return reviews, nil
}

// last gives the newest entry that says something of each.
func (s *Service) last(ctx context.Context, seqs []uint64) (map[uint64]*ledger.Entry, error) {
	newest := map[uint64]uint64{}
	for _, role := range []string{ledger.RefFlags, ledger.RefReviews} {
		referring, err := s.ledger.Referring(ctx, s.db, role, seqs)
		if err != nil {
			return nil, err
		}
		for seq, by := range referring {
			newest[seq] = max(newest[seq], by[len(by)-1])
		}
	}
	entries, err := s.ledger.ReadSeqs(ctx, s.db, distinct(slices.Collect(maps.Values(newest))))
	if err != nil {
		return nil, err
	}
	bySeq := make(map[uint64]*ledger.Entry, len(entries))
	for i := range entries {
		bySeq[entries[i].Seq] = &entries[i]
	}
	last := make(map[uint64]*ledger.Entry, len(newest))
	for seq, by := range newest {
		last[seq] = bySeq[by]
	}
	return last, nil
}

// open reads what an entry says; nothing of what was forgotten.
func (s *Service) open(ctx context.Context, e *ledger.Entry, code int) (*Review, error) {
	r := &Review{State: logbook.Flagged, ByID: e.ActorID(), At: e.OccurredAt}
	if code == ledger.StateReviewed {
		r.State = logbook.Reviewed
	}
	var text said
	if _, err := s.ledger.Unseal(ctx, e, fieldReview, &text); err != nil && !errors.Is(err, seal.ErrDestroyed) {
		return nil, err
	}
	if text.Verdict != "" {
		r.Verdict = &text.Verdict
	}
	if text.Note != "" {
		r.Note = &text.Note
	}
	return r, nil
}

func distinct(seqs []uint64) []uint64 {
	sorted := slices.Clone(seqs)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
