// Package mariadbtest starts a private MariaDB for a test.
package mariadbtest

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const patience = 60 * time.Second

// Server is a running MariaDB with an empty schema "test", and no accounts: whoever reaches its socket may do anything.
type Server struct {
	// DSN is its address for go-sql-driver/mysql, up to the parameters.
	DSN string
	// Dir is where its files lie.
	Dir string
}

// Start starts a MariaDB until the test ends. It fails, and does not skip, when mariadbd is missing.
func Start(t testing.TB) *Server {
	t.Helper()
	program := find(t)
	dir, err := os.MkdirTemp("", "kt-db-") // short, because of the socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	data, socket := filepath.Join(dir, "data"), filepath.Join(dir, "s")
	if err := os.MkdirAll(filepath.Join(data, "test"), 0o700); err != nil {
		t.Fatal(err)
	}
	flags := []string{
		"--no-defaults", "--datadir=" + data, "--skip-networking", "--skip-log-bin", "--skip-grant-tables",
		"--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M", "--performance-schema=OFF",
		"--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin", "--default-time-zone=+00:00",
	}
	if os.Geteuid() == 0 {
		flags = append(flags, "--user=root")
	}
	if out, err := exec.Command(program, append(flags, "--bootstrap")...).CombinedOutput(); err != nil {
		t.Fatalf("setting up MariaDB: %v\n%s", err, out)
	}
	run(t, exec.Command(program, append(flags, "--socket="+socket, "--pid-file="+filepath.Join(dir, "pid"))...), socket)
	return &Server{DSN: "root@unix(" + socket + ")/test", Dir: data}
}

func find(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"mariadbd", "/usr/sbin/mariadbd", "/usr/libexec/mariadbd", "/opt/homebrew/bin/mariadbd"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("the tests need MariaDB: install mariadb-server-core")
	return ""
}

func run(t testing.TB, server *exec.Cmd, socket string) {
	t.Helper()
	var said strings.Builder
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = server.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(patience):
			_ = server.Process.Kill()
		}
	})
	if err := awaitSocket(socket, ended); err != nil {
		t.Fatalf("MariaDB does not answer: %v\n%s", err, said.String())
	}
}

// awaitSocket tries until the server takes connections: it has no other way to say so.
func awaitSocket(socket string, ended <-chan struct{}) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for {
		if conn, err := net.Dial("unix", socket); err == nil {
			return conn.Close()
		}
		select {
		case <-ended:
			return errors.New("it ended")
		case <-deadline:
			return errors.New("not in time")
		case <-tick.C:
		}
	}
}
