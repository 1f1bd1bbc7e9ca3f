package httpaudit_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/httpaudit"
	"github.com/keytrail/keytrail/audit/internal/intaketest"
)

func TestPatternsMatchPathsThatHoldALineBreak(t *testing.T) {
	t.Parallel()
	m := newMemory()
	server := serve(t, m, httpaudit.Options{Include: []string{"/api/*"}, Exclude: []string{"*/health"}}, func(http.ResponseWriter, *http.Request) {})
	for _, path := range []string{"/api/%0A/health", "/api/things/7%0A"} {
		post(t, server.URL+path, "text/plain", "")
	}
	if len(m.events) != 1 { // they are recorded before they are answered
		t.Fatalf("%d requests are recorded", len(m.events))
	}
	if e := <-m.events; e.Request.Path != "/api/things/7\n" {
		t.Errorf("%s", text(e))
	}
}

// Not parallel: it says where the process keeps temporary files.
func TestFilesOfAFormAreRemovedWithTheRequest(t *testing.T) {
	for _, excluded := range [][]string{nil, {"*"}} {
		temporary := t.TempDir()
		t.Setenv("TMPDIR", temporary)
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		file, err := form.CreateFormFile("f", "f.bin")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = file.Write(make([]byte, 1<<20))
		_ = form.Close()
		files := func() int {
			found, _ := filepath.Glob(filepath.Join(temporary, "*"))
			return len(found)
		}
		h := httpaudit.Middleware(newMemory(), httpaudit.Options{Exclude: excluded})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if err := r.ParseMultipartForm(1); err != nil || files() != 1 {
				t.Errorf("the form: %v, %d files", err, files())
			}
		}))
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/", &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		h.ServeHTTP(httptest.NewRecorder(), r)
		if files() != 0 {
			t.Errorf("excluded %q: %d files are left", excluded, files())
		}
	}
}

// Not parallel: it replaces the process's transport, as programs do that want all their calls recorded.
func TestAClientDoesNotRecordItsOwnDeliveries(t *testing.T) {
	standard := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = standard })
	intake := intaketest.Start(t)
	o := audit.Options{URL: intake.URL, Token: intaketest.Token, Linger: time.Millisecond, Logger: slog.New(slog.DiscardHandler)}
	m := newMemory()
	for range 2 { // opened before the transport is replaced, and after
		o.Dir = t.TempDir()
		client, err := audit.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		http.DefaultTransport = httpaudit.Transport(standard, m, httpaudit.Options{})
		if err := client.Record(t.Context(), audit.Event{Action: "thing.done"}); err != nil {
			t.Fatal(err)
		}
		over, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if err := client.Close(over); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.events) != 0 || len(intake.Events()) != 2 {
		t.Errorf("%d deliveries are recorded, %d events came", len(m.events), len(intake.Events()))
	}
}

// plain is a writer that cannot flush.
type plain struct{ http.ResponseWriter }

func TestAWriterThatCannotFlushSaysSo(t *testing.T) {
	t.Parallel()
	m := newMemory()
	h := httpaudit.Middleware(m, httpaudit.Options{})(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("%v", err)
		}
		w.(http.Flusher).Flush()
		w.WriteHeader(http.StatusTeapot)
	}))
	h.ServeHTTP(plain{httptest.NewRecorder()}, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	if e := <-m.events; e.Response.Status != http.StatusTeapot {
		t.Errorf("%s", text(e))
	}
}

// Routers and older handlers change the request that they are given.
func TestARequestIsRecordedAsItCameWhateverHandlersMakeOfIt(t *testing.T) {
	t.Parallel()
	m := newMemory()
	server := serve(t, m, httpaudit.Options{}, func(_ http.ResponseWriter, r *http.Request) {
		r.URL.Path, r.URL.RawQuery, r.Method = "/things", "", http.MethodDelete
	})
	post(t, server.URL+"/v1/things?page=2", "text/plain", "")
	e := <-m.events
	if e.Request.Path != "/v1/things" || e.Request.Method != http.MethodPost || text(audit.Event{Metadata: e.Request.Query}) != text(audit.Event{Metadata: map[string]any{"page": "2"}}) {
		t.Errorf("%s", text(e))
	}
}

func TestAClientsIdleConnectionsCanBeClosedBehindTheTransport(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			close(ended)
		}
	}
	server.Start()
	defer server.Close()
	client := &http.Client{Transport: httpaudit.Transport(&http.Transport{}, newMemory(), httpaudit.Options{})}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	client.CloseIdleConnections()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the connection stays")
	}
}
