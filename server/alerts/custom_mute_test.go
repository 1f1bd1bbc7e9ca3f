package alerts_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

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

func TestAMutedRuleCountsHowOftenItFoundSomethingHoweverItWasRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	rule := b.save(r, "Orders vanish", threshold(2, "order.deleted"))
	if _, err := r.Mute(t.Context(), b.admin, alerts.MuteRuleInput{Rule: rule.ID, Until: of(b.Clock.Now().Add(time.Hour)), Reason: "stocktaking"}); err != nil {
		t.Fatal(err)
	}
	b.follow(r)
	b.settled(r)
	deleted := ledger.Draft{Stream: ledger.StreamActivity, Source: "shop", Action: "order.deleted", OccurredAt: b.Clock.Now(), Outcome: ledger.Success}
	b.record(deleted, deleted, deleted, deleted, deleted) // in one batch
	eventually(t, func() bool { return b.rule(r, rule.ID).MutedCount > 0 })
	if n := b.rule(r, rule.ID).MutedCount; n != 4 {
		t.Errorf("it counts %d", n)
	}
}
