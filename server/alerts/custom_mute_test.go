package alerts_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/fault"
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
