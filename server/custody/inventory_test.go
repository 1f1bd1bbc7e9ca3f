package custody_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

// counted is a cabinet A that was counted with one difference of each kind.
type countedCabinet struct {
	*movements
	count       *custody.Count
	differences map[custody.DifferenceKind]*custody.Difference
}

func countCabinet(t *testing.T) *countedCabinet {
	t.Helper()
	c := &countedCabinet{movements: openMovements(t), differences: map[custody.DifferenceKind]*custody.Difference{}}
	in := func(number, cabinet string) *custody.Key {
		return c.KeyOf(custody.CreateKeyInput{Number: number, Cabinet: cabinet})
	}
	c.Issue(c.desk, c.janis, in("103", "A"), in("104", "A")) // 104 is out and not scanned: as it should be
	lost, elsewhere, retired := in("105", "A"), in("106", "B"), in("107", "A")
	must[*custody.Report](t)(c.Custody.ReportLost(t.Context(), c.desk, custody.ReportInput{Key: lost.ID}))
	must[*custody.Key](t)(c.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: retired.ID}))
	c.count = must[*custody.Count](t)(c.Custody.CountInventory(t.Context(), c.desk, custody.CountInput{
		Cabinet: " A ", Numbers: []string{"101", " 101", "103", "105", elsewhere.Number, "107", "999"}, Comment: "With Marta", IdempotencyKey: "n1",
	}))
	all := must[page.Page[*custody.Difference]](t)(c.Custody.Differences(t.Context(), c.count.Inventory.ID, page.Request{}))
	for _, d := range all.Items {
		c.differences[d.Kind] = d
	}
	return c
}

func TestACountFindsWhatIsNotWhereItIsThoughtToBe(t *testing.T) {
	t.Parallel()
	c := countCabinet(t)
	all := must[page.Page[*custody.Difference]](t)(c.Custody.Differences(t.Context(), c.count.Inventory.ID, page.Request{}))
	var got []string
	for _, d := range all.Items {
		got = append(got, d.Number+" "+string(d.Kind))
	}
	want := []string{"102 MISSING", "103 NOT_RETURNED", "105 LOST_BUT_FOUND", "106 MISPLACED", "107 RETIRED", "999 UNKNOWN"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	v := must[*custody.Inventory](t)(c.Custody.Inventory(t.Context(), c.desk, c.count.Inventory.ID))
	if v.ExpectedCount != 2 || v.FoundCount != 1 || v.DifferenceCount != 6 || v.OpenCount != 6 || *v.Cabinet != "A" || v.TakenByID != c.desk.Person {
		t.Fatalf("%+v", v)
	}
	e := c.only(t, ledger.KeyInventoryCounted)
	if e.Ref("MISSING") != c.other.ID.String() || e.Ref("UNKNOWN") != "" || strings.Contains(string(e.Raw), "Marta") || c.part(t, e, ledger.FieldComment) != "With Marta" {
		t.Fatalf("%s", e.Raw)
	}
	again := must[*custody.Count](t)(c.Custody.CountInventory(t.Context(), c.desk, custody.CountInput{
		Cabinet: " A ", Numbers: []string{"101", " 101", "103", "105", "106", "107", "999"}, Comment: "With Marta", IdempotencyKey: "n1",
	}))
	if again.Inventory.ID != v.ID || again.Entry.Seq != e.Seq {
		t.Error("a repeated count is another")
	}
}

func TestAGroupIsCountedWhereverItsKeysHang(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	group := f.Group("Cellar", f.key, f.other)
	made := must[*custody.Count](t)(f.Custody.CountInventory(t.Context(), f.desk, custody.CountInput{Group: group.ID, Numbers: []string{"102", "101"}}))
	if v := made.Inventory; v.DifferenceCount != 0 || v.FoundCount != 2 || v.Cabinet != nil || v.GroupID != group.ID {
		t.Fatalf("%+v", v)
	}
	if e := f.only(t, ledger.KeyInventoryCounted); e.Entity.Label != "Cellar" || e.Ref(custody.RefGroup) != group.ID.String() {
		t.Fatalf("%s", e.Raw)
	}
}

func TestSettlingADifferenceDoesWhatItSays(t *testing.T) {
	t.Parallel()
	c := countCabinet(t)
	admin := c.Actor(c.Person("Anna Kalniņa", ""), "admin")
	for _, step := range []struct {
		kind       custody.DifferenceKind
		resolution custody.Resolution
		action     string
		state      custody.KeyState
	}{
		{custody.NotReturned, custody.ResolvedReturned, ledger.KeyReturned, custody.Available},
		{custody.Missing, custody.ResolvedLost, ledger.KeyLost, custody.Lost},
		{custody.LostButFound, custody.ResolvedFound, ledger.KeyFound, custody.Available},
		{custody.Misplaced, custody.ResolvedMoved, ledger.KeyUpdated, custody.Available},
		{custody.RetiredKey, custody.ResolvedIgnored, ledger.KeyDifferenceResolved, custody.Retired},
		{custody.UnknownKey, custody.ResolvedIgnored, ledger.KeyDifferenceResolved, ""},
	} {
		d := c.differences[step.kind]
		in := custody.ResolveInput{Difference: d.ID, Resolution: step.resolution, Note: "seen", IdempotencyKey: string(step.kind)}
		made := must[*custody.Resolved](t)(c.Custody.ResolveDifference(t.Context(), admin, in))
		again := must[*custody.Resolved](t)(c.Custody.ResolveDifference(t.Context(), admin, in))
		if len(made.Entries) != 1 || made.Entries[0].Action != step.action || made.Entries[0].Ref(custody.RefDifference) != d.ID.String() ||
			*made.Difference.Resolution != step.resolution || made.Difference.ResolvedByID != admin.Person || again.Entries[0].Seq != made.Entries[0].Seq {
			t.Errorf("%s: %+v", step.kind, made)
		}
		if c.part(t, &made.Entries[0], ledger.FieldComment) != "seen" {
			t.Errorf("%s: the note is gone", step.kind)
		}
		if !d.KeyID.IsZero() && c.state(t, &custody.Key{ID: d.KeyID}) != step.state {
			t.Errorf("%s: the key is %s", step.kind, c.state(t, &custody.Key{ID: d.KeyID}))
		}
		if _, err := c.Custody.ResolveDifference(t.Context(), admin, custody.ResolveInput{Difference: d.ID, Resolution: custody.ResolvedIgnored}); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: settled twice: %v", step.kind, err)
		}
	}
	moved := must[*custody.Key](t)(c.Custody.Key(t.Context(), c.desk, c.differences[custody.Misplaced].KeyID, ""))
	left := must[*custody.Inventory](t)(c.Custody.Inventory(t.Context(), c.desk, c.count.Inventory.ID))
	if moved.Cabinet != "A" || left.OpenCount != 0 || left.DifferenceCount != 6 {
		t.Errorf("%q, %+v", moved.Cabinet, left)
	}
}

func TestADifferenceIsNotSettledOnceItsKeyMoved(t *testing.T) {
	t.Parallel()
	c := countCabinet(t)
	out := &custody.Key{ID: c.differences[custody.NotReturned].KeyID}
	c.Return(c.desk, out)
	c.Issue(c.desk, c.janis, c.other)
	for kind, r := range map[custody.DifferenceKind]custody.Resolution{custody.NotReturned: custody.ResolvedReturned, custody.Missing: custody.ResolvedLost} {
		if _, err := c.Custody.ResolveDifference(t.Context(), c.desk, custody.ResolveInput{Difference: c.differences[kind].ID, Resolution: r}); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := c.Custody.ResolveDifference(t.Context(), c.desk, custody.ResolveInput{Difference: c.differences[custody.Misplaced].ID, Resolution: custody.ResolvedMoved}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a custodian may not change keys: %v", err)
	}
	if v := must[*custody.Inventory](t)(c.Custody.Inventory(t.Context(), c.desk, c.count.Inventory.ID)); v.OpenCount != 6 || c.state(t, c.other) != custody.Issued {
		t.Errorf("%+v", v)
	}
}

func TestACountThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	group := f.Group("Empty")
	many := make([]string, custody.MaxScanned+1)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	for name, c := range map[string]struct {
		in   custody.CountInput
		want fault.Kind
	}{
		"neither":          {custody.CountInput{Numbers: []string{"1"}}, fault.BadInput},
		"both":             {custody.CountInput{Cabinet: "A", Group: group.ID, Numbers: []string{"1"}}, fault.BadInput},
		"no numbers":       {custody.CountInput{Cabinet: "A"}, fault.BadInput},
		"too many":         {custody.CountInput{Cabinet: "A", Numbers: many}, fault.BadInput},
		"an empty number":  {custody.CountInput{Cabinet: "A", Numbers: []string{"101", " "}}, fault.BadInput},
		"a long number":    {custody.CountInput{Cabinet: "A", Numbers: []string{long(65)}}, fault.BadInput},
		"an empty cabinet": {custody.CountInput{Cabinet: "Z", Numbers: []string{"101"}}, fault.NotFound},
		"no such group":    {custody.CountInput{Group: id.New(), Numbers: []string{"101"}}, fault.NotFound},
		"an empty group":   {custody.CountInput{Group: group.ID, Numbers: []string{"101"}}, fault.NotFound},
	} {
		if _, err := f.Custody.CountInventory(t.Context(), f.desk, c.in); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.Custody.CountInventory(t.Context(), f.desk, custody.CountInput{Cabinet: "A", Numbers: many[:custody.MaxScanned]}); err != nil {
		t.Errorf("as many as may be: %v", err)
	}
	if _, err := f.Custody.CountInventory(t.Context(), f.Actor(f.janis, "member"), custody.CountInput{Cabinet: "A", Numbers: []string{"101"}}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestCountsAreSeenByThoseWhoSeeAllKeys(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	var taken []id.ID
	for range 3 {
		taken = append(taken, must[*custody.Count](t)(f.Custody.CountInventory(t.Context(), f.desk, custody.CountInput{Cabinet: "A", Numbers: []string{"101", "102"}})).Inventory.ID)
		f.Clock.Advance(1e9)
	}
	slices.Reverse(taken)
	list := func(actor *access.Actor, r page.Request) page.Page[*custody.Inventory] {
		return must[page.Page[*custody.Inventory]](t)(f.Custody.Inventories(t.Context(), actor, r))
	}
	first := list(f.Actor(f.Person("Aivars Zars", ""), "auditor"), page.Request{First: ptr(2)})
	rest := list(f.desk, page.Request{First: ptr(2), After: first.Info.EndCursor})
	if len(first.Items) != 2 || first.Items[0].ID != taken[0] || len(rest.Items) != 1 || rest.Items[0].ID != taken[2] {
		t.Errorf("%d, then %d", len(first.Items), len(rest.Items))
	}
	member := f.Actor(f.janis, "member")
	if n := len(list(member, page.Request{}).Items); n != 0 {
		t.Errorf("a member sees %d", n)
	}
	if v := must[*custody.Inventory](t)(f.Custody.Inventory(t.Context(), member, taken[0])); v != nil {
		t.Error("a member sees one by its id")
	}
	if n := len(list(f.themselves(t, f.desk, "member"), page.Request{}).Items); n != 3 {
		t.Errorf("who took them sees %d", n)
	}
}

func TestADifferenceIsNotSettledByWhatHappenedSince(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	lost := f.KeyOf(custody.CreateKeyInput{Number: "103", Cabinet: "A"})
	must[*custody.Report](t)(f.Custody.ReportLost(t.Context(), f.desk, custody.ReportInput{Key: lost.ID}))
	f.Issue(f.desk, f.janis, f.key)
	f.Clock.Advance(time.Minute)
	count := must[*custody.Count](t)(f.Custody.CountInventory(t.Context(), f.desk, custody.CountInput{Cabinet: "A", Numbers: []string{"101", "103"}}))
	found := must[page.Page[*custody.Difference]](t)(f.Custody.Differences(t.Context(), count.Inventory.ID, page.Request{}))
	differences := map[custody.DifferenceKind]*custody.Difference{}
	for _, d := range found.Items {
		differences[d.Kind] = d
	}
	f.Clock.Advance(time.Minute)
	f.Return(f.desk, f.key) // and out again, with another
	out := f.Issue(f.desk, f.marta, f.key).Loans[0]
	f.Issue(f.desk, f.marta, f.other) // what was missing turns up, and comes back
	f.Return(f.desk, f.other)
	must[*custody.Report](t)(f.Custody.ReportFound(t.Context(), f.desk, custody.ReportInput{Key: lost.ID}))
	f.Clock.Advance(time.Minute)
	must[*custody.Report](t)(f.Custody.ReportLost(t.Context(), f.desk, custody.ReportInput{Key: lost.ID}))
	for kind, how := range map[custody.DifferenceKind]custody.Resolution{
		custody.NotReturned: custody.ResolvedReturned, custody.Missing: custody.ResolvedLost, custody.LostButFound: custody.ResolvedFound,
	} {
		_, err := f.Custody.ResolveDifference(t.Context(), f.desk, custody.ResolveInput{Difference: differences[kind].ID, Resolution: how})
		if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "since it was counted") {
			t.Errorf("%s is settled as %s: %v", kind, how, err)
		}
	}
	if !f.loan(t, out.ID).Open() || f.state(t, f.other) != custody.Available || f.state(t, lost) != custody.Lost {
		t.Error("a key moved")
	}
}
