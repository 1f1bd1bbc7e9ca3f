package ledger

import (
	"fmt"
	"slices"

	"github.com/keytrail/keytrail/server/fault"
)

// SeqRange is the entries from From on, up to and without To.
type SeqRange struct{ From, To uint64 }

func (r SeqRange) size() uint64 { return r.To - r.From }

// String writes the range as a half-open interval.
func (r SeqRange) String() string { return fmt.Sprintf("[%d, %d)", r.From, r.To) }

// checkRanges refuses ranges that are empty, overlap, are not in order, or reach beyond end.
func checkRanges(ranges []SeqRange, end uint64) error {
	var last uint64
	for i, r := range ranges {
		switch field := fmt.Sprintf("ranges.%d", i); {
		case r.From >= r.To:
			return fault.Field(field, "the range %v is empty", r)
		case r.From < last:
			return fault.Field(field, "the range %v begins before the one in front of it has ended: sort and join them", r)
		case r.To > end:
			return fault.Field(field, "the range %v reaches beyond the last full tile, which ends with entry %d: prune less", r, int64(end)-1)
		}
		last = r.To
	}
	if len(ranges) == 0 {
		return fault.Field("ranges", "there is nothing to prune: name a range")
	}
	return nil
}

// overlap finds the first range of a that shares an entry with one of b. Both are sorted and disjoint.
func overlap(a, b []SeqRange) (SeqRange, bool) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].To <= b[j].From:
			i++
		case b[j].To <= a[i].From:
			j++
		default:
			return a[i], true
		}
	}
	return SeqRange{}, false
}

// covers reports whether sorted and disjoint ranges hold an entry.
func covers(ranges []SeqRange, seq uint64) bool {
	_, found := slices.BinarySearchFunc(ranges, seq, func(r SeqRange, seq uint64) int {
		switch {
		case r.To <= seq:
			return -1
		case r.From > seq:
			return 1
		}
		return 0
	})
	return found
}

// Entries counts the entries of ranges.
func Entries(ranges []SeqRange) uint64 { return total(ranges) }

// total counts the entries of ranges.
func total(ranges []SeqRange) uint64 {
	var n uint64
	for _, r := range ranges {
		n += r.size()
	}
	return n
}

// pairs writes ranges as an entry's details hold them: a list of [from, to).
func pairs(ranges []SeqRange) []any {
	list := make([]any, len(ranges))
	for i, r := range ranges {
		list[i] = []any{int64(r.From), int64(r.To)}
	}
	return list
}

// prunedRanges reads the ranges that a log.pruned entry commits to.
func prunedRanges(e *Entry) ([]SeqRange, error) { return namedRanges(e, LogPruned) }

// Prunable gives the end of the entries that may be pruned in a durable tree of a size: that of its last full tile.
func Prunable(size uint64) uint64 { return size &^ (tileWidth - 1) }
