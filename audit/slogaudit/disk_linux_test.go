package slogaudit_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/keytrail/keytrail/audit/slogaudit"
)

const diskChild = "KEYTRAIL_TEST_DISK_CHILD"

// The disk that takes no more is a limit on the size of files, which holds for a process of its own.
func TestAFullDiskTearsNoLine(t *testing.T) {
	if os.Getenv(diskChild) != "" {
		disk(t)
		return
	}
	t.Parallel()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
	child.Env = append(os.Environ(), diskChild+"=1")
	if said, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
}

func disk(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	dir := t.TempDir()
	logger := slog.New(open(t, slogaudit.Options{Dir: dir}).Handler())
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	for _, most := range []uint64{before.Cur, 300, 300, before.Cur} {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: before.Max}); err != nil {
			t.Fatal(err)
		}
		logger.Info("a line")
	}
	text, err := os.ReadFile(filepath.Join(dir, "app.json"))
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(string(text)) {
		if lines++; !json.Valid([]byte(line)) {
			t.Errorf("a torn line: %q", line)
		}
	}
	if lines != 2 {
		t.Errorf("%d lines", lines)
	}
}
