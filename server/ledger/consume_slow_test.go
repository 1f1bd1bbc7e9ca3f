package ledger

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

func TestABatchThatTakesLongerThanItIsGivenIsGivenMoreTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, tries, done := &Ledger{log: slog.New(slog.DiscardHandler)}, 0, false
		l.applyUntilDone(t.Context(), []Entry{{}}, func(ctx context.Context, _ []Entry) error {
			tries++
			work := time.NewTimer(time.Minute)
			defer work.Stop()
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-work.C:
				done = true
				return nil
			}
		})
		if !done || tries != 4 {
			t.Errorf("done: %v, after %d tries", done, tries)
		}
	})
}
