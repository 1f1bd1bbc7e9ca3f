//go:build unix && !linux

package mysql

import (
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// childAttributes keeps a terminal's Ctrl-C from the server, so that keytrail can finish what it is at first.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// isServerOf reports whether the process is alive and a server of this data directory: pids are used again.
func isServerOf(pid int, dataDir string) bool {
	command, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && slices.Contains(strings.Fields(string(command)), "--datadir="+dataDir)
}
