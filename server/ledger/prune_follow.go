package ledger

import (
	"context"

	"github.com/keytrail/keytrail/server/fault"
)

// lookFurther learns that more is on disk than durable entries, of which those from next on were all pruned: an entry
// that says so must lie behind them.
func (l *Ledger) lookFurther(ctx context.Context, next, durable uint64) error {
	h, err := readHead(ctx, l.db.Side(), selectHead)
	if err != nil {
		return err
	}
	if h.Size <= durable {
		return fault.New(fault.Internal, "entry %d is on disk and cannot be read: run keytrail verify", next)
	}
	return l.AwaitDurable(ctx, h.Size)
}

// skipTo empties the tail, and has it go on with seq next. Followers that were in front of it read the table.
func (t *tail) skipTo(next uint64) {
	t.mu.Lock()
	t.entries, t.bytes = nil, 0
	t.mu.Unlock()
	t.startAt(next)
}
