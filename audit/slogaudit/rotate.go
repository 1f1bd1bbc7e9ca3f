package slogaudit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// rotating is a file that is renamed to ….1 when it reaches its size; ….1 becomes ….2, and the oldest goes.
type rotating struct {
	path  string
	bytes int64
	count int

	mu     sync.Mutex
	file   *os.File // nil when it could not be opened again: the next line tries
	size   int64
	next   int64 // when it could not be rotated: the size at which that is tried again
	closed bool
}

func openRotating(path string, bytes int64, count int) (*rotating, error) {
	r := &rotating{path: path, bytes: bytes, count: count}
	return r, r.open()
}

func (r *rotating) open() error {
	file, err := os.OpenFile(r.path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	r.file, r.size, r.next = file, info.Size(), 0
	last := make([]byte, 1)
	if _, err := file.ReadAt(last, max(r.size-1, 0)); err == nil && last[0] != '\n' { // a crash left the beginning of a line
		n, _ := file.Write([]byte{'\n'})
		r.size += int64(n)
	}
	return nil
}

// Write writes one line, whole, into one file. Where the file cannot be rotated, the line goes into it all the same, the error
// says so, and it is tried again when the file has grown by as much once more.
func (r *rotating) Write(line []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return 0, os.ErrClosed
	}
	if r.file == nil {
		if err := r.open(); err != nil {
			return 0, err
		}
	}
	var failed error
	if r.size > 0 && r.size+int64(len(line)) > max(r.bytes, r.next) {
		if failed = r.rotate(); r.file == nil {
			return 0, failed
		}
		if failed != nil {
			r.next = r.size + r.bytes
		}
	}
	n, err := r.file.Write(line)
	if err != nil && n > 0 && r.file.Truncate(r.size) == nil { // of a line that does not fit nothing stays
		n = 0
	}
	r.size += int64(n)
	return n, errors.Join(failed, err)
}

func (r *rotating) rotate() error {
	file := r.file
	r.file = nil
	if err := file.Close(); err != nil {
		return err
	}
	for i := r.count; i >= 1; i-- {
		from := r.path
		if i > 1 {
			from = fmt.Sprintf("%s.%d", r.path, i-1)
		}
		if err := os.Rename(from, fmt.Sprintf("%s.%d", r.path, i)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(err, r.open())
		}
	}
	return r.open()
}

// Close closes the file; later lines are refused.
func (r *rotating) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.file == nil {
		return nil
	}
	file := r.file
	r.file = nil
	return file.Close()
}
