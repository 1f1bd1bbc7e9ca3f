package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

const benchPassword = "keytrail-bench-password"

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

// keytrailProcess is `keytrail serve` on a data directory of its own, with root signed in.
type keytrailProcess struct {
	*child
	dir   string
	keeps bool // whether the directory stays
	root  *http.Client
	// database is one that runs already; the zero Config has it run its own.
	database mysql.Config
}

// startKeytrail builds keytrail and starts it, in the directory that KEYTRAIL_BENCH_LOG names or a new one. idle is how many
// connections a session keeps.
func startKeytrail(ctx context.Context, idle int) (*keytrailProcess, error) {
	p := &keytrailProcess{dir: os.Getenv("KEYTRAIL_BENCH_LOG")}
	if p.keeps = p.dir != ""; !p.keeps {
		var err error
		if p.dir, err = os.MkdirTemp("", "keytrail-bench-"); err != nil {
			return nil, err
		}
	}
	if err := p.start(ctx, idle); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *keytrailProcess) start(ctx context.Context, idle int) error {
	if err := p.build(ctx); err != nil {
		return err
	}
	if err := p.serve(ctx); err != nil {
		return err
	}
	var err error
	p.root, err = p.signIn(ctx, idle)
	return err
}

func (p *keytrailProcess) program() string { return filepath.Join(p.dir, "keytrail") }

func (p *keytrailProcess) build(ctx context.Context) error {
	build := exec.CommandContext(ctx, "go", "build", "-o", p.program(), "./server")
	build.Stderr = os.Stderr
	return build.Run()
}

// serve starts the program that was built.
func (p *keytrailProcess) serve(ctx context.Context) error {
	serve := exec.Command(p.program(), "serve", "--listen=127.0.0.1:0", "--data="+p.data(), "--db-log-level=0")
	serve.Env = append(os.Environ(), "KEYTRAIL_ROOT_PASSWORD="+benchPassword, "KEYTRAIL_OPERATIONS_PER_SECOND=1000000", "KEYTRAIL_INTAKE_PER_SECOND=1000000",
		"KEYTRAIL_SESSION_TIMEOUT_SECONDS=86400", // a long log takes hours to fill
		"KEYTRAIL_RETENTION_GRACE=0")             // old events count as old at once
	if p.database.Serve != "" {
		serve.Env = append(serve.Env, "KEYTRAIL_DATABASE="+p.database.Serve, "KEYTRAIL_DATABASE_ADMIN="+p.database.Migrate)
	}
	started, err := startChild(ctx, serve)
	if err == nil {
		p.child = started
	}
	return err
}

func (p *keytrailProcess) data() string { return filepath.Join(p.dir, "data") }

// databaseProcess is the process of the database that keytrail runs, 0 when it is not known.
func (p *keytrailProcess) databaseProcess() int {
	text, err := os.ReadFile(filepath.Join(p.data(), "mysql.pid"))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}

func (p *keytrailProcess) close() {
	if p.child != nil {
		p.child.close()
	}
	if !p.keeps {
		_ = os.RemoveAll(p.dir)
	}
}

// signIn gives one more session of root.
func (p *keytrailProcess) signIn(ctx context.Context, idle int) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: idle}, Timeout: 30 * time.Second}
	const document = `mutation($p: String!) { signIn(input: {username: "root", password: $p}) { viewer { roles } } }`
	return client, p.ask(ctx, client, document, map[string]any{"p": benchPassword}, nil)
}

// post gives what /graphql answers, as it came.
func (p *keytrailProcess) post(ctx context.Context, client *http.Client, document string, variables map[string]any) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	return answer, errors.Join(err, response.Body.Close())
}

// ask reads what /graphql answers.
func (p *keytrailProcess) ask(ctx context.Context, client *http.Client, document string, variables map[string]any, into any) error {
	text, err := p.post(ctx, client, document, variables)
	if err != nil {
		return err
	}
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(text, &answer); err != nil {
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
