package alerts_test

import (
	"context"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
)

func TestACurfewKeepsItsLocalTimeWhenClocksAreMoved(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]string{
		"2026-03-28": "2026-03-28T16:00:00Z", "2026-03-29": "2026-03-29T15:00:00Z", // an hour less in the night before
		"2026-10-24": "2026-10-24T15:00:00Z", "2026-10-25": "2026-10-25T16:00:00Z", // an hour more
	} {
		t.Run(day, func(t *testing.T) {
			t.Parallel()
			b := setupClock(t)
			b.at(day + " 09:00")
			key := b.Key("9")
			b.issueUntil(b.Person("Jānis", ""), "", key)
			b.curfew(b.Group("Laboratory", key), "18:00")
			curfew, _ := time.Parse(time.RFC3339, want)
			for _, step := range []struct {
				at time.Time
				n  int
			}{{curfew.Add(-time.Second), 0}, {curfew, 1}, {curfew.Add(time.Hour), 1}} {
				b.Clock.Set(step.at)
				if err := b.clock.Tick(t.Context(), step.at); err != nil {
					t.Fatal(err)
				}
				if found := b.of(alerts.CurfewMissed); len(found) != step.n {
					t.Errorf("%d alerts at %v; want %d", len(found), step.at, step.n)
				}
			}
			if a := b.one(alerts.CurfewMissed); !a.LastAt.Equal(curfew) {
				t.Errorf("it was missed at %v; want %v", a.LastAt, curfew)
			}
		})
	}
}

func TestAnOverdueKeyIsLateByTheTimeThatPassedWhenClocksAreMoved(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-10-24 18:00")
	b.issueUntil(b.Person("Jānis", ""), "2026-10-25 02:30", b.Key("9"))
	due := b.local("2026-10-25 02:30")
	for _, step := range []struct {
		after    time.Duration
		severity ledger.Severity
	}{{0, ledger.Notice}, {59 * time.Minute, ledger.Notice}, {time.Hour, ledger.Warning}, {23 * time.Hour, ledger.Warning}, {24 * time.Hour, ledger.Critical}} {
		b.Clock.Set(due.Add(step.after))
		if err := b.clock.Tick(t.Context(), b.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		if a := b.one(alerts.KeyOverdue); a.Severity != step.severity {
			t.Errorf("after %v it is %s", step.after, a.Severity)
		}
	}
}

func TestALeaverWithKeysIsOneAlertFromTheDayAfterHisLast(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-23 09:00")
	janis, nine, ten := b.Person("Jānis", "Laboratory"), b.Key("9"), b.Key("10")
	last := people.Date("2026-11-24")
	if _, err := b.People.Update(t.Context(), access.System(), people.UpdateInput{ID: janis.ID, ValidUntil: &last}); err != nil {
		t.Fatal(err)
	}
	b.issueUntil(janis, "", nine)
	b.at("2026-11-24 23:59")
	if n := len(b.of(alerts.LeaverHoldsKeys)); n != 0 {
		t.Fatalf("%d alerts on his last day", n)
	}
	b.at("2026-11-25 00:00")
	if a := b.one(alerts.LeaverHoldsKeys); a.PersonID != janis.ID || a.EvidenceCount != 1 || !a.LastAt.Equal(b.local("2026-11-25 00:00")) {
		t.Errorf("%+v", a)
	}
	b.issueAllTheSame(janis, ten)
	b.at("2026-11-25 10:00")
	if a := b.one(alerts.LeaverHoldsKeys); a.EvidenceCount != 2 {
		t.Errorf("%+v", a)
	}
	b.Return(b.custodian, nine, ten)
	b.at("2026-11-25 11:00")
	if a := b.one(alerts.LeaverHoldsKeys); a.State != alerts.Resolved || *a.Ending != alerts.Returned {
		t.Errorf("%+v", a)
	}
}

func TestKeysThatALeaverIsGivenLaterOpenHisAlertAgainAndAreTold(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-23 09:00")
	janis, nine, ten := b.Person("Jānis", "Laboratory"), b.Key("9"), b.Key("10")
	b.lastDay(janis, "2026-11-24")
	b.issueUntil(janis, "", nine)
	b.at("2026-11-25 00:00")
	alert := b.one(alerts.LeaverHoldsKeys).ID
	if _, err := b.service.Acknowledge(t.Context(), access.System(), alert); err != nil {
		t.Fatal(err)
	}
	told := len(b.urgent)
	b.at("2026-11-25 02:00")
	b.issueAllTheSame(janis, ten)
	b.at("2026-11-25 02:01")
	if a := b.one(alerts.LeaverHoldsKeys); a.ID != alert || a.State != alerts.Open {
		t.Fatalf("%+v", a)
	}
	if n := len(b.urgent); n != told+1 || b.urgent[n-1].Alert != alert || b.urgent[n-1].Out != 2 {
		t.Errorf("%+v", b.urgent)
	}
}

func TestCustodiansSeeAndHandleWhatConcernsKeysAndManagersTheirDepartment(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-23 09:00")
	b.issueUntil(b.Person("Jānis", "Laboratory"), "2026-11-23 17:00", b.Key("9"))
	b.issueUntil(b.Person("Pēteris", "Office"), "2026-11-23 17:00", b.Key("10"))
	b.at("2026-11-23 17:00")
	b.run(b.service)
	b.lockedOut(b.account("Anna", "Laboratory"))
	kaspars, _ := b.People.Find(b.custodian.Person)
	b.lockedOut(account{kaspars, id.New()}) // it is about himself, and not about keys
	b.settle()
	marta := b.Person("Marta", "Laboratory")
	both := b.Actor(marta, "manager")
	both.Roles = []string{"manager", "custodian"}
	for name, c := range map[string]struct {
		actor *access.Actor
		want  int
	}{
		"custodian": {b.custodian, 2}, "manager": {b.Actor(marta, "manager"), 2}, "both": {both, 3}, "admin": {b.admin, 5},
	} {
		found := b.listAs(c.actor)
		if len(found) != c.want {
			t.Errorf("%s sees %d alerts; want %d", name, len(found), c.want)
		}
		for _, a := range found {
			if got, err := b.service.Get(t.Context(), c.actor, a.ID); err != nil || got == nil {
				t.Errorf("%s does not get what he sees: %v", name, err)
			}
		}
	}
	if _, err := b.service.Acknowledge(t.Context(), b.custodian, b.of(alerts.KeyOverdue)[0].ID); err != nil {
		t.Error(err)
	}
	if _, err := b.service.Acknowledge(t.Context(), b.custodian, b.of(alerts.AccountLockedOut)[0].ID); !fault.Is(err, fault.NotFound) {
		t.Error("a custodian handles what does not concern keys")
	}
}

func TestAnAlertEndsSoonAfterTheKeyCameBack(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-23 09:00")
	key := b.Key("9")
	b.issueUntil(b.Person("Jānis", ""), "2026-11-23 17:00", key)
	b.Clock.Set(b.local("2026-11-23 17:00"))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.clock.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	eventually(t, func() bool { return len(b.of(alerts.KeyOverdue)) == 1 })
	b.Return(b.custodian, key)
	eventually(t, func() bool { return b.one(alerts.KeyOverdue).State == alerts.Resolved })
}

func TestAnAlertEndsWhenTheRuleThatWasBrokenIsNoLonger(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-23 09:00")
	janis, key := b.Person("Jānis", ""), b.Key("9")
	group := b.Group("Laboratory", key)
	b.issueUntil(janis, "", key)
	b.curfew(group, "18:00")
	b.lastDay(janis, "2026-11-22")
	b.at("2026-11-23 18:00")
	b.curfew(group, "")
	b.lastDay(janis, "")
	b.at("2026-11-23 18:01")
	for _, rule := range []alerts.Rule{alerts.CurfewMissed, alerts.LeaverHoldsKeys} {
		if a := b.one(rule); a.State != alerts.Resolved || *a.Ending != alerts.Withdrawn {
			t.Errorf("%+v", a)
		}
	}
}

func TestAnAlertOfAClockThatWasAheadEndsAndIsRaisedAgainInTime(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.at("2026-11-24 09:00")
	b.issueUntil(b.Person("Jānis", ""), "2026-11-24 18:00", b.Key("9"))
	for _, tick := range []struct {
		at    string
		state alerts.State
	}{
		{"2026-11-24 18:00", alerts.Open},     // the clock of another server, a little ahead
		{"2026-11-24 17:59", alerts.Open},     // this one's
		{"2026-11-25 20:00", alerts.Open},     // a clock that was set wrong
		{"2026-11-24 09:05", alerts.Resolved}, // and right again
		{"2026-11-24 18:01", alerts.Open},
	} {
		b.Clock.Set(b.local(tick.at))
		if err := b.clock.Tick(t.Context(), b.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		of := b.of(alerts.KeyOverdue)
		if newest := of[0]; newest.State != tick.state || tick.state == alerts.Resolved && *newest.Ending != alerts.Withdrawn {
			t.Fatalf("at %s it is %s of %d", tick.at, newest.State, len(of))
		}
	}
}
