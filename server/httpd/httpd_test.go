package httpd

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/request"
)

func testConfig() Config {
	return Config{
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			info := request.From(r.Context())
			_, _ = io.WriteString(w, "graphql "+info.Origin.IP+" "+map[bool]string{true: "keeps", false: "reads"}[info.KeepsSession])
		}),
		Legacy: http.NotFoundHandler(),
		App: fstest.MapFS{
			"index.html":     {Data: []byte("<!doctype html>the app" + strings.Repeat(" ", 2000))},
			"assets/a-1.js":  {Data: []byte("export{}")},
			"assets/a-2.css": {Data: []byte("body{}")},
			"favicon.svg":    {Data: []byte("<svg/>")},
		},
		Sessions: scs.New(),
		ActorOf:  func(context.Context, ledger.Origin) (*access.Actor, error) { return nil, nil },
		Ready:    func(context.Context) error { return nil },
		Logger:   slog.New(slog.DiscardHandler),
	}
}

func answerTo(t *testing.T, c Config, method, target string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := newHandler(c)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func TestThePageIsServedForItsOwnAddressesOnly(t *testing.T) {
	html := map[string]string{"Accept": "text/html,*/*"}
	for _, c := range []struct {
		method, target string
		header         map[string]string
		status         int
		page           bool
	}{
		{"GET", "/", nil, 200, true},
		{"GET", "/keys/101", html, 200, true},
		{"GET", "/keys/101", nil, 404, false},
		{"GET", "/assets/gone.js", html, 404, false},
		{"GET", "/favicon.svg", nil, 200, false},
		{"GET", "/api/unknown", html, 404, false},
		{"GET", "/tlog/checkpoint", html, 404, false},
		{"GET", "/explore", html, 404, false},
		{"POST", "/keys", html, 405, false},
		{"GET", "/../../etc/passwd", html, 307, false},
		{"GET", "/%2e%2e/%2e%2e/etc/passwd", html, 200, true},
		{"GET", "/assets/..%2f..%2fetc/passwd", nil, 404, false},
	} {
		w := answerTo(t, testConfig(), c.method, c.target, c.header)
		if w.Code != c.status || strings.Contains(w.Body.String(), "the app") != c.page {
			t.Errorf("%s %s: %d %.60q", c.method, c.target, w.Code, w.Body)
		}
	}
}

func TestAssetsAreKeptForEverAndThePageIsChecked(t *testing.T) {
	asset := answerTo(t, testConfig(), "GET", "/assets/a-1.js", nil)
	if got := asset.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("asset: %s", got)
	}
	page := answerTo(t, testConfig(), "GET", "/", map[string]string{"Accept-Encoding": "gzip, br"})
	if page.Header().Get("Content-Encoding") != "gzip" || page.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("page: %v", page.Header())
	}
	again := answerTo(t, testConfig(), "GET", "/", map[string]string{"Accept-Encoding": "gzip", "If-None-Match": page.Header().Get("Etag")})
	if again.Code != http.StatusNotModified {
		t.Errorf("again: %d", again.Code)
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	for _, target := range []string{"/", "/graphql", "/healthz", "/api/x", "/nothing"} {
		h := answerTo(t, testConfig(), "GET", target, nil).Header()
		if !strings.Contains(h.Get("Content-Security-Policy"), "script-src 'self';") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", target, h)
		}
	}
}

func TestOnlyPlainPostsKeepASessionAlive(t *testing.T) {
	for _, c := range []struct {
		method string
		header map[string]string
		want   string
	}{
		{"POST", nil, "keeps"},
		{"POST", map[string]string{"Accept": "application/graphql-response+json, application/json, text/event-stream"}, "keeps"},
		{"POST", map[string]string{"Accept": "text/event-stream"}, "reads"},
		{"GET", nil, "reads"},
		{"GET", map[string]string{"Upgrade": "websocket"}, "reads"},
	} {
		if got := answerTo(t, testConfig(), c.method, "/graphql", c.header).Body.String(); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s %v: %s", c.method, c.header, got)
		}
	}
}

func TestForwardingHeadersAreNotBelieved(t *testing.T) {
	w := answerTo(t, testConfig(), "POST", "/graphql", map[string]string{"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"})
	if !strings.Contains(w.Body.String(), "192.0.2.1") {
		t.Error(w.Body)
	}
}

func TestForeignPagesMayNotPostUnlessTheirOriginIsTrusted(t *testing.T) {
	c := testConfig()
	c.Origins = []string{"https://desk.example.org"}
	foreign := map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
	if w := answerTo(t, c, "POST", "/graphql", foreign); w.Code != http.StatusForbidden {
		t.Errorf("foreign: %d", w.Code)
	}
	trusted := map[string]string{"Origin": "https://desk.example.org", "Sec-Fetch-Site": "cross-site"}
	if w := answerTo(t, c, "POST", "/graphql", trusted); w.Code != http.StatusOK || w.Header().Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("trusted: %d %v", w.Code, w.Header())
	}
	trusted["Access-Control-Request-Method"] = "POST"
	if w := answerTo(t, c, "OPTIONS", "/graphql", trusted); w.Code != http.StatusNoContent {
		t.Errorf("preflight: %d", w.Code)
	}
}

func TestReadinessSaysWhatIsMissing(t *testing.T) {
	c := testConfig()
	c.Ready = func(context.Context) error { return fault.New(fault.Unavailable, "The database is away.") }
	if w := answerTo(t, c, "GET", "/readyz", nil); w.Code != 503 || !strings.Contains(w.Body.String(), "database is away") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := answerTo(t, c, "GET", "/healthz", nil); w.Code != 200 {
		t.Errorf("%d", w.Code)
	}
}

func TestSessionsThatCannotBeReadAreUnavailableOrInternal(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
	}{
		{fault.New(fault.Unavailable, "The database is away."), http.StatusServiceUnavailable},
		{errors.New("secret"), http.StatusInternalServerError},
	} {
		config := testConfig()
		config.ActorOf = func(context.Context, ledger.Origin) (*access.Actor, error) { return nil, c.err }
		w := answerTo(t, config, "POST", "/graphql", nil)
		if w.Code != c.status || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%v: %d %s", c.err, w.Code, w.Body)
		}
	}
}

func TestAnAddressInUseIsExplained(t *testing.T) {
	first, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }()
	_, err = Listen(t.Context(), first.Addr().String())
	if f, ok := fault.As(err); !ok || !strings.Contains(f.Message, "KEYTRAIL_LISTEN") {
		t.Error(err)
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	inner, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limitConnections(inner, 1)
	accepted := make(chan net.Conn)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				close(accepted)
				return
			}
			accepted <- conn
		}
	}()
	dial := func() net.Conn {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	defer dial().Close()
	defer dial().Close()
	first := <-accepted
	select {
	case <-accepted:
		t.Fatal("a second connection was accepted")
	case <-time.After(50 * time.Millisecond):
	}
	_ = first.Close()
	_ = (<-accepted).Close()
	_ = l.Close()
	if _, open := <-accepted; open {
		t.Error("a closed listener accepts")
	}
}
