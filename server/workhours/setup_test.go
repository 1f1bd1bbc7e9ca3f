package workhours_test

import (
	"log/slog"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/reported"
	"github.com/keytrail/keytrail/server/workhours"
)

type bundle struct {
	*ledgertest.Fixture
	access *access.Service
	people *people.Service
	hours  *workhours.Service
	clock  *clock
	sent   int
}

// clock is a time that tests move.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) now() time.Time { return *c.at.Load() }

func (c *clock) set(at time.Time) { c.at.Store(&at) }

func setup(t testing.TB) *bundle {
	t.Helper()
	c := &clock{}
	c.set(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC))
	b := &bundle{Fixture: ledgertest.OpenAt(t, c.now), clock: c}
	quiet := slog.New(slog.DiscardHandler)
	var err error
	b.access, err = access.New(t.Context(), b.DB, b.Ledger, c.now, quiet)
	check(t, err)
	b.people, err = people.New(t.Context(), b.DB, b.Seal, b.Ledger, b.access, c.now, quiet)
	check(t, err)
	b.hours = b.with(workhours.Config{
		Zone: zone(t, "Europe/Riga"), Purpose: "to pay overtime", Networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")},
	})
	return b
}

// with gives the service as another configuration, or another process, has it.
func (b *bundle) with(c workhours.Config) *workhours.Service {
	return workhours.New(b.DB, b.Seal, b.Ledger, b.access, b.people, c, b.clock.now, slog.New(slog.DiscardHandler))
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	check(t, err)
	return z
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

// person makes somebody whom the program "till" and workstations call by his name.
func (b *bundle) person(t testing.TB, name, user, department string) *people.Person {
	t.Helper()
	p, err := b.people.Create(t.Context(), access.System(), people.CreateInput{Name: name, Department: department, ExternalNames: []people.ExternalName{
		{Source: "till", Name: user}, {Source: workhours.SourceWorkstation, Name: user},
	}})
	check(t, err)
	return p
}

func program(role string) *access.Actor {
	return &access.Actor{Token: id.New(), Roles: []string{role}, Source: "till"}
}

// report sends reports as a program.
func (b *bundle) report(t testing.TB, reports ...*workhours.ReportInput) *reported.Recorded {
	t.Helper()
	made, err := b.hours.Report(t.Context(), program(access.RoleIntegrator), reports, false)
	check(t, err)
	return made
}

func works(user, when string) *workhours.ReportInput {
	return reportAt(user, workhours.Working, at(when))
}

func stops(user, when string) *workhours.ReportInput {
	return reportAt(user, workhours.Stopped, at(when))
}

func reportAt(user string, state workhours.State, when time.Time) *workhours.ReportInput {
	return &workhours.ReportInput{User: user, State: state, At: &when, Workstation: "pc-1"}
}

func (b *bundle) process(t testing.TB) int {
	t.Helper()
	days, err := b.hours.Process(t.Context(), nil, nil)
	check(t, err)
	return days
}

// actor gives a person as somebody who asks, with roles.
func (b *bundle) actor(p *people.Person, roles ...string) *access.Actor {
	return &access.Actor{Person: p.ID, Department: p.Department, Roles: roles, Source: "keytrail"}
}
