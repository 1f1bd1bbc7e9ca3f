package ledger_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// bulkChange is an entry that touched orders.
func bulkChange(orders ...string) ledger.Draft {
	d := ledger.Draft{Stream: ledger.StreamActivity, Action: "orders.closed", System: true, Source: "shop"}
	for _, order := range orders {
		d.Refs = append(d.Refs, ledger.Ref{Role: ledger.RoleObject, Type: "order", ID: order})
	}
	return d
}

// touched gives the entries that touched an order.
func touched(t *testing.T, f *ledgertest.Fixture, order string) []uint64 {
	t.Helper()
	var seqs []uint64
	if err := f.DB.Select(t.Context(), &seqs, "SELECT seq FROM entry_object WHERE object_type = 'order' AND object_id = ? ORDER BY seq", order); err != nil {
		t.Fatal(err)
	}
	return seqs
}

func TestAThingThatABulkChangeNamesTwiceIsTouchedOnce(t *testing.T) {
	t.Parallel()
	b := ledger.Body{Refs: []ledger.Ref{
		{Role: ledger.RoleObject, Type: "order", ID: "1"}, {Role: ledger.RoleObject, Type: "order ", ID: "1  "},
		{Role: ledger.RoleObject, ID: "1"}, {Role: ledger.RoleObject, Type: "order", ID: " 1"},
		{Role: "corrects", Type: "order", ID: "2"},
		{Role: ledger.RoleObject, Type: strings.Repeat("ā", ledger.MaxEntityType), ID: strings.Repeat("ē", ledger.MaxEntityID)},
		{Role: ledger.RoleObject, Type: strings.Repeat("ā", ledger.MaxEntityType+1), ID: "3"},
		{Role: ledger.RoleObject, ID: strings.Repeat("ē", ledger.MaxEntityID+1)},
	}}
	want := []ledger.Object{
		{Type: "order", ID: "1"}, {ID: "1"}, {Type: "order", ID: " 1"},
		{Type: strings.Repeat("ā", ledger.MaxEntityType), ID: strings.Repeat("ē", ledger.MaxEntityID)},
	}
	if objects := b.Objects(); !slices.Equal(objects, want) {
		t.Errorf("%q", objects)
	}
}

func TestABulkChangeIsFoundByEachThingThatItTouchedUnlessItIsPruned(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	many := make([]string, 500)
	for i := range many {
		many[i] = "n" + strconv.Itoa(i)
	}
	ledgertest.Append(t, f.DB, f.Ledger, bulkChange("1", "2", "2 "), bulkChange("2"), bulkChange(many...), bulkChange(strings.Repeat("ķ", ledger.MaxEntityID)))
	for order, want := range map[string][]uint64{"1": {0}, "2": {0, 1}, "n0": {2}, "n499": {2}, strings.Repeat("ķ", ledger.MaxEntityID): {3}, "3": nil} {
		if got := touched(t, f, order); !slices.Equal(got, want) {
			t.Errorf("%s was touched by %v, not %v", order, got, want)
		}
	}
	ledgertest.Append(t, f.DB, f.Ledger, slices.Repeat([]ledger.Draft{bulkChange()}, 256)...) // only what lies in full tiles can go
	kept := append(keptOf(t, f, 0, 1), keptOf(t, f, 2, 1)...)
	gone := []ledger.SeqRange{{From: 0, To: 1}, {From: 2, To: 3}}
	prune := func() {
		t.Helper()
		if _, err := pruner(t, f, ledger.PruneOptions{}).Prune(t.Context(), request(gone...)); err != nil {
			t.Fatal(err)
		}
		for order, want := range map[string][]uint64{"1": nil, "2": {1}, "n0": nil} {
			if got := touched(t, f, order); !slices.Equal(got, want) {
				t.Errorf("pruned: %s was touched by %v, not %v", order, got, want)
			}
		}
	}
	prune()
	r := ledger.NewRestorer(f.Ledger, mysqltest.OpenOwner(t, f.DB))
	if _, err := r.Begin(t.Context(), gone, ledger.Hash{7}, id.ID{}); err != nil {
		t.Fatal(err)
	}
	if n, err := r.Put(t.Context(), kept); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	for order, want := range map[string][]uint64{"1": {0}, "2": {0, 1}, "n0": {2}, "n499": {2}} {
		if got := touched(t, f, order); !slices.Equal(got, want) {
			t.Errorf("put back: %s was touched by %v, not %v", order, got, want)
		}
	}
	prune()
}

func TestARebuildMendsWhatBulkChangesTouched(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ledgertest.Append(t, f.DB, f.Ledger, bulkChange("1", "2"), bulkChange("2", "3"), bulkChange("4"))
	if err := f.Ledger.IndexOlderObjects(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"DELETE FROM entry_object WHERE seq = 0",
		"UPDATE entry_object SET object_type = 'Order' WHERE object_id = '3'",
		"UPDATE entry_object SET occurred_at = '2020-01-01 00:00:00' WHERE object_id = '4'",
		"INSERT INTO entry_object (object_id, object_type, occurred_at, seq) VALUES ('1', 'order', '2020-01-01 00:00:00', 100000), ('5', 'order', '2020-01-01 00:00:00', 1)",
	} {
		if _, err := f.DB.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	found, err := f.Ledger.Rebuild(t.Context(), nil)
	if err != nil || found.ObjectRows != 2+2+2+2 || found.IndexRows != 0 {
		t.Fatalf("%+v %v", found, err)
	}
	for order, want := range map[string][]uint64{"1": {0}, "2": {0, 1}, "3": {1}, "4": {2}, "5": nil} {
		if got := touched(t, f, order); !slices.Equal(got, want) {
			t.Errorf("%s was touched by %v, not %v", order, got, want)
		}
	}
	if again, err := f.Ledger.Rebuild(t.Context(), nil); err != nil || again.ObjectRows != 0 {
		t.Fatalf("%+v %v", again, err)
	}
}

// As it is after an upgrade: nothing of what is there has rows, and what comes meanwhile has.
func TestBulkChangesOfBeforeAreFoundAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	var older []ledger.Draft
	for i := range 1500 { // more than go in one transaction
		older = append(older, bulkChange(strconv.Itoa(i), "all"))
	}
	ledgertest.Append(t, f.DB, f.Ledger, older...)
	owner := mysqltest.OpenOwner(t, f.DB)
	for _, statement := range []string{"DELETE FROM entry_object", "UPDATE {ledger}.entry SET body = 'unreadable' WHERE seq = 7"} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	newer := ledgertest.Append(t, f.DB, f.Ledger, bulkChange("0", "all"))
	for range 2 {
		if err := f.Ledger.IndexOlderObjects(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := touched(t, f, "0"); !slices.Equal(got, []uint64{0, newer[0].Seq}) {
		t.Errorf("0 was touched by %v", got)
	}
	if got := touched(t, f, "1499"); !slices.Equal(got, []uint64{1499}) {
		t.Errorf("1499 was touched by %v", got)
	}
	if got := touched(t, f, "all"); len(got) != 1500 || slices.Contains(got, 7) {
		t.Errorf("%d entries touched all", len(got))
	}
	var tasks int
	if err := f.DB.Get(t.Context(), &tasks, "SELECT COUNT(*) FROM ledger_task WHERE name = 'objects'"); err != nil || tasks != 0 {
		t.Errorf("%d tasks are left: %v", tasks, err)
	}
}

func TestARebuildLeavesOlderBulkChangesToWhoeverMakesThemFindable(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	orders := make([]string, 100)
	for i := range orders {
		orders[i] = strconv.Itoa(i)
	}
	for range 6 {
		ledgertest.Append(t, f.DB, f.Ledger, slices.Repeat([]ledger.Draft{bulkChange(orders...)}, 100)...)
	}
	if _, err := f.DB.Exec(t.Context(), "DELETE FROM entry_object"); err != nil {
		t.Fatal(err)
	}
	if found, err := f.Ledger.Rebuild(t.Context(), nil); err != nil || found.ObjectRows != 0 || len(touched(t, f, "7")) != 0 {
		t.Fatalf("before: %+v %v", found, err)
	}
	work, ctx := errgroup.WithContext(t.Context())
	work.Go(func() error { return f.Ledger.IndexOlderObjects(ctx) })
	work.Go(func() error {
		found, err := f.Ledger.Rebuild(ctx, nil)
		if err == nil && found.ObjectRows != 0 {
			return fmt.Errorf("meanwhile: %+v", found)
		}
		return err
	})
	if err := work.Wait(); err != nil {
		t.Fatal(err)
	}
	if found, err := f.Ledger.Rebuild(t.Context(), nil); err != nil || found.ObjectRows != 0 || len(touched(t, f, "7")) != 600 {
		t.Errorf("after: %+v %v, %d", found, err, len(touched(t, f, "7")))
	}
}
