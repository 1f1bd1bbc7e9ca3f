package custody_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

func TestLoansStayAndAreFoundUnderWhoeverTheHolderTurnedOutToBe(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	by := f.Custodian()
	twin, anna := f.Person("Anna Kalnina", "Office"), f.Person("Anna Kalniņa", "Office")
	first, second, third := f.Key("1"), f.Key("2"), f.Key("3")
	f.Issue(by, twin, first)
	f.Issue(by, anna, second)
	f.Merge(twin.ID, anna.ID)
	f.Issue(by, twin, third) // chosen by the old id
	for name, person := range map[string]id.ID{"who stays": anna.ID, "who is gone": twin.ID} {
		open := true
		loans, err := f.Custody.Loans(t.Context(), by, custody.LoanFilter{Holder: person, Open: &open}, page.Request{})
		if err != nil || len(loans.Items) != 3 {
			t.Errorf("%s: %d loans, %v", name, len(loans.Items), err)
		}
		keys, err := f.Custody.Keys(t.Context(), by, custody.KeyFilter{Holder: person}, page.Request{})
		if err != nil || len(keys.Items) != 3 {
			t.Errorf("%s: %d keys, %v", name, len(keys.Items), err)
		}
	}
	held, err := f.Custody.OpenLoansOf(t.Context(), by, []id.ID{anna.ID})
	if err != nil || len(held[anna.ID]) != 3 || held[anna.ID][0].HolderID != anna.ID || held[anna.ID][2].HolderID != twin.ID {
		t.Errorf("she holds %v, %v", held, err)
	}
	herself := f.Actor(anna, "member")
	herself.Merged = f.People.MergedFrom(anna.ID)
	if keys, err := f.Custody.Keys(t.Context(), herself, custody.KeyFilter{}, page.Request{}); err != nil || len(keys.Items) != 3 {
		t.Errorf("she sees %v, %v", keys, err)
	}
	if due, err := f.Custody.DueByDay(t.Context(), herself, []time.Time{f.Clock.Now(), f.Clock.Now().Add(time.Hour)}, custody.DueFilter{}); err != nil || len(due) != 1 {
		t.Errorf("due are %v, %v", due, err)
	}
	if groups, err := f.Custody.Groups(t.Context(), herself, page.Request{}); err != nil || len(groups.Items) != 0 {
		t.Errorf("groups are %v, %v", groups, err)
	}
	back, err := f.Custody.Return(t.Context(), by, custody.ReturnInput{Keys: custodytest.IDs(first)})
	if err != nil || back.Entries[0].Person != anna.ID || back.Loans[0].HolderID != twin.ID {
		t.Errorf("returned %+v, %v", back, err)
	}
}

func TestWhoLeftWithKeysIsListed(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	by := f.Custodian()
	until := func(name, department string, day people.Date, keys ...*custody.Key) *people.Person {
		p := f.Person(name, department)
		if len(keys) > 0 {
			f.Issue(by, p, keys...)
		}
		return must[*people.Person](t)(f.People.Update(t.Context(), access.System(), people.UpdateInput{ID: p.ID, ValidUntil: &day}))
	}
	left := until("Left", "Office", "2026-01-31", f.Key("1"), f.Key("2"))
	until("Last day", "Office", "2026-02-01", f.Key("3"))
	until("Left without keys", "Office", "2026-01-31")
	duplicate, open := f.Person("Duplicate", "Office"), f.Person("Open", "Office")
	until("Left, elsewhere", "Laboratory", "2025-12-31", f.Key("5"))
	f.Issue(by, open, f.Key("4"))
	merged := until("Left, under another id", "Office", "2026-01-01")
	f.Issue(by, duplicate, f.Key("6"))
	f.Merge(duplicate.ID, merged.ID)
	filter := custody.PeopleFilter{LeftWithKeys: true}.On("2026-02-01")
	for name, c := range map[string]struct {
		actor  *access.Actor
		search string
		want   []string
	}{
		"everybody":     {by, "", []string{"Left", "Left, elsewhere", "Left, under another id"}},
		"with a search": {by, "under", []string{"Left, under another id"}},
		"a department":  {f.Actor(open, "manager"), "", []string{"Left", "Left, under another id"}},
	} {
		one := 1
		var got []string
		for after := ""; ; {
			found, total, err := f.Custody.People(t.Context(), c.actor, c.search, filter, page.Request{First: &one, After: after})
			if err != nil || total != len(c.want) {
				t.Fatalf("%s: %d, %v", name, total, err)
			}
			for _, p := range found.Items {
				got = append(got, p.Name)
			}
			if after = found.Info.EndCursor; !found.Info.HasNextPage {
				break
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if _, _, err := f.Custody.People(t.Context(), f.Actor(left, "nothing"), "", filter, page.Request{}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}
