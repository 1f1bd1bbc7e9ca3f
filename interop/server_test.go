package interop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

const patience = 120 * time.Second

// server is a keytrail process with the sample organisation. It is spoken to over HTTP and in no other way.
type server struct {
	url    string
	client *http.Client
}

var address = regexp.MustCompile(`answers at (http://\S+)`)

// start builds keytrail and runs it on a fresh data directory until the test ends.
func start(t *testing.T) *server {
	t.Helper()
	dir, err := os.MkdirTemp("", "kt-") // short, because of the database's socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	program := filepath.Join(dir, "keytrail")
	if out, err := exec.Command("go", "build", "-C", "..", "-o", program, "./server").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(program, "serve")
	cmd.Env = append(os.Environ(), "KEYTRAIL_SAMPLE=1", "KEYTRAIL_LISTEN=127.0.0.1:0", "KEYTRAIL_DATA="+filepath.Join(dir, "data"))
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("keytrail ended with %v\n%s", err, log.String())
		}
	})
	timer := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if found := address.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, said) }()
			jar, err := cookiejar.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			return &server{url: found[1], client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
		}
	}
	t.Fatalf("keytrail did not start\n%s", log.String())
	return nil
}

// ask sends a GraphQL operation and reads the answer into dest.
func (s *server) ask(t *testing.T, query string, dest any) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	response, err := s.client.Post(s.url+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer := struct {
		Data   any
		Errors []any
	}{Data: dest}
	if err := json.Unmarshal(text, &answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%s: %v %s", query, err, text)
	}
}

func (s *server) signIn(t *testing.T) {
	t.Helper()
	var ignored any
	s.ask(t, `mutation { signIn(input: {username: "admin", password: "keytrail-sample"}) { viewer { roles } } }`, &ignored)
}

// record has keytrail record n entries.
func (s *server) record(t *testing.T, n int, name string) {
	t.Helper()
	for i := range n {
		var ignored any
		s.ask(t, fmt.Sprintf(`mutation { saveKeyGroup(input: {name: "%s %d", id: null}) { keyGroup { version } } }`, name, i), &ignored)
	}
}

// checkpoint has a checkpoint signed that covers everything recorded so far.
func (s *server) checkpoint(t *testing.T) []byte {
	t.Helper()
	var answer struct{ Checkpoint struct{ Note string } }
	s.ask(t, `{ checkpoint { note } }`, &answer)
	return []byte(answer.Checkpoint.Note)
}

// verifierKey reads the line that checks signatures.
func (s *server) verifierKey(t *testing.T) string {
	t.Helper()
	response, err := s.client.Get(s.url + "/tlog/vkey")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%v %d", err, response.StatusCode)
	}
	return strings.TrimSpace(string(text))
}
