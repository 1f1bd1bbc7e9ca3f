// Package disktest gives tests a disk that is small enough to be filled.
package disktest

import (
	"errors"
	"os"
	"syscall"
	"testing"
)

// Small mounts a file system in memory of some MiB, until the test ends, and gives its directory, whose path is short
// enough for sockets below it. It needs Linux and the right to mount.
func Small(t testing.TB, mib int) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kt")
	if err != nil {
		t.Fatal(err)
	}
	if err := mount(dir, mib); err != nil {
		t.Fatalf("a small disk needs the right to mount: %v", err)
	}
	t.Cleanup(func() {
		if err := errors.Join(unmount(dir), os.Remove(dir)); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// Fill writes a file until the disk is full.
func Fill(t testing.TB, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 4<<10); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
