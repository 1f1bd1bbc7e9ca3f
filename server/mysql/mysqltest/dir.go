//go:build unix

package mysqltest

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
)

// enoughMemory is what a directory in memory must have free to be used: containers often give it 64 MB.
const enoughMemory = 2 << 30

// Dir makes a directory for a private server's data: in memory where there is enough of it, with a short path,
// and removed when the test ends.
func Dir(t testing.TB) string {
	t.Helper()
	place, err := processPlace()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(place.root, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// place is where one test process keeps its servers.
type place struct {
	root    string
	janitor io.Closer // held open: its end tells the janitor that this process has ended
}

// processPlace gives the place of this process. Nobody tells a process that its last test has ended, nor can it tidy
// up when it is killed; so a janitor outside sees to it that neither servers nor files stay.
var processPlace = sync.OnceValues(func() (*place, error) {
	root, err := os.MkdirTemp(fastDir(), "keytrail-test-")
	if err != nil {
		return nil, err
	}
	janitor, err := startJanitor(root)
	if err != nil {
		return nil, fmt.Errorf("starting the janitor: %w", err)
	}
	return &place{root: root, janitor: janitor}, nil
})

// fastDir is where directories are made: in memory where there is enough of it.
func fastDir() string {
	const memory = "/dev/shm"
	if freeBytes(memory) < enoughMemory {
		return os.TempDir()
	}
	probe, err := os.CreateTemp(memory, "keytrail-probe-")
	if err != nil {
		return os.TempDir()
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return memory
}

// startJanitor starts a shell that waits for this process to end, however it ends, and then ends its servers and
// removes their files. A server that is ending by itself may still write, so it looks more than once.
func startJanitor(root string) (io.Closer, error) {
	const script = `cat >/dev/null
for attempt in 1 2 3 4 5; do
	for pid in $(cat "$0"/*/mysql.pid 2>/dev/null); do kill -9 "$pid" 2>/dev/null; done
	rm -rf "$0" 2>/dev/null
	[ -e "$0" ] || exit 0
	sleep 1
done`
	janitor := exec.Command("sh", "-c", script, root)
	janitor.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the tests
	pipe, err := janitor.StdinPipe()
	if err != nil {
		return nil, err
	}
	return pipe, janitor.Start()
}

// freeBytes tells how much a file system has free; 0 when it is not there.
func freeBytes(dir string) uint64 {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return 0
	}
	return stat.Bavail * uint64(stat.Bsize)
}
