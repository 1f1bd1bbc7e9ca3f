package mysql

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

const (
	leastBufferPool = 256 << 20
	mostBufferPool  = 4 << 30
	leastRedoLog    = 128 << 20
	mostRedoLog     = 1 << 30
)

// defaultBufferPool is an eighth of the memory that is there: the server, the browser or whatever else runs on the machine
// needs the rest, and a log's newest part fits.
func defaultBufferPool() int64 {
	return max(leastBufferPool, min(memory("/")/8, mostBufferPool))
}

// redoLogFor is how much of what changed may wait in the redo log before its pages must be written. A log that is small
// beside the pool has the pages of random keys written again and again.
func redoLogFor(bufferPool int64) int64 {
	return max(leastRedoLog, min(bufferPool/2, mostRedoLog))
}

// memory is what this process may use: the machine's, or the limit of its control group where that is lower. 0 where
// neither is known, as on macOS. root is where /proc and /sys are.
func memory(root string) int64 {
	machine := machineMemory(root + "proc/meminfo")
	for _, limit := range []string{"sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(root + limit)
		if err != nil {
			continue
		}
		if bytes, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && bytes < machine {
			machine = bytes
		}
	}
	return machine
}

func machineMemory(path string) int64 {
	file, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), "MemTotal:"); found {
			kib, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kib << 10
		}
	}
	return 0
}
