// Package custodytest gives tests keys, people and whoever may handle them, on a running ledger.
package custodytest

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

// Riga is the display zone of tests.
func Riga(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Clock is a clock that a test turns by hand. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Start is what a new clock says.
func Start() time.Time { return time.Date(2026, 11, 22, 10, 31, 0, 0, time.UTC) }

// Now gives the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance turns the clock and gives the new time.
func (c *Clock) Advance(by time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
	return c.now
}

// Set turns the clock to a time, also back.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// Fixture is the service of keys and what it stands on.
type Fixture struct {
	*ledgertest.Fixture
	t       testing.TB
	Clock   *Clock
	Access  *access.Service
	People  *people.Service
	Custody *custody.Service
}

// Open makes the services on a fresh database, with a clock that stands still at Start.
func Open(t testing.TB) *Fixture {
	t.Helper()
	clock := &Clock{now: Start()}
	f := &Fixture{Fixture: ledgertest.OpenAt(t, clock.Now), t: t, Clock: clock}
	log := slog.New(slog.DiscardHandler)
	var err error
	if f.Access, err = access.New(t.Context(), f.DB, f.Ledger, clock.Now, log); err != nil {
		t.Fatal(err)
	}
	if f.People, err = people.New(t.Context(), f.DB, f.Seal, f.Ledger, f.Access, clock.Now, log); err != nil {
		t.Fatal(err)
	}
	f.Custody = custody.New(f.DB, f.Ledger, f.Access, f.People, Riga(t), clock.Now)
	return f
}

// Merge makes one person of two.
func (f *Fixture) Merge(from, into id.ID) {
	f.t.Helper()
	_, err := f.People.Merge(f.t.Context(), access.System(), people.MergeInput{From: from, Into: into, Reason: "a duplicate"},
		func(context.Context, *mysql.Tx, *people.Merging) error { return nil })
	if err != nil {
		f.t.Fatal(err)
	}
}

// Person adds a person to a department, which is made when it is new; "" is none.
func (f *Fixture) Person(name, department string) *people.Person {
	f.t.Helper()
	p, err := f.People.Create(f.t.Context(), access.System(), people.CreateInput{Name: name, Department: department})
	if err != nil {
		f.t.Fatal(err)
	}
	return p
}

// Actor makes a person act in a role.
func (f *Fixture) Actor(p *people.Person, role string) *access.Actor {
	return &access.Actor{
		Person: p.ID, Department: p.Department, Roles: []string{role}, Source: ledger.SourceKeytrail,
		Origin: ledger.Origin{Name: p.Name, IP: "192.0.2.7", UserAgent: "Mozilla/5.0"},
	}
}

// Granted gives the person who acts his roles on record, too, as an account has them.
func (f *Fixture) Granted(actor *access.Actor) *access.Actor {
	f.t.Helper()
	err := f.DB.InTx(f.t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		return f.Access.SetRoles(ctx, tx, access.System(), actor.Person, actor.Roles)
	})
	if err := errors.Join(err, f.Access.Reload(f.t.Context(), actor.Person)); err != nil {
		f.t.Fatal(err)
	}
	return actor
}

// Custodian adds a person who may issue every key.
func (f *Fixture) Custodian() *access.Actor {
	f.t.Helper()
	return f.Actor(f.Person("Kaspars Ozols", ""), "custodian")
}

// Key adds a key with a number.
func (f *Fixture) Key(number string) *custody.Key {
	f.t.Helper()
	return f.KeyOf(custody.CreateKeyInput{Number: number, Label: "Room " + number})
}

// KeyOf adds a key.
func (f *Fixture) KeyOf(in custody.CreateKeyInput) *custody.Key {
	f.t.Helper()
	key, err := f.Custody.CreateKey(f.t.Context(), access.System(), in)
	if err != nil {
		f.t.Fatal(err)
	}
	return key
}

// Group makes a group of keys.
func (f *Fixture) Group(name string, keys ...*custody.Key) *custody.KeyGroup {
	f.t.Helper()
	group, err := f.Custody.SaveGroup(f.t.Context(), access.System(), custody.SaveGroupInput{Name: name, Keys: IDs(keys...)})
	if err != nil {
		f.t.Fatal(err)
	}
	return group
}

// Issue issues keys until further notice, and turns the clock a second.
func (f *Fixture) Issue(actor *access.Actor, to *people.Person, keys ...*custody.Key) *custody.Movement {
	f.t.Helper()
	f.Clock.Advance(time.Second)
	made, err := f.Custody.Issue(f.t.Context(), actor, custody.IssueInput{Keys: IDs(keys...), Holder: to.ID})
	if err != nil {
		f.t.Fatal(err)
	}
	return made
}

// Return takes keys back, and turns the clock a second.
func (f *Fixture) Return(actor *access.Actor, keys ...*custody.Key) *custody.Movement {
	f.t.Helper()
	f.Clock.Advance(time.Second)
	made, err := f.Custody.Return(f.t.Context(), actor, custody.ReturnInput{Keys: IDs(keys...)})
	if err != nil {
		f.t.Fatal(err)
	}
	return made
}

// IDs gives the ids of keys, in order.
func IDs(keys ...*custody.Key) []id.ID {
	ids := make([]id.ID, len(keys))
	for i, k := range keys {
		ids[i] = k.ID
	}
	return ids
}

// Entries gives every entry of the ledger with an action, in order.
func (f *Fixture) Entries(action string) []ledger.Entry {
	f.t.Helper()
	var entries []ledger.Entry
	for from := uint64(0); ; {
		some, err := f.Ledger.Read(f.t.Context(), f.DB, from, 1000)
		if err != nil {
			f.t.Fatal(err)
		}
		if len(some) == 0 {
			return entries
		}
		for _, e := range some {
			if e.Action == action {
				entries = append(entries, e)
			}
		}
		from = some[len(some)-1].Seq + 1
	}
}

// Count gives the number that a statement counts.
func (f *Fixture) Count(query string, args ...any) int {
	f.t.Helper()
	var n int
	if err := f.DB.Get(f.t.Context(), &n, query, args...); err != nil {
		f.t.Fatal(err)
	}
	return n
}

// InTx runs a transaction that must succeed.
func (f *Fixture) InTx(do func(ctx context.Context, tx *mysql.Tx) error) {
	f.t.Helper()
	if err := f.DB.InTx(f.t.Context(), do); err != nil {
		f.t.Fatal(err)
	}
}
