package alerts_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// builtIn gives a rule of keytrail's own as an actor sees it.
func (b *bundle) builtIn(actor *access.Actor, rule alerts.Rule) *alerts.BuiltIn {
	b.t.Helper()
	all, err := b.service.BuiltIn(b.t.Context(), actor)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, one := range all {
		if one.Rule == rule {
			return one
		}
	}
	b.t.Fatalf("%s is not listed", rule)
	return nil
}

// mute mutes a rule for a while, or ends that with 0.
func (b *bundle) mute(rule alerts.Rule, long time.Duration) *alerts.BuiltIn {
	b.t.Helper()
	in := alerts.MuteBuiltInInput{Rule: rule, Version: b.builtIn(b.admin, rule).Version, Reason: "maintenance"}
	if long > 0 {
		in.Until = of(b.Clock.Now().Add(long))
	}
	muted, err := b.service.MuteBuiltIn(b.t.Context(), b.admin, in)
	if err != nil {
		b.t.Fatal(err)
	}
	return muted
}

func TestAMutedBuiltInRuleCountsWhatOccursAndNeverRaisesIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	muted := b.mute(alerts.AccountLockedOut, time.Hour)
	if muted.MutedUntil == nil || *muted.MuteReason != "maintenance" || muted.MutedByID != b.admin.Person || muted.Version != 1 {
		t.Fatalf("%+v", muted)
	}
	b.run(b.service)
	ilze := b.account("Ilze Liepa", "Sales")
	b.lockedOut(ilze)
	b.lockedOut(ilze)
	b.settle()
	if n := b.builtIn(b.admin, alerts.AccountLockedOut).MutedCount; n != 2 {
		t.Errorf("it counts %d", n)
	}
	b.mute(alerts.AccountLockedOut, 0)
	b.settle()
	if found := b.of(alerts.AccountLockedOut); len(found) != 0 {
		t.Errorf("it raised %+v", found[0])
	}
	b.Clock.Advance(time.Second)
	b.lockedOut(ilze)
	b.settle()
	if found := b.of(alerts.AccountLockedOut); len(found) != 1 || found[0].EvidenceCount != 1 {
		t.Errorf("behind the mute there are %d alerts", len(found))
	}
}

func TestWhatOccurredDuringAMuteIsSilentAlsoWhenItIsReadBehindIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.lockedOut(b.account("Ilze Liepa", "Sales")) // before the mute, and read behind it
	b.Clock.Advance(time.Minute)
	b.mute(alerts.AccountLockedOut, time.Hour)
	b.Clock.Advance(time.Minute)
	b.lockedOut(b.account("Juris Ozols", "Sales"))
	b.Clock.Advance(2 * time.Hour)
	b.run(b.service)
	b.settle()
	if found := b.of(alerts.AccountLockedOut); len(found) != 1 {
		t.Errorf("there are %d alerts", len(found))
	}
	if n := b.builtIn(b.admin, alerts.AccountLockedOut).MutedCount; n != 1 {
		t.Errorf("it counts %d", n)
	}
}

func TestWhatStillHoldsWhenAMuteEndsIsRaisedThen(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]alerts.Rule{
		"deleting that fails": alerts.RetentionFailed, "a disk that is full": alerts.DiskFull,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := setupLooking(t, rule)
			l.causes.Mark = "one"
			l.mute(rule, time.Hour)
			passing, lasting := id.New(), id.New()
			l.find(passing, lasting)
			l.tick()
			l.find(lasting)
			if n := l.builtIn(l.admin, rule).MutedCount; n != 2 || len(l.of(rule)) != 0 {
				t.Fatalf("muted, it counts %d and raised %d", n, len(l.of(rule)))
			}
			l.Clock.Advance(2 * time.Hour)
			l.tick()
			l.tick()
			if found := l.of(rule); len(found) != 1 || found[0].EvidenceCount != 1 || found[0].State != alerts.Open {
				t.Fatalf("behind the mute there are %d alerts", len(found))
			}
			l.find()
			if a := l.of(rule)[0]; a.State != alerts.Resolved {
				t.Errorf("it is over, and the alert is %s", a.State)
			}
		})
	}
}

func TestAnAlertOfBeforeAMuteIsNotOverWhileWhatIsHeldBackGoesOn(t *testing.T) {
	t.Parallel()
	l := setupLooking(t, alerts.RetentionFailed)
	l.causes.Mark = "one"
	first, second := id.New(), id.New()
	l.find(first)
	l.tick()
	l.mute(alerts.RetentionFailed, time.Hour)
	l.find(second)
	l.tick()
	l.tick()
	if found := l.of(alerts.RetentionFailed); len(found) != 1 || found[0].State != alerts.Open {
		t.Fatalf("during the mute there are %d alerts, the first %s", len(found), found[0].State)
	}
	l.Clock.Advance(2 * time.Hour)
	l.tick()
	l.tick()
	if found := l.of(alerts.RetentionFailed); len(found) != 1 || found[0].State != alerts.Open {
		t.Fatalf("behind the mute there are %d alerts, the first %s", len(found), found[0].State)
	}
	l.find()
	l.tick()
	if a := l.of(alerts.RetentionFailed)[0]; a.State != alerts.Resolved {
		t.Errorf("it is over, and the alert is %s", a.State)
	}
}

func TestWhatOccurredBeforeAMuteIsRaisedAlsoWhenItIsReadDuringIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ilze := b.account("Ilze Liepa", "Sales")
	b.lockedOut(ilze)
	b.Clock.Advance(time.Second)
	b.mute(alerts.AccountLockedOut, time.Hour)
	b.run(b.service)
	b.settle()
	if found := b.of(alerts.AccountLockedOut); len(found) != 1 || b.builtIn(b.admin, alerts.AccountLockedOut).MutedCount != 0 {
		t.Errorf("there are %d alerts", len(found))
	}
}

func TestAMuteThatFollowsAnotherCountsWhatGoesOnAnew(t *testing.T) {
	t.Parallel()
	l := setupLooking(t, alerts.DiskFull)
	l.causes.Mark = "one"
	l.mute(alerts.DiskFull, time.Hour)
	l.find(id.New())
	l.tick()
	l.Clock.Advance(2 * time.Hour)
	l.mute(alerts.DiskFull, time.Hour) // before anybody looks
	l.tick()
	if n := l.builtIn(l.admin, alerts.DiskFull).MutedCount; n != 1 || len(l.of(alerts.DiskFull)) != 0 {
		t.Errorf("it counts %d and raised %d", n, len(l.of(alerts.DiskFull)))
	}
}

func TestAKeyThatIsOverdueIsRaisedWhenTheMuteEndsAndOneThatCameBackIsNot(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	ilze := b.Person("Ilze Liepa", "Sales")
	late, back := b.Key("101"), b.Key("102")
	b.Clock.Set(b.local("2026-11-23 08:00"))
	b.issueUntil(ilze, "2026-11-23 10:00", late)
	b.issueUntil(ilze, "2026-11-23 10:00", back)
	b.mute(alerts.KeyOverdue, 4*time.Hour)
	b.at("2026-11-23 10:01")
	b.at("2026-11-23 11:30") // when it would be a warning
	if n := b.builtIn(b.admin, alerts.KeyOverdue).MutedCount; n != 2 || len(b.of(alerts.KeyOverdue)) != 0 || len(b.urgent) != 0 {
		t.Fatalf("muted, it counts %d, raised %d and told of %d", n, len(b.of(alerts.KeyOverdue)), len(b.urgent))
	}
	b.Return(b.custodian, back)
	b.at("2026-11-23 12:30")
	b.at("2026-11-23 12:31")
	if a := b.one(alerts.KeyOverdue); a.KeyID != late.ID || a.Severity != ledger.Warning || len(b.urgent) != 1 {
		t.Errorf("behind the mute it is %+v, told %d times", a, len(b.urgent))
	}
}

func TestAnAlertOfBeforeAMuteBecomesMoreUrgentBehindIt(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.Clock.Set(b.local("2026-11-23 08:00"))
	b.issueUntil(b.Person("Ilze Liepa", "Sales"), "2026-11-23 10:00", b.Key("101"))
	b.at("2026-11-23 10:01")
	b.mute(alerts.KeyOverdue, 2*time.Hour)
	b.at("2026-11-23 11:30")
	if a := b.one(alerts.KeyOverdue); a.Severity != ledger.Notice || len(b.urgent) != 0 {
		t.Errorf("muted, it became %s", a.Severity)
	}
	b.at("2026-11-23 12:30")
	if a := b.one(alerts.KeyOverdue); a.Severity != ledger.Warning || len(b.urgent) != 1 {
		t.Errorf("behind the mute it is %s", a.Severity)
	}
}

func TestSeveralServersCountAndRaiseWhatAMuteHeldBackOnce(t *testing.T) {
	t.Parallel()
	b := setupClock(t)
	b.Clock.Set(b.local("2026-11-23 08:00"))
	b.issueUntil(b.Person("Ilze Liepa", "Sales"), "2026-11-23 10:00", b.Key("101"))
	b.mute(alerts.KeyOverdue, 4*time.Hour)
	b.run(b.service)
	b.run(alerts.New(b.DB, b.Seal, b.Ledger, b.Access, b.Clock.Now))
	b.mute(alerts.AccountLockedOut, 4*time.Hour)
	b.lockedOut(b.account("Juris Ozols", "Sales"))
	together := func(local string) {
		b.Clock.Set(b.local(local))
		var all sync.WaitGroup
		for range 4 {
			clock := b.another()
			all.Go(func() {
				if err := clock.Tick(context.Background(), b.Clock.Now()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	together("2026-11-23 10:01")
	b.settle()
	for _, rule := range []alerts.Rule{alerts.KeyOverdue, alerts.AccountLockedOut} {
		if n := b.builtIn(b.admin, rule).MutedCount; n != 1 {
			t.Errorf("%s counts %d", rule, n)
		}
	}
	together("2026-11-23 12:30")
	b.one(alerts.KeyOverdue)
}

func TestAMuteOfABuiltInRuleIsOnRecordAndItsReasonIsSealed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.mute(alerts.NewPlace, time.Hour)
	b.mute(alerts.NewPlace, 2*time.Hour)
	b.mute(alerts.NewPlace, 0)
	b.mute(alerts.NewPlace, 0) // of which there is nothing to end
	if muted, ended := b.count(ledger.AlertRuleMuted), b.count(ledger.AlertRuleUnmuted); muted != 2 || ended != 1 {
		t.Errorf("%d mutes and %d ends are on record", muted, ended)
	}
	all, err := b.Ledger.Read(t.Context(), b.DB, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if e.Action != ledger.AlertRuleMuted {
			continue
		}
		if e.Entity.Type != "alert_rule" || e.Entity.ID != string(alerts.NewPlace) || e.Details["until"] == nil {
			t.Errorf("the entry says %+v %v", e.Entity, e.Details)
		}
		var reason string
		if _, err := b.Ledger.Unseal(t.Context(), &e, "reason", &reason); err != nil || reason != "maintenance" {
			t.Errorf("the reason is %q: %v", reason, err)
		}
	}
}

func TestRulesThatGuardTheRecordAreNotMuted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, rule := range alerts.BuiltInRules() {
		kept := slices.Contains([]alerts.Rule{alerts.RootUsed, alerts.ErasureAsked, alerts.ArchiveDamaged, alerts.WebhookPaused}, rule)
		_, err := b.service.MuteBuiltIn(t.Context(), b.admin, alerts.MuteBuiltInInput{Rule: rule, Until: of(b.Clock.Now().Add(time.Hour)), Reason: "x"})
		if kept != fault.Is(err, fault.BadInput) || !kept && err != nil || kept && !strings.Contains(err.Error(), "cannot be muted") {
			t.Errorf("%s: %v", rule, err)
		}
		if said := b.builtIn(b.admin, rule).KeptOn; said.IsZero() == kept {
			t.Errorf("of %s it says %q", rule, said)
		}
	}
}

func TestAMuteOfABuiltInRuleThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.mute(alerts.NewPlace, time.Hour)
	soon := of(b.Clock.Now().Add(time.Hour))
	for name, one := range map[string]struct {
		actor *access.Actor
		in    alerts.MuteBuiltInInput
		kind  fault.Kind
	}{
		"an end that is over":    {b.admin, alerts.MuteBuiltInInput{Rule: alerts.NewPlace, Version: 1, Until: of(b.Clock.Now()), Reason: "x"}, fault.BadInput},
		"an end too far ahead":   {b.admin, alerts.MuteBuiltInInput{Rule: alerts.NewPlace, Version: 1, Until: of(b.Clock.Now().AddDate(0, 0, 91)), Reason: "x"}, fault.BadInput},
		"no reason":              {b.admin, alerts.MuteBuiltInInput{Rule: alerts.NewPlace, Version: 1, Until: soon, Reason: " "}, fault.BadInput},
		"a rule of one's own":    {b.admin, alerts.MuteBuiltInInput{Rule: alerts.Custom, Until: soon, Reason: "x"}, fault.BadInput},
		"what another changed":   {b.admin, alerts.MuteBuiltInInput{Rule: alerts.NewPlace, Version: 0, Until: soon, Reason: "x"}, fault.Conflict},
		"an end another changed": {b.admin, alerts.MuteBuiltInInput{Rule: alerts.NewPlace, Version: 0}, fault.Conflict},
		"nobody's right":         {b.Actor(b.Person("Zane Bērziņa", "Office"), "auditor"), alerts.MuteBuiltInInput{Rule: alerts.NewPlace, Version: 1}, fault.Forbidden},
		"a right for keys only":  {b.Custodian(), alerts.MuteBuiltInInput{Rule: alerts.KeyOverdue, Until: soon, Reason: "x"}, fault.Forbidden},
	} {
		if _, err := b.service.MuteBuiltIn(t.Context(), one.actor, one.in); !fault.Is(err, one.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOfTwoWhoMuteARuleAtOnceOneIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in := alerts.MuteBuiltInInput{Rule: alerts.NewPlace, Until: of(b.Clock.Now().Add(time.Hour)), Reason: "x"}
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i := range errs {
		both.Go(func() { _, errs[i] = b.service.MuteBuiltIn(context.Background(), b.admin, in) })
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || !fault.Is(errs[0], fault.Conflict) && !fault.Is(errs[1], fault.Conflict) {
		t.Error(errs)
	}
}

func TestWhoSeesAlertsAboutKeysLearnsThatTheirRuleIsMutedAndNotWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.mute(alerts.KeyOverdue, time.Hour)
	seen := b.builtIn(b.Custodian(), alerts.KeyOverdue)
	if seen.MutedUntil == nil || seen.MuteReason != nil || !seen.MutedByID.IsZero() || seen.MutedCount != 0 {
		t.Errorf("he sees %+v", seen)
	}
}
