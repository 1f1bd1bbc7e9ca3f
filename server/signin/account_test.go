package signin_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/signin"
)

func TestFirstStartMakesOneRoot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	processes := []*bundle{b, b.another(t, signin.Config{}), b.another(t, signin.Config{})}
	var made atomic.Int32
	var all sync.WaitGroup
	for _, at := range processes {
		all.Go(func() {
			created, oneTime, err := at.signin.EnsureRoot(t.Context(), "")
			if err != nil {
				t.Error(err)
			}
			if created != (oneTime != "") {
				t.Error("a password was made for an account that was not")
			}
			if created {
				made.Add(1)
			}
		})
	}
	all.Wait()
	if made.Load() != 1 {
		t.Errorf("%d processes made root", made.Load())
	}
	for _, action := range []string{ledger.AuthRootInitialised, ledger.AccessAccountCreated, ledger.AccessPersonCreated, ledger.AccessRolesChanged} {
		if n := len(b.entries(t, action)); n != 1 {
			t.Errorf("%s was recorded %d times", action, n)
		}
	}
	if created, _, err := b.signin.EnsureRoot(t.Context(), ""); created || err != nil {
		t.Errorf("root was made again: %v, %v", created, err)
	}
}

func TestRootWithAGivenPasswordNeedNotChangeIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, _, err := b.signin.EnsureRoot(t.Context(), "short")
	wantKind(t, err, fault.BadInput)
	created, oneTime, err := b.signin.EnsureRoot(t.Context(), password)
	if err != nil || !created || oneTime != "" {
		t.Fatal(created, oneTime, err)
	}
	_, actor := b.mustSignIn(t, "root")
	if actor.MustChangePassword || b.access.ScopeOf(actor, access.SystemConfigure) != access.All {
		t.Errorf("root is %+v", actor)
	}
}

func TestNoAccountPassesForAnotherByWhatNobodySees(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := b.newcomer(t, "Somebody")
	for _, name := range []string{"ro\u200bot", "\u202etoor", "root\ufe0f", "ro\u3164ot"} {
		_, _, err := b.signin.CreateAccount(t.Context(), access.System(), signin.CreateAccountInput{Person: person, Username: name})
		if !fault.Is(err, fault.BadInput) {
			t.Errorf("%q: %v", name, err)
		}
		if _, _, err := b.signin.OpenAccount(t.Context(), access.System(), signin.OpenAccountInput{Person: person, Username: name}); !fault.Is(err, fault.BadInput) {
			t.Errorf("%q with a link: %v", name, err)
		}
	}
}

func TestAccountsAndNamesAreGivenOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.account(t, "anna", "member")
	other, err := b.people.Create(t.Context(), access.System(), people.CreateInput{Name: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	create := func(person id.ID, username, password string, roles ...string) error {
		_, _, err := b.signin.CreateAccount(t.Context(), access.System(), signin.CreateAccountInput{
			Person: person, Username: username, Password: password, Roles: roles,
		})
		return err
	}
	if f := wantKind(t, create(other.ID, "ANNA", password), fault.Conflict); f.Data["field"] != "username" {
		t.Errorf("the conflict is %v", f)
	}
	if f := wantKind(t, create(anna.Person, "anna2", password), fault.Conflict); f.Data["field"] != "person" {
		t.Errorf("the conflict is %v", f)
	}
	for field, err := range map[string]error{
		"person":   create(id.New(), "x", password),
		"username": create(other.ID, "two words", password),
		"password": create(other.ID, "x", "1234567"),
		"roles":    create(other.ID, "x", password, "janitor"),
	} {
		if f := wantKind(t, err, fault.BadInput); f.Field != field {
			t.Errorf("the field is %q; want %q", f.Field, field)
		}
	}
	if n := len(b.entries(t, ledger.AccessAccountCreated)); n != 1 {
		t.Errorf("%d accounts were recorded", n)
	}
}

func TestOnlyThosePermittedMakeAccounts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "custodian", "auditor", "manager")
	_, actor := b.mustSignIn(t, "anna")
	_, _, err := b.signin.CreateAccount(t.Context(), actor, signin.CreateAccountInput{Person: actor.Person, Username: "x"})
	wantKind(t, err, fault.Forbidden)
	_, err = b.signin.ResetPassword(t.Context(), actor, signin.ResetPasswordInput{Username: "anna"})
	wantKind(t, err, fault.Forbidden)
}

func TestOneTimePasswordMustBeChangedFirst(t *testing.T) {
	t.Parallel()
	var changed []string
	b := setupWith(t, signin.Config{PasswordChanged: func(username string) { changed = append(changed, username) }})
	_, oneTime, err := b.signin.EnsureRoot(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	w, _, err := b.signIn(t, "root", oneTime)
	if err != nil {
		t.Fatal(err)
	}
	actor := w.actor(t)
	_, err = b.access.Require(t.Context(), actor, access.KeysView)
	wantKind(t, err, fault.Forbidden)
	after, err := b.signin.ChangePassword(t.Context(), actor, oneTime, "a better password")
	if err != nil {
		t.Fatal(err)
	}
	for _, now := range []*access.Actor{after, w.actor(t)} {
		if _, err := b.access.Require(t.Context(), now, access.KeysView); err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(changed, []string{"root"}) {
		t.Errorf("those told of are %v", changed)
	}
}

func TestNewPasswordsFollowTheRules(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna.kalnina", "member")
	_, actor := b.mustSignIn(t, "anna.kalnina")
	for _, wanted := range []string{"", "1234567", "Anna.Kalnina", strings.Repeat("x", 201), "\xff\xff\xff\xff\xff\xff\xff\xff", password} {
		_, err := b.signin.ChangePassword(t.Context(), actor, password, wanted)
		if f := wantKind(t, err, fault.BadInput); f.Field != "new" {
			t.Errorf("%q: the field is %q", wanted, f.Field)
		}
	}
	_, err := b.signin.ChangePassword(t.Context(), nil, password, "a better password")
	wantKind(t, err, fault.Unauthenticated)
}

func TestChangedPasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	b.account(t, "other", "member")
	here, _ := b.mustSignIn(t, "anna")
	there, thereActor := b.mustSignIn(t, "anna")
	unrelated, _ := b.mustSignIn(t, "other")
	if _, err := b.signin.ChangePassword(t.Context(), here.actor(t), password, "a better password"); err != nil {
		t.Fatal(err)
	}
	if here.actor(t) == nil || unrelated.actor(t) == nil {
		t.Error("a session ended that should not have")
	}
	if there.actor(t) != nil {
		t.Error("the other session still works")
	}
	revoked := b.entries(t, ledger.AuthSessionRevoked)
	if len(revoked) != 1 || revoked[0].Ref("session") != thereActor.Session.String() || revoked[0].Details["reason"] != "password_changed" {
		t.Errorf("%d sessions were recorded as revoked", len(revoked))
	}
	if n := len(b.entries(t, ledger.AuthPasswordChanged)); n != 1 {
		t.Errorf("%d changes were recorded", n)
	}
	_, _, err := b.signIn(t, "anna", password)
	wantKind(t, err, fault.Unauthenticated)
	if _, _, err := b.signIn(t, "anna", "a better password"); err != nil {
		t.Error(err)
	}
}

func TestGuessingTheCurrentPasswordIsSlowedDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	_, actor := b.mustSignIn(t, "anna")
	for range 5 {
		_, err := b.signin.ChangePassword(t.Context(), actor, "wrong password", "a better password")
		if f := wantKind(t, err, fault.BadInput); f.Field != "current" {
			t.Errorf("the field is %q", f.Field)
		}
	}
	_, err := b.signin.ChangePassword(t.Context(), actor, password, "a better password")
	if f := wantKind(t, err, fault.RateLimited); f.RetryAfter != 2*time.Second {
		t.Errorf("the wait is %v", f.RetryAfter)
	}
	failed := b.entries(t, ledger.AuthSignInFailed)
	if len(failed) != 6 || failed[0].Details["where"] != "change_password" {
		t.Errorf("%d failures were recorded", len(failed))
	}
}

func TestResetPasswordEndsSessionsAndDelays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	w, _ := b.mustSignIn(t, "anna")
	for range 5 {
		_, _, err := b.signIn(t, "anna", "wrong password")
		wantKind(t, err, fault.Unauthenticated)
	}
	oneTime, err := b.signin.ResetPassword(t.Context(), access.System(), signin.ResetPasswordInput{Username: "Anna"})
	if err != nil || oneTime == "" {
		t.Fatal(oneTime, err)
	}
	if w.actor(t) != nil {
		t.Error("the session still works")
	}
	if _, actor, err := b.signIn(t, "anna", oneTime); err != nil || !actor.MustChangePassword {
		t.Errorf("%v, %v", actor, err)
	}
	if n := len(b.entries(t, ledger.AccessPasswordReset)); n != 1 {
		t.Errorf("%d resets were recorded", n)
	}
	_, err = b.signin.ResetPassword(t.Context(), access.System(), signin.ResetPasswordInput{Username: "nobody"})
	wantKind(t, err, fault.NotFound)
}

func TestPasswordChangedInTwoPlacesAtOnceIsChangedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	_, actor := b.mustSignIn(t, "anna")
	var all sync.WaitGroup
	var changed atomic.Int32
	for _, wanted := range []string{"first new password", "second new password", "third new password"} {
		all.Go(func() {
			if _, err := b.signin.ChangePassword(t.Context(), actor, password, wanted); err == nil {
				changed.Add(1)
			}
		})
	}
	all.Wait()
	if n := len(b.entries(t, ledger.AuthPasswordChanged)); changed.Load() != 1 || n != 1 {
		t.Errorf("%d changes succeeded and %d were recorded", changed.Load(), n)
	}
}
