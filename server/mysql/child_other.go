//go:build unix && !linux

package mysql

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// childAttributes keeps a terminal's Ctrl-C from the server, so that keytrail can finish what it is at first.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// stillRuns reports whether the server that had this pid has it still.
func stillRuns(pid int, _ string) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// isServerOf reports whether the process is alive and a server of this data directory: pids are used again.
func isServerOf(pid int, dataDir string) bool {
	command, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(command), "--datadir="+dataDir)
}
