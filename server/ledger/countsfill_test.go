package ledger

import (
	"fmt"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

func TestCountsAreFilledUpToFewNumbersOfRowsAndAddUpToTheEntries(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 29, 10, 20, 0, 0, time.UTC)
	usual := map[int]bool{3: true, 6: true, 12: true, 24: true}
	for actions := 1; actions <= 8; actions++ {
		for _, department := range []id.ID{{}, id.New()} {
			c := newCounts()
			for n := range 2 * actions {
				c.add(&Body{Stream: StreamActivity, Action: fmt.Sprint("a.", n%actions), OccurredAt: at, Department: department})
			}
			args := c.rows()
			rows, sum := len(args)/countColumns, 0
			for i := countColumns - 1; i < len(args); i += countColumns {
				sum += args[i].(int)
			}
			if rows <= maxFilled && !usual[rows] || sum != 2*len(c.order) {
				t.Errorf("%d actions (department %v): %d rows that add %d", actions, !department.IsZero(), rows, sum)
			}
		}
	}
}

func TestWhatIsCountedOnceOrByTwosAndFoursNeedsNoFilling(t *testing.T) {
	t.Parallel()
	for _, actions := range []int{1, 2, 4, 8} {
		c := newCounts()
		for n := range actions {
			c.add(&Body{Stream: StreamActivity, Action: fmt.Sprint("a.", n), OccurredAt: time.Unix(1_800_000_000, 0).UTC()})
		}
		if rows := len(c.rows()) / countColumns; rows != actions*slotsOfEntry {
			t.Errorf("%d actions take %d rows", actions, rows)
		}
	}
}
