package queue

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"
)

// maxUnsynced bounds the ended files that are kept open since they could not be flushed.
const maxUnsynced = 16

// flusher tells waiters how far the disk has come.
type flusher struct {
	mu     sync.Mutex
	done   Position
	err    error         // of the first flush that failed: what lies behind done may be lost, whatever a later flush says
	turn   chan struct{} // closed, and replaced, at the end of each flush
	wanted chan struct{} // one token when somebody waits
	closed bool
}

func (f *flusher) init() { f.turn, f.wanted = make(chan struct{}), make(chan struct{}, 1) }

// end is reached for the last time: nobody waits any more. Its error says that not everything is on the disk.
func (f *flusher) end(to Position, err error) error {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	return f.reached(to, err)
}

// reached ends a flush up to a position, with what came of it. After a flush that failed none counts any more until the
// queue is opened anew: a system may forget what it could not write and call the next flush a success.
func (f *flusher) reached(to Position, err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
	if f.err == nil && f.done.before(to) {
		f.done = to
	}
	close(f.turn)
	f.turn = make(chan struct{})
	return f.err
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

// broken gives the error of the first flush that failed.
func (f *flusher) broken() error {
	f.mu.Lock()
	defer f.mu.Unlock()
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
	unsynced, err := flushFiles(q.o.Dir, files)
	if err != nil {
		q.o.Logger.Error("the audit queue could not be flushed to the disk", "error", err)
		q.distrust(files[len(files)-1], unsynced, err)
	}
	_ = q.flush.reached(to, err)
}

// distrust keeps ended files for the next flush, and has the next record go into a new segment when the one that is
// written may have lost something. Of more than maxUnsynced files the oldest are given up.
func (q *Queue) distrust(written *os.File, unsynced []*os.File, why error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.rolled = append(unsynced, q.rolled...)
	for len(q.rolled) > maxUnsynced {
		_ = q.rolled[0].Close()
		q.rolled = q.rolled[1:]
	}
	if q.file == written {
		q.broken = why
	}
}

// flushFiles has the disk keep files and their names, and closes all but the last and those that it could not flush,
// which it gives back.
func flushFiles(dir string, files []*os.File) (unsynced []*os.File, err error) {
	var errs []error
	for i, file := range files {
		err := file.Sync()
		errs = append(errs, err)
		switch {
		case i == len(files)-1:
		case err != nil:
			unsynced = append(unsynced, file)
		default:
			errs = append(errs, file.Close())
		}
	}
	return unsynced, errors.Join(append(errs, syncDir(dir))...)
}
