package mysql

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestThePrivateDatabaseTakesAnEighthOfTheMemoryThatIsThere(t *testing.T) {
	for _, one := range []struct {
		name, meminfo, limit string
		want                 int64
	}{
		{"a machine", "MemTotal:       24576000 kB\nMemFree: 1 kB\n", "", 24576000 << 10},
		{"a container without a limit", "MemTotal: 8000000 kB\n", "max\n", 8000000 << 10},
		{"a container with one", "MemTotal: 8000000 kB\n", "1073741824\n", 1 << 30},
		{"a limit beyond the machine", "MemTotal: 8000000 kB\n", "9223372036854771712\n", 8000000 << 10},
		{"nothing known", "", "", 0},
	} {
		t.Run(one.name, func(t *testing.T) {
			root := t.TempDir() + "/"
			write(t, root+"proc/meminfo", one.meminfo)
			write(t, root+"sys/fs/cgroup/memory.max", one.limit)
			if got := memory(root); got != one.want {
				t.Errorf("it takes %d of memory as there, not %d", got, one.want)
			}
		})
	}
	if pool := defaultBufferPool(); pool < leastBufferPool || pool > mostBufferPool {
		t.Errorf("the pool takes %d", pool)
	}
	if small, large := redoLogFor(leastBufferPool), redoLogFor(64<<30); small != leastRedoLog || large != mostRedoLog {
		t.Errorf("the redo log takes %d and %d", small, large)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if text == "" {
		return
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}
