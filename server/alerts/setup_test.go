package alerts_test

import (
	"context"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// patience is how long something may take that comes by itself.
const patience = time.Minute // beside other packages under the race detector

type bundle struct {
	*custodytest.Fixture
	t       *testing.T
	service *alerts.Service
	admin   *access.Actor
}

// setup makes the service, which does not follow the ledger yet.
func setup(t *testing.T) *bundle {
	t.Helper()
	f := custodytest.Open(t)
	b := &bundle{Fixture: f, t: t}
	b.service = alerts.New(f.DB, f.Seal, f.Ledger, f.Access, f.Clock.Now)
	b.admin = f.Actor(f.Person("Anna Kalniņa", "Office"), "admin")
	return b
}

// run has a service follow the ledger until stop is called or the test ends.
func (b *bundle) run(s *alerts.Service) (stop func()) { return b.running(s.Run) }

// running runs something until stop is called or the test ends.
func (b *bundle) running(run func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			b.t.Error(err)
		}
	}
	b.t.Cleanup(stop)
	return stop
}

// account is somebody who signs in.
type account struct {
	person *people.Person
	id     id.ID
}

func (b *bundle) account(name, department string) account {
	return account{b.Person(name, department), id.New()}
}

func (b *bundle) entry(action, ip string, a account, username string) ledger.Draft {
	d := ledger.Draft{Stream: ledger.StreamAuth, Action: action, OccurredAt: b.Clock.Now(), Entity: ledger.Entity{Type: "account"}}
	var person id.ID
	if a.person != nil {
		person = a.person.ID
		d.Person, d.Department, d.Entity.ID = person, a.person.Department, a.id.String()
	}
	d.Parts = []ledger.Part{
		ledger.OriginPart(person, b.Clock.Now(), ledger.Origin{IP: ip}),
		ledger.PersonPart(ledger.FieldUsername, person, b.Clock.Now(), username),
	}
	return d
}

func (b *bundle) record(drafts ...ledger.Draft) []uint64 {
	b.t.Helper()
	var seqs []uint64
	for _, e := range ledgertest.Append(b.t, b.DB, b.Ledger, drafts...) {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

func (b *bundle) signedIn(a account, ip string) uint64 {
	b.t.Helper()
	return b.record(b.entry(ledger.AuthSignedIn, ip, a, "somebody"))[0]
}

func (b *bundle) failed(username, ip string) uint64 {
	b.t.Helper()
	return b.record(b.entry(ledger.AuthSignInFailed, ip, account{}, username))[0]
}

func (b *bundle) lockedOut(a account) uint64 {
	b.t.Helper()
	return b.record(b.entry(ledger.AuthLockedOut, "192.0.2.7", a, "somebody"))[0]
}

func (b *bundle) rootUsed(a account, session id.ID) uint64 {
	b.t.Helper()
	d := b.entry(ledger.AuthRootAccessed, "192.0.2.7", a, "root")
	d.Refs = []ledger.Ref{{Role: "session", Type: "session", ID: session.String()}}
	return b.record(d)[0]
}

// settle returns once the rules have read all that is recorded, for which it has root sign in: an alert of its own says so.
func (b *bundle) settle() {
	b.t.Helper()
	seq := b.rootUsed(b.account("Settling", ""), id.New())
	eventually(b.t, func() bool {
		for _, a := range b.list(alerts.Filter{}) {
			if a.Rule == alerts.RootUsed && a.Evidence[0] == seq {
				return true
			}
		}
		return false
	})
}

// of gives the alerts of a rule, newest first.
func (b *bundle) of(rule alerts.Rule) []*alerts.Alert {
	b.t.Helper()
	var found []*alerts.Alert
	for _, a := range b.list(alerts.Filter{}) {
		if a.Rule == rule {
			found = append(found, a)
		}
	}
	return found
}

func (b *bundle) list(f alerts.Filter) []*alerts.Alert {
	b.t.Helper()
	return b.listFor(access.System(), f)
}

func (b *bundle) listAs(actor *access.Actor) []*alerts.Alert {
	b.t.Helper()
	return b.listFor(actor, alerts.Filter{})
}

func (b *bundle) listFor(actor *access.Actor, f alerts.Filter) []*alerts.Alert {
	b.t.Helper()
	all := page.MaxSize
	p, _, err := b.service.List(b.t.Context(), actor, f, page.Request{First: &all})
	if err != nil {
		b.t.Fatal(err)
	}
	return p.Items
}

func (b *bundle) count(action string) (n int) {
	b.t.Helper()
	all, err := b.Ledger.Read(b.t.Context(), b.DB, 0, 10_000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range all {
		if e.Action == action {
			n++
		}
	}
	return n
}

// eventually waits for what the rules find by themselves.
func eventually(t *testing.T, happened func() bool) {
	t.Helper()
	for start := time.Now(); !happened(); time.Sleep(2 * time.Millisecond) {
		if time.Since(start) > patience {
			t.Fatal("it did not happen in time")
		}
	}
}
