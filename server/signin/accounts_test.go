package signin_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/signin"
)

func names(p page.Page[*signin.Account]) []string {
	var all []string
	for _, a := range p.Items {
		all = append(all, a.Username)
	}
	return all
}

func TestAccountsArePagedAndFoundByNameAndUserName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 7 {
		b.account(t, fmt.Sprintf("user%d", i))
	}
	b.account(t, "Zane", "manager")
	two := 2
	var paged []string
	for after := ""; ; {
		p, err := b.signin.Accounts(t.Context(), access.System(), "", page.Request{First: &two, After: after})
		if err != nil {
			t.Fatal(err)
		}
		paged = append(paged, names(p)...)
		if after = p.Info.EndCursor; !p.Info.HasNextPage {
			break
		}
	}
	if want := []string{"Zane", "user6", "user5", "user4", "user3", "user2", "user1", "user0"}; !slices.Equal(paged, want) {
		t.Errorf("paged %v", paged)
	}
	last, err := b.signin.Accounts(t.Context(), access.System(), "", page.Request{Last: &two})
	if err != nil || !slices.Equal(names(last), []string{"user1", "user0"}) || !last.Info.HasPreviousPage {
		t.Errorf("the last are %v, %v", names(last), err)
	}
	for search, want := range map[string][]string{"zan": {"Zane"}, "person user3": {"user3"}, "SER4": {"user4"}, "nobody": nil} {
		found, err := b.signin.Accounts(t.Context(), access.System(), search, page.Request{})
		if err != nil || !slices.Equal(names(found), want) {
			t.Errorf("%q found %v, %v", search, names(found), err)
		}
	}
	_, err = b.signin.Accounts(t.Context(), access.System(), "", page.Request{After: "nonsense"})
	wantKind(t, err, fault.BadInput)
}

func TestAccountsTellWhoWaits(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "janis")
	for range 5 {
		_, _, _ = b.signIn(t, "janis", "wrong horse battery")
	}
	p, err := b.signin.Accounts(t.Context(), access.System(), "janis", page.Request{})
	if err != nil || len(p.Items) != 1 || p.Items[0].LockedUntil == nil || !p.Items[0].LockedUntil.After(b.clock.now()) {
		t.Fatalf("%+v, %v", p.Items, err)
	}
}

func TestAccountsTellWhoHasASecondFactor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "janis")
	b.enrolled(t, "anna", "member")
	p, err := b.signin.Accounts(t.Context(), access.System(), "", page.Request{})
	if err != nil || len(p.Items) != 2 || !p.Items[0].SecondFactor || p.Items[1].SecondFactor {
		t.Fatalf("%+v, %v", p.Items, err)
	}
}

func TestADisabledAccountIsOutAtOnceInOtherProcessesToo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t, signin.Config{})
	b.account(t, "anna", "admin")
	janis := b.account(t, "janis", "member")
	_, admin := b.mustSignIn(t, "anna")
	w, _ := other.mustSignIn(t, "janis")
	feed := w.actor(t)
	if _, err := other.signin.StillValid(t.Context(), feed, false); err != nil {
		t.Fatal(err)
	}
	changed, err := b.signin.DisableAccount(t.Context(), admin, janis.ID)
	if err != nil || changed.DisabledAt == nil {
		t.Fatal(changed, err)
	}
	if _, err := other.signin.StillValid(t.Context(), feed, true); !fault.Is(err, fault.Unauthenticated) {
		t.Error("the feed goes on", err)
	}
	if w.use(t) {
		t.Error("the session goes on")
	}
	if _, _, err := other.signIn(t, "janis", password); !fault.Is(err, fault.Unauthenticated) {
		t.Error(err)
	}
	if got := b.reasons(t, ledger.AuthSessionRevoked); !slices.Equal(got, []string{"account_disabled"}) {
		t.Errorf("the reasons are %v", got)
	}
	for range 2 { // the second changes nothing
		if _, err := b.signin.EnableAccount(t.Context(), admin, janis.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := b.signIn(t, "janis", password); err != nil {
		t.Error(err)
	}
	for _, action := range []string{ledger.AccessAccountDisabled, ledger.AccessAccountEnabled} {
		if n := len(b.entries(t, action)); n != 1 {
			t.Errorf("%s was recorded %d times", action, n)
		}
	}
}

func TestSignInHistorySurvivesTheAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	janis := b.account(t, "janis", "member")
	b.mustSignIn(t, "janis")
	if _, err := b.DB.Exec(t.Context(), "DELETE FROM account WHERE id = ?", janis.ID); err != nil {
		t.Fatal(err)
	}
	signedIn := b.entries(t, ledger.AuthSignedIn)
	if len(signedIn) != 1 || signedIn[0].Person != janis.Person || b.unsealed(t, signedIn[0], ledger.FieldUsername) != "janis" {
		t.Errorf("of the sign-in there is %+v", signedIn)
	}
}

func TestAnAdminIsAlwaysLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.account(t, "anna", "admin")
	_, admin := b.mustSignIn(t, "anna")
	wantKind(t, b.signin.SetRoles(t.Context(), admin, anna.Person, []string{"member"}), fault.Forbidden) // gains member
	wantKind(t, b.signin.SetRoles(t.Context(), admin, anna.Person, nil), fault.Conflict)
	_, err := b.signin.DisableAccount(t.Context(), admin, anna.ID)
	wantKind(t, err, fault.Conflict)
	_, err = b.signin.DisableAccount(t.Context(), access.System(), anna.ID)
	wantKind(t, err, fault.Conflict)
	b.opened(t, admin, "peteris")
	wantKind(t, b.signin.SetRoles(t.Context(), admin, anna.Person, nil), fault.Conflict)
	marta := b.account(t, "marta", "admin")
	if _, err := b.signin.DisableAccount(t.Context(), admin, marta.ID); err != nil {
		t.Fatal(err)
	}
	wantKind(t, b.signin.SetRoles(t.Context(), admin, anna.Person, nil), fault.Conflict) // a disabled one does not count
	if _, err := b.signin.EnableAccount(t.Context(), admin, marta.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.signin.SetRoles(t.Context(), admin, anna.Person, nil); err != nil {
		t.Fatal(err)
	}
	wantKind(t, b.signin.SetRoles(t.Context(), admin, anna.Person, nil), fault.Forbidden)
}

func TestNobodyRaisesHimself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.account(t, "anna", "admin")
	janis := b.account(t, "janis", "member")
	_, admin := b.mustSignIn(t, "anna")
	wantKind(t, b.signin.SetRoles(t.Context(), admin, anna.Person, []string{"admin", "custodian"}), fault.Forbidden)
	if got := b.reasons(t, ledger.AccessDenied); !slices.Equal(got, []string{"raises_himself"}) {
		t.Errorf("recorded %v", got)
	}
	wantKind(t, b.signin.SetRoles(t.Context(), admin, janis.Person, []string{"root"}), fault.BadInput)
	wantKind(t, b.signin.SetRoles(t.Context(), admin, janis.Person, []string{"janitor"}), fault.BadInput)
	wantKind(t, b.signin.SetRoles(t.Context(), admin, id.New(), []string{"member"}), fault.BadInput)
	_, member := b.mustSignIn(t, "janis")
	wantKind(t, b.signin.SetRoles(t.Context(), member, janis.Person, []string{"admin"}), fault.Forbidden)
}

func TestARoleCountsWithinASecondInAnotherProcess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t, signin.Config{})
	b.account(t, "anna", "admin")
	janis := b.account(t, "janis", "member")
	_, admin := b.mustSignIn(t, "anna")
	_, actor := other.mustSignIn(t, "janis")
	for _, roles := range [][]string{{"member", "custodian"}, {"member"}} {
		if err := b.signin.SetRoles(t.Context(), admin, janis.Person, roles); err != nil {
			t.Fatal(err)
		}
		changed := time.Now()
		want := access.None
		if slices.Contains(roles, "custodian") {
			want = access.All
		}
		eventually(t, func() bool { return other.access.ScopeOf(actor, access.KeysIssue) == want })
		if took := time.Since(changed); took > time.Second {
			t.Errorf("the change to %v took %v", roles, took)
		}
	}
	entries := b.entries(t, ledger.AccessRolesChanged)
	gained, lost := entries[len(entries)-2].Details, entries[len(entries)-1].Details
	if fmt.Sprint(gained["added"], gained["removed"], lost["added"], lost["removed"]) != "[custodian] [] [] [custodian]" {
		t.Errorf("recorded %v and %v", gained, lost)
	}
}

func TestWhySaysWhichRoleGrantsWhat(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "admin")
	janis := b.account(t, "janis", "member", "custodian")
	_, admin := b.mustSignIn(t, "anna")
	found, err := b.signin.AccessOf(t.Context(), admin, janis.Person)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range found.Allowed {
		if one.Permission == access.KeysView {
			want := []access.Because{{Role: "custodian", Scope: access.All}, {Role: "member", Scope: access.Own}}
			if one.Scope != access.All || one.Allows != "see keys" || !slices.Equal(one.Because, want) {
				t.Errorf("%+v", one)
			}
		}
		if one.Permission == access.AccessManage {
			t.Error("he may manage access")
		}
	}
	_, member := b.mustSignIn(t, "janis")
	if _, err := b.signin.AccessOf(t.Context(), member, janis.Person); err != nil {
		t.Error("of himself", err)
	}
	_, err = b.signin.AccessOf(t.Context(), member, admin.Person)
	wantKind(t, err, fault.Forbidden)
}
