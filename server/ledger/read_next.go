package ledger

import "context"

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
