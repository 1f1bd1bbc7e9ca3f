package ledger_test

import (
	"maps"
	"testing"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// reviewStates reads what entry_review says.
func reviewStates(t *testing.T, f *ledgertest.Fixture) map[uint64]int {
	t.Helper()
	var rows []struct {
		Seq   uint64 `db:"seq"`
		State int    `db:"state"`
	}
	if err := f.DB.Select(t.Context(), &rows, "SELECT seq, state FROM entry_review"); err != nil {
		t.Fatal(err)
	}
	states := map[uint64]int{}
	for _, r := range rows {
		states[r.Seq] = r.State
	}
	return states
}

func TestWhatIsPutBackFromAnArchiveIsReviewedAsItWas(t *testing.T) {
	t.Parallel()
	f := filled(t, 600)
	says := func(action, role string, seqs ...uint64) ledger.Draft {
		d := ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: action}
		for _, seq := range seqs {
			d.Refs = append(d.Refs, ledger.EntryRef(role, seq))
		}
		return d
	}
	ledgertest.Append(t, f.DB, f.Ledger, says(ledger.LogFlagged, ledger.RefFlags, 90, 110, 120),
		says(ledger.LogReviewed, ledger.RefReviews, 120, 130))
	found, err := f.Ledger.Rebuild(t.Context(), nil)
	if err != nil || found.ReviewRows != 4 {
		t.Fatalf("%+v %v", found, err)
	}
	want := map[uint64]int{90: ledger.StateFlagged, 110: ledger.StateFlagged, 120: ledger.StateReviewed, 130: ledger.StateReviewed}
	if got := reviewStates(t, f); !maps.Equal(got, want) {
		t.Fatalf("rebuilt: %v", got)
	}
	kept, gone := keptOf(t, f, 100, 200), ledger.SeqRange{From: 100, To: 300}
	if _, err := pruner(t, f, ledger.PruneOptions{}).Prune(t.Context(), request(gone)); err != nil {
		t.Fatal(err)
	}
	if got := reviewStates(t, f); !maps.Equal(got, map[uint64]int{90: ledger.StateFlagged}) {
		t.Errorf("after pruning: %v", got)
	}
	if again, err := f.Ledger.Rebuild(t.Context(), nil); err != nil || again.ReviewRows != 0 {
		t.Errorf("a rebuild brings back what is gone: %+v %v", again, err)
	}
	r := ledger.NewRestorer(f.Ledger, mysqltest.OpenOwner(t, f.DB))
	if _, err := r.Begin(t.Context(), []ledger.SeqRange{gone}, ledger.Hash{7}, id.ID{}); err != nil {
		t.Fatal(err)
	}
	if n, err := r.Put(t.Context(), kept); err != nil || n != 200 {
		t.Fatal(n, err)
	}
	if got := reviewStates(t, f); !maps.Equal(got, want) {
		t.Errorf("put back: %v", got)
	}
}
