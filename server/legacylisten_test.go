package main

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func TestTheOlderListenerAnswersTheOlderEndpointsOnly(t *testing.T) {
	t.Parallel()
	s := serve(t, "--data", mysqltest.Data(t), "--root-password", "a long root password", "--legacy-listen", "127.0.0.1:0")
	found := regexp.MustCompile(`alone are at (http://\S+)/api/`).FindStringSubmatch(s.said.String())
	if found == nil {
		t.Fatalf("it does not say where: %s", s.said)
	}
	older := found[1]
	ask := func(method, path, body string) (int, string, []*http.Cookie) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, older+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := s.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(text), response.Cookies()
	}
	status, text, cookies := ask(http.MethodPost, "/api/login", fmt.Sprintf(`{"username":"root","password":%q}`, "a long root password"))
	if status != http.StatusOK || !strings.Contains(text, `"role":"root"`) {
		t.Fatalf("login: %d %s", status, text)
	}
	session := 0
	for _, c := range cookies {
		if session++; !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie %s is %v", c.Name, c)
		}
	}
	if session == 0 {
		t.Error("no cookie was set")
	}
	if status, text, _ := ask(http.MethodGet, "/api/key/list", ""); status != http.StatusOK || text != "[]\n" {
		t.Errorf("keys: %d %s", status, text)
	}
	for _, path := range []string{"/", "/graphql", "/healthz", "/readyz", "/tlog/checkpoint", "/index.html", "/auth/oidc/start"} {
		if status, text, _ := ask(http.MethodGet, path, ""); status != http.StatusNotFound || strings.Contains(text, "<html") {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	if got := s.ask("{ keys { totalCount } }"); !strings.Contains(got, "UNAUTHENTICATED") { // cookies do not tell ports apart
		t.Errorf("its session at the app: %s", got)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	if response, err := http.Get(older + "/api/key/list"); err == nil {
		_ = response.Body.Close()
		t.Error("it still answers after the end")
	}
}
