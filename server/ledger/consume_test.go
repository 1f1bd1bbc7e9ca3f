package ledger_test

import (
	"context"
	"errors"
	"testing"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

func TestConsumeGivesABatchAgainUntilItIsApplied(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.SystemStarted})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var seen []uint64
	f.Ledger.Consume(ctx, 0, func(_ context.Context, entries []ledger.Entry) error {
		seen = append(seen, entries[0].Seq)
		if len(seen) == 1 {
			return errors.New("not yet")
		}
		stop()
		return nil
	})
	if len(seen) != 2 || seen[0] != 0 || seen[1] != 0 {
		t.Fatalf("the batches given began with %v; want entry 0 twice", seen)
	}
}
