package ledger_test

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func recalled(t testing.TB, f *ledgertest.Fixture, seqs ...uint64) []ledger.Entry {
	t.Helper()
	entries, err := f.Ledger.Recall(t.Context(), seqs)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestWhatIsRecalledIsWhatIsStored(t *testing.T) {
	t.Parallel()
	f := filled(t, 40)
	large(t, f, 1) // longer than what is kept
	for _, seqs := range [][]uint64{{}, {7}, {9, 3, 999, 7, 40}, {7, 39, 40, 3, 0}, {999}} {
		want, err := f.Ledger.ReadSeqs(t.Context(), f.DB, seqs)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if got := recalled(t, f, seqs...); !slices.EqualFunc(got, want, same) {
				t.Errorf("%d of %v are recalled, %d are stored, or they differ", len(got), seqs, len(want))
			}
		}
	}
}

// same compares entries, of which a may come from memory.
func same(a, b ledger.Entry) bool {
	raw, err := a.Canonical()
	a.Raw = raw
	return err == nil && cmp.Equal(a, b)
}

func TestWhatWasReadIsRecalledForAnHour(t *testing.T) {
	t.Parallel()
	var now atomic.Int64
	now.Store(time.Now().UnixNano())
	f := ledgertest.OpenAt(t, func() time.Time { return time.Unix(0, now.Load()) })
	fill(t, f, 0, 10)
	recalled(t, f, 3, 4)
	owner := mysqltest.OpenOwner(t, f.DB)
	if _, err := owner.Exec(t.Context(), "DELETE FROM {ledger}.entry WHERE seq IN (?, ?)", 3, 5); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 1} {
		if entries := recalled(t, f, 3, 4, 5); len(entries) != want {
			t.Errorf("%d entries are recalled, want %d", len(entries), want)
		}
		now.Add(int64(time.Hour))
	}
}

func TestWhatWasPrunedIsNotRecalled(t *testing.T) {
	t.Parallel()
	f := filled(t, 300)
	recalled(t, f, 10, 11, 50)
	if _, err := pruner(t, f, ledger.PruneOptions{}).Prune(t.Context(), request(ledger.SeqRange{From: 0, To: 20})); err != nil {
		t.Fatal(err)
	}
	if entries := recalled(t, f, 10, 11, 50); len(entries) != 1 || entries[0].Seq != 50 {
		t.Errorf("%d entries are recalled", len(entries))
	}
}
