package ledger

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// A large batch does not wait for the head to write its rows. It writes them ahead, behind the head that the batch
// before it has promised to leave, and takes the lock only for what each append changes. When the head is another by
// then, since another process or transaction came between or the promise was not kept, it is rolled back and written
// again under the lock.
//
// It does not wait for the lock in the database (NOWAIT): who holds it may wait for a row that was written ahead.

const (
	// Batches of fewer entries are written under the lock: there is little to win, and more would share a commit.
	aheadEntries = 384
	// aheadBatch bounds a batch that is written ahead, so that several are under way at once.
	aheadBatch = 512
	// aheadPatience is how long a batch that was written ahead waits for the one before it.
	aheadPatience = 2 * time.Second
	// After a promise that did not hold, so many batches are written under the lock; twice as many after the next.
	firstAheadPause, longestAheadPause = 8, 1024
)

const lockHeadNow = selectHead + " FOR UPDATE NOWAIT"

// errForestalled says that the head is not the one behind which a batch was written.
var errForestalled = errors.New("ledger: somebody else appended between")

// promise is the head that a batch leaves once it is committed.
type promise struct {
	after *edge
	at    time.Time
	keys  map[claimKey]known // of the batch
	ahead bool               // the batch is written ahead itself
	done  chan struct{}
	kept  bool // to be read once done is closed
}

func (p *promise) settled() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// promises are those of this process, the newest last.
type promises struct {
	planning turn // one batch at a time builds on the newest

	mu      sync.Mutex
	newest  *promise
	open    []*promise
	pause   int // batches that are still to be written under the lock
	pausing int // how many the next broken promise costs, halved; 0 after one that was kept
}

func newPromises() *promises { return &promises{planning: newTurn()} }

// give makes a promise, on which the next batch may build.
func (s *promises) give(p *plan, keys map[claimKey]known, ahead bool) *promise {
	made := &promise{after: p.after, at: p.at, keys: keys, ahead: ahead, done: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest, s.open = made, append(s.open, made)
	return made
}

// settle tells whoever builds on a promise how it ended. Only the first word counts, and nil promises nothing.
func (s *promises) settle(p *promise, kept bool) {
	if p == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.open, p)
	if i < 0 {
		return
	}
	s.open = slices.Delete(s.open, i, i+1)
	p.kept, p.keys = kept, nil
	close(p.done)
	if kept && p.ahead {
		s.pausing = 0
	}
}

// stands says what a transaction has left that promised nothing.
func (s *promises) stands(p *plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.newest != nil && (!s.newest.settled() || s.newest.kept && s.newest.after.size > p.after.size) {
		return
	}
	s.newest = &promise{after: p.after, at: p.at, kept: true, done: make(chan struct{})}
	close(s.newest.done)
}

// broke has the next batches written under the lock: somebody else appends at the same time, or repeats what he sent.
func (s *promises) broke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pausing = min(max(2*s.pausing, firstAheadPause), longestAheadPause)
	s.pause = s.pausing
}

// last gives the promise to build on, nil for none, and how many entries must wait to do so: where one is being written
// ahead, whoever went for the lock would come before it.
func (s *promises) last() (p *promise, least int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch p = s.newest; {
	case p == nil:
		return nil, 0
	case !p.settled():
		if p.ahead {
			return p, 1
		}
	case !p.kept:
		return nil, 0
	}
	if s.pause > 0 {
		return nil, 0
	}
	return p, aheadEntries
}

// passed counts a batch that was written under the lock.
func (s *promises) passed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pause = max(s.pause-1, 0)
}

// underWay reports whether a batch that is not committed yet has one of the keys.
func (s *promises) underWay(keys map[claimKey]known) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.open {
		for key := range keys {
			if _, ok := p.keys[key]; ok {
				return true
			}
		}
	}
	return false
}

// aheadPlan is a batch that is written ahead, and the promise that it builds on.
type aheadPlan struct {
	*plan
	before *promise
	chosen []*callItem
}

// writeAhead writes a batch behind the newest promise. Nothing is written, and nil given, when there is none or the
// batch had better wait for the lock; calls that it took stay in the batch.
func (l *Ledger) writeAhead(ctx context.Context, tx *mysql.Tx, b *batch, take takeCalls) (*written, error) {
	p, err := l.planAhead(ctx, tx, b, take)
	if p == nil || err != nil {
		return nil, err
	}
	rows, ends := p.statements()
	w := p.written()
	err = tx.ExecAll(ctx, append(rows, claims(w.first, p.chosen)...)...)
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
	l.onceCommitted(tx, p.plan)
	l.keepPromise(tx, b)
	b.settle(w.first, p.chosen)
	return w, nil
}

// planAhead takes the calls and plans them behind the newest promise, one batch after the other.
func (l *Ledger) planAhead(ctx context.Context, tx *mysql.Tx, b *batch, take takeCalls) (*aheadPlan, error) {
	if p, _ := l.promises.last(); p == nil {
		return nil, nil
	}
	if err := l.promises.planning.take(ctx); err != nil {
		return nil, err
	}
	defer l.promises.planning.giveBack()
	before, least := l.promises.last()
	if before == nil {
		return nil, nil
	}
	if b.calls = take(least, aheadBatch); b.calls == nil {
		return nil, nil
	}
	chosen, seen, err := b.choose(ctx, tx)
	if err != nil || len(chosen) == 0 || l.promises.underWay(seen) {
		return nil, err
	}
	p, err := l.planBehind(ctx, tx, before.after, before.at, pendingOf(chosen))
	if err != nil {
		return nil, err
	}
	b.promise = l.promises.give(p, seen, true)
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
	patience := time.NewTimer(aheadPatience)
	defer patience.Stop()
	select {
	case <-promised.done:
	case <-ctx.Done():
		return ctx.Err()
	case <-patience.C:
		l.promises.broke()
		return errForestalled
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

// keepPromise has the batch's promise settled when the transaction is committed.
func (l *Ledger) keepPromise(tx *mysql.Tx, b *batch) {
	made := b.promise
	tx.AfterCommit(func() { l.promises.settle(made, true) })
}
