package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/keytrail/keytrail/server/fault"
)

// masterFile is the master key file in the hands of the one process that may replace it. The lock lies beside the
// file, with the kernel, and lasts as long as the process: one that was stopped for an hour in the middle still
// holds it, so that it cannot put an outdated file over a newer one when it goes on.
type masterFile struct {
	path string
	info fs.FileInfo
	lock *os.File
}

// The names beside the master key file: a file that is not yet in place, and one that no longer is.
const (
	nextSuffix = ".next"
	oldSuffix  = ".old"
	lockSuffix = ".lock"
)

// lockMaster takes the file for this process; nil when another has it.
func lockMaster(path string) (*masterFile, error) {
	target, err := filepath.EvalSymlinks(path) // a link stays a link
	if err != nil {
		return nil, unreadable(path, err)
	}
	path = target
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	lock, err := os.OpenFile(path+lockSuffix, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unwritable(path, err)
	}
	if err := giveTo(lock, info); err != nil {
		return nil, unwritable(path, errors.Join(err, lock.Close()))
	}
	mine, err := lockFile(lock)
	if err != nil || !mine {
		return nil, errors.Join(err, lock.Close())
	}
	return &masterFile{path: path, info: info, lock: lock}, nil
}

func (f *masterFile) close() error { return f.lock.Close() }

// replace puts a keyring in the place of another, durably, and overwrites the bytes of the old file before they are
// let go of. That is all that can be done from here: a file system that writes elsewhere what is overwritten (btrfs,
// ZFS, any with snapshots), a disk that levels wear, swap and backups may all still hold the old bytes.
func (f *masterFile) replace(was, next *keyring, reached func(step string)) error {
	now, err := os.ReadFile(f.path)
	if err != nil {
		return unreadable(f.path, err)
	}
	if !bytes.Equal(now, was.text) {
		return fault.New(fault.Conflict, "somebody changed the master key file %s while it was being rotated: start again", f.path)
	}
	if err := f.write(f.path+nextSuffix, next.text); err != nil {
		return unwritable(f.path, err)
	}
	reached("written")
	// The old file keeps a name until it is overwritten, so that whoever comes after a crash finds it.
	if err := os.Link(f.path, f.path+oldSuffix); err != nil {
		return unwritable(f.path, err)
	}
	reached("linked")
	if err := errors.Join(os.Rename(f.path+nextSuffix, f.path), syncDir(filepath.Dir(f.path))); err != nil {
		return unwritable(f.path, err)
	}
	reached("renamed")
	if err := wipe(f.path + oldSuffix); err != nil {
		return unwritable(f.path, err)
	}
	reached("wiped")
	return nil
}

// leftBeside reports whether something lies beside the file that tidy would remove.
func leftBeside(path string) (bool, error) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false, unreadable(path, err)
	}
	for _, left := range []string{target + nextSuffix, target + oldSuffix} {
		if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
			return true, err
		}
	}
	return false, nil
}

// tidy removes what a process left that was killed in the middle of replacing the file.
func (f *masterFile) tidy() error {
	for _, left := range []string{f.path + nextSuffix, f.path + oldSuffix} {
		info, err := os.Stat(left)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = f.remove(left, info)
		}
		if err != nil {
			return unwritable(f.path, err)
		}
	}
	return nil
}

// remove wipes a file, unless it is a second name of the one in use.
func (f *masterFile) remove(left string, info fs.FileInfo) error {
	current, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	if os.SameFile(current, info) {
		return errors.Join(os.Remove(left), syncDir(filepath.Dir(left)))
	}
	return wipe(left)
}

// write makes a file that belongs to whom the master key file belongs: the command may be run by somebody else
// than the server.
func (f *masterFile) write(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = giveTo(file, f.info)
	if err == nil {
		_, err = file.Write(text)
	}
	return errors.Join(err, file.Sync(), file.Close())
}

// wipe overwrites a file's bytes and removes it.
func wipe(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	noise := make([]byte, info.Size())
	_, _ = rand.Read(noise)
	_, err = file.WriteAt(noise, 0)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return errors.Join(os.Remove(path), syncDir(filepath.Dir(path)))
}

func unreadable(path string, err error) error {
	return fault.Wrap(err, fault.Unavailable, "the master key file %s cannot be read: %v", path, err)
}

func unwritable(path string, err error) error {
	return fault.Wrap(err, fault.Unavailable, "the master key file %s cannot be replaced: %v. Give keytrail's user the right to write in its directory", path, err)
}
