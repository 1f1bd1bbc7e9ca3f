package alerts_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

// process is one server's rules, which don't follow the ledger yet.
func (b *bundle) process() *alerts.CustomRules {
	return alerts.NewCustomRules(alerts.New(b.DB, b.Seal, b.Ledger, b.Access, b.Clock.Now), time.UTC, slog.New(slog.DiscardHandler))
}

// follow has rules follow the ledger until stop is called or the test ends.
func (b *bundle) follow(r *alerts.CustomRules) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
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

func of[T any](v T) *T { return &v }

func threshold(count int, actions ...string) *alerts.RuleInput {
	return &alerts.RuleInput{
		Kind: rules.Threshold, Actions: actions, WindowMinutes: of(60), Count: &count, GroupBy: rules.ByNone, Severity: ledger.Warning,
	}
}

func silence(source string, minutes int) *alerts.RuleInput {
	return &alerts.RuleInput{Kind: rules.Silence, Sources: []string{source}, WindowMinutes: &minutes, GroupBy: rules.ByNone, Severity: ledger.Critical}
}

func (b *bundle) save(r *alerts.CustomRules, name string, in *alerts.RuleInput) *alerts.CustomRule {
	b.t.Helper()
	saved, err := r.Save(b.t.Context(), b.admin, alerts.SaveRuleInput{Name: name, Rule: in})
	if err != nil {
		b.t.Fatal(err)
	}
	return saved
}

func (b *bundle) rule(r *alerts.CustomRules, rule id.ID) *alerts.CustomRule {
	b.t.Helper()
	p, err := r.List(b.t.Context(), b.admin, page.Request{})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, one := range p.Items {
		if one.ID == rule {
			return one
		}
	}
	b.t.Fatal("the rule is not listed")
	return nil
}

func (b *bundle) did(action string) uint64 {
	b.t.Helper()
	return b.record(ledger.Draft{
		Stream: ledger.StreamActivity, Source: "shop", Action: action, OccurredAt: b.Clock.Now(), Outcome: ledger.Success,
		Entity: ledger.Entity{Type: "order", ID: id.New().String()},
	})[0]
}

// settled returns once rules have judged all that is recorded, for which one of its own finds something.
func (b *bundle) settled(r *alerts.CustomRules) {
	b.t.Helper()
	mark := b.save(r, "settling", &alerts.RuleInput{Kind: rules.Threshold, Actions: []string{"settle.done"}, WindowMinutes: of(1), Count: of(2), GroupBy: rules.ByNone, Severity: ledger.Notice})
	b.did("settle.done")
	b.did("settle.done")
	eventually(b.t, func() bool { return b.rule(r, mark.ID).LastAlertAt != nil })
	if _, err := r.Remove(b.t.Context(), b.admin, mark.ID); err != nil {
		b.t.Fatal(err)
	}
}

// raisedFor gives the alerts of a rule that an admin made.
func (b *bundle) raisedFor(rule id.ID) (found []*alerts.Alert) {
	for _, a := range b.of(alerts.Custom) {
		if a.CustomRuleID == rule {
			found = append(found, a)
		}
	}
	return found
}

func TestSeveralServersRaiseWhatARuleFindsOnceAndGoOnAfterARestart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two := b.process(), b.process()
	stopOne, stopTwo := b.follow(one), b.follow(two)
	rule := b.save(one, "Orders vanish", threshold(3, "order.*"))
	b.settled(one)
	first := b.did("order.deleted")
	b.did("order.deleted")
	b.settled(one)
	if found := b.raisedFor(rule.ID); len(found) != 0 {
		t.Fatalf("two of three raised %d alerts", len(found))
	}
	stopOne()
	stopTwo()
	third := b.did("order.deleted") // while nobody looks
	b.follow(b.process())
	b.follow(b.process())
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
	b.settled(one)
	found := b.raisedFor(rule.ID)
	if len(found) != 1 || found[0].EvidenceCount != 3 || found[0].Evidence[0] != first || found[0].Evidence[2] != third ||
		found[0].Severity != ledger.Warning || found[0].CustomRuleName == nil || *found[0].CustomRuleName != "Orders vanish" {
		t.Errorf("%+v", found[0])
	}
	b.did("order.deleted")
	eventually(t, func() bool { return b.raisedFor(rule.ID)[0].EvidenceCount == 4 })
	if n := len(b.raisedFor(rule.ID)); n != 1 {
		t.Errorf("what went on is %d alerts", n)
	}
}

func TestARuleFindsNothingThatWasRecordedBeforeItOrOccurredLongAgo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	b.follow(r)
	b.did("order.deleted")
	b.did("order.deleted")
	rule := b.save(r, "Orders vanish", threshold(2, "order.deleted"))
	old := ledger.Draft{Stream: ledger.StreamActivity, Source: "shop", Action: "order.deleted", OccurredAt: b.Clock.Now().Add(-48 * time.Hour), Outcome: ledger.Success}
	b.record(old, old, old)
	b.settled(r)
	if found := b.raisedFor(rule.ID); len(found) != 0 {
		t.Fatalf("it raised %+v", found[0])
	}
	b.did("order.deleted") // the third within the hour
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
}

func TestAlertsDoNotFeedRules(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	b.follow(r)
	in := threshold(2)
	in.Streams = []ledger.Stream{ledger.StreamSystem, ledger.StreamActivity}
	rule := b.save(r, "Anything", in)
	b.did("order.made")
	b.did("order.made")
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
	b.settled(r)
	b.settled(r)
	evidence, err := b.Ledger.ReadSeqs(t.Context(), b.DB, b.raisedFor(rule.ID)[0].Evidence)
	if err != nil || len(evidence) < 6 { // two orders and two settlings of two entries
		t.Fatal(len(evidence), err)
	}
	for _, e := range evidence {
		if strings.HasPrefix(e.Action, "alert.") {
			t.Errorf("it rests on %s", e.Action)
		}
	}
}

func TestARuleThatIsBrokenSaysSoAndHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	broken, good := b.save(r, "Broken", threshold(2, "order.*")), b.save(r, "Good", threshold(2, "order.*"))
	if _, err := b.DB.Exec(t.Context(), "UPDATE alert_rule SET definition = ? WHERE id = ?", []byte("{}"), broken.ID); err != nil {
		t.Fatal(err)
	}
	b.follow(r)
	b.settled(r)
	b.did("order.made")
	b.did("order.made")
	eventually(t, func() bool { return len(b.raisedFor(good.ID)) == 1 })
	if b.rule(r, broken.ID).Problem.IsZero() || !b.rule(r, good.ID).Problem.IsZero() {
		t.Error("the wrong rule has a problem")
	}
}

func TestAMutedRuleGoesOnCounting(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	b.follow(r)
	rule := b.save(r, "Orders vanish", threshold(2, "order.deleted"))
	if _, err := r.Mute(t.Context(), b.admin, alerts.MuteRuleInput{Rule: rule.ID, Until: of(b.Clock.Now().Add(-time.Hour)), Reason: "x"}); !fault.Is(err, fault.BadInput) {
		t.Error(err)
	}
	muted, err := r.Mute(t.Context(), b.admin, alerts.MuteRuleInput{Rule: rule.ID, Until: of(b.Clock.Now().Add(time.Hour)), Reason: "stocktaking"})
	if err != nil || muted.MutedUntil == nil || *muted.MuteReason != "stocktaking" {
		t.Fatal(muted, err)
	}
	b.did("order.deleted")
	b.did("order.deleted")
	eventually(t, func() bool { return b.rule(r, rule.ID).MutedCount > 0 })
	if len(b.raisedFor(rule.ID)) != 0 {
		t.Error("a muted rule raised an alert")
	}
	if _, err := r.Mute(t.Context(), b.admin, alerts.MuteRuleInput{Rule: rule.ID}); err != nil {
		t.Fatal(err)
	}
	b.did("order.deleted")
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
}

func TestSilenceIsToldOnceAndNotBecauseTheRuleWasChanged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	listen := func() {
		t.Helper()
		if err := r.Listen(t.Context(), b.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
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
	listen := func() {
		t.Helper()
		if err := r.Listen(t.Context(), b.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
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

func TestARestartTakesNobodyKnownForNew(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.process()
	stop := b.follow(first)
	rule := b.save(first, "New actions", &alerts.RuleInput{
		Kind: rules.FirstSeen, Sources: []string{"shop"}, WindowMinutes: of(24 * 60), GroupBy: rules.ByAction, Severity: ledger.Notice,
	})
	b.did("order.made")
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
	if _, err := b.service.Resolve(t.Context(), b.admin, b.raisedFor(rule.ID)[0].ID, "It is known."); err != nil {
		t.Fatal(err)
	}
	for range 20 { // known all the time, and found by nobody
		b.Clock.Advance(12 * time.Hour)
		b.did("order.made")
	}
	stop()
	if _, err := b.DB.Exec(t.Context(), "UPDATE alert_reader SET next_seq = (SELECT MIN(seq) FROM entry_index WHERE action = 'order.made') + 4 WHERE id = 2"); err != nil {
		t.Fatal(err) // as if the place had been stored long ago
	}
	second := b.process()
	b.follow(second)
	b.settled(second)
	if found := b.raisedFor(rule.ID); len(found) != 2 { // the other is of what it settles with
		t.Errorf("%d alerts", len(found))
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

func TestOnlyWhoeverHandlesAllAlertsChangesRulesAndNobodyOverwritesAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	rule := b.save(r, "Orders vanish", threshold(2, "order.deleted"))
	for _, role := range []string{"custodian", "manager", "member", "auditor"} {
		actor := b.Actor(b.Person("Somebody "+role, "Office"), role)
		if _, err := r.Save(t.Context(), actor, alerts.SaveRuleInput{Name: "x", Rule: threshold(2, "order.made")}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s saves: %v", role, err)
		}
		if _, err := r.Mute(t.Context(), actor, alerts.MuteRuleInput{Rule: rule.ID}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s mutes: %v", role, err)
		}
		if _, err := r.Remove(t.Context(), actor, rule.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s removes: %v", role, err)
		}
		if _, err := r.Preview(t.Context(), actor, *threshold(2, "order.made")); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s previews: %v", role, err)
		}
	}
	if _, err := r.List(t.Context(), b.Actor(b.Person("A member", "Office"), "member"), page.Request{}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
	in := alerts.SaveRuleInput{ID: rule.ID, Version: &rule.Version, Name: "Orders vanish quickly", Rule: threshold(5, "order.deleted")}
	if changed, err := r.Save(t.Context(), b.admin, in); err != nil || changed.Count != 5 || changed.Version != 2 {
		t.Fatal(changed, err)
	}
	if _, err := r.Save(t.Context(), b.admin, in); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
}

func TestARulesNameStandsNowhereInPlainAndGoesWithItsAuthor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	b.follow(r)
	const name = "Watch Valdis Ozoliņš"
	rule := b.save(r, name, threshold(2, "order.deleted"))
	b.did("order.deleted")
	b.did("order.deleted")
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
	entries, err := b.Ledger.Read(t.Context(), b.DB, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if bytes.Contains(e.Raw, []byte("Valdis")) {
			t.Errorf("%s tells the name: %s", e.Action, e.Raw)
		}
	}
	b.destroyKeyOf(b.admin.Person)
	if gone := b.rule(r, rule.ID); gone.Name != nil {
		t.Errorf("the name is still %q", *gone.Name)
	}
	if b.raisedFor(rule.ID)[0].CustomRuleName != nil {
		t.Error("the alert still tells the name")
	}
}

func (b *bundle) destroyKeyOf(person id.ID) {
	b.t.Helper()
	err := b.DB.InTx(b.t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := b.Ledger.DestroyKey(ctx, tx, seal.Person(person), person)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.Seal.ForgetAll()
}

func TestWordsStayThoseOfWhoeverWroteThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	rule := b.save(r, "Watch Valdis Ozoliņš", threshold(2, "order.deleted"))
	other := b.Actor(b.Person("Berta Liepa", "Office"), "admin")
	until := b.Clock.Now().Add(time.Hour)
	if _, err := r.Mute(t.Context(), other, alerts.MuteRuleInput{Rule: rule.ID, Until: &until, Reason: "a stocktaking"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Save(t.Context(), other, alerts.SaveRuleInput{ID: rule.ID, Version: &rule.Version, Name: *rule.Name, Rule: threshold(3, "order.deleted")}); err != nil {
		t.Fatal(err)
	}
	b.destroyKeyOf(b.admin.Person)
	if is := b.rule(r, rule.ID); is.Name != nil || is.MuteReason == nil || *is.MuteReason != "a stocktaking" {
		t.Errorf("once its author is erased: %v %v", is.Name, is.MuteReason)
	}
}

func TestAPreviewCountsWhatWouldHaveBeenRaised(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	b.Clock.Advance(30 * 24 * time.Hour)
	for range 3 { // three bursts, each an alert
		for range 4 {
			b.did("order.deleted")
			b.Clock.Advance(time.Minute)
		}
		b.Clock.Advance(5 * time.Hour)
	}
	b.did("order.made")
	p, err := r.Preview(t.Context(), b.admin, *threshold(3, "order.deleted"))
	if err != nil {
		t.Fatal(err)
	}
	days := 0
	for _, day := range p.Days {
		days += day.Count
	}
	if p.Count != 3 || days != 3 || len(p.Days) != alerts.PreviewDays || len(p.Examples) != 3 || p.EntriesRead != 12 || p.Truncated {
		t.Errorf("%+v", p)
	}
	if e := p.Examples[0]; e.Entry == nil || e.Stream == nil || *e.Stream != ledger.StreamActivity || !e.At.After(p.Examples[2].At) {
		t.Errorf("%+v", e)
	}
	if p, err = r.Preview(t.Context(), b.admin, *silence("shop", 240)); err != nil || p.Count != 4 { // before the first, and behind each burst
		t.Errorf("%+v %v", p, err)
	}
	first := &alerts.RuleInput{Kind: rules.FirstSeen, Sources: []string{"shop"}, WindowMinutes: of(24 * 60), GroupBy: rules.ByAction, Severity: ledger.Notice}
	if p, err = r.Preview(t.Context(), b.admin, *first); err != nil || p.Count != 2 {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := r.Preview(t.Context(), b.admin, alerts.RuleInput{Kind: rules.Volume}); !fault.Is(err, fault.BadInput) {
		t.Error(err)
	}
	if _, err := r.Preview(t.Context(), access.System(), *first); err != nil {
		t.Error(err)
	}
}
