//go:build linux || darwin

// Package diskspace tells how much room a disk has left.
package diskspace

import (
	"errors"
	"fmt"
	"syscall"
)

// Free gives which share of the file system with a directory is free to this user, 0 to 1. The error is
// errors.ErrUnsupported where it does not say.
func Free(dir string) (share float64, err error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return 0, fmt.Errorf("diskspace: %s: %w", dir, err)
	}
	if stat.Blocks == 0 {
		return 0, fmt.Errorf("diskspace: the file system of %s does not tell its size: %w", dir, errors.ErrUnsupported)
	}
	return float64(stat.Bavail) / float64(stat.Blocks), nil
}
