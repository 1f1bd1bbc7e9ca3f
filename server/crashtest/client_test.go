package crashtest

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
	"strings"
	"time"
)

// client is an ordinary GraphQL client of one server, signed in by cookie.
type client struct {
	base string
	http *http.Client
}

func newClient(base string) (*client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &client{base: base, http: &http.Client{Jar: jar}}, nil
}

type graphError struct {
	Message    string `json:"message"`
	Extensions struct {
		Code string `json:"code"`
	} `json:"extensions"`
}

func (e graphError) Error() string { return e.Extensions.Code + ": " + e.Message }

type answer struct {
	Data   json.RawMessage `json:"data"`
	Errors []graphError    `json:"errors"`
}

func (a *answer) into(dest any) error {
	if len(a.Errors) > 0 {
		return a.Errors[0]
	}
	return json.Unmarshal(a.Data, dest)
}

func (c *client) request(ctx context.Context, accept, query string, variables map[string]any) (*http.Response, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", accept)
	return c.http.Do(r)
}

// do asks once and reads data into dest.
func (c *client) do(ctx context.Context, dest any, query string, variables map[string]any) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	response, err := c.request(ctx, "application/json", query, variables)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	if err != nil {
		return err
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return fmt.Errorf("status %d: %.200s", response.StatusCode, text)
	}
	return a.into(dest)
}

func (c *client) signIn(ctx context.Context, username, password string) error {
	var out struct{ SignIn struct{ Viewer *struct{} } }
	err := c.do(ctx, &out, `mutation($u: String!, $p: String!) { signIn(input: {username: $u, password: $p}) { viewer { mustChangePassword } } }`,
		map[string]any{"u": username, "p": password})
	if err == nil && out.SignIn.Viewer == nil {
		return errors.New("sign-in gave no viewer")
	}
	return err
}

// entry is what a client learns of a movement.
type entry struct {
	ID     string `json:"id"`
	Seq    string `json:"seq"`
	Cursor string `json:"cursor"`
	Action string `json:"action"`
}

// follow reads keyFeed over server-sent events until the connection ends. seen is called for every entry.
func (c *client) follow(ctx context.Context, after string, seen func(entry)) error {
	variables := map[string]any{"after": nil}
	if after != "" {
		variables["after"] = after
	}
	response, err := c.request(ctx, "text/event-stream",
		`subscription($after: Cursor) { keyFeed(after: $after) { id seq cursor action } }`, variables)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data:")
		if !ok || strings.TrimSpace(data) == "" {
			continue
		}
		var a answer
		if err := json.Unmarshal([]byte(data), &a); err != nil {
			return fmt.Errorf("%q: %w", data, err)
		}
		var out struct{ KeyFeed entry }
		if err := a.into(&out); err != nil {
			return err
		}
		seen(out.KeyFeed)
	}
	return lines.Err()
}
