package httpaudit

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/keytrail/keytrail/audit"
)

// Transport records each request that a program sends: when the answer's body was read to its end or closed, or when
// there was no answer. base sends them; nil means http.DefaultTransport. Who acts comes from the request's context.
//
// With a strict recorder that would take no event, nothing is sent and its error is returned.
func Transport(base http.RoundTripper, recorder audit.Recorder, o Options) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return &transport{recording: newRecording(recorder, o), base: base}
}

type transport struct {
	*recording
	base http.RoundTripper
}

// RoundTrip sends a request.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if !t.wanted(request.URL.Host + request.URL.Path) {
		return t.base.RoundTrip(request)
	}
	if strict, ok := t.recorder.(readier); ok && strict.Strict() {
		if err := strict.Ready(); err != nil {
			if request.Body != nil {
				_ = request.Body.Close()
			}
			return nil, err
		}
	}
	c := &call{recording: t.recording, request: request, began: time.Now(), sent: capture{limit: t.BodyBytes}, got: capture{limit: t.BodyBytes}}
	sent := request
	if request.Body != nil && request.Body != http.NoBody {
		sent = request.Clone(request.Context())
		sent.Body = &tee{ReadCloser: request.Body, capture: &c.sent}
	}
	response, err := t.base.RoundTrip(sent)
	c.durationMs = since(c.began)
	if err != nil {
		c.end(nil, err)
		return nil, err
	}
	c.watch(response)
	return response, nil
}

// CloseIdleConnections closes those of the transport below, for http.Client.CloseIdleConnections.
func (t *transport) CloseIdleConnections() {
	if closer, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// call is one request that was sent.
type call struct {
	*recording
	request    *http.Request
	began      time.Time
	durationMs float64
	sent, got  capture
	once       sync.Once
}

// watch has the call recorded when the answer's body ends.
func (c *call) watch(response *http.Response) {
	// A connection that was switched is read and written by whoever asked for it.
	if _, writes := response.Body.(io.Writer); writes || response.Body == nil || response.Body == http.NoBody {
		c.end(response, nil)
		return
	}
	response.Body = &tee{ReadCloser: response.Body, capture: &c.got, ended: func(err error) {
		if errors.Is(err, io.EOF) {
			err = nil
		}
		c.end(response, err)
	}}
}

func (c *call) end(response *http.Response, failure error) {
	c.once.Do(func() {
		if err := c.recorder.Record(c.request.Context(), c.event(response, failure)); err != nil {
			c.Logger.Error("a request was sent but not recorded", "error", err)
		}
	})
}

func (c *call) event(response *http.Response, failure error) audit.Event {
	q := c.request
	answered := &audit.Response{DurationMs: c.durationMs}
	if failure != nil {
		answered.Error = c.Masks.Text(failure.Error())
	}
	if response != nil {
		answered.Status = response.StatusCode
		answered.Headers = c.headers(response.Header)
		answered.Body = c.body(&c.got, response.Header.Get("Content-Type"))
	}
	bare := *q.URL
	bare.RawQuery, bare.Fragment = "", ""
	bare.Path, bare.RawPath = c.path(q.URL.Path), ""
	address := c.Masks.URL(&bare)
	return audit.Event{
		Action: audit.Called, OccurredAt: c.began, Outcome: outcome(answered.Status, answered.Error), Response: answered,
		Request: &audit.Request{
			Direction: audit.Outgoing, Method: q.Method, URL: address, Service: c.Service, Headers: c.headers(q.Header),
			Query: pairs(c.Masks.Pairs(q.URL.Query())), Body: c.body(&c.sent, q.Header.Get("Content-Type")),
		},
	}
}
