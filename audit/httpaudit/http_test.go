package httpaudit_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/httpaudit"
)

// memory keeps events for a test.
type memory struct {
	events chan audit.Event
	strict error
}

func newMemory() *memory { return &memory{events: make(chan audit.Event, 1000)} }

func (m *memory) Record(ctx context.Context, e audit.Event) error {
	e.Fill(ctx)
	m.events <- e
	return nil
}
func (m *memory) Strict() bool { return m.strict != nil }
func (m *memory) Ready() error { return m.strict }

// serve runs a handler behind the middleware.
func serve(t *testing.T, m *memory, o httpaudit.Options, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(httpaudit.Middleware(m, o)(h))
	server.Config.ErrorLog = nil
	server.Start()
	t.Cleanup(server.Close)
	return server
}

func text(e audit.Event) string {
	written, _ := json.Marshal(e)
	return string(written)
}

func post(t *testing.T, url, contentType, body string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Authorization", "Bearer hidden-bearer")
	request.Header.Set("Cookie", "sid=hidden-cookie")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func TestARequestIsRecordedAsItWasAndWithoutSecrets(t *testing.T) {
	t.Parallel()
	m := newMemory()
	server := serve(t, m, httpaudit.Options{Service: "shop", MaskPaths: []*regexp.Regexp{regexp.MustCompile(`^/reset/([^/]+)`)}},
		func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			audit.SetActor(r.Context(), audit.Person{ExternalID: "7"})
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Set-Cookie", "sid=hidden-set-cookie")
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"ok":true,"accessToken":"hidden-token"}`)
		})
	post(t, server.URL+"/reset/hidden-path?api_key=hidden-query&q=lamp", "application/json",
		`{"name":"Lamp","password":"hidden-password","card":"4111 1111 1111 1111","nested":[{"client_secret":"hidden-secret"}]}`)
	e := <-m.events
	if strings.Contains(text(e), "hidden") || strings.Contains(text(e), "4111") {
		t.Errorf("a secret is recorded: %s", text(e))
	}
	for _, want := range []string{`"Lamp"`, `"lamp"`, `"status":201`, `"externalId":"7"`, `"/reset/[masked]"`, `"ip":"127.0.0.1"`, `"ok":true`, `"service":"shop"`, `"method":"POST"`} {
		if !strings.Contains(text(e), want) {
			t.Errorf("%s is missing in %s", want, text(e))
		}
	}
}

func TestWhatAMiddlewareOutsideKnowsIsRecordedUnlessTheHandlerKnowsBetter(t *testing.T) {
	t.Parallel()
	m := newMemory()
	handler := httpaudit.Middleware(m, httpaudit.Options{})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/as-another" {
			audit.SetActor(r.Context(), audit.Person{ExternalID: "within"})
		}
	}))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := audit.WithScope(r.Context(), audit.Scope{Actor: audit.Person{ExternalID: "outside"}, Module: "till", RequestID: "r-1", IP: "203.0.113.9"})
		handler.ServeHTTP(w, r.WithContext(ctx))
	}))
	t.Cleanup(server.Close)
	for path, actor := range map[string]string{"/": "outside", "/as-another": "within"} {
		post(t, server.URL+path, "text/plain", "")
		e := <-m.events
		for _, want := range []string{`"externalId":"` + actor + `"`, `"module":"till"`, `"requestId":"r-1"`, `"ip":"127.0.0.1"`} {
			if !strings.Contains(text(e), want) {
				t.Errorf("%s: %s is missing in %s", path, want, text(e))
			}
		}
	}
}

func TestStatusesAreThoseThatTheClientSaw(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		status  int
		outcome audit.Outcome
	}{
		"nothing written": {func(http.ResponseWriter, *http.Request) {}, 200, audit.Success},
		"written only":    {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")) }, 200, audit.Success},
		"not found":       {http.NotFound, 404, audit.Failure},
		"forbidden":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, 403, audit.Denied},
		"twice": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(409)
			w.(interface{ Unwrap() http.ResponseWriter }).Unwrap() // as ResponseController does
		}, 409, audit.Failure},
		"early hints": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(202)
		}, 202, audit.Success},
		"flushed": {func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); w.WriteHeader(500) }, 200, audit.Success},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMemory()
			server := serve(t, m, httpaudit.Options{}, c.handler)
			post(t, server.URL, "text/plain", "")
			if e := <-m.events; e.Response.Status != c.status || e.Outcome != c.outcome {
				t.Errorf("recorded as %d, %s", e.Response.Status, e.Outcome)
			}
		})
	}
}

func TestAPanicIsRecordedAs500AndGoesOn(t *testing.T) {
	t.Parallel()
	m := newMemory()
	h := httpaudit.Middleware(m, httpaudit.Options{})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("no database for password=hidden")
	}))
	func() {
		defer func() {
			if p := recover(); p != "no database for password=hidden" {
				t.Errorf("what went on is %v", p)
			}
		}()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	}()
	e := <-m.events
	if e.Response.Status != 500 || e.Outcome != audit.Failure || e.Response.Error != "panic: no database for password=[masked]" {
		t.Errorf("%s", text(e))
	}
}

func TestStreamsAreNotHeldUp(t *testing.T) {
	t.Parallel()
	m := newMemory()
	goOn := make(chan struct{})
	server := serve(t, m, httpaudit.Options{}, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "first\n")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-goOn
		_, _ = io.WriteString(w, "second\n")
	})
	response := post(t, server.URL, "text/plain", "")
	lines := bufio.NewReader(response.Body)
	if line, err := lines.ReadString('\n'); line != "first\n" {
		t.Fatalf("%q %v", line, err)
	}
	close(goOn)
	if line, err := lines.ReadString('\n'); line != "second\n" {
		t.Fatalf("%q %v", line, err)
	}
	if e := <-m.events; e.Response.Body != "first\nsecond\n" {
		t.Errorf("%s", text(e))
	}
}

func TestAHijackedConnectionIsASwitch(t *testing.T) {
	t.Parallel()
	m := newMemory()
	server := serve(t, m, httpaudit.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
		_ = conn.Close()
	})
	post(t, server.URL, "text/plain", "")
	if e := <-m.events; e.Response.Status != 101 {
		t.Errorf("%s", text(e))
	}
}

func TestLargeAndBinaryBodiesAreToldByTheirSize(t *testing.T) {
	t.Parallel()
	m := newMemory()
	server := serve(t, m, httpaudit.Options{BodyBytes: 100}, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(make([]byte, 20))
	})
	post(t, server.URL, "application/json", `{"password":"hidden","x":"`+strings.Repeat("y", 200)+`"}`)
	e := <-m.events
	if e.Request.Body != "[228 bytes of application/json]" || e.Response.Body != "[20 bytes of image/png]" {
		t.Errorf("%v %v", e.Request.Body, e.Response.Body)
	}
}

func TestOnlyWantedPathsAreRecorded(t *testing.T) {
	t.Parallel()
	m := newMemory()
	server := serve(t, m, httpaudit.Options{Include: []string{"/api/*"}, Exclude: []string{"*/health"}}, func(http.ResponseWriter, *http.Request) {})
	for _, path := range []string{"/static/x", "/api/health", "/api/orders"} {
		post(t, server.URL+path, "text/plain", "")
	}
	if e := <-m.events; e.Request.Path != "/api/orders" || len(m.events) != 0 {
		t.Errorf("%s", text(e))
	}
}

func TestAStrictRecorderThatIsFullAnswers503(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.strict = audit.ErrQueueFull
	server := serve(t, m, httpaudit.Options{}, func(http.ResponseWriter, *http.Request) { t.Error("the handler was called") })
	if got := post(t, server.URL, "text/plain", "").StatusCode; got != 503 {
		t.Error(got)
	}
	client := http.Client{Transport: httpaudit.Transport(nil, m, httpaudit.Options{})}
	if _, err := client.Get(server.URL); !errors.Is(err, audit.ErrQueueFull) {
		t.Error(err)
	}
}

func TestConcurrentUsersNeverMix(t *testing.T) {
	t.Parallel()
	m := newMemory()
	server := serve(t, m, httpaudit.Options{}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		audit.SetActor(r.Context(), audit.Person{ExternalID: string(body)})
		_, _ = w.Write(body)
	})
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			response, err := http.Post(server.URL, "text/plain", strings.NewReader(fmt.Sprint(i)))
			if err != nil {
				t.Error(err)
				return
			}
			_ = response.Body.Close()
		})
	}
	all.Wait()
	for range 200 {
		e := <-m.events
		if e.Actor == nil || e.Request.Body != e.Actor.ExternalID || e.Response.Body != e.Actor.ExternalID {
			t.Fatalf("%s", text(e))
		}
	}
}

func TestACallIsRecordedWithItsServiceAndWithoutSecrets(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write(body)
	}))
	t.Cleanup(other.Close)
	m := newMemory()
	client := http.Client{Transport: httpaudit.Transport(nil, m, httpaudit.Options{Service: "payments"})}
	ctx := audit.WithActor(t.Context(), audit.Person{ExternalID: "7"})
	address := strings.Replace(other.URL, "http://", "http://anna:hidden@", 1) + "/pay?token=hidden&order=9"
	request, err := http.NewRequestWithContext(ctx, "POST", address, strings.NewReader(`{"amount":5,"pin":"hidden"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(response.Body); string(got) != `{"amount":5,"pin":"hidden"}` {
		t.Errorf("the caller reads %s", got)
	}
	_ = response.Body.Close()
	e := <-m.events
	if strings.Contains(text(e), "hidden") {
		t.Errorf("a secret is recorded: %s", text(e))
	}
	if e.Request.Service != "payments" || e.Response.Status != 202 || e.Request.Direction != audit.Outgoing || e.Actor.ExternalID != "7" ||
		!strings.Contains(text(e), `"amount":5`) || !strings.Contains(text(e), `"order":"9"`) || len(m.events) != 0 {
		t.Errorf("%s", text(e))
	}
}

func TestACallWithoutAnswerIsRecorded(t *testing.T) {
	t.Parallel()
	m := newMemory()
	client := http.Client{Transport: httpaudit.Transport(nil, m, httpaudit.Options{Service: "gone"})}
	if _, err := client.Get("http://127.0.0.1:1/"); err == nil {
		t.Fatal("something answers")
	}
	if e := <-m.events; e.Response.Status != 0 || e.Response.Error == "" || e.Outcome != audit.Failure {
		t.Errorf("%s", text(e))
	}
}

func ExampleMiddleware() {
	recorder := audit.RecorderFunc(func(_ context.Context, e audit.Event) error { // an *audit.Client in your program
		fmt.Println(e.Action, e.Request.Method, e.Request.Path, e.Response.Status)
		return nil
	})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		audit.SetActor(r.Context(), audit.Person{ExternalID: "7"}) // as soon as you know who is signed in
		w.WriteHeader(http.StatusNoContent)
	})
	recorded := httpaudit.Middleware(recorder, httpaudit.Options{Service: "shop", Exclude: []string{"/health"}})(handler)
	recorded.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodDelete, "/orders/3", nil))
	// Output: request DELETE /orders/3 204
}

func TestBodiesInWhichSecretsCannotBeFoundAreToldByTheirSize(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ contentType, body, want string }{
		{"text/xml", `<Envelope><Name>hidden</Name></Envelope>`, "[40 bytes of text/xml]"},
		{"text/csv", "user,password\nbob,hidden", "[24 bytes of text/csv]"},
		{"text/yaml", "password: hidden", "[16 bytes of text/yaml]"},
		{"application/graphql", `mutation { login(name: "hidden") }`, "[34 bytes of application/graphql]"},
		{"text/plain", "{\"password\":\"hidden\"}\n{\"password\":\"hidden\"}", "[43 bytes of text/plain]"},
		{"text/plain", "Your password is hidden", "[23 bytes of text/plain]"},
		{"text/plain", "<Password>hidden</Password>", "[27 bytes of text/plain]"},
		{"text/plain", "three lamps", "three lamps"},
		{"text/plain", `{"password":"hidden","n":1}`, `{"n":1,"password":"[masked]"}`},
		{"application/json", `{"query":"mutation { login(password: \"hidden\") { id } }","smtp_pass":"hidden","otp_code":"hidden","pinCode":"hidden"}`,
			`map[otp_code:[masked] pinCode:[masked] query:mutation { login(password: [masked]) { id } } smtp_pass:[masked]]`},
		{"application/x-www-form-urlencoded", "password=hidden,hidden&n=1", "map[n:1 password:[masked]]"},
	} {
		m := newMemory()
		h := httpaudit.Middleware(m, httpaudit.Options{})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.ReadAll(r.Body) }))
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/x?sig=hidden", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.contentType)
		h.ServeHTTP(httptest.NewRecorder(), r)
		e := <-m.events
		if got := fmt.Sprint(e.Request.Body); got != c.want || strings.Contains(text(e), "hidden") {
			t.Errorf("%s %s: %s\n%s", c.contentType, c.body, got, text(e))
		}
	}
}

func TestPathsInHeadersAreMaskedAsThoseOfRequests(t *testing.T) {
	t.Parallel()
	m := newMemory()
	o := httpaudit.Options{MaskPaths: []*regexp.Regexp{regexp.MustCompile(`^/reset/([^/]+)`)}}
	h := httpaudit.Middleware(m, o)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/reset/hidden?q=1#x")
		w.WriteHeader(http.StatusSeeOther)
	}))
	for referer, want := range map[string]string{
		"https://bob:hidden@h/reset/hidden/x?password=hidden,hidden&q=1": "https://h/reset/[masked]/x?password=[masked]&q=1",
		"://reset/hidden": "[masked]",
	} {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/", nil)
		r.Header.Set("Referer", referer)
		h.ServeHTTP(httptest.NewRecorder(), r)
		e := <-m.events
		if got := e.Request.Headers.(map[string]any)["Referer"]; got != want {
			t.Errorf("%s becomes %s", referer, got)
		}
		if got := e.Response.Headers.(map[string]any)["Location"]; got != "/reset/[masked]?q=1#x" {
			t.Errorf("%s", got)
		}
	}
}
