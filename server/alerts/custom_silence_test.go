package alerts_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestSilenceIsToldOnceAndNotBecauseTheRuleWasChanged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	listen := b.listening(r)
	b.did("order.made")
	b.Clock.Advance(5 * time.Hour)
	rule := b.save(r, "Shop is silent", silence("shop", 60))
	listen()
	b.Clock.Advance(59 * time.Minute)
	rule, err := r.Save(t.Context(), b.admin, alerts.SaveRuleInput{ID: rule.ID, Version: &rule.Version, Name: "Shop is silent", Rule: silence("shop", 50)})
	if err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(45 * time.Minute)
	listen()
	if len(b.raisedFor(rule.ID)) != 0 {
		t.Fatal("silence was counted from before the change")
	}
	b.Clock.Advance(6 * time.Minute)
	listen()
	r = b.process() // another server, or after a restart
	listen()
	found := b.raisedFor(rule.ID)
	if len(found) != 1 || found[0].Severity != ledger.Critical || found[0].EvidenceCount != 0 {
		t.Fatal(found)
	}
	if _, err := b.service.Resolve(t.Context(), b.admin, found[0].ID, "It is mended."); err != nil {
		t.Fatal(err)
	}
	listen()
	if len(b.raisedFor(rule.ID)) != 1 {
		t.Error("the same silence was told again after it was resolved")
	}
	heard := b.did("order.made")
	listen()
	b.Clock.Advance(51 * time.Minute)
	listen()
	if found := b.raisedFor(rule.ID); len(found) != 2 || len(found) == 2 && found[0].State != alerts.Open && found[1].State != alerts.Open {
		t.Errorf("the next silence, since entry %d, was not told: %v", heard, found)
	}
}

func TestASilenceThatBeganDuringAMuteIsToldOnceItIsOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	listen := b.listening(r)
	rule := b.save(r, "Shop is silent", silence("shop", 60))
	until := b.Clock.Now().Add(8 * time.Hour)
	mute := func(until *time.Time, reason string) {
		t.Helper()
		if _, err := r.Mute(t.Context(), b.admin, alerts.MuteRuleInput{Rule: rule.ID, Until: until, Reason: reason}); err != nil {
			t.Fatal(err)
		}
	}
	mute(&until, "maintenance")
	for range 7 {
		b.Clock.Advance(time.Hour)
		listen()
	}
	if found := b.raisedFor(rule.ID); len(found) != 0 || b.rule(r, rule.ID).MutedCount != 1 {
		t.Fatalf("while it is muted: %v, %+v", found, b.rule(r, rule.ID))
	}
	b.Clock.Advance(2 * time.Hour)
	for range 3 {
		listen()
		b.Clock.Advance(time.Minute)
	}
	found := b.raisedFor(rule.ID)
	if len(found) != 1 {
		t.Fatalf("after the mute: %v", found)
	}
	b.did("order.made")
	listen()
	if _, err := b.service.Resolve(t.Context(), b.admin, found[0].ID, "It is back."); err != nil {
		t.Fatal(err)
	}
	until = b.Clock.Now().Add(8 * time.Hour)
	mute(&until, "maintenance again")
	b.Clock.Advance(2 * time.Hour)
	listen()
	mute(nil, "")
	listen()
	if found := b.raisedFor(rule.ID); len(found) != 2 {
		t.Errorf("after a mute that was ended: %v", found)
	}
}

func TestImportedHistoryDoesNotHideSignsOfLife(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	rule := b.save(r, "Shop is silent", silence("shop", 30*24*60))
	b.Clock.Advance(10 * 24 * time.Hour)
	b.did("order.made")
	b.Clock.Advance(25 * 24 * time.Hour)
	var old []ledger.Draft
	for n := range 150 {
		old = append(old, ledger.Draft{
			Stream: ledger.StreamActivity, Source: "shop", Action: "order.made", Outcome: ledger.Success,
			OccurredAt: b.Clock.Now().Add(-48*time.Hour - time.Duration(n)*time.Minute),
		})
	}
	b.record(old...)
	if err := r.Listen(t.Context(), b.Clock.Now()); err != nil || len(b.raisedFor(rule.ID)) != 0 {
		t.Errorf("it made an order 25 days ago: %v", err)
	}
}

func TestWhatAlertsRecordDoesNotHideSignsOfLife(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	system := &alerts.RuleInput{Kind: rules.Silence, Streams: []ledger.Stream{ledger.StreamSystem}, Sources: []string{ledger.SourceKeytrail}, WindowMinutes: of(60), GroupBy: rules.ByNone, Severity: ledger.Notice}
	rule := b.save(r, "keytrail is silent", system)
	b.Clock.Advance(50 * time.Minute)
	b.record(ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.SystemStarted, OccurredAt: b.Clock.Now()})
	b.Clock.Advance(5 * time.Minute)
	for range 60 { // two entries each
		one := b.save(r, "short-lived", threshold(2, "order.lost"))
		if _, err := r.Remove(t.Context(), b.admin, one.ID); err != nil {
			t.Fatal(err)
		}
	}
	b.Clock.Advance(20 * time.Minute)
	if err := r.Listen(t.Context(), b.Clock.Now()); err != nil || len(b.raisedFor(rule.ID)) != 0 {
		t.Errorf("it was silent although it started 25 minutes ago: %v", err)
	}
	b.Clock.Advance(40 * time.Minute)
	if err := r.Listen(t.Context(), b.Clock.Now()); err != nil || len(b.raisedFor(rule.ID)) != 1 {
		t.Errorf("its silence was not told: %v", err)
	}
}

func TestASecondSilenceIsToldOnTheUnresolvedAlertAndOpensAnAcknowledgedOneAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	rule := b.save(r, "Shop is silent", silence("shop", 30))
	fallSilent := func() *alerts.Alert {
		t.Helper()
		b.did("order.made")
		if err := r.Listen(t.Context(), b.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		b.Clock.Advance(31 * time.Minute)
		if err := r.Listen(t.Context(), b.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		found := b.raisedFor(rule.ID)
		if len(found) != 1 {
			t.Fatalf("%d alerts", len(found))
		}
		return found[0]
	}
	first := fallSilent()
	second := fallSilent()
	if n := b.count(ledger.AlertRepeated); n != 1 || !second.LastAt.After(first.LastAt) {
		t.Fatalf("%d entries say that it fell silent again, last at %s", n, second.LastAt)
	}
	if _, err := b.service.Acknowledge(t.Context(), b.admin, first.ID); err != nil {
		t.Fatal(err)
	}
	if is := fallSilent(); is.State != alerts.Acknowledged || b.count(ledger.AlertRepeated) != 2 {
		t.Errorf("half an hour after it was acknowledged it is %s", is.State)
	}
	if is := fallSilent(); is.State != alerts.Open || !is.ChangedByID.IsZero() || b.count(ledger.AlertRepeated) != 3 {
		t.Errorf("an hour after it was acknowledged it is %s, changed by %s", is.State, is.ChangedByID)
	}
}

func TestASilenceThatWasToldIsNotToldAgainBecauseTheRuleWasMuted(t *testing.T) {
	t.Parallel()
	for name, until := range map[string]func(b *bundle, mute func(until time.Duration), unmute, listen func()){
		"whose mute ends": func(b *bundle, mute func(time.Duration), _, listen func()) {
			mute(2 * time.Hour)
			b.Clock.Advance(time.Hour)
			listen()
			b.Clock.Advance(2 * time.Hour)
		},
		"whose mute is ended": func(b *bundle, mute func(time.Duration), unmute, listen func()) {
			mute(8 * time.Hour)
			b.Clock.Advance(time.Hour)
			listen()
			unmute()
		},
		"whose mute is extended": func(b *bundle, mute func(time.Duration), _, listen func()) {
			mute(2 * time.Hour)
			b.Clock.Advance(time.Hour)
			mute(4 * time.Hour)
			listen()
			b.Clock.Advance(5 * time.Hour)
		},
		"that is muted again": func(b *bundle, mute func(time.Duration), unmute, listen func()) {
			mute(8 * time.Hour)
			unmute()
			mute(time.Hour)
			b.Clock.Advance(2 * time.Hour)
			listen()
			mute(time.Hour)
			b.Clock.Advance(2 * time.Hour)
		},
		"that is unmuted without a mute": func(_ *bundle, _ func(time.Duration), unmute, _ func()) { unmute() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			r := b.process()
			listen := b.listening(r)
			rule := b.save(r, "Shop is silent", silence("shop", 60))
			mute := func(in alerts.MuteRuleInput) {
				t.Helper()
				in.Rule = rule.ID
				if _, err := r.Mute(t.Context(), b.admin, in); err != nil {
					t.Fatal(err)
				}
			}
			b.Clock.Advance(61 * time.Minute)
			listen()
			if _, err := b.service.Resolve(t.Context(), b.admin, b.raisedFor(rule.ID)[0].ID, "It is closed today."); err != nil {
				t.Fatal(err)
			}
			until(b, func(long time.Duration) {
				mute(alerts.MuteRuleInput{Until: of(b.Clock.Now().Add(long)), Reason: "closed"})
			}, func() { mute(alerts.MuteRuleInput{}) }, listen)
			listen()
			if n := len(b.raisedFor(rule.ID)); n != 1 {
				t.Errorf("one silence raised %d alerts", n)
			}
			b.did("order.made")
			listen()
			b.Clock.Advance(61 * time.Minute)
			listen()
			if n := len(b.raisedFor(rule.ID)); n != 2 {
				t.Errorf("with the next silence there are %d alerts", n)
			}
		})
	}
}
