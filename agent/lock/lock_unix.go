//go:build !windows

package lock

import (
	"os"
	"syscall"
)

func try(file *os.File) bool {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
