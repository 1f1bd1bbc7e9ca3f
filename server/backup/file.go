package backup

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// Suffix is how files of backups are called.
const Suffix = ".keytrail-backup"

// partial is the suffix of a file that is not whole yet.
const partial = ".partial"

// Written is a backup that is on disk.
type Written struct {
	*Manifest
	Path string
	// Bytes is the file's size, and SHA256 its hash in hexadecimal.
	Bytes  uint64
	SHA256 string
}

// WriteFile writes a backup to a new file, which is there only once it is whole and on disk. CONFLICT when there is such a
// file; UNAVAILABLE when the disk is full or the file cannot be written, and then nothing is left of it.
func WriteFile(ctx context.Context, db *mysql.DB, l *ledger.Ledger, path string, o Options) (*Written, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fault.New(fault.Conflict, "%s is there already: name a new file.", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*"+partial) // nobody else's, and for its owner only
	if err != nil {
		return nil, unwritable(path, err)
	}
	counted := &counter{to: f, sum: sha256.New()}
	m, err := Write(ctx, db, l, counted, o)
	if counted.failed != nil {
		err = unwritable(path, counted.failed)
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, errors.Join(asUnwritable(path, err), os.Remove(f.Name()))
	}
	if err := os.Link(f.Name(), path); err != nil { // never over another
		return nil, errors.Join(unwritable(path, err), os.Remove(f.Name()))
	}
	if err := errors.Join(os.Remove(f.Name()), syncDirectory(filepath.Dir(path))); err != nil {
		return nil, unwritable(path, err)
	}
	return &Written{Manifest: m, Path: path, Bytes: counted.n, SHA256: hex.EncodeToString(counted.sum.Sum(nil))}, nil
}

// reread reads the file again, and complains unless it is what was written (UNAVAILABLE).
func (w *Written) reread(ctx context.Context) error {
	f, err := os.Open(w.Path)
	if err != nil {
		return unwritable(w.Path, err)
	}
	defer func() { _ = f.Close() }()
	sum := sha256.New()
	for block := make([]byte, 1<<20); err == nil; {
		var n int
		n, err = f.Read(block)
		_, _ = sum.Write(block[:n])
		err = cmp.Or(err, ctx.Err())
	}
	if !errors.Is(err, io.EOF) {
		return asUnwritable(w.Path, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != w.SHA256 {
		return fault.New(fault.Unavailable, "%s does not read as it was written: the disk may be broken. Choose another for the backups.", w.Path)
	}
	return nil
}

// asUnwritable leaves a fault as it is.
func asUnwritable(path string, err error) error {
	if f, ok := fault.As(err); ok {
		return f
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return unwritable(path, err)
}

func unwritable(path string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fault.Wrap(err, fault.Unavailable, "The disk is full: %s could not be written, and nothing is left of it. Make room and try again.", path)
	case errors.Is(err, fs.ErrExist):
		return fault.Wrap(err, fault.Conflict, "%s is there already: name a new file.", path)
	}
	return fault.Wrap(err, fault.Unavailable, "%s cannot be written: %v.", path, err)
}

// counter counts and hashes what is written, and keeps why writing failed.
type counter struct {
	to  io.Writer
	sum interface {
		io.Writer
		Sum([]byte) []byte
	}
	n      uint64
	failed error
}

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	_, _ = c.sum.Write(p[:n])
	c.n += uint64(n)
	if err != nil {
		c.failed = err
	}
	return n, err
}

func syncDirectory(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Open opens a file for reading.
func Open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", path, err)
	}
	return f, nil
}
