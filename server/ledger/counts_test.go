package ledger_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

func TestCountsBetweenAnyQuartersAgreeWithCountingTheEntries(t *testing.T) {
	outer := t
	t.Parallel()
	f := ledgertest.Open(t)
	departments := []id.ID{{}, id.New(), id.New()}
	start := time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)
	var all []ledger.Draft
	rapid.Check(t, func(t *rapid.T) {
		if len(all) < 3000 {
			batch := drawMovements(t, start, departments)
			ledgertest.Append(outer, f.DB, f.Ledger, batch...)
			all = append(all, batch...)
		}
		quarters := rapid.SliceOfNDistinct(rapid.IntRange(0, 15*96), 2, 40, rapid.ID).Draw(t, "bounds")
		slices.Sort(quarters)
		r := ledger.CountRequest{
			Stream: ledger.StreamKey, Actions: []string{ledger.KeyIssued, ledger.KeyReturned},
			Department: rapid.SampledFrom(departments).Draw(t, "department"),
		}
		for _, q := range quarters {
			r.Bounds = append(r.Bounds, start.Add(time.Duration(q)*15*time.Minute))
		}
		got, err := f.Ledger.Counts(outer.Context(), f.DB, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range r.Actions {
			if want := countNaively(all, r, action); !slices.Equal(got[action], want) {
				t.Fatalf("%s: got %v, want %v", action, got[action], want)
			}
		}
	})
	requireVerified(t, f)
}

func drawMovements(t *rapid.T, start time.Time, departments []id.ID) []ledger.Draft {
	list := make([]ledger.Draft, rapid.IntRange(1, 60).Draw(t, "entries"))
	for i := range list {
		list[i] = ledger.Draft{
			Stream: ledger.StreamKey, System: true,
			Action:     rapid.SampledFrom([]string{ledger.KeyIssued, ledger.KeyReturned, ledger.KeyCreated}).Draw(t, "action"),
			Department: rapid.SampledFrom(departments).Draw(t, "of department"),
			OccurredAt: start.Add(time.Duration(rapid.Int64Range(0, int64(15*24*time.Hour/time.Microsecond)).Draw(t, "at")) * time.Microsecond),
			Entity:     ledger.Entity{Type: "key", ID: fmt.Sprint(i)},
		}
	}
	return list
}

func countNaively(all []ledger.Draft, r ledger.CountRequest, action string) []int {
	totals := make([]int, len(r.Bounds)-1)
	for _, d := range all {
		if d.Action != action || (!r.Department.IsZero() && d.Department != r.Department) {
			continue
		}
		for i := range totals {
			if !d.OccurredAt.Before(r.Bounds[i]) && d.OccurredAt.Before(r.Bounds[i+1]) {
				totals[i]++
			}
		}
	}
	return totals
}

// Not parallel, since it measures memory.
func TestCountsOfAWideWindowCostWhatWasCountedInIt(t *testing.T) {
	f := ledgertest.Open(t)
	at := time.Date(2026, 3, 20, 10, 20, 0, 0, time.UTC)
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamKey, System: true, Action: ledger.KeyIssued, Outcome: ledger.Success, OccurredAt: at},
		ledger.Draft{Stream: ledger.StreamKey, System: true, Action: ledger.KeyIssued, Outcome: ledger.Success, OccurredAt: at.AddDate(3000, 0, 0)})
	r := ledger.CountRequest{Stream: ledger.StreamKey, Actions: []string{ledger.KeyIssued}, Bounds: []time.Time{
		time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), at.Truncate(15 * time.Minute), at.Truncate(15 * time.Minute).Add(15 * time.Minute), time.Date(9999, 12, 31, 23, 45, 0, 0, time.UTC),
	}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	counts, err := f.Ledger.Counts(t.Context(), f.DB, r)
	runtime.ReadMemStats(&after)
	if err != nil || !slices.Equal(counts[ledger.KeyIssued], []int{0, 1, 1}) {
		t.Errorf("%v, %v", counts, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
		t.Errorf("%d bytes for two entries", used)
	}
}
