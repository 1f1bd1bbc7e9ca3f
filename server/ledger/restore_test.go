package ledger_test

import (
	"slices"
	"testing"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func keptOf(t *testing.T, f *ledgertest.Fixture, from uint64, n int) []ledger.Kept {
	t.Helper()
	entries, err := f.Ledger.Read(t.Context(), f.DB, from, n)
	if err != nil || len(entries) != n {
		t.Fatal(len(entries), err)
	}
	kept := make([]ledger.Kept, n)
	for i, e := range entries {
		kept[i] = ledger.Kept{Seq: e.Seq, Raw: e.Raw}
	}
	return kept
}

func TestWhatWasPrunedIsPutBackWithEverythingAndMayGoAgain(t *testing.T) {
	t.Parallel()
	f := filled(t, 600)
	kept := keptOf(t, f, 100, 200)
	p := pruner(t, f, ledger.PruneOptions{})
	gone := ledger.SeqRange{From: 100, To: 300}
	if _, err := p.Prune(t.Context(), request(gone)); err != nil {
		t.Fatal(err)
	}
	r := ledger.NewRestorer(f.Ledger, mysqltest.OpenOwner(t, f.DB))
	recorded, err := r.Begin(t.Context(), []ledger.SeqRange{gone}, ledger.Hash{7}, id.ID{})
	if err != nil || recorded.Action != ledger.LogRestored {
		t.Fatal(recorded, err)
	}
	if n, err := r.Put(t.Context(), kept[:120]); err != nil || n != 120 {
		t.Fatal(n, err)
	}
	requireVerified(t, f) // half-way
	forged := kept[150]
	forged.Raw = slices.Replace(slices.Clone(forged.Raw), 12, 13, 'x')
	if n, err := r.Put(t.Context(), []ledger.Kept{kept[149], forged}); !fault.Is(err, fault.Internal) || n != 0 {
		t.Errorf("a forged entry: %d %v", n, err)
	}
	if n, err := r.Put(t.Context(), kept); err != nil || n != 80 {
		t.Fatal(n, err)
	}
	requirePruned(t, f, 600, nil)
	fill(t, f, 600, 300)
	if _, err := p.Prune(t.Context(), request(ledger.SeqRange{From: 602, To: 604})); err != nil {
		t.Fatalf("beside what says so: %v", err)
	}
	if _, err := p.Prune(t.Context(), request(ledger.SeqRange{From: recorded.Seq, To: recorded.Seq + 1})); !fault.Is(err, fault.BadInput) {
		t.Errorf("the entry that says so went: %v", err)
	}
	again := ledger.SeqRange{From: 250, To: 310}
	if _, err := p.Prune(t.Context(), request(again)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Prune(t.Context(), request(again)); !fault.Is(err, fault.BadInput) {
		t.Errorf("twice: %v", err)
	}
	requirePruned(t, f, 600, []ledger.SeqRange{again})
}
