package people_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// list gives everybody an actor finds, read in pages of a size, forwards.
func (b *bundle) list(t testing.TB, actor *access.Actor, search string, size int) []*people.Person {
	t.Helper()
	var all []*people.Person
	for after := ""; ; {
		found, total, err := b.people.List(t.Context(), actor, people.Filter{Search: search}, page.Request{First: &size, After: after})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found.Items...)
		if !found.Info.HasNextPage {
			if total != len(all) {
				t.Fatalf("the total is %d; the pages hold %d", total, len(all))
			}
			return all
		}
		after = found.Info.EndCursor
	}
}

func TestPeopleAreListedInLatvianOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	want := []string{
		"Adele", "Āboliņa", "Bērziņš", "Cālis", "Čakste", "Dambis", "Ģirts 2", "Ģirts 10", "Kalns", "Ķēniņš",
		"Lapa", "Ļaudis", "Siliņš", "Šmits", "Zars", "Žagars",
	}
	// ā sorts as a: "Āboliņa" stands before "Adele", since b comes before d.
	want[0], want[1] = want[1], want[0]
	shuffled := slices.Clone(want)
	slices.Reverse(shuffled)
	inputs := make([]people.CreateInput, len(shuffled))
	for i, name := range shuffled {
		inputs[i].Name = name
	}
	b.insert(t, inputs...)
	if got := names(b.list(t, access.System(), "", 500)); !slices.Equal(got, want) {
		t.Errorf("the order is %v; want %v", got, want)
	}
}

func TestSearchFindsPartsWithoutCaseAndDiacritics(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.insert(t,
		people.CreateInput{Name: "Jānis Bērziņš", Badge: "00442", EmployeeNumber: "E-17", Email: "janis@tilts.lv", Company: "SIA Tilts"},
		people.CreateInput{Name: "Anna Berzina"},
		people.CreateInput{Name: "Łukasz Straßer"},
	)
	for search, want := range map[string][]string{
		"berzins":      {"Jānis Bērziņš"},
		"BERZI":        {"Anna Berzina", "Jānis Bērziņš"},
		"bērz jan":     {"Jānis Bērziņš"},
		"0442":         {"Jānis Bērziņš"},
		"e-17":         {"Jānis Bērziņš"},
		"tilts.lv sia": {"Jānis Bērziņš"},
		"lukasz":       {"Łukasz Straßer"},
		"strasser":     {"Łukasz Straßer"},
		"berzins anna": {},
		"%":            {},
		"  ":           {"Anna Berzina", "Jānis Bērziņš", "Łukasz Straßer"},
	} {
		if got := names(b.list(t, access.System(), search, 2)); !slices.Equal(got, want) {
			t.Errorf("%q finds %v; want %v", search, got, want)
		}
	}
	if found := b.people.Search("tilts"); len(found) != 1 {
		t.Errorf("Search finds %d", len(found))
	}
	if found := b.people.Search(" "); len(found) != 0 {
		t.Errorf("Search finds %d without a word", len(found))
	}
}

func TestSearchDoesNotTellWhatMayNotBeSeen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.insert(t,
		people.CreateInput{Name: "Anna", Badge: "777", Email: "secret@example.lv", EmployeeNumber: "E-1", Company: "ACME", Phone: "+37120000000"},
		people.CreateInput{Name: "Custodian"},
	)
	custodian := acting(made[1], "custodian")
	if got := names(b.list(t, custodian, "777", 10)); !slices.Equal(got, []string{"Anna"}) {
		t.Errorf("the badge finds %v", got)
	}
	for _, search := range []string{"secret", "e-1", "acme"} {
		if got := b.list(t, custodian, search, 10); len(got) != 0 {
			t.Errorf("%q finds %v", search, names(got))
		}
	}
	anna := b.list(t, custodian, "anna", 10)[0]
	if anna.Email+anna.Phone+anna.EmployeeNumber+anna.Company != "" || anna.Badge != "777" {
		t.Errorf("a custodian sees %+v", anna)
	}
}

func TestScopesLimitWhoIsListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.insert(t,
		people.CreateInput{Name: "A", Department: "One", Email: "a@example.lv"},
		people.CreateInput{Name: "B", Department: "One", Email: "b@example.lv"},
		people.CreateInput{Name: "C", Department: "Two"}, people.CreateInput{Name: "D"},
	)
	for _, c := range []struct {
		actor *access.Actor
		want  []string
	}{
		{acting(made[0], "member"), []string{"A"}},
		{acting(made[0], "manager"), []string{"A", "B"}},
		{acting(made[3], "manager"), []string{"D"}},
		{acting(made[0], "auditor"), []string{"A", "B", "C", "D"}},
	} {
		got := b.list(t, c.actor, "", 2)
		if !slices.Equal(names(got), c.want) {
			t.Errorf("%v sees %v; want %v", c.actor.Roles, names(got), c.want)
		}
		for _, p := range made {
			seen, err := b.people.Get(t.Context(), c.actor, p.ID)
			if want := slices.Contains(c.want, p.Name); err != nil || (seen != nil) != want || b.people.Visible(c.actor, p.ID) != want {
				t.Errorf("%v gets %s: %v, %v", c.actor.Roles, p.Name, seen, err)
			}
		}
	}
	departments, err := b.people.Departments(t.Context(), acting(made[0], "manager"))
	if err != nil || len(departments) != 1 || departments[0].Name != "One" {
		t.Errorf("a manager sees the departments %v, %v", departments, err)
	}
	_, _, err = b.people.List(t.Context(), nil, people.Filter{Search: ""}, page.Request{})
	wantKind(t, err, fault.Unauthenticated)
}

func TestCursorOfSomebodyUnseenIsNone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.insert(t, people.CreateInput{Name: "A", Department: "One"}, people.CreateInput{Name: "B", Department: "Two"})
	manager := acting(made[0], "manager")
	for _, cursor := range []string{
		page.Encode(made[1].ID[:]), page.Encode([]byte("x")), "AAAA", strings.Repeat("A", 5000),
		page.Encode(slices.Concat(made[0].ID[:], []byte{0})),
	} {
		_, _, err := b.people.List(t.Context(), manager, people.Filter{Search: ""}, page.Request{After: cursor})
		if f := wantKind(t, err, fault.BadInput); f.Field != "after" {
			t.Errorf("the field is %q", f.Field)
		}
	}
	_, _, err := b.people.List(t.Context(), manager, people.Filter{Search: strings.Repeat("x", 300)}, page.Request{})
	wantKind(t, err, fault.BadInput)
}

func TestPagesHoldEverybodyOnceInOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	letters := []string{"a", "ā", "Ā", "b", "č", "c", "š", "s", "1", "10", "2", " "}
	inputs := make([]people.CreateInput, 60)
	for i := range inputs {
		inputs[i].Name = letters[i%len(letters)] + letters[(i/5)%len(letters)] + fmt.Sprint(i%7)
	}
	b.insert(t, inputs...)
	words := []string{"", "a", "1", "c 2", "ā", "zzz"}
	rapid.Check(t, func(r *rapid.T) {
		search := rapid.SampledFrom(words).Draw(r, "search")
		size := rapid.IntRange(1, 70).Draw(r, "size")
		whole := idsOf(b.list(t, access.System(), search, 500))
		if forwards := idsOf(b.list(t, access.System(), search, size)); !slices.Equal(forwards, whole) {
			r.Fatalf("pages of %d give %v; want %v", size, forwards, whole)
		}
		if backwards := b.listBackwards(t, search, size); !slices.Equal(backwards, whole) {
			r.Fatalf("pages of %d, backwards, give %v; want %v", size, backwards, whole)
		}
	})
}

func (b *bundle) listBackwards(t testing.TB, search string, size int) []id.ID {
	t.Helper()
	var all []id.ID
	for before := ""; ; {
		found, _, err := b.people.List(t.Context(), access.System(), people.Filter{Search: search}, page.Request{Last: &size, Before: before})
		if err != nil {
			t.Fatal(err)
		}
		all = append(idsOf(found.Items), all...)
		if !found.Info.HasPreviousPage {
			return all
		}
		before = found.Info.StartCursor
	}
}

func TestSearchAgreesWithANaiveOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := make([]people.CreateInput, 40)
	parts := []string{"anna", "jānis", "bērzs", "ozols", "kļava", "egle"}
	for i := range made {
		made[i].Name = parts[i%6] + " " + parts[(i/6)%6]
	}
	b.insert(t, made...)
	plain := strings.NewReplacer("ā", "a", "ē", "e", "ļ", "l")
	rapid.Check(t, func(r *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"an", "jā", "ja", "berz", "ols", "ĻA", "e", "x"}), 0, 3).Draw(r, "words")
		want := 0
		for _, in := range made {
			all := true
			for _, w := range words {
				all = all && strings.Contains(plain.Replace(in.Name), plain.Replace(strings.ToLower(w)))
			}
			if all {
				want++
			}
		}
		if got := len(b.list(t, access.System(), strings.Join(words, " "), 500)); got != want {
			r.Fatalf("%v finds %d; want %d", words, got, want)
		}
	})
}
