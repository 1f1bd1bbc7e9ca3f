package ledger

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/mysql"
)

const (
	dropCounts  = "DELETE FROM entry_count WHERE department = ? AND stream = ? AND action = ? AND total <= ? AND ("
	lowerCounts = "UPDATE entry_count SET total = IF(total > ?, total - ?, 0) WHERE department = ? AND stream = ? AND action = ? AND ("
	onePlace    = "slot = ? AND day = ?"
	// maxPlaces is the most places of one statement.
	maxPlaces = 64
)

// subtract takes the counts away from entry_count, and removes rows that come to nothing. Counts of one action that
// fall by the same number share statements. All who subtract do so in one order.
func (c *counts) subtract(ctx context.Context, tx *mysql.Tx) error {
	slices.SortFunc(c.order, func(a, b countKey) int {
		return cmp.Or(compareCounted(a, b), cmp.Compare(c.totals[a], c.totals[b]), compareCountKeys(a, b))
	})
	for left := c.order; len(left) > 0; {
		n := 1
		for n < len(left) && n < maxPlaces && compareCounted(left[0], left[n]) == 0 && c.totals[left[0]] == c.totals[left[n]] {
			n++
		}
		if err := lower(ctx, tx, left[:n], c.totals[left[0]]); err != nil {
			return err
		}
		left = left[n:]
	}
	return nil
}

// lower takes the same number from counts that differ in slot and day only.
func lower(ctx context.Context, tx *mysql.Tx, keys []countKey, by int) error {
	size := 1
	for size < len(keys) {
		size *= 2
	}
	places := strings.Repeat(onePlace+" OR ", size-1) + onePlace + ")"
	args := make([]any, 0, 4+2*size)
	for i := range size { // padded with the last one, so that few different statements are prepared
		k := keys[min(i, len(keys)-1)]
		args = append(args, k.slot, k.day)
	}
	k := keys[0]
	if _, err := tx.Exec(ctx, dropCounts+places, append([]any{k.department[:], k.stream, k.action, by}, args...)...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, lowerCounts+places, append([]any{by, by, k.department[:], k.stream, k.action}, args...)...)
	return err
}

// compareCounted compares what is counted, without the time.
func compareCounted(a, b countKey) int {
	return cmp.Or(bytes.Compare(a.department[:], b.department[:]), cmp.Compare(a.stream, b.stream), cmp.Compare(a.action, b.action))
}

// compareCountKeys orders keys as entry_count does.
func compareCountKeys(a, b countKey) int {
	return cmp.Or(compareCounted(a, b), cmp.Compare(a.slot, b.slot), cmp.Compare(a.day, b.day))
}
