package ledger

import (
	"context"
	"slices"
	"sync"
	"time"
)

// After a promise that did not hold, so many batches are written under the lock; twice as many after the next.
const firstAheadPause, longestAheadPause = 8, 1024

// promise is the head that a batch leaves once it is committed.
type promise struct {
	after *edge
	at    time.Time
	keys  map[claimKey]known // of the batch
	// ahead is set when the batch is written ahead itself, and behindAhead when the one before it is, too.
	ahead, behindAhead bool

	done chan struct{}
	kept bool // to be read once done is closed
	// rows is closed once the batch's entries are in the database, or it has ended.
	rows   chan struct{}
	rowsIn sync.Once
}

// newPromise makes the promise of a batch that builds on another one, or on none as it has the lock.
func newPromise(p *plan, keys map[claimKey]known, before *promise) *promise {
	return &promise{
		after: p.after, at: p.at, keys: keys, ahead: before != nil, behindAhead: before != nil && before.ahead,
		done: make(chan struct{}), rows: make(chan struct{}),
	}
}

func (p *promise) rowsAreIn() { p.rowsIn.Do(func() { close(p.rows) }) }

func (p *promise) settled() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// end tells whoever builds on the promise how it ended.
func (p *promise) end(kept bool) {
	p.kept, p.keys = kept, nil
	p.rowsAreIn()
	close(p.done)
}

// promises are those of this process, the newest last.
type promises struct {
	planning turn // one batch at a time builds on the newest
	locking  turn // one batch at a time goes for the lock, until it has promised something

	mu     sync.Mutex
	newest *promise
	open   []*promise
	going  int // how many go for the lock, batches and transactions
	pause  int // batches that are still to be written under the lock
	// lastPause is how long the last pause was, 0 since a batch that was written ahead was committed.
	lastPause int
	ended     aheadCounts
}

// aheadCounts tell how batches ended that were written ahead.
type aheadCounts struct {
	kept, chained, broken int // chained are those of the kept that followed another one
}

func newPromises() *promises { return &promises{planning: newTurn(), locking: newTurn()} }

// give makes a promise, on which the next batch may build; false when what it builds on, if anything, is not the newest
// any more.
func (s *promises) give(made, before *promise) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if before != nil && (s.newest != before || s.going > 0) {
		return false
	}
	s.newest, s.open = made, append(s.open, made)
	return true
}

// settle says how a promise ended. Only the first word counts, and nil promises nothing.
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
	s.count(p, kept)
	p.end(kept)
}

func (s *promises) count(p *promise, kept bool) {
	switch {
	case !p.ahead:
	case !kept:
		s.ended.broken++
	default:
		s.ended.kept++
		s.lastPause = 0
		if p.behindAhead {
			s.ended.chained++
		}
	}
}

// stands says what a transaction has left that promised nothing.
func (s *promises) stands(p *plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.newest != nil && (!s.newest.settled() || s.newest.kept && s.newest.after.size > p.after.size) {
		return
	}
	s.newest = newPromise(p, nil, nil)
	s.newest.end(true)
}

// broke has the next batches written under the lock: somebody else appends at the same time, or repeats what he sent.
func (s *promises) broke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastPause = min(max(2*s.lastPause, firstAheadPause), longestAheadPause)
	s.pause = s.lastPause
}

// last gives the promise to build on, nil for none.
func (s *promises) last() *promise {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.newest
	if p == nil || s.going > 0 || s.pause > 0 || p.settled() && !p.kept {
		return nil
	}
	return p
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

// goForLock has nothing begin to be written ahead until arrived is called, and waits a while for what is: that would be
// in vain. Call arrived once the lock is held, or was not given.
func (s *promises) goForLock(ctx context.Context) (arrived func(), err error) {
	s.mu.Lock()
	s.going++
	var ahead []*promise
	for _, p := range s.open {
		if p.ahead {
			ahead = append(ahead, p)
		}
	}
	s.mu.Unlock()
	arrived = func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.going--
	}
	for _, p := range ahead {
		if err := await(ctx, p.done); err != nil && ctx.Err() != nil {
			arrived()
			return nil, err
		} else if err != nil {
			break
		}
	}
	return arrived, nil
}

// forget is for whoever holds the lock: nothing that was promised until then will be the head that he leaves.
func (s *promises) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest = nil
}

// passed counts a batch that is written under the lock.
func (s *promises) passed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pause = max(s.pause-1, 0)
}
