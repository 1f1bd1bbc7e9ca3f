// Package queue keeps records in files until somebody took them, in the order in which they came.
//
// A queue is a folder of segments, files that only grow, and a small file with the position up to which records were
// taken. Whoever opens a queue cuts off what a crash left of a record at the end of the segment that was written last, and
// writes into a new one: what cannot be read after that was damaged. Records that were taken but whose position was not kept yet come again.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

var (
	// ErrFull says that the queue holds as much as it may: nothing was added.
	ErrFull = errors.New("the queue is full")
	// ErrClosed says that the queue was closed.
	ErrClosed = errors.New("the queue is closed")
	// ErrInUse says that another process has the queue open.
	ErrInUse = errors.New("another process uses this queue: give each process a directory of its own")
)

// Options say how large a queue may become, and how soon its files are flushed. Every field but Damaged is needed.
type Options struct {
	Dir string
	// MaxBytes bounds all segments together, SegmentBytes each of them.
	MaxBytes, SegmentBytes int64
	// SyncEvery is after what time at the latest the disk is told to keep what was added.
	SyncEvery time.Duration
	Logger    *slog.Logger
	// Damaged is called by Peek with how many bytes of a file cannot be read and are passed over. It may append.
	Damaged func(bytes int64)
}

// Position is a place in a queue, behind a record.
type Position struct {
	Segment uint64
	Offset  int64
}

// before reports whether p stands in front of other.
func (p Position) before(other Position) bool {
	return p.Segment < other.Segment || p.Segment == other.Segment && p.Offset < other.Offset
}

// Queue is open until Close. It is safe for concurrent use, except that one goroutine alone takes records.
type Queue struct {
	o    Options
	lock *os.File

	mu       sync.Mutex
	closed   bool
	broken   error // the files cannot be trusted to take another record: why
	failed   error // of the last write, where it failed
	file     *os.File
	rolled   []*os.File // ended, but not on the disk yet
	end      Position   // behind the last record
	segments []segment
	total    int64 // bytes of all segments
	taken    Position
	buffer   []byte

	added  chan struct{} // one token when a record was added since it was taken
	flush  flusher
	ended  chan struct{} // closed by Close: the flusher ends
	finish sync.WaitGroup
}

// segment is one file.
type segment struct {
	number uint64
	bytes  int64
}

// Open opens the queue of a folder, and makes both when they are missing. ErrInUse when another process has it.
func Open(o Options) (*Queue, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockDir(o.Dir)
	if err != nil {
		return nil, err
	}
	o.SegmentBytes = min(o.SegmentBytes, o.MaxBytes/4) // what is taken of the segment being written still counts
	q := &Queue{o: o, lock: lock, added: make(chan struct{}, 1), ended: make(chan struct{})}
	q.flush.init()
	if err := q.load(); err != nil {
		_ = lock.Close()
		return nil, err
	}
	q.finish.Add(1)
	go q.flushing()
	if q.Waiting() > 0 {
		q.wake()
	}
	return q, nil
}

// Lock keeps others from opening the queue of a folder until it is released. ErrInUse while somebody has it.
func Lock(dir string) (release func() error, err error) {
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	return lock.Close, nil
}

// load finds the segments that are there and begins a new one.
func (q *Queue) load() error {
	segments, err := listSegments(q.o.Dir)
	if err != nil {
		return err
	}
	if err := mendLast(q.o.Dir, segments); err != nil {
		return err
	}
	q.segments, q.taken = segments, readPosition(q.o.Dir)
	next := q.taken.Segment + 1
	for _, s := range segments {
		q.total += s.bytes
		next = max(next, s.number+1)
	}
	if err := q.begin(next); err != nil {
		return err
	}
	q.dropTaken()
	return nil
}

// begin starts a segment. The caller holds mu, or is alone.
func (q *Queue) begin(number uint64) error {
	file, err := createSegment(q.o.Dir, number)
	if err != nil {
		return err
	}
	q.file, q.end = file, Position{Segment: number}
	q.segments = append(q.segments, segment{number: number})
	return nil
}

// Append adds a record: it is with the operating system when Append returns, and so outlives the process but not yet
// the machine; Sync waits for that. ErrFull, ErrClosed, or what the file system says; then nothing was added.
func (q *Queue) Append(payload []byte) (Position, error) {
	if len(payload) == 0 || len(payload) > MaxRecord {
		return Position{}, fmt.Errorf("a record of %d bytes: the queue takes 1 to %d", len(payload), MaxRecord)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.room(int64(len(payload) + headerBytes)); err != nil {
		return Position{}, err
	}
	q.buffer = appendRecord(q.buffer[:0], payload)
	if err := q.write(q.buffer); err != nil {
		return Position{}, err
	}
	q.wake()
	return q.end, nil
}

// room sees to it that a record fits. The caller holds mu.
func (q *Queue) room(size int64) error {
	switch {
	case q.closed:
		return ErrClosed
	case q.total+size > q.o.MaxBytes:
		return ErrFull
	case q.broken != nil, q.end.Offset > 0 && q.end.Offset+size > q.o.SegmentBytes:
		return q.roll()
	}
	return nil
}

// roll goes on in a new segment; the flusher sees to the old one. The caller holds mu.
func (q *Queue) roll() error {
	old := q.file
	if err := q.begin(q.end.Segment + 1); err != nil {
		return err
	}
	q.rolled, q.broken = append(q.rolled, old), nil
	return nil
}

// write adds bytes to the segment, all or nothing. The caller holds mu.
func (q *Queue) write(record []byte) error {
	if _, q.failed = q.file.Write(record); q.failed != nil {
		q.undo()
		return q.failed
	}
	q.end.Offset += int64(len(record))
	q.total += int64(len(record))
	q.segments[len(q.segments)-1].bytes = q.end.Offset
	return nil
}

// undo removes what was written behind the last record. The caller holds mu.
func (q *Queue) undo() {
	err := q.file.Truncate(q.end.Offset)
	if err == nil {
		_, err = q.file.Seek(q.end.Offset, 0)
	}
	if err != nil {
		q.broken = err
	}
}

func (q *Queue) wake() {
	select {
	case q.added <- struct{}{}:
	default:
	}
}

// Added gives a token when records were added since the last token was taken.
func (q *Queue) Added() <-chan struct{} { return q.added }

// Waiting is how many bytes were not taken yet.
func (q *Queue) Waiting() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := q.total
	for _, s := range q.segments {
		switch {
		case s.number < q.taken.Segment:
			waiting -= s.bytes
		case s.number == q.taken.Segment:
			waiting -= min(q.taken.Offset, s.bytes)
		}
	}
	return waiting
}

// Full reports whether a record of so many bytes would be refused, or Sync of it fail, with the reason. After a write that
// failed it tries whether the disk takes as much again.
func (q *Queue) Full(size int) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.room(int64(size + headerBytes)); err != nil {
		return err
	}
	if q.failed != nil {
		// Zeros are no record: what a crash leaves of them ends the segment.
		_, q.failed = q.file.Write(make([]byte, size+headerBytes))
		q.undo()
	}
	if q.failed != nil {
		return q.failed
	}
	return q.flush.broken()
}

// Close flushes everything to the disk and lets go of the folder. It waits for the disk only.
func (q *Queue) Close() error {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return nil
	}
	q.closed = true
	q.mu.Unlock()
	close(q.ended)
	q.finish.Wait()
	q.mu.Lock()
	defer q.mu.Unlock()
	unsynced, err := flushFiles(q.o.Dir, append(q.rolled, q.file))
	for _, file := range unsynced {
		_ = file.Close()
	}
	return errors.Join(q.flush.end(q.end, err), q.file.Close(), q.lock.Close())
}

// Sync waits until everything up to a position is on the disk, and shares the wait with whoever else waits.
func (q *Queue) Sync(ctx context.Context, to Position) error { return q.flush.wait(ctx, to) }
