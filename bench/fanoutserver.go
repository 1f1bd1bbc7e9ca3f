package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

const (
	benchPassword  = "keytrail-bench-password"
	socketsEach    = 50 // of one session; keytrail allows 64
	keysEach       = 10 // of one writer, in turn: neighbours in an index that are written at once wait for each other
	fanoutDocument = `subscription($after: Cursor) { keyFeed(after: $after) { seq cursor action occurredAt recordedAt entity { id label } actor { name } holder { name department { name } } comment dueAt } }`
	issueDocument  = `mutation($k: ID!, $h: ID!) { issueKeys(input: {keys: [$k], holder: $h, comment: "bench"}) { entries { seq } } }`
	returnDocument = `mutation($k: ID!) { returnKeys(input: {keys: [$k]}) { entries { seq } } }`
)

// child is a server in a process of its own.
type child struct {
	command *exec.Cmd
	url     string
	output  io.Reader
}

// startChild starts a program and reads where it listens from its first lines.
func startChild(ctx context.Context, command *exec.Cmd) (*child, error) {
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return nil, err
	}
	c := &child{command: command, output: output}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if _, address, found := strings.Cut(lines.Text(), "http://"); found {
			c.url = "http://" + strings.TrimSpace(address)
			return c, ctx.Err()
		}
	}
	c.close()
	return nil, fmt.Errorf("%s did not say where it listens", command.Path)
}

func (c *child) process() int { return c.command.Process.Pid }

func (c *child) close() {
	_ = c.command.Process.Signal(syscall.SIGTERM)
	_ = c.command.Wait()
}

// fanoutServer is keytrail on a data directory of its own.
type fanoutServer struct {
	*child
	dir      string
	sessions []*http.Client
	keys     []string
	holder   string
	start    string // the cursor behind which the measured events come
}

func openFanoutServer(ctx context.Context) (fanoutTarget, error) {
	dir, err := os.MkdirTemp("", "keytrail-bench-")
	if err != nil {
		return nil, err
	}
	s := &fanoutServer{dir: dir}
	if err := s.open(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *fanoutServer) open(ctx context.Context) error {
	program := filepath.Join(s.dir, "keytrail")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "./server")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return err
	}
	serve := exec.Command(program, "serve", "--listen=127.0.0.1:0", "--data="+filepath.Join(s.dir, "data"), "--db-log-level=0")
	serve.Env = append(os.Environ(), "KEYTRAIL_ROOT_PASSWORD="+benchPassword)
	var err error
	if s.child, err = startChild(ctx, serve); err != nil {
		return err
	}
	if err := s.session(ctx); err != nil {
		return err
	}
	return s.prepare(ctx)
}

func (s *fanoutServer) close() {
	if s.child != nil {
		s.child.close()
	}
	_ = os.RemoveAll(s.dir)
}

// session signs in once more.
func (s *fanoutServer) session(ctx context.Context) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: fanoutWriters}
	s.sessions = append(s.sessions, &http.Client{Jar: jar, Transport: transport, Timeout: 30 * time.Second})
	const signIn = `mutation($p: String!) { signIn(input: {username: "root", password: $p}) { viewer { roles } } }`
	return s.ask(ctx, s.sessions[len(s.sessions)-1], signIn, map[string]any{"p": benchPassword}, nil)
}

// prepare makes a holder and a key for each writer.
func (s *fanoutServer) prepare(ctx context.Context) error {
	var person struct {
		CreatePerson struct{ Person struct{ ID string } }
	}
	const makePerson = `mutation { createPerson(input: {name: "Jānis Bērziņš", department: "Laboratory"}) { person { id } } }`
	if err := s.ask(ctx, s.sessions[0], makePerson, nil, &person); err != nil {
		return err
	}
	s.holder = person.CreatePerson.Person.ID
	for n := range fanoutWriters * keysEach {
		var key struct {
			CreateKey struct{ Key struct{ ID string } }
		}
		const makeKey = `mutation($n: String!) { createKey(input: {number: $n, label: "Room"}) { key { id } } }`
		if err := s.ask(ctx, s.sessions[0], makeKey, map[string]any{"n": strconv.Itoa(100 + n)}, &key); err != nil {
			return err
		}
		s.keys = append(s.keys, key.CreateKey.Key.ID)
	}
	var newest struct {
		KeyLog struct{ PageInfo struct{ EndCursor string } }
	}
	err := s.ask(ctx, s.sessions[0], `{ keyLog(first: 1) { pageInfo { endCursor } } }`, nil, &newest)
	s.start = newest.KeyLog.PageInfo.EndCursor
	return err
}

// publish issues one of the writer's keys, or takes it back.
func (s *fanoutServer) publish(ctx context.Context, writer, n int) (seq uint64, err error) {
	type made struct{ Entries []struct{ Seq string } }
	var answer struct{ IssueKeys, ReturnKeys made }
	document, variables := issueDocument, map[string]any{"k": s.keys[writer*keysEach+n/2%keysEach], "h": s.holder}
	if n%2 == 1 {
		document = returnDocument
	}
	if err := s.ask(ctx, s.sessions[0], document, variables, &answer); err != nil {
		return 0, err
	}
	entries := append(answer.IssueKeys.Entries, answer.ReturnKeys.Entries...)
	if len(entries) != 1 {
		return 0, fmt.Errorf("%d entries were made", len(entries))
	}
	return strconv.ParseUint(entries[0].Seq, 10, 64)
}

func (s *fanoutServer) ask(ctx context.Context, client *http.Client, document string, variables map[string]any, into any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("%s", answer.Errors[0].Message)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer.Data, into)
}

// subscribe opens a socket whose feed begins behind what was there before the measured events.
func (s *fanoutServer) subscribe(ctx context.Context, n int) (*subscriber, error) {
	for len(s.sessions) <= n/socketsEach {
		if err := s.session(ctx); err != nil {
			return nil, err
		}
	}
	address, err := url.Parse(s.url)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	for _, cookie := range s.sessions[n/socketsEach].Jar.Cookies(address) {
		header.Add("Cookie", cookie.String())
	}
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: 10 * time.Second}
	conn, _, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(s.url, "http")+"/graphql", header)
	if err != nil {
		return nil, err
	}
	feed, err := json.Marshal(map[string]any{"query": fanoutDocument, "variables": map[string]any{"after": s.start}})
	if err != nil {
		return nil, err
	}
	for _, text := range []string{`{"type":"connection_init"}`, `{"id":"1","type":"subscribe","payload":` + string(feed) + `}`} {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			return nil, err
		}
	}
	if _, _, err := conn.ReadMessage(); err != nil { // the acknowledgement
		return nil, err
	}
	return subscribeOver(conn), nil
}
