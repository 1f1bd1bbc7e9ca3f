//go:build unix

package mysqltest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

const (
	bufferPool = 64 << 20
	redoLog    = 16 << 20
	patience   = 30 * time.Second
)

// Server is a private MariaDB of one test, which may kill and pause it.
type Server struct {
	t       testing.TB
	private *mysql.Private
	dir     string
}

// OpenServer starts a MariaDB for this test alone, with migrated schemas "keytrail" and "keytrail_ledger".
// It is stopped, and its files are removed, when the test ends.
func OpenServer(t testing.TB) *Server {
	t.Helper()
	dir := Data(t)
	private, err := mysql.StartPrivate(context.Background(), mysql.PrivateConfig{
		DataDir: dir, BufferPoolBytes: bufferPool, RedoLogBytes: redoLog, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, private: private, dir: dir}
	t.Cleanup(s.stop)
	migrate(t, s.Config())
	return s
}

func (s *Server) stop() {
	s.Resume() // a paused server would not hear that it should end
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.private.Stop(ctx); err != nil {
		s.t.Error(err)
	}
}

// Config gives the addresses of the serving and the owning account.
func (s *Server) Config() mysql.Config { return s.private.Config() }

// Open opens the server's schemas with the serving account, until the test ends.
func (s *Server) Open() *mysql.DB {
	s.t.Helper()
	return open(s.t, s.Config())
}

// DataDir is keytrail's data directory on this server.
func (s *Server) DataDir() string { return s.dir }

// Pid is the process id of mariadbd.
func (s *Server) Pid() int { return s.private.Pid() }

// Kill ends mariadbd as kill -9 does, and returns when it has ended. It is started again by itself.
func (s *Server) Kill() {
	s.t.Helper()
	deadline := time.Now().Add(patience)
	pid := s.Pid()
	for syscall.Kill(pid, syscall.SIGKILL) != nil { // it is being started again
		s.pollUntil(deadline, "mariadbd does not run")
		pid = s.Pid()
	}
	for syscall.Kill(pid, 0) == nil {
		s.pollUntil(deadline, "mariadbd does not end")
	}
}

func (s *Server) pollUntil(deadline time.Time, complaint string) {
	s.t.Helper()
	if time.Now().After(deadline) {
		s.t.Fatal(complaint)
	}
	time.Sleep(time.Millisecond)
}

// Pause stops mariadbd's clock: it neither answers nor ends, until Resume.
func (s *Server) Pause() {
	s.t.Helper()
	s.signal(syscall.SIGSTOP)
	for end := time.Now().Add(patience); s.runs() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

// runs reports whether a thread of mariadbd is not stopped yet, as far as the system tells (Linux does).
func (s *Server) runs() bool {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", s.Pid()))
	if err != nil {
		return false
	}
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if err != nil {
			continue // it has ended
		}
		state := stat[bytes.LastIndexByte(stat, ')')+1:] // behind the name, which may hold anything
		if !bytes.HasPrefix(state, []byte(" T")) {
			return true
		}
	}
	return false
}

// Resume lets a paused mariadbd go on.
func (s *Server) Resume() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(signal syscall.Signal) {
	s.t.Helper()
	if err := syscall.Kill(s.Pid(), signal); err != nil {
		s.t.Log("signal", signal, err)
	}
}
