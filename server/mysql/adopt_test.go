package mysql

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func small(t *testing.T) PrivateConfig {
	t.Helper()
	return PrivateConfig{DataDir: t.TempDir(), BufferPoolBytes: 32 << 20, RedoLogBytes: 16 << 20}
}

// initialised sets a data directory up, up to where its server can be started.
func initialised(t *testing.T, c PrivateConfig) (*Private, program) {
	t.Helper()
	p, err := newPrivate(c)
	if err != nil {
		t.Fatal(err)
	}
	program, err := findProgram("")
	if err != nil {
		t.Fatal(err)
	}
	if p.accounts, err = ensureAccounts(p.paths.accounts); err != nil {
		t.Fatal(err)
	}
	if err := initialise(t.Context(), program, p.paths, p.cfg); err != nil {
		t.Fatal(err)
	}
	return p, program
}

// leaveBehind starts a server that nobody owns, as a keytrail leaves it that was killed where the kernel
// does not end the child.
func leaveBehind(t *testing.T, c PrivateConfig) *child {
	t.Helper()
	p, program := initialised(t, c)
	server, err := p.start(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(t.Context(), server, time.Second) })
	return server
}

func TestServerThatStillRunsIsAdoptedAndHealed(t *testing.T) {
	t.Parallel()
	c := small(t)
	orphan := leaveBehind(t, c)
	p, err := StartPrivate(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if p.Pid() != orphan.pid {
		t.Fatalf("a second server was started: %d beside %d", p.Pid(), orphan.pid)
	}
	ended := p.Done()
	if err := syscall.Kill(orphan.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-ended
	for ping(t.Context(), p.Config().Serve) != nil {
		if t.Context().Err() != nil {
			t.Fatal("it did not come back")
		}
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAdoptedServerIsStopped(t *testing.T) {
	t.Parallel()
	c := small(t)
	orphan := leaveBehind(t, c)
	p, err := StartPrivate(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-orphan.exited
}

func TestServerThatIsGoingDownIsWaitedFor(t *testing.T) {
	t.Parallel()
	c := small(t)
	orphan := leaveBehind(t, c)
	if err := orphan.signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p, err := StartPrivate(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop(t.Context())
	<-orphan.exited
	if err := ping(t.Context(), p.Config().Serve); err != nil {
		t.Fatal(err)
	}
}

func TestForeignPidInThePidFileIsLeftAlone(t *testing.T) {
	t.Parallel()
	if isServerOf(os.Getpid(), "/some/where") {
		t.Fatal("this test is not a server")
	}
}

func TestLogIsRotatedAtStart(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/mysql.log"
	if err := os.WriteFile(path, []byte(strings.Repeat("x", maxLogBytes+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := openLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() != 0 {
		t.Fatal(info.Size(), err)
	}
}

func TestMariadbdIsSearchedInPathFirst(t *testing.T) {
	t.Parallel()
	list := candidates("/my/bin:/my/sbin")
	path, packaged := -1, -1
	for i, candidate := range list {
		switch candidate {
		case "/my/bin/mariadbd":
			path = i
		case "/usr/sbin/mariadbd":
			packaged = i
		}
	}
	if path < 0 || packaged < path {
		t.Fatal(list)
	}
}
