package custody_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

func ptr[T any](v T) *T { return &v }

func TestANumberBelongsToOneKeyInUse(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	first := f.Key("007")
	_, err := f.Custody.CreateKey(t.Context(), access.System(), custody.CreateKeyInput{Number: " 007 "})
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "007") {
		t.Fatal(err)
	}
	f.Key("7") // leading zeros count
	_, err = f.Custody.UpdateKey(t.Context(), access.System(), custody.UpdateKeyInput{ID: f.Key("8").ID, Number: ptr("007")})
	if !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	must[*custody.Key](t)(f.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: first.ID}))
	second := f.Key("007")
	if second.ID == first.ID {
		t.Fatal("a retired key came back")
	}
	ids := must[[]id.ID](t)(f.Custody.KeysWithNumber(t.Context(), "007"))
	if len(ids) != 2 {
		t.Fatalf("%d keys had the number", len(ids))
	}
}

func TestANumberHasOneSpellingHoweverItsAccentsAreWritten(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	const whole, apart = "Ķ-7", "K\u0327-7"
	made := f.Key(apart)
	if made.Number != whole {
		t.Errorf("%q is kept", made.Number)
	}
	_, err := f.Custody.CreateKey(t.Context(), access.System(), custody.CreateKeyInput{Number: whole})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("the same number again: %v", err)
	}
	found := must[map[string]id.ID](t)(f.Custody.InUseByNumber(t.Context(), access.System(), []string{apart, whole, "K-7"}))
	if diff := cmp.Diff(map[string]id.ID{apart: made.ID, whole: made.ID}, found); diff != "" {
		t.Error(diff)
	}
	for _, number := range []string{apart, whole} {
		if key := must[*custody.Key](t)(f.Custody.Key(t.Context(), access.System(), id.ID{}, number)); key == nil || key.ID != made.ID {
			t.Errorf("%q: %+v", number, key)
		}
		if ids := must[[]id.ID](t)(f.Custody.KeysWithNumber(t.Context(), number)); len(ids) != 1 {
			t.Errorf("%q: %d keys had it", number, len(ids))
		}
	}
}

func TestANumberThatWasKeptWithItsAccentApartIsFound(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	made := f.Key("Ķ-7")
	const apart = "K\u0327-7"
	if _, err := f.DB.Exec(t.Context(), "UPDATE physical_key SET number = ?, active_number = ?, number_order = REPLACE(REPLACE(number_order, 'Ķ', 'K\u0327'), 'ķ', 'k\u0327') WHERE id = ?", apart, apart, made.ID); err != nil {
		t.Fatal(err) // as it was before numbers were composed
	}
	if key := must[*custody.Key](t)(f.Custody.Key(t.Context(), access.System(), id.ID{}, "Ķ-7")); key == nil || key.Number != apart {
		t.Errorf("%+v", key)
	}
	if ids := must[[]id.ID](t)(f.Custody.KeysWithNumber(t.Context(), "Ķ-7")); len(ids) != 1 {
		t.Errorf("%d keys had it", len(ids))
	}
	if found := must[map[string]id.ID](t)(f.Custody.InUseByNumber(t.Context(), access.System(), []string{"Ķ-7"})); found["Ķ-7"] != made.ID {
		t.Errorf("%v", found)
	}
	group := f.Group("Counted", made)
	counted := must[*custody.Count](t)(f.Custody.CountInventory(t.Context(), f.desk, custody.CountInput{Group: group.ID, Numbers: []string{"Ķ-7"}}))
	if is := counted.Inventory; is.FoundCount != 1 || is.DifferenceCount != 0 {
		t.Errorf("a count finds %d, and %d differ", is.FoundCount, is.DifferenceCount)
	}
	if diff := cmp.Diff([]string{"2 UPDATE Ķ-7 number"}, outcomes(f.importKeys(t, "number\nĶ-7\n", false))); diff != "" {
		t.Error(diff)
	}
	if key := must[*custody.Key](t)(f.Custody.Key(t.Context(), access.System(), made.ID, "")); key.Number != "Ķ-7" {
		t.Errorf("an import leaves %q", key.Number)
	}
}

func TestAKeyIsCheckedBeforeItIsMade(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	long := strings.Repeat("ķ", 201)
	for field, in := range map[string]custody.CreateKeyInput{
		"number":   {Number: "  "},
		"number  ": {Number: "10\u200b1"},
		"number ":  {Number: strings.Repeat("1", 65)},
		"label":    {Number: "1", Label: long},
		"building": {Number: "1", Building: long},
		"hook":     {Number: "1", Hook: "A\x00B"},
		"groups.0": {Number: "1", Groups: []id.ID{id.New()}},
	} {
		_, err := f.Custody.CreateKey(t.Context(), access.System(), in)
		if bad, ok := fault.As(err); !ok || bad.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if n := f.Count("SELECT COUNT(*) FROM physical_key"); n != 0 {
		t.Fatalf("%d keys", n)
	}
}

func TestAnUpdateRecordsWhatChangedAndNothingElse(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	key := f.KeyOf(custody.CreateKeyInput{Number: "1", Label: "Store", Room: "12"})
	f.Clock.Advance(time.Minute)
	updated := must[*custody.Key](t)(f.Custody.UpdateKey(t.Context(), access.System(), custody.UpdateKeyInput{
		ID: key.ID, Label: ptr("Archive"), Room: ptr("12"), Floor: ptr("2"), Version: ptr(1),
	}))
	if updated.Label != "Archive" || updated.Floor != "2" || updated.Version != 2 || updated.Number != "1" {
		t.Fatalf("%+v", updated)
	}
	details, _ := json.Marshal(f.Entries(ledger.KeyUpdated)[0].Details["changes"])
	want := `[{"after":"Archive","before":"Store","path":"label"},{"after":"2","before":"","path":"floor"}]`
	if diff := cmp.Diff(want, string(details)); diff != "" {
		t.Fatal(diff)
	}
	same := must[*custody.Key](t)(f.Custody.UpdateKey(t.Context(), access.System(), custody.UpdateKeyInput{ID: key.ID, Label: ptr("Archive")}))
	if same.Version != 2 || len(f.Entries(ledger.KeyUpdated)) != 1 {
		t.Fatal("an update that changes nothing was recorded")
	}
	_, err := f.Custody.UpdateKey(t.Context(), access.System(), custody.UpdateKeyInput{ID: key.ID, Label: ptr("Lab"), Version: ptr(1)})
	if !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	_, err = f.Custody.UpdateKey(t.Context(), access.System(), custody.UpdateKeyInput{ID: id.New(), Label: ptr("Lab")})
	if !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
}

func TestARenumberedKeyMovesInTheOrder(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	nine := f.Key("9")
	f.Key("10")
	must[*custody.Key](t)(f.Custody.UpdateKey(t.Context(), access.System(), custody.UpdateKeyInput{ID: nine.ID, Number: ptr("11")}))
	list := must[*custody.KeyList](t)(f.Custody.Keys(t.Context(), access.System(), custody.KeyFilter{}, page.Request{}))
	if got := numbers(list); got != "10 11" {
		t.Fatal(got)
	}
}

func TestAKeyIsNotRetiredWhileItIsOutNorTwice(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, key := f.Custodian(), f.Key("1")
	f.Issue(desk, f.Person("Jānis Bērziņš", ""), key)
	retire := custody.RetireKeyInput{ID: key.ID, Reason: "Lock was changed after Jānis moved"}
	_, err := f.Custody.RetireKey(t.Context(), access.System(), retire)
	if out := conflicting(t, err); len(out) != 1 || out[0].Holder == nil {
		t.Fatalf("%+v", out)
	}
	f.Return(desk, key)
	retired := must[*custody.Key](t)(f.Custody.RetireKey(t.Context(), access.System(), retire))
	if retired.State != custody.Retired || retired.RetiredAt == nil {
		t.Fatalf("%+v", retired)
	}
	e := f.Entries(ledger.KeyRetired)[0]
	if strings.Contains(string(e.Raw), "Jānis") {
		t.Fatal("the reason stands in plain")
	}
	for _, err := range []error{
		second(f.Custody.RetireKey(t.Context(), access.System(), retire)),
		second(f.Custody.UpdateKey(t.Context(), access.System(), custody.UpdateKeyInput{ID: key.ID, Label: ptr("x")})),
	} {
		if !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestGroupsHoldTheKeysTheyAreGiven(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	a, b, c := f.Key("1"), f.Key("2"), f.Key("3")
	group := f.Group("Cellar", a, b)
	if group.KeyCount != 2 || group.Version != 1 {
		t.Fatalf("%+v", group)
	}
	must[*custody.Key](t)(f.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: b.ID}))
	changed := must[*custody.KeyGroup](t)(f.Custody.SaveGroup(t.Context(), access.System(), custody.SaveGroupInput{
		ID: group.ID, Name: "Basement", Keys: []id.ID{c.ID}, Version: ptr(1),
	}))
	if changed.KeyCount != 1 || changed.Version != 2 || changed.Name != "Basement" {
		t.Fatalf("%+v", changed)
	}
	if all := must[[]id.ID](t)(f.Custody.KeysOfGroup(t.Context(), group.ID)); len(all) != 2 {
		t.Fatalf("the retired key left its group: %v", all)
	}
	refs := f.Entries(ledger.KeyGroupUpdated)[0].Refs
	want := []ledger.Ref{{Role: "added", Type: "key", ID: c.ID.String()}, {Role: "removed", Type: "key", ID: a.ID.String()}}
	if diff := cmp.Diff(want, refs); diff != "" {
		t.Fatal(diff)
	}
	same := must[*custody.KeyGroup](t)(f.Custody.SaveGroup(t.Context(), access.System(), custody.SaveGroupInput{ID: group.ID, Name: "Basement"}))
	if same.Version != 2 || same.KeyCount != 1 {
		t.Fatalf("%+v", same)
	}
	joined := f.KeyOf(custody.CreateKeyInput{Number: "4", Groups: []id.ID{group.ID}})
	groups := must[map[id.ID][]*custody.KeyGroup](t)(f.Custody.GroupsByKey(t.Context(), access.System(), custodytest.IDs(joined, a)))
	if len(groups[joined.ID]) != 1 || groups[joined.ID][0].Version != 3 || groups[joined.ID][0].KeyCount != 2 || len(groups[a.ID]) != 0 {
		t.Fatalf("%+v", groups)
	}
}

func TestGroupsRefuseWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	group := f.Group("Cellar")
	gone := f.Key("1")
	must[*custody.Key](t)(f.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: gone.ID}))
	for name, c := range map[string]struct {
		in   custody.SaveGroupInput
		kind fault.Kind
	}{
		"no name":         {custody.SaveGroupInput{}, fault.BadInput},
		"long name":       {custody.SaveGroupInput{Name: strings.Repeat("x", 121)}, fault.BadInput},
		"taken name":      {custody.SaveGroupInput{Name: "Cellar"}, fault.Conflict},
		"unknown key":     {custody.SaveGroupInput{Name: "Roof", Keys: []id.ID{id.New()}}, fault.BadInput},
		"retired key":     {custody.SaveGroupInput{Name: "Roof", Keys: []id.ID{gone.ID}}, fault.BadInput},
		"unknown group":   {custody.SaveGroupInput{ID: id.New(), Name: "Roof"}, fault.NotFound},
		"another version": {custody.SaveGroupInput{ID: group.ID, Name: "Roof", Version: ptr(9)}, fault.Conflict},
	} {
		if _, err := f.Custody.SaveGroup(t.Context(), access.System(), c.in); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := f.Count("SELECT COUNT(*) FROM key_group"); n != 1 {
		t.Fatalf("%d groups", n)
	}
}

func TestGroupsAreListedByNameWhateverTheCase(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	for _, name := range []string{"roof", "Ārpuse", "Cellar", "Zāle", "attic"} {
		f.Group(name)
	}
	var names []string
	for after := ""; ; {
		groups := must[page.Page[*custody.KeyGroup]](t)(f.Custody.Groups(t.Context(), access.System(), page.Request{First: ptr(2), After: after}))
		for _, g := range groups.Items {
			names = append(names, g.Name)
		}
		if after = groups.Info.EndCursor; !groups.Info.HasNextPage {
			break
		}
	}
	if got := strings.Join(names, " "); got != "Ārpuse attic Cellar roof Zāle" {
		t.Fatal(got)
	}
}
