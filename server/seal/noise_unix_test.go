//go:build unix

package seal

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe stands for the old file: whoever has opened it reads what is written after the path names another one.
func TestWhoReadsTheNoiseOfAReplacedFileReadsTheNewOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, next := filepath.Join(dir, "master.key"), filepath.Join(dir, "next.key")
	made, err := CreateMaster(next)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	type result struct {
		master *Master
		err    error
	}
	read := make(chan result, 1)
	go func() {
		m, err := LoadMaster(path)
		read <- result{m, err}
	}()
	old, err := os.OpenFile(path, os.O_WRONLY, 0) // waits for the reader
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, path); err != nil {
		t.Fatal(err)
	}
	if _, err := old.Write([]byte("noise")); err != nil {
		t.Fatal(err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	got := <-read
	if got.err != nil || got.master.ring.Load().primary != made.ring.Load().primary {
		t.Fatal(got.err)
	}
	if err := os.WriteFile(path, []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadMaster(path); err == nil {
		t.Error("a damaged file was read")
	}
}
