//go:build unix

package mysqltest

import "syscall"

// freeBytes tells how much a file system has free; 0 when it is not there.
func freeBytes(dir string) uint64 {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return 0
	}
	return stat.Bavail * uint64(stat.Bsize)
}
