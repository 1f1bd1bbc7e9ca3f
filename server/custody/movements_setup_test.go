package custody_test

import (
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
)

// movements is a desk, two holders of whom the second has a badge, and two keys that hang in the cabinet A.
type movements struct {
	*custodytest.Fixture
	desk         *access.Actor
	janis, marta *people.Person
	key, other   *custody.Key
}

func openMovements(t *testing.T) *movements {
	t.Helper()
	f := &movements{Fixture: custodytest.Open(t)}
	f.desk, f.janis = f.Custodian(), f.Person("Jānis Bērziņš", "Facilities")
	var err error
	if f.marta, err = f.People.Create(t.Context(), access.System(), people.CreateInput{Name: "Marta Liepa", Department: "Laboratory", Badge: "00-442"}); err != nil {
		t.Fatal(err)
	}
	f.key = f.KeyOf(custody.CreateKeyInput{Number: "101", Cabinet: "A"})
	f.other = f.KeyOf(custody.CreateKeyInput{Number: "102", Cabinet: "A"})
	return f
}

// only gives the one entry with an action.
func (f *movements) only(t *testing.T, action string) *ledger.Entry {
	t.Helper()
	entries := f.Entries(action)
	if len(entries) != 1 {
		t.Fatalf("%d entries of %s", len(entries), action)
	}
	return &entries[0]
}

// part opens a sealed text of an entry; "" when there is none.
func (f *movements) part(t *testing.T, e *ledger.Entry, field string) (text string) {
	t.Helper()
	if _, err := f.Ledger.Unseal(t.Context(), e, field, &text); err != nil {
		t.Fatal(err)
	}
	return text
}

// name opens a sealed name of an entry; "" when there is none.
func (f *movements) name(t *testing.T, e *ledger.Entry, field string) string {
	t.Helper()
	var of ledger.HolderDetails
	if _, err := f.Ledger.Unseal(t.Context(), e, field, &of); err != nil {
		t.Fatal(err)
	}
	return of.Name
}

func (f *movements) state(t *testing.T, key *custody.Key) custody.KeyState {
	t.Helper()
	return must[*custody.Key](t)(f.Custody.Key(t.Context(), f.desk, key.ID, "")).State
}

// loan gives a loan as it is stored.
func (f *movements) loan(t *testing.T, one id.ID) *custody.Loan {
	t.Helper()
	return must[map[id.ID]*custody.Loan](t)(f.Custody.LoansByID(t.Context(), f.desk, []id.ID{one}))[one]
}

func long(n int) string { return strings.Repeat("ž", n) }

// themselves lets the person behind an actor act in another role.
func (f *movements) themselves(t *testing.T, actor *access.Actor, role string) *access.Actor {
	t.Helper()
	return f.Actor(must[*people.Person](t)(f.People.Lookup(t.Context(), actor.Person)), role)
}
