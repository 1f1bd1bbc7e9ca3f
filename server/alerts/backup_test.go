package alerts_test

import (
	"testing"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestBackupsThatFailAreOneAlertAndThoseThatSucceedNone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.run(b.service)
	backup := func(outcome ledger.Outcome) ledger.Draft {
		return ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.SystemBackedUp, Outcome: outcome}
	}
	b.record(backup(ledger.Success), backup(ledger.Failure), backup(ledger.Failure))
	b.settle()
	if found := b.of(alerts.BackupFailed); len(found) != 1 || found[0].EvidenceCount != 2 {
		t.Fatalf("%d alerts: %+v", len(found), found)
	}
}
