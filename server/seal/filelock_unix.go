//go:build unix

package seal

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// lockFile takes a lock on an open file without waiting; false when another process holds it. The kernel lets go of
// it when the file is closed or the process ends, however it ends.
func lockFile(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// giveTo makes a file belong to the owner of another.
func giveTo(f *os.File, other fs.FileInfo) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	has, ok := info.Sys().(*syscall.Stat_t)
	wanted, alike := other.Sys().(*syscall.Stat_t)
	if !ok || !alike || has.Uid == wanted.Uid && has.Gid == wanted.Gid {
		return nil
	}
	return f.Chown(int(wanted.Uid), int(wanted.Gid))
}
