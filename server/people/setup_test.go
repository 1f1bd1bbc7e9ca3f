package people_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
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
}

func setup(t testing.TB) *bundle {
	t.Helper()
	c := &clock{at: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	f := ledgertest.OpenAt(t, c.now)
	b := &bundle{Fixture: f, clock: c}
	b.start(t, f.Seal, f.Ledger)
	return b
}

// another makes the services of one more process on the same database.
func (b *bundle) another(t testing.TB) *bundle {
	t.Helper()
	sealer, l := b.Another(t, b.clock.now)
	other := &bundle{Fixture: &ledgertest.Fixture{DB: b.DB, Seal: sealer, Ledger: l, Key: b.Key}, clock: b.clock}
	other.start(t, sealer, l)
	return other
}

func (b *bundle) start(t testing.TB, sealer *seal.Service, l *ledger.Ledger) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	var err error
	if b.access, err = access.New(t.Context(), b.DB, l, b.clock.now, quiet); err != nil {
		t.Fatal(err)
	}
	if b.people, err = people.New(t.Context(), b.DB, sealer, l, b.access, b.clock.now, quiet); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.people.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func (b *bundle) create(t testing.TB, in people.CreateInput) *people.Person {
	t.Helper()
	p, err := b.people.Create(t.Context(), access.System(), in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// insert adds many at once.
func (b *bundle) insert(t testing.TB, inputs ...people.CreateInput) []*people.Person {
	t.Helper()
	var made []*people.Person
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) (err error) {
		made, err = b.people.Insert(ctx, tx, access.System(), time.Time{}, inputs)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// acting is somebody of the directory with roles.
func acting(p *people.Person, roles ...string) *access.Actor {
	return &access.Actor{Person: p.ID, Department: p.Department, Roles: roles, Source: ledger.SourceKeytrail}
}

func (b *bundle) entries(t testing.TB, action string) []ledger.Entry {
	t.Helper()
	all, err := b.Ledger.Read(t.Context(), b.DB, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var found []ledger.Entry
	for _, e := range all {
		if e.Action == action {
			found = append(found, e)
		}
	}
	return found
}

func wantKind(t testing.TB, err error, kind fault.Kind) *fault.Error {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind {
		t.Fatalf("the error is %v; want one of kind %s", err, kind)
	}
	return f
}

func names(all []*people.Person) []string {
	found := make([]string, len(all))
	for i, p := range all {
		found[i] = p.Name
	}
	return found
}

func idsOf(all []*people.Person) []id.ID {
	found := make([]id.ID, len(all))
	for i, p := range all {
		found[i] = p.ID
	}
	return found
}

func ptr[T any](v T) *T { return &v }

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
