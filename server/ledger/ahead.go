package ledger

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// A large batch does not wait for the head to write its rows. It writes them ahead, behind the head that the batch
// before it has promised to leave, and takes the lock only for what each append changes. When the head is another by
// then, since another process came between or the promise was not kept, it is rolled back and written under the lock.
//
// It does not wait for the lock in the database (NOWAIT): who holds it may wait for a row that was written ahead.
// Whoever goes for the lock in this process has those that are written ahead end first, and no others begin.

const (
	// Batches of fewer entries are written under the lock: there is little to win, and more would share a commit.
	aheadEntries = 384
	// aheadBatch bounds a batch that is written ahead, so that several are under way at once.
	aheadBatch = 512
	// patienceAhead is how long a batch waits in this process for another, which may wait in the database for it.
	patienceAhead = time.Second
)

const lockHeadNow = selectHead + " FOR UPDATE NOWAIT"

// errForestalled says that the head is not the one behind which a batch was written.
var errForestalled = errors.New("ledger: somebody else appended between")

// aheadPlan is a batch that is written ahead, and the promise that it builds on.
type aheadPlan struct {
	*plan
	before *promise
	chosen []*callItem
}

// writeAhead writes a batch behind the newest promise. Nothing is written, and nil given, when there is none or the
// batch had better wait for the lock; calls that it took stay in the batch.
func (l *Ledger) writeAhead(ctx context.Context, tx *mysql.Tx, b *batch, from calls) (*written, error) {
	p, err := l.planAhead(ctx, tx, b, from)
	if p == nil || err != nil {
		return nil, err
	}
	return l.writePlanned(ctx, tx, b, p)
}

// writePlanned writes entries first, and only once those of the batch before are there: whoever comes from the head
// meets the rows of both in their order, so that all who wait for each other do so in the database, which finds cycles.
func (l *Ledger) writePlanned(ctx context.Context, tx *mysql.Tx, b *batch, p *aheadPlan) (*written, error) {
	entries, rows, ends := p.statements()
	if err := await(ctx, p.before.rows); err != nil {
		return nil, err
	}
	err := tx.ExecAll(ctx, entries...)
	if err == nil {
		b.promise.rowsAreIn()
		err = tx.ExecAll(ctx, append(rows, claims(p.written().first, p.chosen)...)...)
	}
	if mysql.IsDuplicate(err) {
		return nil, l.whyDuplicate(ctx, tx, p.before)
	}
	if err != nil {
		return nil, err
	}
	if err := l.lockPromised(ctx, tx, p.before); err != nil {
		return nil, err
	}
	if err := tx.ExecAll(ctx, ends...); err != nil {
		return nil, err
	}
	return l.wrote(tx, b, p.plan, p.chosen), nil
}

// planAhead takes the calls and plans them behind the newest promise, one batch after the other. The first entry that
// says that the clock was set back is written under the lock, so that it is the only one.
func (l *Ledger) planAhead(ctx context.Context, tx *mysql.Tx, b *batch, from calls) (*aheadPlan, error) {
	if l.promises.last() == nil {
		return nil, nil
	}
	if err := l.promises.planning.take(ctx); err != nil {
		return nil, err
	}
	defer l.promises.planning.giveBack()
	before := l.promises.last()
	if before == nil || l.now().Before(before.at.Add(-clockTolerance)) && !l.steppedBack.Load() {
		return nil, nil
	}
	if b.calls = from.take(aheadEntries, aheadBatch); b.calls == nil {
		return nil, nil
	}
	chosen, seen, err := b.choose(ctx, tx)
	if err != nil || len(chosen) == 0 {
		return nil, err
	}
	if l.promises.underWay(seen) {
		b.repeats = 1 // it looks them up once those have ended
		return nil, nil
	}
	p, err := l.planBehind(ctx, tx, before.after, before.at, pendingOf(chosen))
	if err != nil {
		return nil, err
	}
	made := newPromise(p, seen, before)
	if !l.promises.give(made, before) {
		return nil, nil
	}
	b.promise = made
	return &aheadPlan{plan: p, before: before, chosen: chosen}, nil
}

// whyDuplicate tells a number that somebody else has taken from a key that was used before. Either way others were
// written behind the batch in vain.
func (l *Ledger) whyDuplicate(ctx context.Context, tx *mysql.Tx, promised *promise) error {
	l.promises.broke()
	head, err := readHead(ctx, tx, selectHead)
	if err != nil {
		return err
	}
	if head.Size > promised.after.size {
		return errForestalled
	}
	return errRepeated
}

// lockPromised locks the head once the promise was kept. errForestalled, or what the database says of a lock that is
// taken, when the head is not the one that was promised.
func (l *Ledger) lockPromised(ctx context.Context, tx *mysql.Tx, promised *promise) error {
	if err := await(ctx, promised.done); err != nil {
		if errors.Is(err, errForestalled) {
			l.promises.broke()
		}
		return err
	}
	if !promised.kept {
		return errForestalled
	}
	head, err := readHead(ctx, tx, lockHeadNow)
	if err == nil && (head.Size != promised.after.size || !slices.Equal(head.frontier, promised.after.frontier)) {
		err = errForestalled
	}
	if err != nil {
		l.promises.broke()
	}
	return err
}

// await waits for what another batch of this process does; errForestalled when that takes too long.
func await(ctx context.Context, done <-chan struct{}) error {
	patience := time.NewTimer(patienceAhead)
	defer patience.Stop()
	select {
	case <-done:
		return nil
	case <-patience.C:
		return errForestalled
	case <-ctx.Done():
		return ctx.Err()
	}
}
