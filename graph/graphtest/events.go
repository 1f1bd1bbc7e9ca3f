package graphtest

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// Events follows a subscription over server-sent events and gives the first n results, or fewer when it completes
// before. The connection is closed then.
func (c *Client) Events(t testing.TB, query string, variables map[string]any, n int) [][]byte {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	check(t, err)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/graphql", strings.NewReader(string(body)))
	check(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	c.Authorise(r.Header)
	response, err := c.Client.Do(r)
	check(t, err)
	defer func() { _ = response.Body.Close() }()
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("status %d, %s", response.StatusCode, kind)
	}
	var results [][]byte
	event := ""
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for len(results) < n && lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "event":
			event = value
		case name == "data" && event == "complete":
			return results
		case name == "data":
			results = append(results, []byte(value))
		}
	}
	return results
}
