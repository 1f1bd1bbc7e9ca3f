package httpd

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
)

const innerText = "inner text of a panic"

func TestAHandlerThatPanicsIsAnsweredByARequestIDAndTheServerGoesOn(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := testConfig()
	c.Logger = slog.New(slog.NewTextHandler(&log, nil))
	panics := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(innerText) })
	c.GraphQL, c.Legacy, c.Tlog, c.OIDC = panics, panics, panics, panics
	for _, path := range []string{"/graphql", "/api/keyLogs", "/tlog/checkpoint", "/auth/oidc/start"} {
		w := answerTo(t, c, "POST", path, nil)
		id := w.Header().Get("X-Request-Id")
		if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), id) || strings.Contains(w.Body.String(), innerText) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if !json.Valid(w.Body.Bytes()) || path == "/graphql" && !strings.Contains(w.Body.String(), `"code":"INTERNAL"`) {
			t.Errorf("%s: %s", path, w.Body)
		}
		if text := log.String(); id == "" || !strings.Contains(text, id) || !strings.Contains(text, innerText) {
			t.Errorf("%s: the log does not know %s:\n%s", path, id, text)
		}
	}
	if w := answerTo(t, c, "GET", "/healthz", nil); w.Code != http.StatusOK {
		t.Errorf("afterwards: %d", w.Code)
	}
}

func TestAPanicWhileTheCallerIsLookedUpIsContained(t *testing.T) {
	t.Parallel()
	c := testConfig()
	c.ActorOf = func(context.Context, ledger.Origin) (*access.Actor, error) { panic(innerText) }
	if w := answerTo(t, c, "POST", "/graphql", nil); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), innerText) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAnAnswerThatWasBegunIsCutOffByAPanic(t *testing.T) {
	t.Parallel()
	c := testConfig()
	c.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":`)
		_ = http.NewResponseController(w).Flush()
		panic(innerText)
	})
	handler, err := newHandler(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if text, err := io.ReadAll(response.Body); err == nil || strings.Contains(string(text), innerText) {
		t.Errorf("%q, %v: the answer looks whole", text, err)
	}
}
