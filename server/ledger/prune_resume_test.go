package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/ledger"
)

func TestAPruningThatCannotBeFinishedDoesNotKeepTheOthers(t *testing.T) {
	t.Parallel()
	f := filled(t, 300)
	ranges := []ledger.SeqRange{{From: 10, To: 200}}
	ctx, stop := context.WithCancel(t.Context())
	r := request(ranges...)
	r.Progress = func(uint64, uint64) { stop() }
	if _, err := pruner(t, f, ledger.PruneOptions{Chunk: 10}).Prune(ctx, r); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	const damaged = "INSERT INTO ledger_task (name, next_seq, held_until) VALUES ('prune 2', 0, '2026-01-01')"
	if _, err := f.DB.Exec(t.Context(), damaged); err != nil {
		t.Fatal(err)
	}
	err := pruner(t, f, ledger.PruneOptions{}).Resume(t.Context())
	if err == nil || !strings.Contains(err.Error(), "entry 2") {
		t.Errorf("the one that cannot be finished: %v", err)
	}
	awaitCount(t, f.DB, 1, "SELECT COUNT(*) FROM ledger_task WHERE name LIKE 'prune %'")
	requirePruned(t, f, 300, ranges)
}
