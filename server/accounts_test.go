package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

const rootPassword = "a long root password"

func TestAnAccountThatCannotBeMadeLeavesNoPerson(t *testing.T) {
	t.Parallel()
	data := mysqltest.Data(t)
	s := serve(t, "--data", data, "--root-password", rootPassword)
	s.ask(signIn(rootPassword))
	for want, args := range map[string][]string{
		"wizard":    {"anna", "--name", "Anna Kalniņa", "--roles", "wizard"},
		"user name": {"ROOT", "--name", "Anna Kalniņa", "--roles", "member"},
		"spaces":    {"an na", "--name", "Anna Kalniņa", "--roles", "member"},
	} {
		code, said := command(t, append([]string{"admin", "create-account", "--data", data}, args...)...)
		if code != 1 || !strings.Contains(said, want) {
			t.Errorf("%v: %d %s", args, code, said)
		}
	}
	if got := s.ask("{ people { totalCount } }"); !strings.Contains(got, `"totalCount":1}`) {
		t.Errorf("somebody besides root: %s", got)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
}

func TestRootIsNotMadeBeforeHisPasswordIsWritten(t *testing.T) {
	t.Parallel()
	data := mysqltest.Data(t)
	file := filepath.Join(data, "root-password")
	if err := os.MkdirAll(filepath.Join(file, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if code, said := command(t, "serve", "--listen", "127.0.0.1:0", "--data", data); code != 1 {
		t.Fatal(code, said)
	}
	if err := os.RemoveAll(file); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--data", data)
	password, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.ask(signIn(strings.TrimSpace(string(password)))); !strings.Contains(got, `"mustChangePassword":true`) {
		t.Error(got)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
}

func TestNothingPointsToAPasswordThatRootHasNoMore(t *testing.T) {
	t.Parallel()
	data := mysqltest.Data(t)
	s := serve(t, "--data", data)
	file := filepath.Join(data, "root-password")
	if !fileExists(file) {
		t.Fatal("there is no first password")
	}
	if code, said := command(t, "admin", "reset-password", "Root", "--data", data); code != 0 || fileExists(file) {
		t.Errorf("after a reset: %d %s, file %v", code, said, fileExists(file))
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}

	data = mysqltest.Data(t)
	file = filepath.Join(data, "root-password")
	if err := os.WriteFile(file, []byte("of a start that was interrupted\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s = serve(t, "--data", data, "--root-password", rootPassword)
	if strings.Contains(s.said.String(), "one-time") || fileExists(file) {
		t.Errorf("with a password that was given: %s", s.said)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
}

func TestTheSessionCookieIsSecureOnDemand(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		s := serve(t, "--data", mysqltest.Data(t), "--root-password", rootPassword, fmt.Sprintf("--secure-cookie=%v", secure))
		body := strings.NewReader(fmt.Sprintf(`{"query":%q}`, signIn(rootPassword)))
		response, err := s.Post(s.url+"/graphql", "application/json", body)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		cookies := response.Cookies()
		if len(cookies) != 2 { // the session's and the trusted browser's
			t.Errorf("secure %v: %v", secure, cookies)
		}
		for _, cookie := range cookies {
			if cookie.Secure != secure || cookie.SameSite != http.SameSiteLaxMode || !cookie.HttpOnly {
				t.Errorf("secure %v: %v", secure, cookie)
			}
		}
		if code := s.end(); code != 0 {
			t.Errorf("ended with %d: %s", code, s.said)
		}
	}
}

// cannotListen has a server with a sample that is there already listen in vain, which must end it.
func cannotListen(t *testing.T, data string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var said output
	p := program{ctx: ctx, out: &said, log: slog.New(slog.NewTextHandler(&said, nil))}
	c := serveCommand{Store: config.Store{Data: data}, Serve: config.Serve{Sample: true, SessionTimeoutSeconds: 3600}}
	opened, err := openOwned(ctx, c.Store, p.log)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = opened.close() }()
	s, err := newServices(ctx, opened, c, p.log)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.serve(p, s, listeners{main: brokenListener{}}) }()
	select {
	case err := <-ended:
		if !errors.Is(err, errBroken) {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(patience):
		t.Errorf("it still runs: %s", said.String())
		cancel()
		<-ended
	}
}

var errBroken = errors.New("the listener is broken")

type brokenListener struct{}

// Accept implements net.Listener.
func (brokenListener) Accept() (net.Conn, error) { return nil, errBroken }

// Close implements net.Listener.
func (brokenListener) Close() error { return nil }

// Addr implements net.Listener.
func (brokenListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
