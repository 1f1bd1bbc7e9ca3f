package alerts_test

import (
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/ledger"
)

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
	// Two orders and two settlings of two entries, of which another rule may be told sooner.
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)[0].Evidence) >= 6 })
	evidence, err := b.Ledger.ReadSeqs(t.Context(), b.DB, b.raisedFor(rule.ID)[0].Evidence)
	if err != nil {
		t.Fatal(err)
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

func TestARuleThatForgetsGroupsSaysSoAlsoWhenItGoesOnFinding(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	r.Remember(12) // groups and entries, of which settling needs three
	in := threshold(2, "order.made")
	in.GroupBy = rules.ByEntity
	rule := b.save(r, "Orders made twice", in)
	b.follow(r)
	b.settled(r)
	made := func(orders ...string) {
		t.Helper()
		var drafts []ledger.Draft
		for _, order := range orders {
			drafts = append(drafts, ledger.Draft{
				Stream: ledger.StreamActivity, Source: "shop", Action: "order.made", OccurredAt: b.Clock.Now(), Outcome: ledger.Success,
				Entity: ledger.Entity{Type: "order", ID: order},
			})
		}
		b.record(drafts...)
	}
	made("1", "2", "3")
	b.settled(r)
	if said := b.rule(r, rule.ID).Problem; !said.IsZero() {
		t.Fatalf("it says %s", said)
	}
	made("4", "5", "6", "7")
	eventually(t, func() bool { return !b.rule(r, rule.ID).Problem.IsZero() })
	made("7")
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
	if b.rule(r, rule.ID).Problem.IsZero() {
		t.Error("what it found took back that it forgets groups")
	}
	b.Clock.Advance(2 * time.Hour)
	made("8")
	eventually(t, func() bool { return b.rule(r, rule.ID).Problem.IsZero() })
}

func TestARuleThatIsRenamedOrMadeMoreUrgentLosesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	stop := b.follow(r)
	rule := b.save(r, "Orders vanish", threshold(2, "order.deleted"))
	b.settled(r)
	stop()
	b.did("order.deleted")
	b.did("order.deleted") // which nobody has looked at when it is renamed
	in := threshold(2, "order.deleted")
	in.Severity = ledger.Critical
	if _, err := r.Save(t.Context(), b.admin, alerts.SaveRuleInput{ID: rule.ID, Version: &rule.Version, Name: "Orders go", Rule: in}); err != nil {
		t.Fatal(err)
	}
	b.follow(b.process())
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
	if found := b.raisedFor(rule.ID)[0]; found.Severity != ledger.Critical || *found.CustomRuleName != "Orders go" || found.EvidenceCount != 2 {
		t.Errorf("%+v", found)
	}
}

func TestARuleThatIsMadeMoreUrgentWhileItIsAppliedGoesOnAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	b.follow(r)
	rule := b.save(r, "Orders vanish", threshold(2, "order.deleted"))
	b.settled(r)
	b.did("order.deleted")
	in := threshold(2, "order.deleted")
	in.Severity = ledger.Critical
	if _, err := r.Save(t.Context(), b.admin, alerts.SaveRuleInput{ID: rule.ID, Version: &rule.Version, Name: "Orders go", Rule: in}); err != nil {
		t.Fatal(err)
	}
	b.did("order.deleted")
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
	if found := b.raisedFor(rule.ID)[0]; found.Severity != ledger.Critical || found.EvidenceCount != 2 {
		t.Errorf("%+v", found)
	}
}

func TestWhatHappenedBeforeAnAlertWasAcknowledgedDoesNotOpenItAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	stop := b.follow(r)
	rule := b.save(r, "Orders vanish", threshold(2, "order.deleted"))
	b.did("order.deleted")
	b.did("order.deleted")
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
	stop()
	b.did("order.deleted") // which is looked at late
	b.Clock.Advance(time.Minute)
	if _, err := b.service.Acknowledge(t.Context(), b.admin, b.raisedFor(rule.ID)[0].ID); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(2 * time.Hour)
	b.follow(b.process())
	eventually(t, func() bool { return b.raisedFor(rule.ID)[0].EvidenceCount == 3 })
	if is := b.raisedFor(rule.ID)[0]; is.State != alerts.Acknowledged {
		t.Errorf("what happened before made it %s", is.State)
	}
	b.did("order.deleted")
	b.did("order.deleted")
	eventually(t, func() bool { return b.raisedFor(rule.ID)[0].EvidenceCount > 3 })
	if is := b.raisedFor(rule.ID)[0]; is.State != alerts.Open {
		t.Errorf("what happened since left it %s", is.State)
	}
}
