package signin_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/signin"
)

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type bundle struct {
	*ledgertest.Fixture
	clock  *clock
	access *access.Service
	people *people.Service
	signin *signin.Service
}

// cheap hashes take well under a millisecond.
func cheap() *argon2id.Params {
	return &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

func fromLaptop() ledger.Origin { return ledger.Origin{IP: "192.0.2.7", UserAgent: "Firefox/140"} }

func setup(t testing.TB) *bundle { return setupWith(t, signin.Config{}) }

func setupWith(t testing.TB, config signin.Config) *bundle {
	t.Helper()
	c := &clock{at: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	b := &bundle{Fixture: ledgertest.OpenAt(t, c.now), clock: c}
	b.start(t, b.Seal, b.Ledger, config)
	return b
}

// another makes the services of one more process on the same database.
func (b *bundle) another(t testing.TB, config signin.Config) *bundle {
	t.Helper()
	sealer, l := b.Another(t, b.clock.now)
	other := &bundle{Fixture: &ledgertest.Fixture{DB: b.DB, Seal: sealer, Ledger: l, Key: b.Key}, clock: b.clock}
	other.start(t, sealer, l, config)
	return other
}

func (b *bundle) start(t testing.TB, sealer *seal.Service, l *ledger.Ledger, config signin.Config) {
	t.Helper()
	if config.Argon2 == nil {
		config.Argon2 = cheap()
	}
	quiet := slog.New(slog.DiscardHandler)
	var err error
	if b.access, err = access.New(t.Context(), b.DB, l, b.clock.now, quiet); err != nil {
		t.Fatal(err)
	}
	if b.people, err = people.New(t.Context(), b.DB, sealer, l, b.access, b.clock.now, quiet); err != nil {
		t.Fatal(err)
	}
	if b.signin, err = signin.New(t.Context(), b.DB, sealer, l, b.access, b.people, config, b.clock.now, quiet); err != nil {
		t.Fatal(err)
	}
	for _, run := range []func(context.Context) error{b.access.Run, b.people.Run} {
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- run(ctx) }()
		t.Cleanup(func() {
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

const password = "correct horse battery"

// account makes a person and his account.
func (b *bundle) account(t testing.TB, username string, roles ...string) *signin.Account {
	t.Helper()
	p, err := b.people.Create(t.Context(), access.System(), people.CreateInput{Name: "Person " + username, Department: "Office"})
	if err != nil {
		t.Fatal(err)
	}
	made, oneTime, err := b.signin.CreateAccount(t.Context(), access.System(), signin.CreateAccountInput{
		Person: p.ID, Username: username, Password: password, Roles: roles,
	})
	if err != nil || oneTime != "" {
		t.Fatal(oneTime, err)
	}
	return made
}

// browser holds a session's token, as a cookie would.
type browser struct {
	b     *bundle
	token string
}

// request loads the session and gives who asks.
func (w *browser) request(t testing.TB) (context.Context, *access.Actor) {
	t.Helper()
	ctx, err := w.b.signin.Sessions().Load(signin.Remembering(t.Context()), w.token)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := w.b.signin.ActorOf(ctx, fromLaptop())
	if err != nil {
		t.Fatal(err)
	}
	return ctx, actor
}

// use makes a request that keeps the session alive, and reports whether somebody was signed in.
func (w *browser) use(t testing.TB) bool {
	t.Helper()
	ctx, actor := w.request(t)
	if actor == nil {
		return false
	}
	if _, _, err := w.b.signin.Sessions().Commit(ctx); err != nil {
		t.Fatal(err)
	}
	return true
}

func (w *browser) actor(t testing.TB) *access.Actor {
	t.Helper()
	_, actor := w.request(t)
	return actor
}

// signIn tries in a fresh browser.
func (b *bundle) signIn(t testing.TB, username, password string) (*browser, *access.Actor, error) {
	t.Helper()
	w := &browser{b: b}
	actor, err := w.signIn(t, username, password)
	return w, actor, err
}

func (w *browser) signIn(t testing.TB, username, password string) (*access.Actor, error) {
	t.Helper()
	sessions := w.b.signin.Sessions()
	ctx, err := sessions.Load(t.Context(), w.token)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := w.b.signin.SignIn(ctx, signin.SignInInput{Username: username, Password: password}, fromLaptop())
	if err != nil {
		return nil, err
	}
	if w.token, _, err = sessions.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	return actor, nil
}

// mustSignIn signs in with the right password.
func (b *bundle) mustSignIn(t testing.TB, username string) (*browser, *access.Actor) {
	t.Helper()
	w, actor, err := b.signIn(t, username, password)
	if err != nil {
		t.Fatal(err)
	}
	return w, actor
}

func (b *bundle) entries(t testing.TB, actions ...string) []ledger.Entry {
	t.Helper()
	all, err := b.Ledger.Read(t.Context(), b.DB, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var found []ledger.Entry
	for _, e := range all {
		for _, action := range actions {
			if e.Action == action {
				found = append(found, e)
			}
		}
	}
	return found
}

// reasons gives the reasons recorded with an action.
func (b *bundle) reasons(t testing.TB, action string) []string {
	t.Helper()
	var found []string
	for _, e := range b.entries(t, action) {
		reason, _ := e.Details["reason"].(string)
		found = append(found, reason)
	}
	return found
}

func (b *bundle) unsealed(t testing.TB, e ledger.Entry, field string) string {
	t.Helper()
	var text string
	if found, err := b.Ledger.Unseal(t.Context(), &e, field, &text); err != nil || !found {
		t.Fatalf("%s of %s: %v, %v", field, e.Raw, found, err)
	}
	return text
}

func wantKind(t testing.TB, err error, kind fault.Kind) *fault.Error {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind {
		t.Fatalf("the error is %v; want one of kind %s", err, kind)
	}
	return f
}

// eventually waits for something that another process is to notice.
func eventually(t testing.TB, happened func() bool) {
	t.Helper()
	start := time.Now()
	for !happened() {
		if time.Since(start) > 30*time.Second {
			t.Fatal("it did not happen within 30 s")
		}
		time.Sleep(2 * time.Millisecond)
	}
}
