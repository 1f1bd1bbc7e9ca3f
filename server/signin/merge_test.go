package signin_test

import (
	"slices"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/signin"
)

func (b *bundle) merge(t testing.TB, actor *access.Actor, from, into id.ID) error {
	t.Helper()
	_, err := b.signin.MergePersons(t.Context(), actor, people.MergeInput{From: from, Into: into, Reason: "a duplicate"})
	return err
}

func (b *bundle) person(t testing.TB, name string) *people.Person {
	t.Helper()
	p, err := b.people.Create(t.Context(), access.System(), people.CreateInput{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAnAccountMovesToWhoeverItsOwnerTurnedOutToBe(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t, signin.Config{})
	b.account(t, "boss", "admin")
	_, admin := b.mustSignIn(t, "boss")
	owner, secret, recovery := b.enrolled(t, "anna", "custodian")
	into := b.person(t, "Anna Kalniņa")
	w, err := b.enter(t, newJar(), "192.0.2.9", anna(recovery[0]))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.merge(t, admin, owner.Person, into.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.signin.StillValid(t.Context(), w, true); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("the session goes on: %v", err)
	}
	for name, at := range map[string]*bundle{"here": b, "another process": other} {
		eventually(t, func() bool {
			return slices.Equal(at.access.Roles(into.ID), []string{"custodian"}) && len(at.access.Roles(owner.Person)) == 0
		})
		eventually(t, func() bool { return len(at.people.MergedFrom(into.ID)) == 1 })
		code := b.code(t, secret)
		b.clock.advance(30e9)
		actor, err := at.enter(t, newJar(), "192.0.2.9", anna(code))
		if err != nil || actor.Person != into.ID || actor.Username != "anna" || !actor.Is(owner.Person) {
			t.Errorf("%s: %+v, %v", name, actor, err)
		}
	}
	if n := len(b.entries(t, ledger.AccessAccountMoved)); n != 1 {
		t.Errorf("%d moves are on record", n)
	}
	if got := b.reasons(t, ledger.AuthSessionRevoked); !slices.Contains(got, "person_merged") {
		t.Errorf("sessions ended because of %v", got)
	}
}

func TestOfTwoAccountsTheOneThatGoesMustBeDisabled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "boss", "admin")
	_, admin := b.mustSignIn(t, "boss")
	from, into := b.account(t, "anna2", "auditor"), b.account(t, "anna", "member")
	wantKind(t, b.merge(t, admin, from.Person, into.Person), fault.Conflict)
	if b.people.True(from.Person) != from.Person {
		t.Fatal("they were merged")
	}
	if _, err := b.signin.DisableAccount(t.Context(), admin, from.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.merge(t, admin, from.Person, into.Person); err != nil {
		t.Fatal(err)
	}
	if got := b.access.Roles(into.Person); !slices.Equal(got, []string{"member"}) {
		t.Errorf("she has the roles %v", got)
	}
	_, err := b.signin.EnableAccount(t.Context(), admin, from.ID)
	wantKind(t, err, fault.Conflict)
	if _, actor := b.mustSignIn(t, "anna"); actor.Person != into.Person {
		t.Errorf("she is %v", actor.Person)
	}
}

func TestAMergeGivesNobodyRoles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	boss := b.account(t, "boss", "admin")
	_, admin := b.mustSignIn(t, "boss")
	left := b.person(t, "Roles without an account")
	if err := b.signin.SetRoles(t.Context(), access.System(), left.ID, []string{"auditor"}); err != nil {
		t.Fatal(err)
	}
	member := b.account(t, "anna", "member")
	if err := b.merge(t, admin, left.ID, member.Person); err != nil {
		t.Fatal(err)
	}
	if got := b.access.Roles(member.Person); !slices.Equal(got, []string{"member"}) {
		t.Errorf("she has the roles %v", got)
	}
	into := b.person(t, "More roles without an account")
	if err := b.signin.SetRoles(t.Context(), access.System(), into.ID, []string{"auditor"}); err != nil {
		t.Fatal(err)
	}
	if err := b.merge(t, admin, member.Person, into.ID); err != nil {
		t.Fatal(err)
	}
	if got := b.access.Roles(into.ID); !slices.Equal(got, []string{"member"}) {
		t.Errorf("after the move she has the roles %v", got)
	}
	wantKind(t, b.merge(t, admin, boss.Person, into.ID), fault.Conflict) // himself
}

func TestAnAccountForADuplicateIsForThePersonWhoStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	from, into := b.person(t, "A"), b.person(t, "B")
	if err := b.merge(t, access.System(), from.ID, into.ID); err != nil {
		t.Fatal(err)
	}
	made, _, err := b.signin.CreateAccount(t.Context(), access.System(), signin.CreateAccountInput{
		Person: from.ID, Username: "anna", Password: password, Roles: []string{"member"},
	})
	if err != nil || made.Person != into.ID {
		t.Errorf("%+v, %v", made, err)
	}
	if got, err := b.signin.AccessOf(t.Context(), access.System(), from.ID); err != nil || got.Person != into.ID || len(got.Roles) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}
