package mysql

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// startWith starts a server that has further flags, and gives the address of the owning account.
func startWith(t *testing.T, flags ...string) Config {
	t.Helper()
	p, program := initialised(t, small(t))
	setup := p.paths.run + "/setup.sql"
	script := accountsScript(p.accounts) + "CREATE DATABASE keytrail;\n"
	if err := os.WriteFile(setup, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := openLog(p.paths.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	args := append(serverFlags(p.paths.data, p.paths.tmp, p.cfg), "--socket="+p.paths.socket, "--init-file="+setup)
	server, err := spawn(program.mariadbd, append(args, flags...), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(context.Background(), server, time.Second) })
	if err := p.awaitReady(t.Context(), server); err != nil {
		t.Fatal(err)
	}
	return Config{Serve: p.Config().Migrate}
}

func TestServerThatMayLoseCommitsIsRefused(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), startWith(t, "--innodb-flush-log-at-trx-commit=2"))
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "innodb_flush_log_at_trx_commit") {
		t.Fatal(err)
	}
}

func TestSchemaWithAnotherCollationIsRefused(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), startWith(t, "--collation-server=utf8mb4_general_ci"))
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "utf8mb4_bin") {
		t.Fatal(err)
	}
}

func TestBinlogThatIsNotFlushedIsWarnedOf(t *testing.T) {
	t.Parallel()
	c := startWith(t, "--log-bin", "--sync-binlog=0")
	var out bytes.Buffer
	c.Logger = slog.New(slog.NewTextHandler(io.Writer(&out), nil))
	db, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if !strings.Contains(out.String(), "sync_binlog = 1") {
		t.Fatal(out.String())
	}
}

func TestSessionsAreAlikeWhateverTheServersDefaults(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), startWith(t, "--sql-mode=", "--default-time-zone=+05:00", "--transaction-isolation=REPEATABLE-READ"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var now time.Time
	if err := db.Get(t.Context(), &now, "SELECT NOW(6)"); err != nil {
		t.Fatal(err)
	}
	if age := time.Since(now).Abs(); age > time.Minute || now.Location() != time.UTC {
		t.Fatalf("%v is not now in UTC", now)
	}
}
