package ledger

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	selectIndex = "SELECT seq, id, stream, occurred_at, recorded_at, actor, person, department, action," +
		" entity_type, entity_id, module, source, outcome FROM entry_index WHERE seq >= ? AND seq < ? ORDER BY seq"
	selectIPs    = "SELECT ip, occurred_at, seq FROM entry_ip WHERE seq >= ? AND seq < ? ORDER BY seq, ip, occurred_at"
	insertShadow = "INSERT INTO entry_count_rebuild (department, stream, action, slot, day, total) VALUES "
)

// chunk mends the index rows of the next run of entries below end, and counts them.
func (r *rebuild) chunk(ctx context.Context, end uint64) error {
	run, err := boundedRun(ctx, r.ledger.db, r.next, end)
	if err != nil {
		return err
	}
	var index, ips, refs, objects, words int
	var reviewed []uint64
	err = r.step(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		filled, err := olderObjectsEnd(ctx, tx)
		if err != nil {
			return err
		}
		entries, err := entriesOf(ctx, tx, run)
		if err != nil {
			return err
		}
		want, skipped, err := r.derive(ctx, entries)
		if err != nil {
			return err
		}
		if index, err = mendIndex(ctx, tx, run, want); err != nil {
			return err
		}
		if ips, err = mendIPs(ctx, tx, run, want, skipped); err != nil {
			return err
		}
		if refs, err = mendRefs(ctx, tx, run, want); err != nil {
			return err
		}
		reviewed = reviewedBy(want.refs)
		if objects, err = mendObjects(ctx, tx, run, want, filled); err != nil {
			return err
		}
		if words, err = mendWords(ctx, tx, run, entries); err != nil {
			return err
		}
		return insertRows(ctx, tx, insertShadow, addToCounts, countColumns, want.counts.rows())
	})
	if err != nil {
		return err
	}
	r.found.IndexRows += index
	r.found.AddressRows += ips
	r.found.ReferenceRows += refs
	r.found.ObjectRows += objects
	r.found.WordRows += words
	r.next = run.To
	return r.reviews(ctx, reviewed)
}

// reviews mends the states of entries of which a run said something.
func (r *rebuild) reviews(ctx context.Context, targets []uint64) error {
	if len(targets) == 0 {
		return nil
	}
	var mended int
	err := r.step(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		mended, err = r.ledger.mendReviews(ctx, tx, targets)
		return err
	})
	if err == nil {
		r.found.ReviewRows += mended
	}
	return err
}

// boundedRun gives the entries from next on and before end, bounded in number and in bytes.
func boundedRun(ctx context.Context, q mysql.Querier, next, end uint64) (SeqRange, error) {
	run := SeqRange{next, min(next+rebuildRows, end)}
	to, found, err := endOfPage(ctx, q, run.From, int(run.size()))
	if found && to < run.To {
		run.To = to
	}
	return run, err
}

func entriesOf(ctx context.Context, tx *mysql.Tx, run SeqRange) ([]Entry, error) {
	var rows []row
	if err := tx.Select(ctx, &rows, selectRange, run.From, run.To); err != nil {
		return nil, err
	}
	return decodeRows(rows)
}

// derive gives the rows that a run of entries must have. The addresses of the entries in skipped cannot be read, and
// what is kept of them stays as it is.
func (r *rebuild) derive(ctx context.Context, entries []Entry) (want *derivedRows, skipped map[uint64]bool, err error) {
	// Whoever rebuilds need not have a reader that tells him which keys are destroyed, and a rebuild may last for hours.
	r.ledger.seal.ForgetAll()
	want, skipped = newDerivedRows(len(entries)), map[uint64]bool{}
	for i := range entries {
		e := &entries[i]
		ip, readable, err := r.ledger.ipOf(ctx, e)
		if err != nil {
			return nil, nil, err
		}
		if !readable {
			skipped[e.Seq] = true
		}
		want.add(e.Seq, &e.Body, ip)
	}
	return want, skipped, nil
}

// ipOf gives the index of the address that an entry came from: nil where there is none, or where its person was erased.
func (l *Ledger) ipOf(ctx context.Context, e *Entry) (ip []byte, readable bool, err error) {
	var origin Origin
	found, err := l.Unseal(ctx, e, FieldActor, &origin)
	switch {
	case errors.Is(err, seal.ErrDestroyed):
		return nil, true, nil
	case err != nil && (mysql.IsGone(err) || ctx.Err() != nil):
		return nil, false, err
	case err != nil:
		return nil, false, nil
	case !found:
		return nil, true, nil
	}
	ip, err = l.ipIndexOf(ctx, origin)
	return ip, true, err
}

// indexRow is a row of entry_index as it is.
type indexRow struct {
	Seq        uint64    `db:"seq"`
	ID         []byte    `db:"id"`
	Stream     uint8     `db:"stream"`
	OccurredAt time.Time `db:"occurred_at"`
	RecordedAt time.Time `db:"recorded_at"`
	Actor      []byte    `db:"actor"`
	Person     []byte    `db:"person"`
	Department []byte    `db:"department"`
	Action     string    `db:"action"`
	EntityType string    `db:"entity_type"`
	EntityID   string    `db:"entity_id"`
	Module     string    `db:"module"`
	Source     string    `db:"source"`
	Outcome    uint8     `db:"outcome"`
}

// args gives the row in the form in which derivedRows has it.
func (r *indexRow) args() []any {
	return []any{
		r.Seq, idColumn(r.ID), r.Stream, r.OccurredAt.UTC(), r.RecordedAt.UTC(), idColumn(r.Actor), idColumn(r.Person),
		idColumn(r.Department), r.Action, r.EntityType, r.EntityID, r.Module, r.Source, r.Outcome,
	}
}

// idColumn gives an id as derivedRows has it, and something else for a value that no id is stored as.
func idColumn(raw []byte) any {
	if raw == nil {
		return id.ID{}
	}
	if len(raw) == len(id.ID{}) && id.ID(raw) != (id.ID{}) {
		return id.ID(raw)
	}
	return string(raw)
}

// mendIndex replaces the index rows of a run that are not as they must be, and gives how many those were.
func mendIndex(ctx context.Context, tx *mysql.Tx, run SeqRange, want *derivedRows) (int, error) {
	var have []indexRow
	if err := tx.Select(ctx, &have, selectIndex, run.From, run.To); err != nil {
		return 0, err
	}
	var wrong []uint64
	var right []any
	missing := 0
	for left := want.index; len(left) > 0 || len(have) > 0; {
		switch {
		case len(left) == 0 || len(have) > 0 && have[0].Seq < left[0].(uint64): // of no entry
			wrong, have = append(wrong, have[0].Seq), have[1:]
			continue
		case len(have) == 0 || have[0].Seq > left[0].(uint64):
			missing++
			right = append(right, left[:indexColumns]...)
		default:
			if !slices.Equal(have[0].args(), left[:indexColumns]) {
				wrong, right = append(wrong, have[0].Seq), append(right, left[:indexColumns]...)
			}
			have = have[1:]
		}
		left = left[indexColumns:]
	}
	if err := dropSeqs(ctx, tx, dropIndex, wrong); err != nil {
		return 0, err
	}
	return len(wrong) + missing, insertRows(ctx, tx, insertIndex, "", indexColumns, right)
}

// difference gives the rows that are there and not wanted, and those that are wanted and not there. It uses wanted up.
func difference[R comparable](have []R, wanted map[R]bool) (wrong, missing []R) {
	for _, row := range have {
		if wanted[row] {
			delete(wanted, row)
		} else {
			wrong = append(wrong, row)
		}
	}
	return wrong, slices.Collect(maps.Keys(wanted))
}

// ipRow is a row of entry_ip, comparable.
type ipRow struct {
	ip         string
	occurredAt time.Time
	seq        uint64
}

// mendIPs replaces the addresses of the entries of a run whose rows are not as they must be, and gives how many rows
// those were.
func mendIPs(ctx context.Context, tx *mysql.Tx, run SeqRange, want *derivedRows, skipped map[uint64]bool) (int, error) {
	var rows []struct {
		IP         []byte    `db:"ip"`
		OccurredAt time.Time `db:"occurred_at"`
		Seq        uint64    `db:"seq"`
	}
	if err := tx.Select(ctx, &rows, selectIPs, run.From, run.To); err != nil {
		return 0, err
	}
	have := make([]ipRow, len(rows))
	for i, r := range rows {
		have[i] = ipRow{string(r.IP), r.OccurredAt.UTC(), r.Seq}
	}
	wanted := map[ipRow]bool{}
	for i := 0; i < len(want.ips); i += ipColumns {
		wanted[ipRow{string(want.ips[i].([]byte)), want.ips[i+1].(time.Time).UTC(), want.ips[i+2].(uint64)}] = true
	}
	differing := 0
	const dropIP = "DELETE FROM entry_ip WHERE ip = ? AND occurred_at = ? AND seq = ?"
	wrong, missing := difference(have, wanted)
	for _, r := range wrong {
		if skipped[r.seq] {
			continue
		}
		if _, err := tx.Exec(ctx, dropIP, []byte(r.ip), r.occurredAt, r.seq); err != nil {
			return 0, err
		}
		differing++
	}
	var lost []any
	for _, one := range missing {
		lost = append(lost, []byte(one.ip), one.occurredAt, one.seq)
	}
	return differing + len(missing), insertRows(ctx, tx, insertIPs, "", ipColumns, lost)
}
