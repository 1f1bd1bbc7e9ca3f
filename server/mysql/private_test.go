package mysql_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

const otherProcess = "KEYTRAIL_TEST_PRIVATE_SERVER"

// TestMain is, when told so by the environment, another keytrail that runs a private server until it is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(otherProcess); dir != "" {
		private, err := mysql.StartPrivate(context.Background(), small(dir))
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("ready", private.Pid())
		select {}
	}
	os.Exit(m.Run())
}

// startOther runs another keytrail on a data directory and returns when its server answers.
func startOther(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), otherProcess+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "ready") {
		t.Fatal(line, err)
	}
	return cmd
}

func small(dir string) mysql.PrivateConfig {
	return mysql.PrivateConfig{DataDir: dir, BufferPoolBytes: 32 << 20, RedoLogBytes: 16 << 20}
}

func startPrivate(t *testing.T, dir string) *mysql.Private {
	t.Helper()
	p, err := mysql.StartPrivate(t.Context(), small(dir))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func stopPrivate(t *testing.T, p *mysql.Private) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
}

func openPrivate(t *testing.T, p *mysql.Private) *mysql.DB {
	t.Helper()
	if err := mysql.Migrate(t.Context(), p.Config(), migrations.FS); err != nil {
		t.Fatal(err)
	}
	db, err := mysql.Open(t.Context(), p.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func assertFault(t *testing.T, err error, parts ...string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok {
		t.Fatalf("got %v instead of a fault", err)
	}
	for _, part := range parts {
		if !strings.Contains(f.Message, part) {
			t.Errorf("%q does not mention %q", f.Message, part)
		}
	}
}

func isRunning(pid int) bool {
	command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && len(command) > 0 // a zombie has none
}

func TestPrivateServerKeepsItsDataOverARestart(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	first := startPrivate(t, dir)
	openPrivate(t, first)
	makeProbe(t, first.Config())
	pid := first.Pid()
	stopPrivate(t, first)
	if isRunning(pid) {
		t.Fatal("mariadbd still runs after Stop")
	}
	second := startPrivate(t, dir)
	defer stopPrivate(t, second)
	if n := probeValue(t, openPrivate(t, second), 2); n != 0 {
		t.Fatal(n)
	}
}

func TestPrivateFilesAreForThisUserOnly(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	p := startPrivate(t, dir)
	defer stopPrivate(t, p)
	for name, want := range map[string]os.FileMode{
		"run": 0o700, "mysql": 0o700, "mysql.tmp": 0o700, "database.json": 0o600, "mysql.log": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode().Perm(), want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "run", "accounts.sql")); err == nil {
		t.Error("the accounts' passwords stayed in the run directory")
	}
}

func TestSecondKeytrailOnADataDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	other := startOther(t, dir)
	_, err := mysql.StartPrivate(t.Context(), small(dir))
	assertFault(t, err, fmt.Sprintf("pid %d", other.Process.Pid), "KEYTRAIL_DATA")
}

func TestCommandUsesTheServerThatRuns(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	startOther(t, dir)
	p, err := mysql.AttachPrivate(t.Context(), small(dir))
	if err != nil {
		t.Fatal(err)
	}
	db := openPrivate(t, p)
	stopPrivate(t, p)
	if err := db.Get(t.Context(), new(int), "SELECT 1"); err != nil {
		t.Fatalf("the command's end took the server along: %v", err)
	}
}

func TestCommandAloneStartsAndStopsTheServer(t *testing.T) {
	t.Parallel()
	p, err := mysql.AttachPrivate(t.Context(), small(mysqltest.Dir(t)))
	if err != nil {
		t.Fatal(err)
	}
	openPrivate(t, p)
	pid := p.Pid()
	stopPrivate(t, p)
	if isRunning(pid) {
		t.Fatal("mariadbd still runs")
	}
}

func TestCommandWaitsForOthersBeforeItStopsTheServer(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	owner, err := mysql.AttachPrivate(t.Context(), small(dir))
	if err != nil {
		t.Fatal(err)
	}
	guest, err := mysql.AttachPrivate(t.Context(), small(dir))
	if err != nil {
		t.Fatal(err)
	}
	db := openPrivate(t, guest)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		stopPrivate(t, owner)
	}()
	for range 50 {
		if err := db.Get(t.Context(), new(int), "SELECT 1"); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-stopped:
		t.Fatal("the server was stopped under the other command")
	default:
	}
	stopPrivate(t, guest)
	<-stopped
}

func TestServerEndsWithAKilledKeytrailAndTheNextOneTakesOver(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	other := startOther(t, dir)
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait()
	begin := time.Now()
	p := startPrivate(t, dir)
	defer stopPrivate(t, p)
	openPrivate(t, p)
	t.Logf("took over in %v", time.Since(begin))
}

func TestKilledServerIsStartedAgain(t *testing.T) {
	t.Parallel()
	p := startPrivate(t, mysqltest.Dir(t))
	defer stopPrivate(t, p)
	db := openPrivate(t, p)
	for range 3 {
		ended, pid := p.Done(), p.Pid()
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		select {
		case <-ended:
		case <-time.After(patience):
			t.Fatal("the end was not announced")
		}
		eventually(t, func() error { return db.Get(t.Context(), new(int), "SELECT 1") })
		if p.Pid() == pid {
			t.Fatal("the pid is the old one")
		}
	}
}

func TestStopEndsAServerThatHangs(t *testing.T) {
	t.Parallel()
	p := startPrivate(t, mysqltest.Dir(t))
	pid := p.Pid()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if isRunning(pid) {
		t.Fatal("mariadbd still runs")
	}
}

func TestInterruptedSetUpIsBegunAnew(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	halfMade := filepath.Join(dir, "mysql.new-123")
	if err := os.MkdirAll(halfMade, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(halfMade, "ibdata1"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startPrivate(t, dir)
	defer stopPrivate(t, p)
	openPrivate(t, p)
	if _, err := os.Stat(halfMade); err == nil {
		t.Fatal("the half-made directory is still there")
	}
}

func TestLostPasswordsAreMadeAnew(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	stopPrivate(t, startPrivate(t, dir))
	if err := os.Remove(filepath.Join(dir, "database.json")); err != nil {
		t.Fatal(err)
	}
	p := startPrivate(t, dir)
	defer stopPrivate(t, p)
	openPrivate(t, p)
}

func TestLongAndStrangeDataDirectoriesWork(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"long":    strings.Repeat("a-rather-long-name/", 8),
		"strange": "it's 100% (odd) @home?",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startPrivate(t, filepath.Join(mysqltest.Dir(t), path))
			defer stopPrivate(t, p)
			openPrivate(t, p)
		})
	}
}

func TestUnwritableDataDirectoryIsExplained(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := mysql.StartPrivate(t.Context(), small(filepath.Join(file, "data")))
	assertFault(t, err, "cannot be written", "not a directory", "KEYTRAIL_DATA")
}

func TestOpenRunDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	run := filepath.Join(dir, "run")
	if err := os.Mkdir(run, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(run, 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := mysql.StartPrivate(t.Context(), small(dir))
	assertFault(t, err, run, "0700")
}

func TestMissingMariadbdNamesThePackages(t *testing.T) {
	t.Parallel()
	c := small(t.TempDir())
	c.Mariadbd = "/nowhere/mariadbd"
	_, err := mysql.StartPrivate(t.Context(), c)
	assertFault(t, err, "apt-get install mariadb-server-core", "dnf install mariadb-server", "brew install mariadb",
		"MSI", "KEYTRAIL_DATABASE")
}

func TestServerThatDoesNotStartShowsItsLog(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	stopPrivate(t, startPrivate(t, dir))
	if err := os.WriteFile(filepath.Join(dir, "mysql", "ibdata1"), []byte("not a tablespace"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := mysql.StartPrivate(t.Context(), small(dir))
	assertFault(t, err, "ended while it started", "mysql.log", "InnoDB")
}

func TestServerWaitsForACommandThatUsesTheDirectory(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	command, err := mysql.AttachPrivate(t.Context(), small(dir))
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan error, 1)
	go func() {
		p, err := mysql.StartPrivate(t.Context(), small(dir))
		if err == nil {
			err = p.Stop(t.Context())
		}
		started <- err
	}()
	openPrivate(t, command)
	stopPrivate(t, command)
	if err := <-started; err != nil {
		t.Fatal(err)
	}
}

func TestHalfWrittenPasswordsAreMadeAnew(t *testing.T) {
	t.Parallel()
	dir := mysqltest.Dir(t)
	stopPrivate(t, startPrivate(t, dir))
	if err := os.WriteFile(filepath.Join(dir, "database.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := startPrivate(t, dir)
	defer stopPrivate(t, p)
	openPrivate(t, p)
}
