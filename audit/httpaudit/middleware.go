package httpaudit

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/keytrail/keytrail/audit"
)

// readier is a recorder that can say beforehand whether it would take an event.
type readier interface {
	Ready() error
	Strict() bool
}

// Middleware records each request when its handler has returned: who, what, the status that the client saw, and how
// long it took. It gives the request's context a scope of its own; a handler or middleware within it that finds out
// who is signed in calls audit.SetActor, or a middleware outside audit.WithActor. X-Request-Id, where it comes, is the request's id, and else one is made.
//
// A panic is recorded as 500 (as the status that was sent already, where one was) and goes on to whoever recovers it.
// With a strict recorder that would take no event, the request is answered 503 before the handler sees it. The one during
// which the disk begins to fail was answered by then: that it is not recorded is logged.
func Middleware(recorder audit.Recorder, o Options) func(http.Handler) http.Handler {
	r := newRecording(recorder, o)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) { r.serve(next, w, request) })
	}
}

func (r *recording) serve(next http.Handler, w http.ResponseWriter, request *http.Request) {
	scope := audit.ScopeOf(request.Context()) // a middleware outside may know who acts
	scope.IP, scope.UserAgent = r.ClientIP(request), request.UserAgent()
	if scope.RequestID == "" {
		scope.RequestID = requestID(request)
	}
	original := request
	request = request.WithContext(audit.WithScope(request.Context(), scope))
	defer removeForm(original, request)
	if !r.wanted(request.URL.Path) {
		next.ServeHTTP(w, request)
		return
	}
	if strict, ok := r.recorder.(readier); ok && strict.Strict() && strict.Ready() != nil {
		http.Error(w, "this cannot be recorded at the moment: try again later", http.StatusServiceUnavailable)
		return
	}
	one := &exchange{recording: r, request: request, method: request.Method, url: *request.URL, began: time.Now(), sent: capture{limit: r.BodyBytes}}
	one.answer = &writer{ResponseWriter: w, capture: capture{limit: r.BodyBytes}}
	if request.Body != nil && request.Body != http.NoBody {
		request.Body = &tee{ReadCloser: request.Body, capture: &one.sent}
	}
	defer one.end()
	next.ServeHTTP(one.answer, request)
	one.returned = true
}

// removeForm removes the files of a form that was read from a request's copy: the server knows of the original only.
func removeForm(original, request *http.Request) {
	if form := request.MultipartForm; form != nil && original.MultipartForm == nil {
		_ = form.RemoveAll()
	}
}

func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); id != "" && len(id) <= 100 {
		return id
	}
	return audit.NewID()
}

// exchange is one request that is being answered.
type exchange struct {
	*recording
	request  *http.Request
	method   string // as it came, and so is the address: handlers change the request that they are given
	url      url.URL
	began    time.Time
	sent     capture
	answer   *writer
	returned bool
}

// end records the exchange, also while a panic goes by.
func (x *exchange) end() {
	var failure string
	if !x.returned {
		problem := recover()
		failure = x.panicked(problem)
		if problem != nil { // it is nil when the goroutine ends, as a failed test's does
			defer panic(problem)
		}
	}
	e := x.event(failure)
	if err := x.recorder.Record(x.request.Context(), e); err != nil {
		x.Logger.Error("a request was answered but not recorded", "error", err)
	}
}

func (x *exchange) panicked(problem any) string {
	if x.answer.status == 0 && !x.answer.hijacked {
		x.answer.status = http.StatusInternalServerError
	}
	if err, ok := problem.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return "the handler broke off"
	}
	return x.Masks.Text(fmt.Sprintf("panic: %.500v", problem))
}

func (x *exchange) event(failure string) audit.Event {
	q := x.request
	status := x.answer.sent()
	e := audit.Event{
		Action: audit.Requested, Module: x.Service, OccurredAt: x.began, Outcome: outcome(status, failure),
		Request: &audit.Request{
			Direction: audit.Incoming, Method: x.method, Path: x.path(x.url.Path), Service: x.Service,
			Headers: x.headers(q.Header), Query: pairs(x.Masks.Pairs(x.url.Query())),
			Body: x.body(&x.sent, q.Header.Get("Content-Type")),
		},
		Response: &audit.Response{
			Status: status, DurationMs: since(x.began), Error: failure,
			Headers: x.headers(x.answer.Header()), Body: x.body(&x.answer.capture, x.answer.Header().Get("Content-Type")),
		},
	}
	if q.Pattern != "" {
		e.Metadata = map[string]any{"route": q.Pattern}
	}
	if audit.ScopeOf(q.Context()).Actor == (audit.Person{}) && x.Actor != nil {
		if actor := x.Actor(q); actor != (audit.Person{}) {
			e.Actor = &actor
		}
	}
	return e
}

// pairs makes no pairs nothing at all.
func pairs(m map[string]any) any {
	if len(m) == 0 {
		return nil
	}
	return m
}

// since is milliseconds with three digits behind the point.
func since(began time.Time) float64 {
	return float64(time.Since(began).Microseconds()) / 1000
}

func outcome(status int, failure string) audit.Outcome {
	switch {
	case failure != "" || status == 0:
		return audit.Failure
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return audit.Denied
	case status >= http.StatusBadRequest:
		return audit.Failure
	}
	return audit.Success
}
