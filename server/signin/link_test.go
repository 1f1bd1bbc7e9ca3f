package signin_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/signin"
)

// newcomer makes a person without an account.
func (b *bundle) newcomer(t testing.TB, name string) id.ID {
	t.Helper()
	p, err := b.people.Create(t.Context(), access.System(), people.CreateInput{Name: name, Department: "Office"})
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

// opened makes an account with a link, and gives the link's secret.
func (b *bundle) opened(t testing.TB, actor *access.Actor, username string) (*signin.Account, string) {
	t.Helper()
	account, link, err := b.signin.OpenAccount(t.Context(), actor, signin.OpenAccountInput{
		Person: b.newcomer(t, "Person "+username), Username: username, Roles: []string{"member"},
	})
	if err != nil {
		t.Fatal(err)
	}
	path, secret, found := strings.Cut(link, "#")
	if !found || path != "/set-password" || len(secret) < 40 {
		t.Fatalf("the link is %q", link)
	}
	return account, secret
}

func (b *bundle) setPassword(t testing.TB, secret, wanted string) (string, error) {
	t.Helper()
	return b.signin.SetPassword(t.Context(), secret, wanted, fromLaptop())
}

func TestNobodyWhoWasErasedIsGivenAnAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	gone := b.newcomer(t, "Gone")
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := b.people.Erase(ctx, tx, gone, id.ID{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.signin.OpenAccount(t.Context(), access.System(), signin.OpenAccountInput{Person: gone, Username: "gone"}); !fault.Is(err, fault.BadInput) {
		t.Errorf("with a link: %v", err)
	}
	if _, _, err := b.signin.CreateAccount(t.Context(), access.System(), signin.CreateAccountInput{Person: gone, Username: "gone"}); !fault.Is(err, fault.BadInput) {
		t.Errorf("with a first password: %v", err)
	}
}

func TestALinkSetsTheFirstPasswordOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "admin")
	_, admin := b.mustSignIn(t, "anna")
	account, secret := b.opened(t, admin, "janis")
	if _, _, err := b.signIn(t, "janis", ""); err == nil {
		t.Fatal("an account without a password let somebody in")
	}
	if _, _, err := b.signIn(t, "janis", password); !fault.Is(err, fault.Unauthenticated) {
		t.Fatal(err)
	}
	for _, bad := range []string{"short", "janis", "password123", "Football2026!"} {
		if _, err := b.setPassword(t, secret, bad); !fault.Is(err, fault.BadInput) {
			t.Errorf("%q gave %v", bad, err)
		}
	}
	var worked atomic.Int32
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			username, err := b.signin.SetPassword(t.Context(), secret, password, fromLaptop())
			if err == nil && username == "janis" {
				worked.Add(1)
			} else if !fault.Is(err, fault.NotFound) {
				t.Error(username, err)
			}
		})
	}
	all.Wait()
	if worked.Load() != 1 {
		t.Fatalf("the link worked %d times", worked.Load())
	}
	_, actor := b.mustSignIn(t, "janis")
	if actor.MustChangePassword || actor.Account != account.ID {
		t.Errorf("the actor is %+v", actor)
	}
	set := b.entries(t, ledger.AuthPasswordSet)
	if len(set) != 1 || set[0].Person != account.Person || set[0].Actor != account.Person.String() {
		t.Errorf("recorded %+v", set)
	}
	if kept := b.count(t, "SELECT COUNT(*) FROM account_link"); kept != 0 {
		t.Errorf("%d links are kept", kept)
	}
}

func (b *bundle) count(t testing.TB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := b.DB.Get(t.Context(), &n, query, args...); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestALinkEndsAfterADayByAnotherAndWithItsAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "admin")
	browser, admin := b.mustSignIn(t, "anna")
	account, first := b.opened(t, admin, "janis")
	_, link, err := b.signin.ResetByLink(t.Context(), admin, account.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, second, _ := strings.Cut(link, "#")
	if _, err := b.setPassword(t, first, password); !fault.Is(err, fault.NotFound) {
		t.Error("the former link", err)
	}
	if _, err := b.signin.DisableAccount(t.Context(), admin, account.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.setPassword(t, second, password); !fault.Is(err, fault.NotFound) {
		t.Error("the link of a disabled account", err)
	}
	_, third := b.opened(t, admin, "peteris")
	b.clock.advance(signin.LinkLifetime)
	if _, err := b.setPassword(t, third, password); !fault.Is(err, fault.NotFound) {
		t.Error("the old link", err)
	}
	if err := b.signin.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if kept := b.count(t, "SELECT COUNT(*) FROM account_link"); kept != 0 {
		t.Errorf("%d links are kept", kept)
	}
	if browser.use(t) {
		t.Error("a session outlived its limit")
	}
}

func TestNoSecretOfALinkIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "admin")
	_, admin := b.mustSignIn(t, "anna")
	_, secret := b.opened(t, admin, "janis")
	if n := b.count(t, "SELECT COUNT(*) FROM account_link WHERE secret_hash = ?", []byte(secret)[:32]); n != 0 {
		t.Error("the secret is in the table")
	}
	all, err := b.Ledger.Read(t.Context(), b.DB, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if strings.Contains(string(e.Raw), secret) {
			t.Errorf("the secret is in %s", e.Raw)
		}
	}
}

func TestGuessedLinksAreThrottled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	limited := 0
	for range 130 {
		_, err := b.setPassword(t, "guess", password)
		switch {
		case fault.Is(err, fault.RateLimited):
			limited++
		case !fault.Is(err, fault.NotFound):
			t.Fatal(err)
		}
	}
	if limited < 25 {
		t.Errorf("%d of 130 guesses were refused", limited)
	}
}

func TestAResetEndsSessionsAndTakesThePasswordAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "admin")
	janis := b.account(t, "janis", "member")
	_, admin := b.mustSignIn(t, "anna")
	w, _ := b.mustSignIn(t, "janis")
	if _, _, err := b.signin.ResetByLink(t.Context(), admin, admin.Account); !fault.Is(err, fault.Conflict) {
		t.Error("one's own account", err)
	}
	changed, link, err := b.signin.ResetByLink(t.Context(), admin, janis.ID)
	if err != nil || !changed.MustChangePassword || changed.Username != "janis" {
		t.Fatal(changed, err)
	}
	if w.use(t) {
		t.Error("a session outlived the reset")
	}
	if _, _, err := b.signIn(t, "janis", password); !fault.Is(err, fault.Unauthenticated) {
		t.Error("the old password", err)
	}
	_, secret, _ := strings.Cut(link, "#")
	if _, err := b.setPassword(t, secret, "staple battery horse"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.signIn(t, "janis", "staple battery horse"); err != nil {
		t.Error(err)
	}
	if _, _, err := b.signin.ResetByLink(t.Context(), admin, id.New()); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

func TestRolesAndResetsNeedARecentPassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "admin")
	janis := b.account(t, "janis", "member")
	w, admin := b.mustSignIn(t, "anna")
	b.clock.advance(signin.RecentFor + time.Second)
	for name, err := range map[string]error{
		"setRoles": b.signin.SetRoles(t.Context(), admin, janis.Person, []string{"manager"}),
		"createAccount": func() error {
			_, _, err := b.signin.OpenAccount(t.Context(), admin, signin.OpenAccountInput{Person: b.newcomer(t, "P"), Username: "p"})
			return err
		}(),
		"resetPassword": func() error {
			_, _, err := b.signin.ResetByLink(t.Context(), admin, janis.ID)
			return err
		}(),
	} {
		if f := wantKind(t, err, fault.Forbidden); f.Data["required"] != "confirmPassword" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if _, err := b.signin.ConfirmPassword(t.Context(), admin, "wrong horse battery"); !fault.Is(err, fault.BadInput) {
		t.Error(err)
	}
	if err := b.signin.SetRoles(t.Context(), admin, janis.Person, []string{"manager"}); !fault.Is(err, fault.Forbidden) {
		t.Error("a wrong password confirmed", err)
	}
	until, err := b.signin.ConfirmPassword(t.Context(), admin, password)
	if err != nil || !until.Equal(b.clock.now().Add(signin.RecentFor)) {
		t.Fatal(until, err)
	}
	if err := b.signin.SetRoles(t.Context(), admin, janis.Person, []string{"manager"}); err != nil {
		t.Error(err)
	}
	if n := len(b.entries(t, ledger.AuthPasswordConfirmed)); n != 1 || !w.use(t) {
		t.Errorf("%d confirmations are recorded", n)
	}
}
