package mysql

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
)

// childAttributes has the kernel end the server with keytrail, and keeps a terminal's Ctrl-C from it, so
// that keytrail can finish what it is at first.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
}

// stillRuns reports whether the server that had this pid has it still. A zombie that nobody waits for has ended.
func stillRuns(pid int, dataDir string) bool { return isServerOf(pid, dataDir) }

// isServerOf reports whether the process is alive and a server of this data directory: pids are used again.
func isServerOf(pid int, dataDir string) bool {
	command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && bytes.Contains(append(command, 0), []byte("\x00--datadir="+dataDir+"\x00"))
}
