package alerts_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/turn"
)

type clockBundle struct {
	*bundle
	clock     *alerts.Clock
	custodian *access.Actor
	urgent    []alerts.Urgent
}

func setupClock(t *testing.T) *clockBundle {
	t.Helper()
	b := &clockBundle{bundle: setup(t)}
	b.clock = b.another()
	b.custodian = b.Custodian()
	return b
}

// another is the clock of one more server.
func (b *clockBundle) another() *alerts.Clock {
	return alerts.NewClock(b.service, b.Custody, alerts.ClockRules{
		Zone: riga(b.t), EscalateAfter: time.Hour,
		Urgent: func(_ context.Context, _ *mysql.Tx, urgent []alerts.Urgent) error {
			b.urgent = append(b.urgent, urgent...)
			return nil
		},
	}, slog.New(slog.DiscardHandler))
}

func riga(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// at turns the clock to a local time and looks at it.
func (b *clockBundle) at(local string) {
	b.t.Helper()
	b.Clock.Set(b.local(local))
	if err := b.clock.Tick(b.t.Context(), b.Clock.Now()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *clockBundle) local(text string) time.Time {
	b.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, riga(b.t))
	if err != nil {
		b.t.Fatal(err)
	}
	return at.UTC()
}

func (b *clockBundle) issueUntil(to *people.Person, due string, key *custody.Key) *custody.Loan {
	b.t.Helper()
	in := custody.IssueInput{Keys: []id.ID{key.ID}, Holder: to.ID}
	if due != "" {
		until := b.local(due)
		in.DueAt = &until
	}
	made, err := b.Custody.Issue(b.t.Context(), b.custodian, in)
	if err != nil {
		b.t.Fatal(err)
	}
	return made.Loans[0]
}

// issueAllTheSame issues a key to somebody whose last day is over.
func (b *clockBundle) issueAllTheSame(to *people.Person, key *custody.Key) {
	b.t.Helper()
	in := custody.IssueInput{Keys: []id.ID{key.ID}, Holder: to.ID, OverrideReason: "He packs his things"}
	if _, err := b.Custody.Issue(b.t.Context(), access.System(), in); err != nil {
		b.t.Fatal(err)
	}
}

func (b *clockBundle) check(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// curfew has the keys of a group back at a local time, "" for never.
func (b *clockBundle) curfew(group *custody.KeyGroup, at custody.LocalTime) {
	b.t.Helper()
	_, err := b.Custody.SaveGroup(b.t.Context(), access.System(), custody.SaveGroupInput{ID: group.ID, Name: group.Name, Curfew: &at})
	b.check(err)
}

// lastDay sets somebody's last day, "" for none.
func (b *clockBundle) lastDay(p *people.Person, day people.Date) {
	b.t.Helper()
	_, err := b.People.Update(b.t.Context(), access.System(), people.UpdateInput{ID: p.ID, ValidUntil: &day})
	b.check(err)
}

func (b *clockBundle) extend(loan *custody.Loan, due string) {
	b.t.Helper()
	_, err := b.Custody.Extend(b.t.Context(), b.custodian, custody.ExtendInput{Loan: loan.ID, DueAt: b.local(due)})
	b.check(err)
}

func (b *clockBundle) one(rule alerts.Rule) *alerts.Alert {
	b.t.Helper()
	found := b.of(rule)
	if len(found) != 1 {
		b.t.Fatalf("%d alerts of %s", len(found), rule)
	}
	return found[0]
}

func TestAnOverdueKeyIsOneAlertThatBecomesMoreUrgentUntilItIsBack(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	janis, key := b.Person("Jānis", "Laboratory"), b.Key("9")
	b.at("2026-11-23 09:00")
	b.issueUntil(janis, "2026-11-23 17:00", key)
	issued := b.Entries(ledger.KeyIssued)[0].Seq
	b.at("2026-11-23 16:59")
	if n := len(b.of(alerts.KeyOverdue)); n != 0 {
		t.Fatalf("%d alerts before the key is due", n)
	}
	for _, step := range []struct {
		at       string
		severity ledger.Severity
	}{
		{"2026-11-23 17:00", ledger.Notice},
		{"2026-11-23 17:59", ledger.Notice},
		{"2026-11-23 18:00", ledger.Warning},
		{"2026-11-24 16:59", ledger.Warning},
		{"2026-11-24 17:00", ledger.Critical},
		{"2026-11-30 17:00", ledger.Critical},
	} {
		b.at(step.at)
		a := b.one(alerts.KeyOverdue)
		if a.Severity != step.severity || a.State != alerts.Open || a.PersonID != janis.ID || a.KeyID != key.ID ||
			a.DepartmentID != janis.Department || !slices.Equal(a.Evidence, []uint64{issued}) {
			t.Errorf("at %s: %+v", step.at, a)
		}
	}
	if raised, escalated := b.count(ledger.AlertRaised), b.count(ledger.AlertEscalated); raised != 1 || escalated != 2 || len(b.urgent) != 2 {
		t.Errorf("%d entries say that it was raised, %d that it became more urgent; %d were told", raised, escalated, len(b.urgent))
	}
	b.Return(b.custodian, key)
	b.at("2026-11-30 17:05")
	a := b.one(alerts.KeyOverdue)
	if a.State != alerts.Resolved || a.Ending == nil || *a.Ending != alerts.Returned || !a.ChangedByID.IsZero() || a.Note != nil {
		t.Errorf("%+v", a)
	}
	resolved := b.Entries(ledger.AlertResolved)
	if len(resolved) != 1 || resolved[0].Details["ending"] != "returned" || resolved[0].Actor != ledger.ActorSystem ||
		resolved[0].Ref("evidence") == "" {
		t.Errorf("%+v", resolved)
	}
	b.at("2026-12-01 17:05")
	if len(b.of(alerts.KeyOverdue)) != 1 || b.Count("SELECT COUNT(*) FROM alert_watch") != 0 {
		t.Error("something is left of what is over")
	}
}

func TestAnExtendedLoanEndsItsAlertAndMayBeOverdueAgain(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-23 09:00")
	loan := b.issueUntil(b.Person("Jānis", ""), "2026-11-23 17:00", b.Key("9"))
	b.at("2026-11-23 17:30")
	b.extend(loan, "2026-11-24 12:00")
	b.at("2026-11-23 17:31")
	if a := b.one(alerts.KeyOverdue); a.State != alerts.Resolved || *a.Ending != alerts.Extended {
		t.Errorf("%+v", a)
	}
	b.at("2026-11-24 12:00")
	if found := b.of(alerts.KeyOverdue); len(found) != 2 || found[0].State != alerts.Open || found[0].Severity != ledger.Notice {
		t.Errorf("%+v", found)
	}
}

func TestHowALoanEndedIsSaid(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	receiver := b.Person("Anna", "")
	for want, end := range map[alerts.Ending]func(made *custody.Movement) error{
		alerts.HandedOver: func(made *custody.Movement) error {
			due := b.local("2026-11-24 12:00")
			offered, err := b.Custody.HandOver(t.Context(), b.custodian, custody.HandOverInput{Keys: []id.ID{made.Loans[0].KeyID}, To: receiver.ID, DueAt: &due})
			if err != nil {
				return err
			}
			_, err = b.Custody.AcceptHandover(t.Context(), b.Actor(receiver, "member"), custody.AcceptInput{Handover: offered.Handovers[0].ID, Accept: true})
			return err
		},
		alerts.Lost: func(made *custody.Movement) error {
			_, err := b.Custody.ReportLost(t.Context(), b.custodian, custody.ReportInput{Key: made.Loans[0].KeyID})
			return err
		},
		alerts.Voided: func(made *custody.Movement) error {
			_, err := b.Custody.CorrectMovement(t.Context(), b.custodian, custody.CorrectInput{Entry: made.Entries[0].Seq, Void: true, Reason: "It did not happen"})
			return err
		},
		alerts.Returned: func(made *custody.Movement) error {
			_, err := b.Custody.Return(t.Context(), b.custodian, custody.ReturnInput{Keys: []id.ID{made.Loans[0].KeyID}})
			return err
		},
	} {
		b.at("2026-11-23 09:00")
		due := b.local("2026-11-23 17:00")
		key := b.Key(string(want))
		made, err := b.Custody.Issue(t.Context(), b.custodian, custody.IssueInput{Keys: []id.ID{key.ID}, Holder: b.Person(string(want), "").ID, DueAt: &due})
		b.check(err)
		b.at("2026-11-23 17:00")
		b.check(end(made))
		b.at("2026-11-23 17:01")
		if a := b.of(alerts.KeyOverdue)[0]; a.Ending == nil || *a.Ending != want || a.KeyID != key.ID {
			t.Errorf("%s: %+v", want, a)
		}
	}
}

func TestAnAlertThatSomebodyResolvedIsNotRaisedAgainForTheSame(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-23 09:00")
	key := b.Key("9")
	b.issueUntil(b.Person("Jānis", ""), "2026-11-23 17:00", key)
	b.at("2026-11-23 17:00")
	if _, err := b.service.Resolve(t.Context(), b.custodian, b.one(alerts.KeyOverdue).ID, "He called."); err != nil {
		t.Fatal(err)
	}
	b.at("2026-11-25 17:00")
	if a := b.one(alerts.KeyOverdue); a.Severity != ledger.Notice || *a.Note != "He called." || a.Ending != nil || len(b.urgent) != 0 {
		t.Errorf("%+v", a)
	}
	b.Return(b.custodian, key)
	b.at("2026-11-25 17:01")
	if n := b.count(ledger.AlertResolved); n != 1 {
		t.Errorf("%d entries say that it was resolved", n)
	}
}

func TestSeveralServersRaiseEachAlertOfTheClockOnce(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-23 09:00")
	janis := b.Person("Jānis", "")
	for _, number := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		b.issueUntil(janis, "2026-11-23 17:00", b.Key(number))
	}
	now := b.local("2026-11-23 17:00")
	b.Clock.Set(now)
	var group sync.WaitGroup
	for range 4 {
		clock := alerts.NewClock(b.service, b.Custody, alerts.ClockRules{Zone: riga(t), EscalateAfter: time.Hour}, slog.New(slog.DiscardHandler))
		group.Go(func() {
			for range 5 {
				if err := clock.Tick(t.Context(), now); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	b.at("2026-11-23 17:00")
	if raised := b.count(ledger.AlertRaised); raised != 8 || len(b.of(alerts.KeyOverdue)) != 8 {
		t.Errorf("%d were raised", raised)
	}
}

func TestAServerThatWasKilledInItsTurnIsFollowedByAnother(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-23 09:00")
	b.issueUntil(b.Person("Jānis", ""), "2026-11-23 17:00", b.Key("9"))
	killed := turn.New(b.DB, "alerts")
	if _, err := killed.Take(t.Context(), b.local("2026-11-23 17:00")); err != nil {
		t.Fatal(err)
	}
	b.at("2026-11-23 17:00")
	if n := len(b.of(alerts.KeyOverdue)); n != 0 {
		t.Fatalf("%d alerts out of turn", n)
	}
	b.at("2026-11-23 17:02")
	b.one(alerts.KeyOverdue)
}

func TestKeysThatMissACurfewAreOneAlertForTheGroupAndTheDay(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-23 09:00")
	nine, ten, other := b.Key("9"), b.Key("10"), b.Key("11")
	group := b.Group("Laboratory", nine, ten)
	janis := b.Person("Jānis", "Laboratory")
	for _, key := range []*custody.Key{nine, ten, other} {
		b.issueUntil(janis, "", key)
	}
	b.curfew(group, "18:00")
	b.at("2026-11-23 17:59")
	if n := len(b.of(alerts.CurfewMissed)); n != 0 {
		t.Fatalf("%d alerts too early", n)
	}
	b.at("2026-11-23 18:00")
	a := b.one(alerts.CurfewMissed)
	if a.EvidenceCount != 2 || len(a.Evidence) != 2 || a.GroupID != group.ID || a.Severity != ledger.Warning || !a.PersonID.IsZero() {
		t.Errorf("%+v", a)
	}
	if len(b.urgent) != 1 || b.urgent[0].Group != "Laboratory" || b.urgent[0].Out != 2 {
		t.Errorf("%+v", b.urgent)
	}
	b.Return(b.custodian, nine)
	b.at("2026-11-24 17:59")
	if a := b.one(alerts.CurfewMissed); a.State != alerts.Open {
		t.Error("the alert ended although a key is out")
	}
	b.at("2026-11-24 18:00")
	if found := b.of(alerts.CurfewMissed); len(found) != 2 || *found[1].Ending != alerts.Superseded || found[0].EvidenceCount != 1 {
		t.Fatalf("%+v", found)
	}
	b.Return(b.custodian, ten)
	b.at("2026-11-24 18:30")
	if a := b.of(alerts.CurfewMissed)[0]; a.State != alerts.Resolved || *a.Ending != alerts.Returned {
		t.Errorf("%+v", a)
	}
	b.issueUntil(janis, "2026-11-25 18:00", nine) // after the curfew: it is the next one's
	b.at("2026-11-24 19:30")
	if n := len(b.of(alerts.CurfewMissed)); n != 2 {
		t.Errorf("%d alerts", n)
	}
}
