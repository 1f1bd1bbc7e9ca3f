package audit_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/httpaudit"
)

// judge is a recorder that says whether it is strict and ready.
type judge struct {
	strict bool
	ready  error
}

func (j judge) Record(context.Context, audit.Event) error { return nil }
func (j judge) Strict() bool                              { return j.strict }
func (j judge) Ready() error                              { return j.ready }

func TestATeeIsAsStrictAsItsRecorders(t *testing.T) {
	t.Parallel()
	full, closed := audit.ErrQueueFull, audit.ErrClosed
	plain := audit.RecorderFunc(func(context.Context, audit.Event) error { return nil })
	for name, c := range map[string]struct {
		recorders []audit.Recorder
		strict    bool
		ready     error
	}{
		"nobody":                         {nil, false, nil},
		"none that says":                 {[]audit.Recorder{plain}, false, nil},
		"a strict one before":            {[]audit.Recorder{judge{true, nil}, plain}, true, nil},
		"a strict one behind":            {[]audit.Recorder{plain, judge{true, full}}, true, full},
		"the first reason":               {[]audit.Recorder{judge{true, full}, judge{true, closed}}, true, full},
		"one that fails no operation":    {[]audit.Recorder{judge{false, full}, judge{true, nil}}, true, nil},
		"none that is strict":            {[]audit.Recorder{plain, judge{false, closed}}, false, closed},
		"a strict one in a tee in a tee": {[]audit.Recorder{audit.Tee(plain, audit.Tee(judge{true, full}))}, true, full},
	} {
		tee, ok := audit.Tee(c.recorders...).(interface {
			Strict() bool
			Ready() error
		})
		if !ok {
			t.Fatal("a tee does not say whether it is strict")
		}
		if got := tee.Ready(); tee.Strict() != c.strict || !errors.Is(got, c.ready) {
			t.Errorf("%s: strict %v, ready %v", name, tee.Strict(), got)
		}
	}
}

func TestAStrictClientBehindATeeKeepsRequestsFromBeingServed(t *testing.T) {
	t.Parallel()
	logs := audit.RecorderFunc(func(context.Context, audit.Event) error { return nil })
	h := httpaudit.Middleware(audit.Tee(judge{true, audit.ErrQueueFull}, logs), httpaudit.Options{})(
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the handler was called") }))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/pay", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("answered %d", w.Code)
	}
}
