package ledger

import (
	"context"

	"github.com/keytrail/keytrail/server/fault"
)

// readNext reads the entries from seq next on that are on disk, up to the first gap that pruning has left. Where the
// gap comes first, the tail begins anew behind it, since it holds no gaps. None when there is nothing to add yet.
func (l *Ledger) readNext(ctx context.Context, next uint64) ([]Entry, error) {
	durable := l.durable.Load()
	limit := min(followBatch, durable-next)
	if rows := l.fresh.from(next, int(limit)); len(rows) > 0 {
		return decodeRows(rows)
	}
	entries, err := l.Read(ctx, l.db.Side(), next, int(limit))
	if err != nil {
		return nil, err
	}
	n := 0
	for n < len(entries) && entries[n].Seq < durable && entries[n].Seq == entries[0].Seq+uint64(n) {
		n++
	}
	if n == 0 {
		return nil, l.lookFurther(ctx, next, durable)
	}
	if entries[0].Seq > next {
		l.tail.skipTo(entries[0].Seq)
		l.seal.ForgetAll() // what was pruned may have said that keys were destroyed
	}
	return entries[:n], nil
}

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
