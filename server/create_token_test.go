package main

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func TestATokenMadeByCommandWorksAtTheRunningServer(t *testing.T) {
	t.Parallel()
	data := mysqltest.Data(t)
	s := serve(t, "--data", data, "--root-password", rootPassword)
	for want, args := range map[string][]string{
		"role":    {"till"},
		"lower":   {"till", "--role", "integrator", "--source", "The Till"},
		"wizard":  {"till", "--role", "wizard"},
		"future":  {"till", "--role", "screen", "--expires=-1h"},
		"network": {"till", "--role", "screen", "--networks", "everywhere"},
	} {
		code, said := command(t, append([]string{"admin", "create-token", "--data", data}, args...)...)
		if code != 1 || !strings.Contains(said, want) {
			t.Errorf("%v: %d %s", args, code, said)
		}
	}
	code, said := command(t, "--log-level", "error", "admin", "create-token", "Till 2", "--role", "integrator",
		"--networks", "127.0.0.0/8", "--expires", "24h", "--data", data)
	secret := strings.TrimSpace(said)
	if code != 0 || !strings.HasPrefix(secret, "ktr_") || strings.ContainsAny(secret, " \n") {
		t.Fatalf("made with %d: %s", code, said)
	}
	if got := s.askHolding(secret, `mutation { recordAuth(events: [{eventId: "1", action: "signed_in", outcome: SUCCESS}]) { entries { source } } }`); !strings.Contains(got, `"source":"till-2"`) {
		t.Error(got)
	}
	s.ask(signIn(rootPassword))
	const listed = `{ apiTokens { edges { node { name role source networks createdBy { id } } } } }`
	if got := s.ask(listed); !strings.Contains(got, `{"name":"Till 2","role":"integrator","source":"till-2","networks":["127.0.0.0/8"],"createdBy":null}`) {
		t.Error(got)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
}

// askHolding asks with a token and without cookies.
func (s *running) askHolding(token, query string) string {
	s.t.Helper()
	body := strings.NewReader(`{"query":` + strconv.Quote(query) + `}`)
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/graphql", body)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}
