package signin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/signin"
)

const (
	timeout = 10 * time.Minute
	grain   = timeout / 10
)

func TestIdleSessionEndsAfterTheTimeoutAndNotBefore(t *testing.T) {
	t.Parallel()
	b := setupWith(t, signin.Config{SessionTimeout: timeout})
	b.account(t, "anna", "member")
	w, _ := b.mustSignIn(t, "anna")
	for range 20 { // uses that fall just inside the grain are not written, and count all the same
		b.clock.advance(grain - time.Second)
		if !w.use(t) {
			t.Fatal("a session in use ended")
		}
	}
	b.clock.advance(timeout - time.Microsecond)
	if !w.use(t) {
		t.Fatal("the session ended before its timeout")
	}
	b.clock.advance(timeout + grain)
	if w.use(t) {
		t.Fatal("the session outlived its timeout")
	}
	if got := b.reasons(t, ledger.AuthSessionExpired); !slices.Equal(got, []string{"session_timed_out"}) {
		t.Errorf("the expiries recorded are %v", got)
	}
}

func TestSessionEndsAfterItsLifetimeWhateverIsDone(t *testing.T) {
	t.Parallel()
	b := setupWith(t, signin.Config{SessionTimeout: timeout, SessionLifetime: time.Hour})
	b.account(t, "anna", "member")
	w, _ := b.mustSignIn(t, "anna")
	start := b.clock.now()
	for b.clock.now().Sub(start) < time.Hour-5*time.Minute {
		b.clock.advance(5 * time.Minute)
		if b.clock.now().Sub(start) < time.Hour && !w.use(t) {
			t.Fatalf("the session ended after %v", b.clock.now().Sub(start))
		}
	}
	b.clock.advance(5 * time.Minute)
	if w.use(t) {
		t.Error("the session outlived its lifetime")
	}
	expired := b.entries(t, ledger.AuthSessionExpired)
	if len(expired) != 1 || expired[0].Details["reason"] != "session_lifetime_over" || !expired[0].OccurredAt.Equal(start.Add(time.Hour)) {
		t.Errorf("%d expiries were recorded", len(expired))
	}
}

func TestUseIsWrittenAtMostOncePerGrain(t *testing.T) {
	t.Parallel()
	b := setupWith(t, signin.Config{SessionTimeout: timeout})
	b.account(t, "anna", "member")
	w, _ := b.mustSignIn(t, "anna")
	writes, last := 0, b.seenAt(t)
	for range 60 {
		b.clock.advance(10 * time.Second)
		w.use(t)
		if seen := b.seenAt(t); !seen.Equal(last) {
			writes, last = writes+1, seen
		}
	}
	if writes != 10 {
		t.Errorf("60 requests in 10 minutes wrote %d times; want 10", writes)
	}
}

func (b *bundle) seenAt(t *testing.T) time.Time {
	t.Helper()
	var seen time.Time
	if err := b.DB.Get(t.Context(), &seen, "SELECT seen_at FROM session"); err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestReadingASessionDoesNotKeepItAlive(t *testing.T) {
	t.Parallel()
	b := setupWith(t, signin.Config{SessionTimeout: timeout})
	b.account(t, "anna", "member")
	w, actor := b.mustSignIn(t, "anna")
	for range 10 {
		b.clock.advance(grain)
		if w.actor(t) == nil {
			t.Fatal("the session ended before its timeout")
		}
		if _, err := b.signin.StillValid(t.Context(), actor, false); err != nil {
			t.Fatal(err)
		}
	}
	b.clock.advance(grain)
	wantKind(t, stillValid(t, b, actor), fault.Unauthenticated)
	if w.actor(t) != nil {
		t.Error("reading kept the session alive")
	}
}

func TestExpiryIsRecordedOnceWhoeverFindsIt(t *testing.T) {
	t.Parallel()
	config := signin.Config{SessionTimeout: timeout}
	b := setupWith(t, config)
	others := []*bundle{b, b.another(t, config), b.another(t, config)}
	b.account(t, "anna", "member")
	browsers := make([]*browser, 30)
	for i := range browsers {
		browsers[i], _ = b.mustSignIn(t, "anna")
	}
	b.clock.advance(timeout + grain)
	var all sync.WaitGroup
	for _, at := range others {
		all.Go(func() {
			if err := at.signin.Sweep(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	for i, w := range browsers {
		all.Go(func() {
			ctx, err := others[i%len(others)].signin.Sessions().Load(t.Context(), w.token)
			if err != nil {
				t.Error(err)
				return
			}
			if actor, err := b.signin.ActorOf(ctx, fromLaptop()); actor != nil || err != nil {
				t.Errorf("an expired session is that of %v, %v", actor, err)
			}
		})
	}
	all.Wait()
	sessions := map[string]int{}
	for _, e := range b.entries(t, ledger.AuthSessionExpired) {
		sessions[e.Ref("session")]++
		if e.Actor != ledger.ActorSystem || e.Person.IsZero() {
			t.Errorf("an expiry was recorded as %s", e.Raw)
		}
	}
	if len(sessions) != len(browsers) {
		t.Errorf("the expiry of %d sessions was recorded; want %d", len(sessions), len(browsers))
	}
	for session, times := range sessions {
		if times != 1 {
			t.Errorf("the expiry of %s was recorded %d times", session, times)
		}
	}
}

func TestSweepEndsMoreThanOneBatch(t *testing.T) {
	t.Parallel()
	b := setupWith(t, signin.Config{SessionTimeout: timeout})
	b.account(t, "anna", "member")
	for range 205 {
		b.mustSignIn(t, "anna")
		b.clock.advance(time.Second)
	}
	b.clock.advance(timeout + grain)
	if err := b.signin.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := b.DB.Get(t.Context(), &left, "SELECT COUNT(*) FROM session"); err != nil || left != 0 {
		t.Errorf("%d sessions are left, %v", left, err)
	}
	if n := len(b.entries(t, ledger.AuthSessionExpired)); n != 205 {
		t.Errorf("%d expiries were recorded", n)
	}
}

func TestSigningOutEndsTheSessionAndIsRecorded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	w, _ := b.mustSignIn(t, "anna")
	ctx, actor := w.request(t)
	for range 2 {
		if err := b.signin.SignOut(ctx, actor); err != nil {
			t.Fatal(err)
		}
	}
	if w.actor(t) != nil {
		t.Error("the session still works")
	}
	out := b.entries(t, ledger.AuthSignedOut)
	if len(out) != 1 || out[0].ActorID() != actor.Person || out[0].Ref("session") != actor.Session.String() {
		t.Errorf("%d sign-outs were recorded", len(out))
	}
	if err := b.signin.SignOut(ctx, nil); err != nil {
		t.Error(err)
	}
	wantKind(t, stillValid(t, b, actor), fault.Unauthenticated)
}

func TestSessionThatEndedDuringARequestStaysEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	w, _ := b.mustSignIn(t, "anna")
	slow, _ := w.request(t)
	ctx, actor := w.request(t)
	if err := b.signin.SignOut(ctx, actor); err != nil {
		t.Fatal(err)
	}
	b.clock.advance(2 * time.Minute)
	if _, _, err := b.signin.Sessions().Commit(slow); err != nil {
		t.Fatal(err)
	}
	if w.actor(t) != nil {
		t.Error("the end of a slow request brought the session back")
	}
}

func TestWhatWasReadWithASessionSaysOnceWhoAsks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	w, _ := b.mustSignIn(t, "anna")
	loaded, err := b.signin.Sessions().Load(signin.Remembering(t.Context()), w.token)
	if err != nil {
		t.Fatal(err)
	}
	ctx, actor := w.request(t)
	if err := b.signin.SignOut(ctx, actor); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} { // the second looks again
		asks, err := b.signin.ActorOf(loaded, ledger.Origin{})
		if err != nil || (asks != nil) != want {
			t.Fatalf("%+v, %v", asks, err)
		}
	}
}

func TestOpenFeedLearnsWithinASecondThatTheSessionEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t, signin.Config{})
	b.account(t, "anna", "member")
	w, actor := b.mustSignIn(t, "anna")
	if _, err := other.signin.StillValid(t.Context(), actor, false); err != nil {
		t.Fatal(err)
	}
	ctx, _ := w.request(t)
	if err := b.signin.SignOut(ctx, actor); err != nil {
		t.Fatal(err)
	}
	b.clock.advance(500 * time.Millisecond)
	wantKind(t, stillValid(t, other, actor), fault.Unauthenticated)
	wantKind(t, stillValid(t, other, nil), fault.Unauthenticated)
}

func TestRoleTakenAwayCountsForSessionsOfAnotherProcess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t, signin.Config{})
	account := b.account(t, "anna", "custodian")
	w, _ := other.mustSignIn(t, "anna")
	open := w.actor(t) // of a feed that stays open
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		return b.access.SetRoles(ctx, tx, access.System(), account.Person, []string{"member"})
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return other.access.ScopeOf(open, access.KeysIssue) == access.None })
	if roles := w.actor(t).Roles; !slices.Equal(roles, []string{"member"}) {
		t.Errorf("the next request has the roles %v", roles)
	}
}

func TestInvalidSessionsAreRecordedWithinBounds(t *testing.T) {
	t.Parallel()
	type addressKey struct{}
	b := setupWith(t, signin.Config{OriginOf: func(ctx context.Context) ledger.Origin {
		ip, _ := ctx.Value(addressKey{}).(string)
		return ledger.Origin{IP: ip}
	}})
	present := func(ip, token string) {
		ctx, err := b.signin.Sessions().Load(context.WithValue(t.Context(), addressKey{}, ip), token)
		if err != nil {
			t.Fatal(err)
		}
		if actor, err := b.signin.ActorOf(ctx, ledger.Origin{}); actor != nil || err != nil {
			t.Fatalf("%q is the session of %v, %v", token, actor, err)
		}
	}
	unknown := strings.Repeat("A", 43)
	for range 50 {
		present("192.0.2.1", "' OR 1=1 --")
		present("192.0.2.1", unknown)
		present("192.0.2.2", unknown[:42])
	}
	if got := b.reasons(t, ledger.AuthSessionInvalid); !slices.Equal(got, []string{"malformed", "unknown", "malformed"}) {
		t.Errorf("the reasons recorded are %v", got)
	}
	b.clock.advance(time.Minute)
	if err := b.signin.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	times := 0.0
	for _, e := range b.entries(t, ledger.AuthSessionInvalid) {
		times += e.Details["times"].(float64)
	}
	if times != 150 {
		t.Errorf("the entries stand for %v presentations; want 150", times)
	}
	for i := range 500 {
		present("198.51.100."+strings.Repeat("1", i%3)+string(rune('a'+i%26))+string(rune('a'+i/26)), unknown)
	}
	if n := len(b.entries(t, ledger.AuthSessionInvalid)); n > 40 {
		t.Errorf("500 addresses caused %d entries", n)
	}
}

func TestCookieIsKeptFromScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	b := setupWith(t, signin.Config{SecureCookie: true, SessionTimeout: timeout})
	b.account(t, "anna", "member")
	var actor *access.Actor
	handler := b.signin.Sessions().LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var err error
		switch r.URL.Path {
		case "/in":
			_, err = b.signin.SignIn(r.Context(), signin.SignInInput{Username: "anna", Password: password}, fromLaptop())
		case "/out":
			if actor, err = b.signin.ActorOf(r.Context(), fromLaptop()); err == nil {
				err = b.signin.SignOut(r.Context(), actor)
			}
		}
		if err != nil {
			t.Error(err)
		}
	}))
	in := httptest.NewRecorder()
	handler.ServeHTTP(in, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/in", nil))
	cookies := in.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies were set", len(cookies))
	}
	c := cookies[0]
	if c.Name != "keytrail_session" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge > 601 {
		t.Errorf("the cookie is %v", c)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/out", nil)
	request.AddCookie(c)
	out := httptest.NewRecorder()
	handler.ServeHTTP(out, request)
	if actor == nil {
		t.Fatal("the cookie did not sign anybody in")
	}
	if cleared := out.Result().Cookies(); len(cleared) != 1 || cleared[0].Value != "" || cleared[0].MaxAge >= 0 {
		t.Errorf("signing out sent the cookies %v", cleared)
	}
}

func TestRefusedSignInSetsNoCookie(t *testing.T) {
	t.Parallel()
	b := setup(t)
	handler := b.signin.Sessions().LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := b.signin.SignIn(r.Context(), signin.SignInInput{Username: "anna", Password: password}, fromLaptop())
		wantKind(t, err, fault.Unauthenticated)
	}))
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
	if cookies := answer.Result().Cookies(); len(cookies) != 0 {
		t.Errorf("the cookies are %v", cookies)
	}
}

func stillValid(t testing.TB, b *bundle, actor *access.Actor) error {
	t.Helper()
	_, err := b.signin.StillValid(t.Context(), actor, false)
	return err
}

func TestActorOfAFeedHasTheDepartmentThatHeHasNow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t, signin.Config{})
	b.account(t, "anna", "manager")
	_, actor := b.mustSignIn(t, "anna")
	if _, err := other.signin.StillValid(t.Context(), actor, false); err != nil {
		t.Fatal(err)
	}
	elsewhere := "Laboratory"
	moved, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: actor.Person, Department: &elsewhere})
	if err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]*bundle{"this process": b, "another process": other} {
		now, err := at.signin.StillValid(t.Context(), actor, true)
		if err != nil || now.Department != moved.Department {
			t.Errorf("in %s he is in %v, %v; want %v", name, now.Department, err, moved.Department)
		}
	}
}

func TestUseThatCannotBeNotedFailsNoRequest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	w, _ := b.mustSignIn(t, "anna")
	ctx, _ := w.request(t)
	ctx, cancel := context.WithCancel(ctx)
	cancel() // the database cannot be asked any more
	if token, _, err := b.signin.Sessions().Commit(ctx); err != nil || token != w.token {
		t.Errorf("a request that was answered ends with %v", err)
	}
	if !w.use(t) {
		t.Error("the session is gone")
	}
}

func TestSessionsMayIdleLongerThanTheLifetimeOtherwiseIs(t *testing.T) {
	t.Parallel()
	b := setupWith(t, signin.Config{SessionTimeout: 3 * 24 * time.Hour})
	b.account(t, "anna", "member")
	w, _ := b.mustSignIn(t, "anna")
	b.clock.advance(3*24*time.Hour - time.Second)
	if !w.use(t) {
		t.Error("the session ended before its timeout")
	}
	b.clock.advance(time.Second)
	if w.use(t) {
		t.Error("the session outlived its lifetime")
	}
}
