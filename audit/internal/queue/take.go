package queue

import (
	"bufio"
	"errors"
	"io"
	"os"
)

// Record is a payload, and the position behind it.
type Record struct {
	Payload []byte
	End     Position
}

// Peek gives the oldest records that were not taken, in order: at most so many, and no more than maxBytes of payload
// unless the first alone is larger. None when the queue is empty.
func (q *Queue) Peek(maxRecords, maxBytes int) ([]Record, error) {
	for {
		from, end := q.span()
		if !from.before(end) {
			return nil, nil
		}
		records, err := q.readFrom(from, end, maxRecords, maxBytes)
		if len(records) > 0 {
			return records, nil // what is wrong behind them shows at the next call
		}
		if err != nil && !errors.Is(err, errTorn) && !errors.Is(err, errDamaged) && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		if err := q.skip(from, end, err); err != nil {
			return nil, err
		}
	}
}

// span gives the oldest segment's part that was not taken.
func (q *Queue) span() (from, end Position) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, s := range q.segments {
		from = Position{Segment: s.number}
		if s.number == q.taken.Segment {
			from.Offset = min(q.taken.Offset, s.bytes)
		}
		end = Position{Segment: s.number, Offset: s.bytes}
		if s.number >= q.taken.Segment && from.before(end) {
			break
		}
	}
	return from, end
}

// readFrom reads records of one segment.
func (q *Queue) readFrom(from, end Position, maxRecords, maxBytes int) ([]Record, error) {
	file, err := os.Open(segmentPath(q.o.Dir, from.Segment))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	reader := bufio.NewReaderSize(io.NewSectionReader(file, from.Offset, end.Offset-from.Offset), 64<<10)
	var records []Record
	for size := 0; len(records) < maxRecords; {
		payload, err := readRecord(reader)
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return records, err
		}
		if size += len(payload); size > maxBytes && len(records) > 0 {
			return records, nil
		}
		from.Offset += int64(len(payload) + headerBytes)
		records = append(records, Record{Payload: payload, End: from})
	}
	return records, nil
}

// skip passes over the rest of a segment that cannot be read, tells of it, and sets the segment aside for people to look
// at. Zeros alone are what a crash leaves of a write, and no loss.
func (q *Queue) skip(from, end Position, why error) error {
	path := segmentPath(q.o.Dir, from.Segment)
	if errors.Is(why, errTorn) && onlyZeros(path, from.Offset) {
		return q.Take(Position{Segment: from.Segment + 1})
	}
	q.o.Logger.Error("a file of the audit queue is damaged: the rest of it is set aside", "file", path+".damaged", "offset", from.Offset, "error", why)
	if err := os.Link(path, path+".damaged"); err != nil && !errors.Is(err, os.ErrExist) && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := q.leave(from.Segment); err != nil {
		return err
	}
	if q.o.Damaged != nil {
		q.o.Damaged(end.Offset - from.Offset)
	}
	return q.Take(Position{Segment: from.Segment + 1})
}

// leave sees to it that no more is written into a segment.
func (q *Queue) leave(segment uint64) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if segment != q.end.Segment {
		return nil
	}
	return q.roll()
}

// Take says that everything up to a position was dealt with. Segments that were taken whole are removed.
func (q *Queue) Take(to Position) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.takeLocked(to)
}

func (q *Queue) takeLocked(to Position) error {
	if !q.taken.before(to) {
		return nil
	}
	q.taken = to
	q.dropTaken()
	return writePosition(q.o.Dir, to)
}

// dropTaken removes the segments of which nothing is left, except the one that is written. The caller holds mu.
func (q *Queue) dropTaken() {
	for len(q.segments) > 1 {
		oldest := q.segments[0]
		if oldest.bytes > 0 && q.taken.before(Position{Segment: oldest.number, Offset: oldest.bytes}) {
			return
		}
		if err := os.Remove(segmentPath(q.o.Dir, oldest.number)); err != nil && !errors.Is(err, os.ErrNotExist) {
			q.o.Logger.Error("a file of the audit queue could not be removed", "error", err)
			return
		}
		q.total -= oldest.bytes
		q.segments = q.segments[1:]
	}
}
