package mysql

import (
	"os"
	"testing"
	"time"
)

// withoutRetention makes a data directory as a keytrail left it that had two accounts only.
func withoutRetention(t *testing.T, c PrivateConfig) {
	t.Helper()
	p, err := newPrivate(c)
	if err != nil {
		t.Fatal(err)
	}
	old := `{"serve":{"user":"keytrail_serve","password":"one"},"migrate":{"user":"keytrail_migrate","password":"two"}}`
	if err := os.WriteFile(p.paths.accounts, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestADataDirectoryWithTwoAccountsGetsItsThird(t *testing.T) {
	t.Parallel()
	c := small(t)
	withoutRetention(t, c)
	p, err := StartPrivate(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop(t.Context())
	kept, err := readAccounts(p.paths.accounts)
	if err != nil || kept.Serve.Password != "one" || kept.Migrate.Password != "two" || kept.Retain.Password == "" {
		t.Fatalf("%+v, %v", kept, err)
	}
	for _, dsn := range []string{p.Config().Serve, p.Config().Migrate, p.Config().Retain} {
		if err := ping(t.Context(), dsn); err != nil {
			t.Error(err)
		}
	}
}

func TestAServerThatStillRunsWithoutTheThirdAccountIsStartedAgain(t *testing.T) {
	t.Parallel()
	c := small(t)
	withoutRetention(t, c)
	p, err := newPrivate(c)
	if err != nil {
		t.Fatal(err)
	}
	program, err := findProgram("")
	if err != nil {
		t.Fatal(err)
	}
	if p.accounts, err = readAccounts(p.paths.accounts); err != nil {
		t.Fatal(err)
	}
	p.accounts.Retain = account{User: "somebody_else", Password: "three"}
	if err := initialise(t.Context(), program, p.paths, p.cfg); err != nil {
		t.Fatal(err)
	}
	orphan, err := p.start(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(t.Context(), orphan, time.Second) })
	again, err := StartPrivate(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Stop(t.Context())
	<-orphan.exited
	if err := ping(t.Context(), again.Config().Retain); err != nil {
		t.Fatal(err)
	}
}
