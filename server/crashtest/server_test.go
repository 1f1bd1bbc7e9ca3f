package crashtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	rootPassword = "crash-test-root-password"
	patience     = 60 * time.Second
)

// binary builds keytrail once a run.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "keytrail-crash-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "keytrail")
	out, err := exec.Command("go", "build", "-o", path, "github.com/keytrail/keytrail/server").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// server is a keytrail process on a data directory, which outlives it.
type server struct {
	t      *testing.T
	bin    string
	data   string
	listen string
	cmd    *exec.Cmd
	log    *os.File // and no pipe, which a process that outlives its parent would keep open
	exited chan struct{}
	// started is called whenever the database has been started.
	started func()
	// database are the settings that name a database of one's own; without them it is a private one.
	database []string
}

func newServer(t *testing.T) *server {
	t.Helper()
	bin, err := binary()
	if err != nil {
		t.Fatalf("build keytrail: %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := &server{t: t, bin: bin, data: t.TempDir(), listen: l.Addr().String(), started: func() {}}
	if s.log, err = os.Create(filepath.Join(t.TempDir(), "log")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.stop()
		_ = s.log.Close()
	})
	return s
}

func (s *server) url() string { return "http://" + s.listen }

func (s *server) environment() []string {
	settings := append(os.Environ(),
		"KEYTRAIL_LISTEN="+s.listen, "KEYTRAIL_DATA="+s.data, "KEYTRAIL_ROOT_PASSWORD="+rootPassword, "KEYTRAIL_TIME_ZONE=Europe/Riga")
	return append(settings, s.database...)
}

// start starts the process and waits until it is ready; it gives how long that took.
func (s *server) start() time.Duration {
	s.t.Helper()
	begin := time.Now()
	s.cmd = exec.Command(s.bin, "serve")
	s.cmd.Env = s.environment()
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.exited = make(chan struct{})
	go func(cmd *exec.Cmd, exited chan struct{}) {
		_ = cmd.Wait()
		close(exited)
	}(s.cmd, s.exited)
	s.awaitReady()
	ready := time.Since(begin)
	s.started()
	return ready
}

func (s *server) awaitReady() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if s.ready(ctx) {
			return
		}
		select {
		case <-s.exited:
			s.t.Fatalf("keytrail ended:\n%s", s.tail())
		case <-ctx.Done():
			s.t.Fatalf("keytrail is not ready:\n%s", s.tail())
		case <-tick.C:
		}
	}
}

func (s *server) ready(ctx context.Context) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url()+"/readyz", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// killKeytrail ends the process as a power cut would.
func (s *server) killKeytrail() {
	_ = s.cmd.Process.Kill()
	<-s.exited
}

// killDatabase ends the private MariaDB. keytrail goes on and starts it again.
func (s *server) killDatabase() {
	if pid := s.databasePID(); pid > 0 {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

func (s *server) databasePID() int {
	text, err := os.ReadFile(filepath.Join(s.data, "mysql.pid"))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}

func (s *server) stop() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.exited:
	case <-time.After(patience):
		_ = s.cmd.Process.Kill()
		<-s.exited
	}
}

// verify runs keytrail verify on the data directory and gives what it printed.
func (s *server) verify() (string, error) {
	cmd := exec.Command(s.bin, "verify")
	cmd.Env = s.environment()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// tail gives the end of what the process printed.
func (s *server) tail() string {
	text, err := os.ReadFile(s.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4000):])
}
