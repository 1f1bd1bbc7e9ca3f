package logbook

import (
	"errors"
	"slices"
	"testing"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/page"
)

// paid is a fixture with many payments on record.
func paid(t *testing.T, n int) *fixture {
	t.Helper()
	f := open(t)
	one := ledger.Draft{
		Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Outcome: ledger.Success, OccurredAt: f.Clock.Now(),
		Entity: ledger.Entity{Type: "invoice", ID: "7", Label: "7"},
	}
	for range n / 500 {
		ledgertest.Append(t, f.DB, f.Ledger, slices.Repeat([]ledger.Draft{one}, 500)...)
	}
	return f
}

func TestWhatIsDeletedWhileAListIsTakenOutIsLeftOutAndEndsNothing(t *testing.T) {
	t.Parallel()
	const n = placesAtOnce + 2*page.MaxSize // found at two times
	f := paid(t, n)
	pruner := ledger.NewPruner(f.Ledger, mysqltest.OpenRetention(t, f.DB), ledger.PruneOptions{})
	var taken []uint64
	var gone ledger.SeqRange
	err := f.book.TakeOut(t.Context(), f.Actor(f.Person("Anna", ""), "admin"), TakeActivity, "csv", Filter{Source: "till"}, func(entries []LogEntry) error {
		for _, one := range entries {
			taken = append(taken, one.Common().Seq)
		}
		if gone.To > 0 {
			return nil
		}
		last := taken[len(taken)-1]
		gone = ledger.SeqRange{From: last - 8*page.MaxSize - 100, To: last - 7*page.MaxSize} // a place of theirs was found, but nothing was read
		_, err := pruner.Prune(t.Context(), ledger.PruneRequest{Ranges: []ledger.SeqRange{gone}, Manifest: ledger.Hash{7}, Reason: "older than a year"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(taken) != n-int(gone.To-gone.From) || !slices.IsSortedFunc(taken, func(a, b uint64) int { return int(b) - int(a) }) {
		t.Errorf("%d of %d came, while %d were deleted", len(taken), n, gone.To-gone.From)
	}
}

func TestWhoeverStopsTakingAListOutEndsTheReading(t *testing.T) {
	t.Parallel()
	f := paid(t, 8*page.MaxSize)
	full := errors.New("the disk is full")
	pages := 0
	err := f.book.TakeOut(t.Context(), f.Actor(f.Person("Anna", ""), "admin"), TakeActivity, "csv", Filter{Source: "till"}, func([]LogEntry) error {
		if pages++; pages == 2 {
			return full
		}
		return nil
	})
	if !errors.Is(err, full) || pages != 2 {
		t.Errorf("%d pages came, then %v", pages, err)
	}
}
