package queue

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"
)

// flusher tells waiters how far the disk has come.
type flusher struct {
	mu     sync.Mutex
	done   Position
	err    error         // of the last flush
	turn   chan struct{} // closed, and replaced, at the end of each flush
	wanted chan struct{} // one token when somebody waits
	closed bool
}

func (f *flusher) init() { f.turn, f.wanted = make(chan struct{}), make(chan struct{}, 1) }

// end is reached for the last time: nobody waits any more.
func (f *flusher) end(to Position, err error) {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.reached(to, err)
}

// reached ends a flush up to a position, with what came of it.
func (f *flusher) reached(to Position, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil && f.done.before(to) {
		f.done = to
	}
	f.err = err
	close(f.turn)
	f.turn = make(chan struct{})
}

// wait returns when a position is on the disk, with the error of the flush that should have brought it there.
func (f *flusher) wait(ctx context.Context, to Position) error {
	for {
		f.mu.Lock()
		if !f.done.before(to) {
			f.mu.Unlock()
			return nil
		}
		turn, closed := f.turn, f.closed
		f.mu.Unlock()
		if closed {
			return ErrClosed
		}
		select {
		case f.wanted <- struct{}{}:
		default:
		}
		select {
		case <-turn:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := f.failed(to); err != nil {
			return err
		}
	}
}

func (f *flusher) failed(to Position) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.done.before(to) {
		return nil
	}
	return f.err
}

// flushing flushes when somebody waits, and otherwise now and then, until the queue is closed.
func (q *Queue) flushing() {
	defer q.finish.Done()
	tick := time.NewTicker(q.o.SyncEvery)
	defer tick.Stop()
	for {
		select {
		case <-q.ended:
			return
		case <-q.flush.wanted:
			q.flushNow()
		case <-tick.C:
			if q.unflushed() {
				q.flushNow()
			}
		}
	}
}

func (q *Queue) unflushed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.flush.mu.Lock()
	defer q.flush.mu.Unlock()
	return q.flush.done.before(q.end)
}

// flushNow brings to the disk what was added so far. Records can be added meanwhile.
func (q *Queue) flushNow() {
	q.mu.Lock()
	files, to := append(q.rolled, q.file), q.end
	q.rolled = nil
	q.mu.Unlock()
	err := flushFiles(q.o.Dir, files)
	if err != nil {
		q.o.Logger.Error("the audit queue could not be flushed to the disk", "error", err)
	}
	q.flush.reached(to, err)
}

// flushFiles has the disk keep files and their names, and closes all but the last.
func flushFiles(dir string, files []*os.File) error {
	var errs []error
	for i, file := range files {
		errs = append(errs, file.Sync())
		if i < len(files)-1 {
			errs = append(errs, file.Close())
		}
	}
	return errors.Join(append(errs, syncDir(dir))...)
}
