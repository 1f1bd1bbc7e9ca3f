package signin_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/signin"
)

func TestATrustedBrowserIsLetInWhileStrangersWait(t *testing.T) {
	t.Parallel()
	b := setupWith(t, withCookies(signin.Config{SecureCookie: true}))
	b.account(t, "anna", "member")
	hers := newJar()
	if _, err := b.enter(t, hers, "192.0.2.7", anna("")); err != nil {
		t.Fatal(err)
	}
	cookie := hers.cookies[signin.DeviceCookieName]
	if cookie == nil || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge < 100*24*3600 {
		t.Fatalf("the cookie is %v", cookie)
	}
	b.distribute(t, "anna", 50)
	for range 8 { // and at the very address that she moves to
		_ = b.try(t, "203.0.113.5", "anna", wrong)
	}
	wantKind(t, b.try(t, "203.0.113.5", "anna", password), fault.RateLimited)
	if _, err := b.enter(t, hers, "203.0.113.5", anna("")); err != nil {
		t.Errorf("in her own browser she waits: %v", err)
	}
}

func TestATrustedBrowserGuessesNoFasterThanAnother(t *testing.T) {
	t.Parallel()
	b := setupWith(t, withCookies(signin.Config{}))
	b.account(t, "anna", "member")
	stolen := newJar()
	if _, err := b.enter(t, stolen, "192.0.2.7", anna("")); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		wantKind(t, errOf(b.enter(t, stolen, fmt.Sprintf("198.51.100.%d", i),
			signin.SignInInput{Username: "anna", Password: wrong})), fault.Unauthenticated)
	}
	wantKind(t, errOf(b.enter(t, stolen, "198.51.100.77", anna(""))), fault.RateLimited)
	if err := b.try(t, "192.0.2.7", "anna", password); err != nil {
		t.Error("and her other browser waits:", err)
	}
}

func TestOnlyCookiesThatWereSignedForTheNameAreTrusted(t *testing.T) {
	t.Parallel()
	b := setupWith(t, withCookies(signin.Config{}))
	b.account(t, "anna", "member")
	b.account(t, "carl", "member")
	shared := newJar()
	for _, name := range []string{"anna", "carl"} {
		if _, err := b.enter(t, shared, "192.0.2.7", signin.SignInInput{Username: name, Password: password}); err != nil {
			t.Fatal(err)
		}
	}
	both := shared.cookies[signin.DeviceCookieName].Value
	tokens := strings.Split(both, ".")
	if len(tokens) != 2 {
		t.Fatalf("the browser is trusted for %d names", len(tokens))
	}
	b.distribute(t, "anna", 50)
	flipped := []byte(both)
	flipped[len(flipped)-5] ^= 1
	for what, value := range map[string]string{
		"of another name": tokens[0], "changed": string(flipped[len(tokens[0])+1:]), "cut off": tokens[1][:40], "too long": strings.Repeat(both, 20),
	} {
		j := newJar()
		j.cookies[signin.DeviceCookieName] = &http.Cookie{Value: value}
		if _, err := b.enter(t, j, "203.0.113.5", anna("")); !fault.Is(err, fault.RateLimited) {
			t.Errorf("a cookie %s: %v", what, err)
		}
	}
	if _, err := b.enter(t, shared, "203.0.113.5", anna("")); err != nil {
		t.Error(err)
	}
	b.clock.advance(200 * 24 * time.Hour)
	b.distribute(t, "anna", 50)
	wantKind(t, errOf(b.enter(t, shared, "203.0.113.6", anna(""))), fault.RateLimited)
}

func TestASecondFactorGetsInPastALockedNameAndTellsStrangersNothing(t *testing.T) {
	t.Parallel()
	b := setupWith(t, withCookies(signin.Config{}))
	_, secret, _ := b.enrolled(t, "anna", "member")
	b.account(t, "carl", "member")
	b.distribute(t, "anna", 50)
	b.distribute(t, "carl", 50)
	code := b.code(t, secret)
	for _, in := range []signin.SignInInput{
		{Username: "anna", Password: password},
		{Username: "anna", Password: wrong, Code: code},
		{Username: "anna", Password: password, Code: "000000"},
		{Username: "carl", Password: password, Code: "000000"},
	} {
		refused := wantKind(t, errOf(b.enter(t, newJar(), "203.0.113.9", in)), fault.RateLimited)
		if !strings.Contains(refused.Message, "with this name") {
			t.Errorf("%s, %q: %s", in.Username, in.Code, refused.Message)
		}
	}
	if _, err := b.enter(t, newJar(), "203.0.113.10", anna(code)); err != nil {
		t.Errorf("with password and code: %v", err)
	}
}

func TestAnAdminUnlocksAnAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "boss", "admin")
	_, boss := b.mustSignIn(t, "boss")
	carl := b.account(t, "carl", "member")
	b.distribute(t, "carl", 50)
	wantKind(t, b.try(t, "203.0.113.5", "carl", password), fault.RateLimited)
	wantKind(t, b.signin.UnlockAccount(t.Context(), boss, boss.Person), fault.NotFound)
	if err := b.signin.UnlockAccount(t.Context(), boss, carl.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.try(t, "203.0.113.5", "carl", password); err != nil {
		t.Error(err)
	}
	if unlocked := b.entries(t, ledger.AccessAccountUnlocked); len(unlocked) != 1 || unlocked[0].Actor != boss.Person.String() {
		t.Errorf("%d entries", len(unlocked))
	}
}

func TestTenThousandWrongPasswordsKeepNoOwnerOutAndAreAllCounted(t *testing.T) {
	t.Parallel()
	const accounts, tries, workers = 50, 10_000, 8
	b := setupWith(t, withCookies(signin.Config{}))
	watch := b.watchAlerts(t)
	jars := make([]*jar, accounts)
	for i := range jars {
		b.account(t, fmt.Sprintf("user%d", i), "member")
		jars[i] = newJar()
		if _, err := b.enter(t, jars[i], "192.0.2.7", signin.SignInInput{Username: fmt.Sprintf("user%d", i), Password: password}); err != nil {
			t.Fatal(err)
		}
	}
	before := heap()
	done := make(chan struct{}, workers)
	for w := range workers {
		go func() {
			for i := w; i < tries; i += workers {
				err := b.try(t, attacker(i), fmt.Sprintf("user%d", i%accounts), wrong)
				if !fault.Is(err, fault.Unauthenticated) && !fault.Is(err, fault.RateLimited) {
					t.Error(err)
				}
			}
			done <- struct{}{}
		}()
	}
	for range workers {
		<-done
	}
	watch.wantOneForEachCase(t)
	for i, j := range jars {
		in := signin.SignInInput{Username: fmt.Sprintf("user%d", i), Password: password}
		if _, err := b.enter(t, j, "10.0.1.1", in); err != nil {
			t.Errorf("%s is kept out of his own browser: %v", in.Username, err)
		}
	}
	if grown := int(heap()-before) >> 20; grown > 48 {
		t.Errorf("memory has grown by %d MiB", grown)
	}
	b.clock.advance(2 * time.Minute)
	if err := b.signin.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	counted := 0
	for _, reason := range []string{signin.ReasonWrongPassword, signin.ReasonLocked, signin.ReasonTooOften, access.ReasonManyCallers} {
		counted += b.times(t, reason)
	}
	if counted != tries {
		t.Errorf("%d of %d tries are on record", counted, tries)
	}
}

// attacker gives where a try comes from: 4,000 addresses, some of which come back with the name that they had, and one
// try in ten from five addresses that try five names each.
func attacker(try int) string {
	if try%10 == 0 {
		return fmt.Sprintf("203.0.113.%d", try/50%5)
	}
	return fmt.Sprintf("10.%d.%d.1", try%4000/250, try%250)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
