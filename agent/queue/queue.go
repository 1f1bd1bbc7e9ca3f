// Package queue keeps reports on disk, in order, until they are delivered. What was added survives a kill; the tail
// that a crash tore is cut off.
package queue

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// Limits of the queue: more than a week of uninterrupted work, reported every minute.
const (
	DefaultRecords = 20_000
	maxLine        = 4 << 10
	compactAfter   = 64 << 10 // bytes of delivered records at the start of the file
)

// ErrFull says that a record was not added because too many wait. What waits already is kept: it is older.
var ErrFull = errors.New("the queue is full: reports are lost until the server can be reached")

// Record is one report that waits. Steady and Run place it on the clock of the run that made it.
type Record struct {
	ID          string        `json:"id"`
	State       string        `json:"state"`
	User        string        `json:"user"`
	Workstation string        `json:"workstation"`
	Seconds     int           `json:"seconds"` // between two reports of the same work
	At          time.Time     `json:"at"`      // by the clock as it was believed then
	Steady      time.Duration `json:"steady"`  // in Run
	Run         string        `json:"run"`
}

// Queue is a file of records and a file that says how far they were delivered. Its methods may be called from
// several goroutines, but only one process may have it open.
type Queue struct {
	mu      sync.Mutex
	file    *os.File
	headAt  string
	max     int
	waiting []line
	base    int64 // where the oldest waiting record begins
	end     int64
	damaged int
}

type line struct {
	record Record
	size   int64
}

// Open opens the queue in dir, which must exist, for at most max records.
func Open(dir string, max int) (*Queue, error) {
	file, err := os.OpenFile(filepath.Join(dir, "queue"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the queue of reports: %w", err)
	}
	q := &Queue{file: file, headAt: filepath.Join(dir, "queue.head"), max: max}
	if err := q.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("read the queue of reports: %w", err), file.Close())
	}
	return q, nil
}

// Close closes the files. What waits is on disk already.
func (q *Queue) Close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.file.Close()
}

// Add puts a record at the end, on disk when it returns. ErrFull says that it was not.
func (q *Queue) Add(r Record) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) >= q.max {
		return ErrFull
	}
	text, err := encode(r)
	if err != nil {
		return err
	}
	if _, err := q.file.WriteAt(text, q.end); err != nil {
		return errors.Join(fmt.Errorf("store a report: %w", err), q.file.Truncate(q.end))
	}
	if err := q.file.Sync(); err != nil {
		return fmt.Errorf("store a report: %w", err)
	}
	q.end += int64(len(text))
	q.waiting = append(q.waiting, line{r, int64(len(text))})
	return nil
}

// Oldest gives the record that is to be delivered next.
func (q *Queue) Oldest() (Record, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return Record{}, false
	}
	return q.waiting[0].record, true
}

// Len is how many records wait.
func (q *Queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// Damaged is how many stored records could not be read when the queue was opened.
func (q *Queue) Damaged() int { return q.damaged }

// Done removes the oldest record if it is the one with id. A kill right after it may bring the record back once.
func (q *Queue) Done(id string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 || q.waiting[0].record.ID != id {
		return nil
	}
	q.base += q.waiting[0].size
	q.waiting = q.waiting[1:]
	switch {
	case len(q.waiting) == 0:
		return q.empty()
	case q.base >= compactAfter:
		return q.compact()
	}
	return replace(q.headAt, []byte(strconv.FormatInt(q.base, 10)))
}

// empty starts the file anew. The head goes first: an old one would skip what is added next.
func (q *Queue) empty() error {
	if err := os.Remove(q.headAt); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	q.base, q.end = 0, 0
	return q.file.Truncate(0)
}

// compact writes what waits into a new file, of which the head is none again. Where that fails, the old one goes on.
func (q *Queue) compact() error {
	var text bytes.Buffer
	for _, l := range q.waiting {
		encoded, err := encode(l.record)
		if err != nil {
			return err
		}
		text.Write(encoded)
	}
	name := q.file.Name()
	if err := writeSynced(name+".new", text.Bytes()); err != nil {
		return err
	}
	if err := os.Remove(q.headAt); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := q.exchange(name+".new", name); err != nil {
		return errors.Join(err, replace(q.headAt, []byte(strconv.FormatInt(q.base, 10))))
	}
	q.base, q.end = 0, int64(text.Len())
	return nil
}

// exchange puts a file in the queue's place and opens it. Windows replaces no file that is open.
func (q *Queue) exchange(fresh, name string) error {
	closed := runtime.GOOS == "windows"
	if closed {
		_ = q.file.Close()
	}
	failed := os.Rename(fresh, name)
	if failed != nil && !closed {
		return failed
	}
	file, err := os.OpenFile(name, os.O_RDWR, 0o600) // the old one where it could not be replaced
	if err != nil {
		return errors.Join(failed, err)
	}
	if !closed {
		_ = q.file.Close()
	}
	q.file = file
	return failed
}

// load reads what waits, leaves out damaged lines, and cuts a torn tail off.
func (q *Queue) load() error {
	if text, err := os.ReadFile(q.headAt); err == nil {
		q.base, _ = strconv.ParseInt(string(text), 10, 64) // what can't be read is 0: some are delivered again
	}
	size, err := q.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if q.base < 0 || q.base > size {
		q.base = 0
	}
	if _, err := q.file.Seek(q.base, io.SeekStart); err != nil {
		return err
	}
	q.end = q.base
	in := bufio.NewReaderSize(q.file, maxLine)
	for {
		text, err := in.ReadSlice('\n')
		if err == io.EOF {
			return q.file.Truncate(q.end)
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		q.end += int64(len(text))
		q.take(text)
	}
}

// take keeps one stored line. The bytes of a damaged one go with the record before it, so that offsets stay right.
func (q *Queue) take(text []byte) {
	record, ok := decode(text)
	switch size := int64(len(text)); {
	case ok && len(q.waiting) < q.max:
		q.waiting = append(q.waiting, line{record, size})
	case len(q.waiting) > 0:
		q.damaged++
		q.waiting[len(q.waiting)-1].size += size
	default:
		q.damaged++
		q.base += size
	}
}

// encode gives a line: a checksum, the record, a line feed.
func encode(r Record) ([]byte, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(text), text), nil
}

func decode(text []byte) (Record, bool) {
	sum, body, found := bytes.Cut(bytes.TrimSuffix(text, []byte("\n")), []byte(" "))
	want, err := strconv.ParseUint(string(sum), 16, 32)
	var r Record
	ok := found && err == nil && uint32(want) == crc32.ChecksumIEEE(body) && json.Unmarshal(body, &r) == nil
	return r, ok
}

// writeSynced writes a file that is on the disk when it returns.
func writeSynced(name string, text []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// replace writes a file whole: whoever reads it sees the old text or the new one.
func replace(name string, text []byte) error {
	if err := os.WriteFile(name+"~", text, 0o600); err != nil {
		return err
	}
	return os.Rename(name+"~", name)
}
