// Package sftpaudit records what a program does over SFTP: files opened, with how many bytes were read and written, and
// everything that changes or lists a server's files. It wraps github.com/pkg/sftp.
//
//	files := sftpaudit.Wrap(client, recorder, sftpaudit.Options{Service: "bank"})
//	err := files.With(ctx).Remove("/in/report.csv") // who acts comes from the context
package sftpaudit

import (
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/pkg/sftp"
)

// Options say what is recorded.
type Options struct {
	// Service names the server.
	Service string
	// Address is the server's, such as sftp://bank.example.org; may be empty.
	Address string
	// Masks take secrets out of paths and errors; nil means audit.NewMasks().
	Masks *audit.Masks
}

// Files is a server's files as somebody sees them who is recorded.
type Files struct {
	client   *sftp.Client
	recorder audit.Recorder
	o        Options
	ctx      context.Context
}

// Wrap records what is done with a client.
func Wrap(client *sftp.Client, recorder audit.Recorder, o Options) *Files {
	if o.Masks == nil {
		o.Masks = audit.NewMasks()
	}
	return &Files{client: client, recorder: recorder, o: o, ctx: context.Background()}
}

// With gives the same files for whoever acts in a context.
func (f *Files) With(ctx context.Context) *Files {
	its := *f
	its.ctx = ctx
	return &its
}

// Client is the client below, whose calls are not recorded.
func (f *Files) Client() *sftp.Client { return f.client }

// do runs an operation and records it. With a strict recorder the operation is recorded as attempted before it is done,
// since what was done on another machine cannot be undone.
func (f *Files) do(method, path string, more map[string]any, run func() error) error {
	began := time.Now()
	if strict, ok := f.recorder.(interface{ Strict() bool }); ok && strict.Strict() {
		if err := f.record(method, path, with(more, "attempt", true), began, nil); err != nil {
			return err
		}
	}
	err := run()
	if failed := f.record(method, path, more, began, err); err == nil {
		return failed
	}
	return err
}

func with(m map[string]any, name string, value any) map[string]any {
	more := map[string]any{name: value}
	for k, v := range m {
		more[k] = v
	}
	return more
}

func (f *Files) record(method, path string, more map[string]any, began time.Time, err error) error {
	e := audit.Event{
		Action: audit.Called, OccurredAt: began, Outcome: audit.Success,
		Request: &audit.Request{
			Direction: audit.Outgoing, Method: method, Path: f.o.Masks.Text(path), URL: f.o.Address, Service: f.o.Service,
		},
		Response: &audit.Response{DurationMs: float64(time.Since(began).Microseconds()) / 1000},
	}
	if len(more) > 0 {
		e.Metadata = more
	}
	if err != nil {
		e.Outcome, e.Response.Error = audit.Failure, f.o.Masks.Text(err.Error())
		if os.IsPermission(err) {
			e.Outcome = audit.Denied
		}
	}
	return f.recorder.Record(f.ctx, e)
}

// Remove removes a file.
func (f *Files) Remove(path string) error {
	return f.do("REMOVE", path, nil, func() error { return f.client.Remove(path) })
}

// Rename renames a file.
func (f *Files) Rename(from, to string) error {
	return f.do("RENAME", from, map[string]any{"to": f.o.Masks.Text(to)}, func() error { return f.client.Rename(from, to) })
}

// Mkdir makes a folder.
func (f *Files) Mkdir(path string) error {
	return f.do("MKDIR", path, nil, func() error { return f.client.Mkdir(path) })
}

// RemoveDirectory removes an empty folder.
func (f *Files) RemoveDirectory(path string) error {
	return f.do("RMDIR", path, nil, func() error { return f.client.RemoveDirectory(path) })
}

// Chmod changes a file's permissions.
func (f *Files) Chmod(path string, mode os.FileMode) error {
	return f.do("CHMOD", path, map[string]any{"mode": mode.String()}, func() error { return f.client.Chmod(path, mode) })
}

// ReadDir lists a folder.
func (f *Files) ReadDir(path string) (list []os.FileInfo, err error) {
	err = f.do("LIST", path, nil, func() error { list, err = f.client.ReadDir(path); return err })
	return list, err
}

// Open opens a file to read; it is recorded when it is closed.
func (f *Files) Open(path string) (*File, error) { return f.OpenFile(path, os.O_RDONLY) }

// Create makes or empties a file; it is recorded when it is closed.
func (f *Files) Create(path string) (*File, error) {
	return f.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
}

// OpenFile opens a file with flags of package os; it is recorded when it is closed, or at once when it cannot be opened.
// With a strict recorder that cannot record, it is not opened.
func (f *Files) OpenFile(path string, flags int) (*File, error) {
	began, method := time.Now(), "GET"
	if flags&(os.O_WRONLY|os.O_RDWR) != 0 {
		method = "PUT"
	}
	if strict, ok := f.recorder.(interface{ Strict() bool }); ok && strict.Strict() {
		if err := f.record(method, path, map[string]any{"attempt": true}, began, nil); err != nil {
			return nil, err
		}
	}
	opened, err := f.client.OpenFile(path, flags)
	if err != nil {
		_ = f.record(method, path, nil, began, err)
		return nil, err
	}
	return &File{file: opened, files: f, method: method, path: path, began: began}, nil
}

// File is an open file whose bytes are counted.
type File struct {
	file          *sftp.File
	files         *Files
	method, path  string
	began         time.Time
	read, written atomic.Int64
	broke         atomic.Pointer[error] // why a read or write failed, the first
	closed        atomic.Bool
}

// Read reads and counts.
func (f *File) Read(p []byte) (int, error) {
	n, err := f.file.Read(p)
	f.read.Add(int64(n))
	f.note(err)
	return n, err
}

// Write writes and counts.
func (f *File) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	f.written.Add(int64(n))
	f.note(err)
	return n, err
}

func (f *File) note(err error) {
	if err != nil && !errors.Is(err, io.EOF) {
		f.broke.CompareAndSwap(nil, &err)
	}
}

// Seek moves to a place.
func (f *File) Seek(offset int64, whence int) (int64, error) { return f.file.Seek(offset, whence) }

// Stat tells size, mode and times.
func (f *File) Stat() (os.FileInfo, error) { return f.file.Stat() }

// Close closes the file and records what was done with it, once: as a failure where a read or write failed before.
func (f *File) Close() error {
	err := f.file.Close()
	if f.closed.Swap(true) {
		return err
	}
	more := map[string]any{"bytesRead": f.read.Load(), "bytesWritten": f.written.Load()}
	outcome := err
	if broke := f.broke.Load(); broke != nil {
		outcome = *broke
	}
	if failed := f.files.record(f.method, f.path, more, f.began, outcome); err == nil {
		return failed
	}
	return err
}
