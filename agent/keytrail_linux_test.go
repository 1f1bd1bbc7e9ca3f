package main_test

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
	"sync"
	"syscall"
	"testing"
	"time"
)

// startWithin is how long keytrail may take to be built and to start, with a database of its own.
const startWithin = 3 * time.Minute

// keytrail is a real server on a fresh data directory.
type keytrail struct {
	t                  *testing.T
	program, data, url string
	client             *http.Client
	end                func() // of the process; once more does nothing
}

var address = regexp.MustCompile(`answers at (http://\S+)`)

func newKeytrail(t *testing.T, settings ...string) *keytrail {
	t.Helper()
	dir, err := os.MkdirTemp("", "kt-") // short, because of the database's socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	k := &keytrail{t: t, program: filepath.Join(dir, "keytrail"), data: filepath.Join(dir, "data")}
	build := exec.Command("go", "build", "-C", "..", "-o", k.program, "./server")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	k.serve(settings...)
	return k
}

// serve runs the server until the test ends, and returns when it answers.
func (k *keytrail) serve(settings ...string) {
	k.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		k.t.Fatal(err)
	}
	k.client = &http.Client{Jar: jar, Timeout: patience}
	server := exec.Command(k.program, "serve", "--listen", "127.0.0.1:0", "--data", k.data, "--root-password", rootPassword)
	server.Env = append(os.Environ(), settings...)
	said, err := server.StdoutPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	var log bytes.Buffer
	server.Stderr = &log
	if err := server.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.end = sync.OnceFunc(func() {
		server.Process.Signal(syscall.SIGTERM)
		if err := server.Wait(); err != nil {
			k.t.Errorf("keytrail ended with %v\n%s", err, &log)
		}
	})
	k.t.Cleanup(k.end)
	late := time.AfterFunc(startWithin, func() { server.Process.Kill() })
	defer late.Stop()
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if found := address.FindStringSubmatch(lines.Text()); found != nil {
			k.url = found[1]
			go io.Copy(io.Discard, said)
			return
		}
	}
	k.t.Fatalf("keytrail did not start\n%s", &log)
}

const rootPassword = "a long root password"

// ask sends a GraphQL operation and reads the answer's data into dest.
func (k *keytrail) ask(query string, variables map[string]any, dest any) {
	k.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		k.t.Fatal(err)
	}
	response, err := k.client.Post(k.url+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	answer := struct{ Data, Errors any }{Data: dest}
	if err == nil {
		err = json.Unmarshal(text, &answer)
	}
	if err != nil || answer.Errors != nil {
		k.t.Fatalf("%s: %v %s", query, err, text)
	}
}

// signIn has all that follows be asked by root.
func (k *keytrail) signIn() {
	k.t.Helper()
	var ignored any
	k.ask(`mutation($password: String!) { signIn(input: {username: "root", password: $password}) { viewer { roles } } }`,
		map[string]any{"password": rootPassword}, &ignored)
}

// newPerson makes the person whom agents call ACME\anna, and gives his id.
func (k *keytrail) newPerson() string {
	k.t.Helper()
	var made struct {
		CreatePerson struct{ Person struct{ ID string } }
	}
	k.ask(`mutation($called: [ExternalNameInput!]) { createPerson(input: {name: "Anna", externalNames: $called}) { person { id } } }`,
		map[string]any{"called": []any{map[string]any{"source": "desks", "name": `ACME\anna`}}}, &made)
	return made.CreatePerson.Person.ID
}

// newToken makes the token of a workstation.
func (k *keytrail) newToken() string {
	k.t.Helper()
	made := exec.Command(k.program, "--log-level", "error", "admin", "create-token", "Desk 7", "--role", "workstation", "--source", "desks", "--data", k.data)
	out, err := made.Output()
	if err != nil {
		k.t.Fatalf("no token was made: %v %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// spans has hours be computed, and gives when a person worked today. Spans that meet are one.
func (k *keytrail) spans(person string) (all []span) {
	k.t.Helper()
	var ignored any
	k.ask(`mutation { recomputeWorkHours { days } }`, nil, &ignored)
	var answer struct {
		WorkDays struct {
			Edges []struct {
				Node struct {
					Spans []struct{ From, To time.Time }
				}
			}
		}
	}
	k.ask(`query($person: ID) { workDays(filter: {person: $person}) { edges { node { spans { from to } } } } }`, map[string]any{"person": person}, &answer)
	for _, day := range answer.WorkDays.Edges {
		for _, s := range day.Node.Spans {
			if last := len(all) - 1; last >= 0 && all[last].to.Equal(s.From) {
				all[last].to = s.To
				continue
			}
			all = append(all, span{s.From, s.To})
		}
	}
	return all
}

// awaitSpans waits until all work is known to have ended and there are n times of it.
func (k *keytrail) awaitSpans(person string, n int) (all []span) {
	k.t.Helper()
	again, end := time.NewTicker(200*time.Millisecond), time.After(patience)
	defer again.Stop()
	for {
		if all = k.spans(person); len(all) == n && time.Since(all[n-1].to) > interval {
			return all
		}
		select {
		case <-again.C:
		case <-end:
			k.t.Fatalf("keytrail does not have %d times of work within %v: %v", n, patience, all)
		}
	}
}

// nearNoon is a zone in which it is around noon, so that no test meets midnight.
func nearNoon() string {
	east := 12 - time.Now().UTC().Hour()
	return fmt.Sprintf("Etc/GMT%+d", -east) // POSIX counts to the west
}
