package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

const patience = 3 * time.Minute

// output collects what a command says. It is safe for concurrent use.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

// String gives everything that was said.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// command runs keytrail and gives its exit code and what it said.
func command(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var said output
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	code := run(ctx, args, &said, &said)
	return code, said.String()
}

// running is a server in this process.
type running struct {
	t    *testing.T
	url  string
	said *output
	stop context.CancelFunc
	code chan int
	http.Client
}

var address = regexp.MustCompile(`answers at (http://\S+)`)

func serve(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	s := &running{t: t, said: &output{}, stop: stop, code: make(chan int, 1)}
	s.Jar, _ = cookiejar.New(nil)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.code <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), s.said, s.said)
	}()
	t.Cleanup(func() { // its database ends before the test's directory is removed
		stop()
		select {
		case <-ended:
		case <-time.After(patience):
			t.Errorf("keytrail did not stop: %s", s.said)
		}
	})
	until(t, func() bool {
		if found := address.FindStringSubmatch(s.said.String()); found != nil {
			s.url = found[1]
			return true
		}
		select {
		case code := <-s.code:
			t.Fatalf("keytrail ended with %d: %s", code, s.said)
		default:
		}
		return false
	}, func() string { return "keytrail did not start: " + s.said.String() })
	return s
}

// pollInterval is how often a test looks whether something has happened.
const pollInterval = 20 * time.Millisecond

// until polls until something has happened, which a server does by itself; otherwise says, once that took too long, what
// was there instead.
func until(t *testing.T, happened func() bool, otherwise func() string) {
	t.Helper()
	for end := time.Now().Add(patience); !happened(); time.Sleep(pollInterval) {
		if time.Now().After(end) {
			t.Fatal(otherwise())
		}
	}
}

// end stops the server and gives its exit code.
func (s *running) end() int {
	s.t.Helper()
	s.stop()
	select {
	case code := <-s.code:
		return code
	case <-time.After(patience):
		s.t.Fatalf("keytrail did not stop: %s", s.said)
		return -1
	}
}

func (s *running) ask(query string) string {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := s.Post(s.url+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var text bytes.Buffer
	if _, err := text.ReadFrom(response.Body); err != nil {
		s.t.Fatal(err)
	}
	return text.String()
}

func TestFirstStartRootAndStop(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	s := serve(t, "--data", data, "--time-zone", "Europe/Riga")
	file := filepath.Join(data, "root-password")
	if !strings.Contains(s.said.String(), file) {
		t.Errorf("it does not say where the password is: %s", s.said)
	}
	for _, secret := range []string{"root-password", "master.key", "checkpoint.key"} {
		info, err := os.Stat(filepath.Join(data, secret))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", secret, info, err)
		}
	}
	password, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first := strings.TrimSpace(string(password))
	if got := s.ask(signIn(first)); !strings.Contains(got, `"mustChangePassword":true`) {
		t.Fatal(got)
	}
	if got := s.ask("{ keys { totalCount } }"); !strings.Contains(got, "FORBIDDEN") {
		t.Error(got)
	}
	change := fmt.Sprintf(`mutation { changePassword(input: {current: %q, new: "a new root password"}) { viewer { mustChangePassword } } }`, first)
	if got := s.ask(change); !strings.Contains(got, `"mustChangePassword":false`) {
		t.Fatal(got)
	}
	if fileExists(file) {
		t.Error("the one-time password is still there")
	}
	if code, said := command(t, "serve", "--listen", "127.0.0.1:0", "--data", data); code != 1 || !strings.Contains(said, "Another keytrail") {
		t.Errorf("a second server: %d %s", code, said)
	}
	if code, said := command(t, "serve", "--listen", strings.TrimPrefix(s.url, "http://"), "--data", t.TempDir()); code != 1 || !strings.Contains(said, "Another program listens") {
		t.Errorf("a port in use: %d %s", code, said)
	}
	if code, said := command(t, "verify", "--data", data); code != 0 || !strings.Contains(said, "intact") {
		t.Errorf("verify beside: %d %s", code, said)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	again(t, data)
}

// again starts once more on the same data, which must be as they were.
func again(t *testing.T, data string) {
	t.Helper()
	left := filepath.Join(data, "tmp", "excelize-1") // by one that was killed
	if err := os.WriteFile(left, []byte("names"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--data", data)
	if fileExists(left) {
		t.Error("what was being made when it was killed is still there")
	}
	if strings.Contains(s.said.String(), "one-time") {
		t.Errorf("it speaks of a password that is no more: %s", s.said)
	}
	if got := s.ask(signIn("a new root password")); !strings.Contains(got, `"mustChangePassword":false`) {
		t.Error(got)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	if code, said := command(t, "verify", "--data", data); code != 0 || !strings.Contains(said, "intact") {
		t.Errorf("verify alone: %d %s", code, said)
	}
	if code, said := command(t, "serve", "--sample", "--listen", "127.0.0.1:0", "--data", data); code != 1 || !strings.Contains(said, "fresh data directory") {
		t.Errorf("sample on used data: %d %s", code, said)
	}
}

func signIn(password string) string {
	return fmt.Sprintf(`mutation { signIn(input: {username: "root", password: %q}) { viewer { mustChangePassword } } }`, password)
}

func TestSampleIsContinuedNotMixedWithRealDataAndEndsWhereItCannotListen(t *testing.T) {
	t.Parallel()
	data := mysqltest.Data(t)
	s := serve(t, "--sample", "--data", data)
	const count = "{ keys { totalCount } people { totalCount } keyLog(first: 1) { edges { node { occurredAt } } } }"
	s.ask(`mutation { signIn(input: {username: "admin", password: "keytrail-sample"}) { viewer { roles } } }`)
	if got := s.ask(count); !strings.Contains(got, `"keys":{"totalCount":127},"people":{"totalCount":60}`) {
		t.Error(got)
	}
	if got := s.ask("{ server { sample timeZone sampleAccounts { username password role } } }"); !strings.Contains(got, `"sample":true,"timeZone":"Europe/Riga","sampleAccounts":[{"username":"admin"`) {
		t.Error(got)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	if code, said := command(t, "serve", "--listen", "127.0.0.1:0", "--data", data); code != 1 || !strings.Contains(said, "sample") {
		t.Errorf("real data on sample: %d %s", code, said)
	}
	s = serve(t, "--sample", "--data", data)
	if strings.Contains(s.said.String(), "made the sample organisation") {
		t.Error("it was made twice")
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	if code, said := command(t, "verify", "--data", data); code != 0 {
		t.Errorf("verify: %d %s", code, said)
	}
	cannotListen(t, data)
}

func TestWhatCannotWorkSaysSoInOneLine(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"cannot be written":        {"serve", "--data", "/proc/keytrail"},
		"KEYTRAIL_INSECURE_HTTP=1": {"serve", "--listen", "0.0.0.0:0"},
		"KEYTRAIL_TIME_ZONE":       {"serve", "--time-zone", "Mars/Base"},
		"mysql://user:password@":   {"serve", "--database", "postgres://x", "--listen", "127.0.0.1:0"},
		"cannot be reached":        {"serve", "--database", "mysql://u:p@127.0.0.1:1/keytrail", "--listen", "127.0.0.1:0"},
		"unknown flag":             {"serve", "--bogus"},
	} {
		code, said := command(t, args...)
		if code != 1 || strings.Count(strings.TrimSpace(lastLine(said)), "\n") != 0 || !strings.Contains(lastLine(said), want) {
			t.Errorf("%v: %d %s", args, code, said)
		}
	}
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func TestSmallCommands(t *testing.T) {
	t.Parallel()
	if code, said := command(t, "version"); code != 0 || !strings.HasPrefix(said, "keytrail ") {
		t.Error(code, said)
	}
	if code, said := command(t, "schema"); code != 0 || !strings.Contains(said, "type Subscription {") || !strings.Contains(said, "@can(do: KEYS_VIEW)") {
		t.Error(code, said[:min(len(said), 300)])
	}
}

func TestAccountsAreMadeBesideAServer(t *testing.T) {
	t.Parallel()
	data := mysqltest.Data(t)
	s := serve(t, "--data", data, "--root-password", "a long root password")
	code, said := command(t, "admin", "create-account", "anna", "--name", "Anna Kalniņa", "--roles", "admin", "--data", data)
	oneTime := said[strings.LastIndex(strings.TrimSpace(said), " ")+1:]
	if code != 0 || !strings.Contains(said, "anna signs in with") {
		t.Fatal(code, said)
	}
	query := fmt.Sprintf(`mutation { signIn(input: {username: "anna", password: %q}) { viewer { mustChangePassword roles } } }`, strings.TrimSpace(oneTime))
	if got := s.ask(query); !strings.Contains(got, `"mustChangePassword":true`) {
		t.Error(got)
	}
	if code, said := command(t, "admin", "reset-password", "nobody", "--data", data); code != 1 || !strings.Contains(said, "no account") {
		t.Error(code, said)
	}
	if code, said := command(t, "migrate", "status", "--data", data); code != 0 || strings.Contains(said, "pending") {
		t.Error(code, said)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
}
