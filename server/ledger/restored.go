package ledger

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// What was pruned and put back from an archive may be pruned again: an entry log.restored lies between the two.

const restoredPage = 64

// claimed is what a log.pruned or log.restored entry says.
type claimed struct {
	seq    uint64
	ranges []SeqRange
}

// restorings gives what log.restored entries name, in order.
func (l *Ledger) restorings(ctx context.Context, q mysql.Querier) ([]claimed, error) {
	var all []claimed
	for from := uint64(0); ; {
		var seqs []uint64
		if err := q.Select(ctx, &seqs, pruneEntries, LogRestored, from, restoredPage); err != nil || len(seqs) == 0 {
			return all, err
		}
		entries, err := l.ReadSeqs(ctx, q, seqs)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			ranges, err := namedRanges(&entries[i], LogRestored)
			if err != nil {
				return nil, err
			}
			all = append(all, claimed{entries[i].Seq, ranges})
		}
		from = seqs[len(seqs)-1] + 1
	}
}

// without takes away from what was pruned by entry seq what was put back since.
func without(ranges []SeqRange, seq uint64, restored []claimed) []SeqRange {
	for _, r := range restored {
		if r.seq > seq {
			ranges = subtract(ranges, r.ranges)
		}
	}
	return ranges
}

// subtract gives what of a lies in none of b. Both are sorted and disjoint.
func subtract(a, b []SeqRange) []SeqRange {
	var left []SeqRange
	for _, r := range a {
		at, _ := slices.BinarySearchFunc(b, r.From, func(one SeqRange, from uint64) int {
			if one.To <= from {
				return -1
			}
			return 1
		})
		for ; at < len(b) && b[at].From < r.To; at++ {
			if b[at].From > r.From {
				left = append(left, SeqRange{r.From, b[at].From})
			}
			r.From = min(max(r.From, b[at].To), r.To)
		}
		if r.From < r.To {
			left = append(left, r)
		}
	}
	return left
}

// PruningsOf gives the numbers of the log.pruned entries from seq from on that name an archive's manifest, as q sees them.
func (l *Ledger) PruningsOf(ctx context.Context, q mysql.Querier, manifest Hash, from uint64) ([]uint64, error) {
	want := hex.EncodeToString(manifest[:])
	var found []uint64
	for {
		var seqs []uint64
		if err := q.Select(ctx, &seqs, pruneEntries, LogPruned, from, pruneEntryPage); err != nil || len(seqs) == 0 {
			return found, err
		}
		entries, err := l.ReadSeqs(ctx, q, seqs)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			if entries[i].Details["manifest"] == want {
				found = append(found, entries[i].Seq)
			}
		}
		from = seqs[len(seqs)-1] + 1
	}
}

// namedRanges reads the ranges that an entry of an action names.
func namedRanges(e *Entry, action string) ([]SeqRange, error) {
	broken := fault.New(fault.Internal, "entry %d does not say which entries it is about: run keytrail verify", e.Seq)
	if e.Action != action || LeafHash(e.Raw) != e.Leaf {
		return nil, broken
	}
	var body struct {
		Details struct {
			Ranges [][2]uint64 `json:"ranges"`
		} `json:"details"`
	}
	if err := json.Unmarshal(e.Raw, &body); err != nil {
		return nil, broken
	}
	ranges := make([]SeqRange, len(body.Details.Ranges))
	for i, pair := range body.Details.Ranges {
		ranges[i] = SeqRange{pair[0], pair[1]}
	}
	if checkRanges(ranges, e.Seq) != nil {
		return nil, broken
	}
	return ranges, nil
}
