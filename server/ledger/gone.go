package ledger

import (
	"context"

	"github.com/keytrail/keytrail/server/mysql"
)

// Gone is what is kept of an entry whose body was pruned.
type Gone struct {
	Seq uint64
	// LeafData is the SHA-256 of the body that was there.
	LeafData Hash
	// By is the log.pruned entry that names it.
	By uint64
}

const (
	selectGone  = "SELECT seq, leaf_data, pruned_by FROM {ledger}.pruned_leaf WHERE seq IN (?) ORDER BY seq"
	selectBytes = "SELECT COUNT(*) AS found, COALESCE(SUM(LENGTH(body)), 0) AS bytes FROM {ledger}.entry WHERE seq IN (?)"
)

// GoneAmong gives, in ascending order, those of the entries whose bodies were pruned.
func (l *Ledger) GoneAmong(ctx context.Context, seqs []uint64) ([]Gone, error) {
	var gone []Gone
	err := inChunks(seqs, func(part []uint64) error {
		text, args, err := mysql.In(selectGone, part)
		if err != nil {
			return err
		}
		var rows []struct {
			Seq  uint64 `db:"seq"`
			Data []byte `db:"leaf_data"`
			By   uint64 `db:"pruned_by"`
		}
		if err := l.db.Select(ctx, &rows, text, args...); err != nil {
			return err
		}
		for _, r := range rows {
			if len(r.Data) != len(Hash{}) {
				return lostLeaves(r.Seq, r.Seq+1)
			}
			gone = append(gone, Gone{r.Seq, Hash(r.Data), r.By})
		}
		return nil
	})
	return gone, err
}

// Weigh counts which of the entries have their bodies, and how many bytes these are together. No entry is named twice.
func (l *Ledger) Weigh(ctx context.Context, seqs []uint64) (found int, bytes uint64, err error) {
	err = inChunks(seqs, func(part []uint64) error {
		text, args, err := mysql.In(selectBytes, part)
		if err != nil {
			return err
		}
		var sum struct {
			Found int    `db:"found"`
			Bytes uint64 `db:"bytes"`
		}
		if err := l.db.Get(ctx, &sum, text, args...); err != nil {
			return err
		}
		found, bytes = found+sum.Found, bytes+sum.Bytes
		return nil
	})
	return found, bytes, err
}

// inChunks calls do with as many numbers at a time as a statement takes.
func inChunks(seqs []uint64, do func([]uint64) error) error {
	for start := 0; start < len(seqs); start += maxRows {
		if err := do(seqs[start:min(start+maxRows, len(seqs))]); err != nil {
			return err
		}
	}
	return nil
}
