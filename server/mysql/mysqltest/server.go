package mysqltest

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/keytrail/keytrail/server/mysql"
)

// process is the MariaDB that the tests of one process share. It ends with the process: the kernel or the
// janitor ends the server, and the janitor removes its files.
var process = sync.OnceValues(startServer)

type server struct {
	private *mysql.Private
	janitor io.Closer // kept, because its finaliser would close the pipe
}

func shared(t testing.TB) *server {
	t.Helper()
	s, err := process()
	if err != nil {
		t.Fatalf("the tests need MariaDB: %v", err)
	}
	return s
}

func startServer() (*server, error) {
	dir, err := os.MkdirTemp(fastDir(), "keytrail-test-")
	if err != nil {
		return nil, err
	}
	janitor, err := startJanitor(dir)
	if err != nil {
		return nil, err
	}
	private, err := mysql.StartPrivate(context.Background(), mysql.PrivateConfig{
		DataDir: dir, BufferPoolBytes: 64 << 20, RedoLogBytes: 16 << 20,
	})
	if err != nil {
		return nil, err
	}
	return &server{private: private, janitor: janitor}, nil
}

// fastDir is a directory in memory where there is one.
func fastDir() string {
	const memory = "/dev/shm"
	if f, err := os.CreateTemp(memory, "keytrail-probe-"); err == nil {
		_ = f.Close()
		_ = os.Remove(f.Name())
		return memory
	}
	return ""
}

// startJanitor starts a shell that waits for this process to end, however it ends, and then ends the
// server and removes its directory.
func startJanitor(dir string) (io.Closer, error) {
	const script = `cat >/dev/null
pid=$(cat "$0/mysql.pid" 2>/dev/null) && kill -9 "$pid" 2>/dev/null
rm -rf "$0"`
	janitor := exec.Command("sh", "-c", script, dir)
	pipe, err := janitor.StdinPipe() // closed by the kernel when this process ends
	if err != nil {
		return nil, err
	}
	return pipe, janitor.Start()
}

func (s *server) newPair(t testing.TB, schema string) mysql.Config {
	t.Helper()
	c := s.private.Config()
	c.Serve = strings.TrimSuffix(c.Serve, "/keytrail") + "/" + schema
	c.Migrate = strings.TrimSuffix(c.Migrate, "/keytrail") + "/" + schema
	migrate(t, c)
	return c
}
