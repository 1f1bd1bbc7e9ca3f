package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// Short rules, so that a test ends within a minute.
const (
	idleAfter = 3 * time.Second
	poll      = 500 * time.Millisecond
	interval  = time.Second
	patience  = 20 * time.Second
)

const token = "ktr_for_tests"

// binary builds the agent once, with a clock that libfaketime can set.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "keytrail-agent")
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "keytrail-agent")
	build := exec.Command("go", "build", "-tags", "libcclock", "-o", name, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return name, nil
})

func TestMain(m *testing.M) {
	name, err := binary() // before any test, whose desk would be idle by the time it is built
	if err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	os.RemoveAll(filepath.Dir(name))
	os.Exit(code)
}

// received is one report as the server took it, and when.
type received struct {
	User        string    `json:"user"`
	State       string    `json:"state"`
	At          time.Time `json:"ts"`
	Workstation string    `json:"workstation"`
	Seconds     int       `json:"interval_seconds"`
	ID          string    `json:"event_id"`
}

// server takes reports as the contract says and refuses everything else.
type server struct {
	*httptest.Server
	t       *testing.T
	mu      sync.Mutex
	reports []received
	changed chan struct{}
	ids     map[string]bool
}

func newServer(t *testing.T) *server {
	s := &server{t: t, changed: make(chan struct{}, 1), ids: map[string]bool{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.take))
	t.Cleanup(s.Close)
	return s
}

func (s *server) take(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	var report received
	in := json.NewDecoder(r.Body)
	in.DisallowUnknownFields()
	err := in.Decode(&report)
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/api/report" || r.Header.Get("Authorization") != "Bearer "+token ||
		report.User != `ACME\anna` || report.Workstation != "desk-7" || report.Seconds != int(interval/time.Second) || report.ID == "" ||
		report.State != "working" && report.State != "stopped" {
		s.t.Errorf("%s %s with %+v is against the contract: %v", r.Method, r.URL, report, err)
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"success":false,"message":"no"}`)
		return
	}
	s.mu.Lock()
	if !s.ids[report.ID] {
		s.reports, s.ids[report.ID] = append(s.reports, report), true
	}
	s.mu.Unlock()
	select {
	case s.changed <- struct{}{}:
	default:
	}
	w.WriteHeader(http.StatusCreated)
	io.WriteString(w, `{"success":true}`)
}

func (s *server) all() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.reports...)
}

// await waits until the reports are as wanted.
func (s *server) await(what string, wanted func([]received) bool) {
	s.t.Helper()
	end := time.After(patience)
	for !wanted(s.all()) {
		select {
		case <-s.changed:
		case <-end:
			s.t.Fatalf("no %s within %v: %+v", what, patience, s.all())
		}
	}
}

func endsWith(state string) func([]received) bool {
	return func(all []received) bool { return len(all) > 0 && all[len(all)-1].State == state }
}

// wire is the network between agent and server, and can be cut.
type wire struct {
	net.Listener
	target atomic.Pointer[string]
	cut    atomic.Bool
	mu     sync.Mutex
	open   []net.Conn
}

func newWire(t *testing.T, target string) *wire {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: listener}
	w.target.Store(&target)
	t.Cleanup(func() { listener.Close(); w.sever(true) })
	go w.accept()
	return w
}

func (w *wire) accept() {
	for {
		in, err := w.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", *w.target.Load())
		if err != nil || w.cut.Load() {
			in.Close()
			continue
		}
		w.mu.Lock()
		w.open = append(w.open, in, out)
		w.mu.Unlock()
		for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
			go func() {
				io.Copy(way[0], way[1])
				way[0].Close()
			}()
		}
	}
}

func (w *wire) sever(cut bool) {
	w.cut.Store(cut)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.open {
		c.Close()
	}
	w.open = nil
}

// desk is an X server whose pointer the test moves.
type desk struct {
	t       *testing.T
	display string
	conn    *xgb.Conn
	moves   int
}

func newDesk(t *testing.T) *desk {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "320x200x8", "-nolisten", "tcp", "-noreset")
	x.ExtraFiles = []*os.File{write}
	if err := x.Start(); err != nil {
		t.Fatalf("start Xvfb (.ci/tools Xvfb): %v", err)
	}
	write.Close()
	t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	number := make([]byte, 16)
	read.SetReadDeadline(time.Now().Add(patience))
	n, err := read.Read(number)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, display: ":" + strings.TrimSpace(string(number[:n]))}
	if d.conn, err = xgb.NewConnDisplay(d.display); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.conn.Close)
	if err := xtest.Init(d.conn); err != nil {
		t.Fatal(err)
	}
	d.touch()
	return d
}

// touch moves the pointer and gives when.
func (d *desk) touch() time.Time {
	d.moves++
	root := xproto.Setup(d.conn).DefaultScreen(d.conn).Root
	if err := xtest.FakeInputChecked(d.conn, xproto.MotionNotify, 0, 0, root, int16(d.moves%100), 10, 0).Check(); err != nil {
		d.t.Fatal(err)
	}
	return time.Now()
}

// touchFor works for a time, and gives when it was touched first and last.
func (d *desk) touchFor(span time.Duration) (first, last time.Time) {
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	first = d.touch()
	for last = first; last.Sub(first) < span; last = d.touch() {
		<-again.C
	}
	return first, last
}

// agent is a run of the program.
type agent struct {
	t    *testing.T
	cmd  *exec.Cmd
	logs *bytes.Buffer
}

func environment(t *testing.T, d *desk, address string) []string {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("# for a test\nAPI_ENDPOINT=%s/api/report\nIDLE_THRESHOLD_MINUTES=%g\nPOLL_INTERVAL_SECONDS=%g\n"+
		"REPORT_INTERVAL_MINUTES=%g\nWORK_USER=\"ACME\\anna\"\nWORKSTATION_NAME=desk-7\n", address, idleAfter.Minutes(), poll.Seconds(), interval.Minutes())
	if err := os.WriteFile(filepath.Join(dir, "config.env"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	nobody := "unix:path=" + filepath.Join(dir, "no-bus")
	return []string{"KEYTRAIL_AGENT_STATE=" + dir, "KEYTRAIL_AGENT_CONFIG=" + filepath.Join(dir, "config.env"), "DISPLAY=" + d.display,
		"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "DBUS_SYSTEM_BUS_ADDRESS=" + nobody, "DBUS_SESSION_BUS_ADDRESS=" + nobody}
}

func start(t *testing.T, env []string) *agent {
	t.Helper()
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	a := &agent{t: t, cmd: exec.Command(name, "run"), logs: &bytes.Buffer{}}
	a.cmd.Env, a.cmd.Stderr = env, a.logs
	if err := a.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.cmd.Process.Kill(); a.cmd.Wait(); tidyUp(a.cmd) })
	return a
}

// tidyUp removes what libfaketime keeps for a process in memory, and leaves there, as Go ends without libc.
func tidyUp(ended *exec.Cmd) {
	for _, name := range []string{"faketime_shm_", "sem.faketime_sem_"} {
		os.Remove(fmt.Sprint("/dev/shm/", name, ended.Process.Pid))
	}
}

func (a *agent) end(how syscall.Signal) time.Time {
	a.t.Helper()
	a.cmd.Process.Signal(how)
	at := time.Now()
	if err := a.cmd.Wait(); err != nil && how != syscall.SIGKILL {
		a.t.Errorf("the agent failed: %v: %s", err, a.logs)
	}
	return at
}

// ask runs another command of the agent beside the one that runs.
func ask(t *testing.T, env []string, args ...string) (string, error) {
	t.Helper()
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = env
	out, err := cmd.CombinedOutput()
	if cmd.Process != nil {
		tidyUp(cmd)
	}
	return string(out), err
}
