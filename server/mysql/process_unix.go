//go:build unix

package mysql

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

const terminate = syscall.SIGTERM

func ownedByMe(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// flock takes a lock on an open file without waiting; false when another process holds it. The kernel
// lets go of it when the process ends, however it ends.
func flock(f *os.File, shared bool) (bool, error) {
	how := syscall.LOCK_EX
	if shared {
		how = syscall.LOCK_SH
	}
	err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
