package ledger

import "context"

// IndexRead gives words to entries that were read before.
func (l *Ledger) IndexRead(ctx context.Context, entries []Entry) error {
	return l.indexWords(ctx, entries)
}

// Waiting gives how many calls of Record wait for a batch to take them.
func (l *Ledger) Waiting() int {
	l.group.mu.Lock()
	defer l.group.mu.Unlock()
	return len(l.group.waiting)
}

// Leaders gives how many callers of Record commit batches, or were asked to.
func (l *Ledger) Leaders() int {
	l.group.mu.Lock()
	defer l.group.mu.Unlock()
	return l.group.leaders
}

// SubmitBroken commits a call, with others who wait, whose bytes cannot be written without a panic.
func (l *Ledger) SubmitBroken(ctx context.Context) error {
	c := &call{
		items: make([]callItem, 1), receipts: make([]Receipt, 1),
		done: make(chan struct{}), lead: make(chan struct{}, 1),
	}
	if err := l.group.submit(ctx, c); err != nil {
		return err
	}
	return c.err
}

// Prepare makes an item ready as Record does, and gives how its key and its payload are known.
func (l *Ledger) Prepare(ctx context.Context, item Item) (request, fingerprint []byte, err error) {
	made, err := l.newCallItem(ctx, 0, &item)
	return made.claim[:], made.print[:], err
}

// AppendToFile is what a file that keeps checkpoints does with a signed note.
func AppendToFile(path, note string) error {
	return fileSink{path}.keep(context.Background(), &Checkpoint{Note: note})
}

// AheadEntries is how many entries must wait to be written ahead, and FirstAheadPause how many batches are not after a
// promise that did not hold.
const (
	AheadEntries    = aheadEntries
	FirstAheadPause = firstAheadPause
)

// AheadEnded tells how many batches that were written ahead were committed, how many of those behind another one, and how
// many were in vain.
func (l *Ledger) AheadEnded() (kept, chained, broken int) {
	l.promises.mu.Lock()
	defer l.promises.mu.Unlock()
	return l.promises.ended.kept, l.promises.ended.chained, l.promises.ended.broken
}
