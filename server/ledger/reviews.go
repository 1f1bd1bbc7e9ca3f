package ledger

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// The roles in which entries of reviewers refer to those that they are about.
const (
	RefFlags   = "flags"
	RefReviews = "reviews"
)

// The states of entries in entry_review: what the newest entry that refers to one says of it.
const (
	StateFlagged  = 1
	StateReviewed = 2
)

const (
	selectTimes   = "SELECT seq, occurred_at FROM entry_index WHERE seq IN (?)"
	lockReviews   = "SELECT seq, occurred_at, state FROM entry_review WHERE seq IN (?) FOR UPDATE"
	insertReviews = "INSERT INTO entry_review (seq, occurred_at, state) VALUES "
	keepReviews   = " ON DUPLICATE KEY UPDATE seq = VALUES(seq)"
	updateReview  = "UPDATE entry_review SET occurred_at = ?, state = ? WHERE seq = ?"
	strayReviews  = "SELECT v.seq FROM entry_review v LEFT JOIN {ledger}.entry e ON e.seq = v.seq WHERE v.seq >= ? AND e.seq IS NULL ORDER BY v.seq LIMIT 256"
	dropReviews   = "DELETE FROM entry_review WHERE seq IN (?)"

	reviewColumns = 3
)

// reviewRow is a row of entry_review.
type reviewRow struct {
	Seq        uint64    `db:"seq"`
	OccurredAt time.Time `db:"occurred_at"`
	State      int       `db:"state"`
}

func (r reviewRow) is(other reviewRow) bool {
	return r.State == other.State && r.OccurredAt.Equal(other.OccurredAt)
}

// reviewedBy gives the entries that some rows of references call flagged or reviewed, each once.
func reviewedBy(refs []any) []uint64 {
	var targets []uint64
	for i := 0; i < len(refs); i += refColumns {
		if role := refs[i+1]; role == RefFlags || role == RefReviews {
			targets = append(targets, refs[i].(uint64))
		}
	}
	slices.Sort(targets)
	return slices.Compact(targets)
}

// mendReviews makes the states of entries what is said of them, and gives how many were not. The state of one of which
// nothing is said any more stays: whoever said it may have been pruned.
func (l *Ledger) mendReviews(ctx context.Context, tx *mysql.Tx, targets []uint64) (int, error) {
	mended := 0
	for some := range slices.Chunk(targets, maxRows) {
		added, err := l.addReviews(ctx, tx, some)
		if err != nil {
			return 0, err
		}
		changed, err := l.changeReviews(ctx, tx, some)
		if err != nil {
			return 0, err
		}
		mended += added + changed
	}
	return mended, nil
}

// addReviews adds the rows that are missing, and so locks the rows of all targets against whoever reviews meanwhile.
func (l *Ledger) addReviews(ctx context.Context, tx *mysql.Tx, targets []uint64) (int, error) {
	have, err := reviewRows(ctx, tx, lockReviews, targets)
	if err != nil {
		return 0, err
	}
	want, err := l.saidOf(ctx, tx, targets)
	if err != nil {
		return 0, err
	}
	var missing []any
	for _, seq := range targets {
		row, said := want[seq]
		if _, there := have[seq]; said && !there {
			missing = append(missing, row.Seq, row.OccurredAt, row.State)
		}
	}
	return len(missing) / reviewColumns, insertRows(ctx, tx, insertReviews, keepReviews, reviewColumns, missing)
}

// changeReviews changes the rows that are wrong. All of them are locked, so what is read here is said last.
func (l *Ledger) changeReviews(ctx context.Context, tx *mysql.Tx, targets []uint64) (int, error) {
	have, err := reviewRows(ctx, tx, lockReviews, targets)
	if err != nil {
		return 0, err
	}
	want, err := l.saidOf(ctx, tx, targets)
	if err != nil {
		return 0, err
	}
	changed := 0
	for _, row := range want {
		if row.is(have[row.Seq]) {
			continue
		}
		if _, err := tx.Exec(ctx, updateReview, row.OccurredAt, row.State, row.Seq); err != nil {
			return 0, err
		}
		changed++
	}
	return changed, nil
}

// saidOf gives the rows that targets must have, by the newest entry that says something of each; none for those that are gone.
func (l *Ledger) saidOf(ctx context.Context, tx *mysql.Tx, targets []uint64) (map[uint64]reviewRow, error) {
	flagged, err := l.Referring(ctx, tx, RefFlags, targets)
	if err != nil {
		return nil, err
	}
	reviewed, err := l.Referring(ctx, tx, RefReviews, targets)
	if err != nil {
		return nil, err
	}
	rows, err := reviewRows(ctx, tx, selectTimes, targets)
	if err != nil {
		return nil, err
	}
	for seq, row := range rows {
		switch f, r := newest(flagged[seq]), newest(reviewed[seq]); {
		case f > r:
			row.State = StateFlagged
		case r > 0:
			row.State = StateReviewed
		default:
			delete(rows, seq)
			continue
		}
		rows[seq] = row
	}
	return rows, nil
}

// newest gives the last of the entries that refer to another, 0 for none: the first entry of all refers to nothing.
func newest(seqs []uint64) uint64 {
	if len(seqs) == 0 {
		return 0
	}
	return seqs[len(seqs)-1]
}

func reviewRows(ctx context.Context, tx *mysql.Tx, query string, seqs []uint64) (map[uint64]reviewRow, error) {
	text, args, err := mysql.In(query, seqs)
	if err != nil {
		return nil, err
	}
	var list []reviewRow
	if err := tx.Select(ctx, &list, text, args...); err != nil {
		return nil, err
	}
	rows := make(map[uint64]reviewRow, len(list))
	for _, row := range list {
		rows[row.Seq] = row
	}
	return rows, nil
}
