package alerts_test

import (
	"testing"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestAWebhookThatIsPausedRaisesOneAlertOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.run(b.service)
	hook := id.New()
	paused := ledger.Draft{
		Stream: ledger.StreamSystem, System: true, Action: ledger.SystemWebhookPaused, Outcome: ledger.Failure,
		Entity: ledger.Entity{Type: "webhook", ID: hook.String()}, Details: map[string]any{"event": "KeyMoved"},
	}
	seqs := append(b.record(paused), b.record(paused)...)
	b.settle()
	found := b.of(alerts.WebhookPaused)
	if len(found) != 1 || found[0].Severity != ledger.Warning || len(found[0].Evidence) != 2 || found[0].Evidence[0] != seqs[0] {
		t.Fatalf("%+v", found)
	}
	if seen := b.listAs(b.Actor(b.Person("Edgars Ozols", "Office"), "custodian")); len(seen) != 0 {
		t.Errorf("a custodian sees %d alerts", len(seen))
	}
}
