package signin_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/signin"
)

// jar keeps a browser's cookies beside the session.
type jar struct {
	mu      sync.Mutex
	cookies map[string]*http.Cookie
}

type jarKey struct{}

func withCookies(config signin.Config) signin.Config {
	config.Cookies = signin.Cookies{
		Get: func(ctx context.Context, name string) string {
			if j, ok := ctx.Value(jarKey{}).(*jar); ok {
				j.mu.Lock()
				defer j.mu.Unlock()
				if c := j.cookies[name]; c != nil {
					return c.Value
				}
			}
			return ""
		},
		Set: func(ctx context.Context, c *http.Cookie) {
			if j, ok := ctx.Value(jarKey{}).(*jar); ok {
				j.mu.Lock()
				defer j.mu.Unlock()
				j.cookies[c.Name] = c
			}
		},
	}
	return config
}

func newJar() *jar { return &jar{cookies: map[string]*http.Cookie{}} }

// enter signs in with a jar of cookies from an address.
func (b *bundle) enter(t testing.TB, j *jar, ip string, in signin.SignInInput) (*access.Actor, error) {
	t.Helper()
	ctx, err := b.signin.Sessions().Load(context.WithValue(t.Context(), jarKey{}, j), "")
	if err != nil {
		t.Fatal(err)
	}
	return b.signin.SignIn(ctx, in, ledger.Origin{IP: ip})
}

func (b *bundle) code(t testing.TB, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, b.clock.now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrolled gives an account with a second factor, its secret and recovery codes. The clock is at the next step then.
func (b *bundle) enrolled(t testing.TB, username string, roles ...string) (actor *access.Actor, secret string, recovery []string) {
	t.Helper()
	b.account(t, username, roles...)
	_, actor = b.mustSignIn(t, username)
	begun, err := b.signin.EnrolTotp(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	recovery, err = b.signin.ConfirmTotp(t.Context(), actor, b.code(t, begun.Secret))
	if err != nil {
		t.Fatal(err)
	}
	b.clock.advance(30 * time.Second)
	return actor, begun.Secret, recovery
}

func anna(code string) signin.SignInInput {
	return signin.SignInInput{Username: "anna", Password: password, Code: code}
}

func TestASecondFactorIsAskedForAndLetsInOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, secret, _ := b.enrolled(t, "anna", "member")
	if _, err := b.enter(t, newJar(), "192.0.2.9", anna("")); !errors.Is(err, signin.ErrCodeNeeded) {
		t.Fatalf("without a code: %v", err)
	}
	code := b.code(t, secret)
	if _, err := b.enter(t, newJar(), "192.0.2.9", anna(code[:3]+" "+code[3:])); err != nil {
		t.Fatalf("with the code: %v", err)
	}
	wantKind(t, errOf(b.enter(t, newJar(), "192.0.2.9", anna(code))), fault.BadInput)
	other := b.another(t, signin.Config{})
	wantKind(t, errOf(other.enter(t, newJar(), "192.0.2.9", anna(code))), fault.BadInput)
	for action, want := range map[string]int{
		ledger.AuthSecondFactorAdded: 1, ledger.AuthSecondFactorAsked: 1, ledger.AuthSecondFactorFailed: 2,
	} {
		if n := len(b.entries(t, action)); n != want {
			t.Errorf("%d entries %s; want %d", n, action, want)
		}
	}
}

func errOf[T any](_ T, err error) error { return err }

func TestACodeIsTakenOnceOfManyAtATime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, secret, _ := b.enrolled(t, "anna", "member")
	other := b.another(t, signin.Config{})
	code := b.code(t, secret)
	results := make(chan error, 4)
	for _, one := range []*bundle{b, other, b, other} {
		go func() { results <- errOf(one.enter(t, newJar(), "192.0.2.9", anna(code))) }()
	}
	in := 0
	for range 4 {
		if <-results == nil {
			in++
		}
	}
	if in != 1 {
		t.Errorf("one code let in %d times", in)
	}
}

func TestCodesOfNeighbouringStepsAreTakenAndOthersAreNot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, secret, _ := b.enrolled(t, "anna", "member")
	b.clock.advance(10 * time.Minute)
	at := func(d time.Duration) string {
		code, err := totp.GenerateCode(secret, b.clock.now().Add(d))
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	for _, d := range []time.Duration{-time.Minute, time.Minute} {
		wantKind(t, errOf(b.enter(t, newJar(), "192.0.2.9", anna(at(d)))), fault.BadInput)
	}
	for _, d := range []time.Duration{-30 * time.Second, 0, 30 * time.Second} {
		if _, err := b.enter(t, newJar(), "192.0.2.9", anna(at(d))); err != nil {
			t.Errorf("a code of %v: %v", d, err)
		}
	}
	wantKind(t, errOf(b.enter(t, newJar(), "192.0.2.9", anna(at(0)))), fault.BadInput) // older than the last used
}

func TestARecoveryCodeStandsInOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	actor, _, recovery := b.enrolled(t, "anna", "member")
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes", len(recovery))
	}
	if _, err := b.enter(t, newJar(), "192.0.2.9", anna(strings.ToUpper(recovery[3]))); err != nil {
		t.Fatal(err)
	}
	wantKind(t, errOf(b.enter(t, newJar(), "192.0.2.9", anna(recovery[3]))), fault.BadInput)
	f, err := b.signin.SecondFactor(t.Context(), actor)
	if err != nil || f.RecoveryCodesLeft != 9 {
		t.Fatalf("%+v, %v", f, err)
	}
	fresh, err := b.signin.RegenerateRecoveryCodes(t.Context(), actor, signin.Proof{Password: password})
	if err != nil {
		t.Fatal(err)
	}
	wantKind(t, errOf(b.enter(t, newJar(), "192.0.2.9", anna(recovery[4]))), fault.BadInput)
	if _, err := b.enter(t, newJar(), "192.0.2.9", anna(fresh[4])); err != nil {
		t.Error(err)
	}
	if n := len(b.entries(t, ledger.AuthRecoveryCodeUsed)); n != 2 {
		t.Errorf("%d recovery codes are on record", n)
	}
	var kept int
	for _, code := range fresh {
		if err := b.DB.Get(t.Context(), &kept, "SELECT COUNT(*) FROM recovery_code WHERE code_hash LIKE CONCAT('%', ?, '%')", code); err != nil || kept > 0 {
			t.Fatal("a code lies open in the database", err)
		}
	}
}

func TestWrongCodesWaitLongerAndLonger(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, secret, _ := b.enrolled(t, "anna", "member")
	for i := range 6 { // each from a network of its own, by one who knows the password
		wantKind(t, errOf(b.enter(t, newJar(), "198.51.100."+string(rune('1'+i)), anna("000000"))), fault.BadInput)
	}
	refused := wantKind(t, errOf(b.enter(t, newJar(), "192.0.2.9", anna(b.code(t, secret)))), fault.RateLimited)
	if refused.RetryAfter != 2*time.Second {
		t.Errorf("codes wait %v", refused.RetryAfter)
	}
	b.clock.advance(2 * time.Second)
	if _, err := b.enter(t, newJar(), "192.0.2.9", anna(b.code(t, secret))); err != nil {
		t.Error(err)
	}
}

func TestASecondFactorNeedsARecentPassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	_, actor := b.mustSignIn(t, "anna")
	b.clock.advance(signin.RecentFor + time.Second)
	if f := wantKind(t, errOf(b.signin.EnrolTotp(t.Context(), actor)), fault.Forbidden); f.Data["required"] != "confirmPassword" {
		t.Errorf("what is needed is %v", f.Data)
	}
	if _, err := b.signin.ConfirmPassword(t.Context(), actor, password); err != nil {
		t.Fatal(err)
	}
	if _, err := b.signin.EnrolTotp(t.Context(), actor); err != nil {
		t.Error(err)
	}
}

func TestRemovingAsksForPasswordOrCode(t *testing.T) {
	t.Parallel()
	b := setup(t)
	actor, secret, _ := b.enrolled(t, "anna", "member")
	wantKind(t, errOf(b.signin.EnrolTotp(t.Context(), actor)), fault.Conflict)
	wantKind(t, b.signin.RemoveTotp(t.Context(), actor, signin.Proof{}), fault.BadInput)
	wantKind(t, b.signin.RemoveTotp(t.Context(), actor, signin.Proof{Password: wrong}), fault.BadInput)
	wantKind(t, b.signin.RemoveTotp(t.Context(), actor, signin.Proof{Code: "000000"}), fault.BadInput)
	if err := b.signin.RemoveTotp(t.Context(), actor, signin.Proof{Code: b.code(t, secret)}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.enter(t, newJar(), "192.0.2.9", anna("")); err != nil {
		t.Error("without a second factor:", err)
	}
	if n := len(b.entries(t, ledger.AuthSecondFactorRemoved)); n != 1 {
		t.Errorf("%d removals are on record", n)
	}
}

func TestAnAdminRemovesASecondFactorAndNobodyElseDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner, _, _ := b.enrolled(t, "anna", "member")
	b.account(t, "boss", "admin")
	_, boss := b.mustSignIn(t, "boss")
	b.account(t, "carl", "member")
	_, carl := b.mustSignIn(t, "carl")
	wantKind(t, b.signin.RemoveSecondFactor(t.Context(), carl, owner.Account), fault.Forbidden)
	wantKind(t, b.signin.RemoveSecondFactor(t.Context(), boss, boss.Account), fault.Conflict)
	wantKind(t, b.signin.RemoveSecondFactor(t.Context(), boss, carl.Account), fault.Conflict)
	if err := b.signin.RemoveSecondFactor(t.Context(), boss, owner.Account); err != nil {
		t.Fatal(err)
	}
	removed := b.entries(t, ledger.AuthSecondFactorRemoved)
	if len(removed) != 1 || removed[0].Actor != boss.Person.String() || removed[0].Person != owner.Person {
		t.Errorf("%d removals are on record", len(removed))
	}
	if _, err := b.enter(t, newJar(), "192.0.2.9", anna("")); err != nil {
		t.Error(err)
	}
}

func TestNothingIsEnrolledWithoutItsCodeOrTooLate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	_, actor := b.mustSignIn(t, "anna")
	wantKind(t, errOf(b.signin.ConfirmTotp(t.Context(), actor, "123456")), fault.Conflict)
	begun, err := b.signin.EnrolTotp(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	wantKind(t, errOf(b.signin.ConfirmTotp(t.Context(), actor, "000000")), fault.BadInput)
	if _, err := b.enter(t, newJar(), "192.0.2.9", anna("")); err != nil {
		t.Error("it counts before it was confirmed:", err)
	}
	b.clock.advance(16 * time.Minute)
	wantKind(t, errOf(b.signin.ConfirmTotp(t.Context(), actor, b.code(t, begun.Secret))), fault.Conflict)
	var sealed []byte
	if err := b.DB.Get(t.Context(), &sealed, "SELECT secret FROM second_factor"); err != nil || strings.Contains(string(sealed), begun.Secret) {
		t.Error("the secret lies open in the database", err)
	}
}

func TestACodeIsRefusedOnceItsSecondFactorIsGone(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]string{"a code of the app": "000000", "a recovery code": "aaaa-bbbb-cccc-dddd"} {
		b := setup(t)
		actor, _, _ := b.enrolled(t, "anna", "member")
		result := make(chan error, 1)
		err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
			if _, err := tx.Exec(ctx, "DELETE FROM second_factor WHERE account = ?", actor.Account); err != nil {
				return err
			}
			go func() { result <- errOf(b.enter(t, newJar(), "192.0.2.9", anna(code))) }()
			b.waitsForSecondFactor(t)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := <-result; !fault.Is(err, fault.BadInput) {
			t.Errorf("%s that was wrong when the factor was removed: %v", name, err)
		}
		if n := len(b.entries(t, ledger.AuthSecondFactorFailed)); n != 1 {
			t.Errorf("%s: %d failures are on record; want 1", name, n)
		}
	}
}

// waitsForSecondFactor waits until somebody's transaction wants a row of a second factor that another has locked.
func (b *bundle) waitsForSecondFactor(t testing.TB) {
	t.Helper()
	eventually(t, func() bool {
		var waiting int
		err := b.DB.Side().Get(t.Context(), &waiting, "SELECT COUNT(*) FROM information_schema.PROCESSLIST"+
			" WHERE DB = DATABASE() AND INFO LIKE '%FROM second_factor%FOR UPDATE%' AND INFO NOT LIKE '%PROCESSLIST%'")
		return err == nil && waiting > 0
	})
}
