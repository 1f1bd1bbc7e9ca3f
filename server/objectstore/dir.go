package objectstore

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Dir keeps objects as files of a directory, which is made when it is needed.
type Dir string

// Put implements Store.
func (d Dir) Put(_ context.Context, name string, write func(io.Writer) error) error {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return ofDisk(err)
	}
	f, err := os.OpenFile(d.path(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return ofDisk(err)
	}
	to := &noted{to: f}
	written := write(to)
	if err := errors.Join(to.err, f.Sync(), f.Close(), d.sync()); err != nil {
		return ofDisk(err)
	}
	return written
}

// noted keeps the first error of what it writes to.
type noted struct {
	to  io.Writer
	err error
}

func (n *noted) Write(p []byte) (int, error) {
	done, err := n.to.Write(p)
	if err != nil && n.err == nil {
		n.err = err
	}
	return done, err
}

// Get implements Store.
func (d Dir) Get(_ context.Context, name string) (io.ReadCloser, error) {
	f, err := os.Open(d.path(name))
	if err != nil {
		return nil, ofDisk(err)
	}
	return f, nil
}

// Stat implements Store.
func (d Dir) Stat(_ context.Context, name string) (uint64, error) {
	info, err := os.Stat(d.path(name))
	if err != nil {
		return 0, ofDisk(err)
	}
	return uint64(info.Size()), nil
}

// Delete implements Store.
func (d Dir) Delete(_ context.Context, name string) error {
	if err := os.Remove(d.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return ofDisk(err)
	}
	return nil
}

// Check implements Store. What is wrong with a disk shows when it is written to.
func (Dir) Check(context.Context) error { return nil }

// Empty reports whether the directory holds nothing or is not there.
func (d Dir) Empty() bool {
	found, err := os.ReadDir(string(d))
	return len(found) == 0 && (err == nil || errors.Is(err, fs.ErrNotExist))
}

// Place implements Store.
func (d Dir) Place() string { return string(d) }

func (d Dir) path(name string) string { return filepath.Join(string(d), name) }

func (d Dir) sync() error {
	f, err := os.Open(string(d))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func ofDisk(err error) error { return &Error{cause: err} }
