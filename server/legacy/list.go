package legacy

import (
	"encoding/json"
	"net/http"

	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/request"
)

// finish ends a list, or says why there is none.
func (h *Handler) finish(r *http.Request, list *arrayWriter, err error) {
	if err == nil {
		err = list.end()
	}
	if err == nil {
		return
	}
	if !list.begun {
		h.fail(list.w, r, err)
		return
	}
	h.log.ErrorContext(r.Context(), "a list broke off", "requestId", request.From(r.Context()).ID, "error", err)
	panic(http.ErrAbortHandler) // so that the client does not take half a list for the whole
}

// eachPage reads a list page by page to its end and hands on what each holds.
func eachPage[T any](size int, read func(page.Request) (page.Page[T], error), use func([]T) error) error {
	wanted := page.Request{First: &size}
	for {
		got, err := read(wanted)
		if err != nil {
			return err
		}
		if err := use(got.Items); err != nil || !got.Info.HasNextPage {
			return err
		}
		wanted.After = got.Info.EndCursor
	}
}

// list begins a list for whoever asks.
func (h *Handler) list(w http.ResponseWriter, r *http.Request) *arrayWriter {
	taking := feeds.Take(h.Access, h.Still, request.Actor(r.Context()), h.pace)
	return &arrayWriter{w: w, allowed: func() error { return taking.Allowed(r.Context()) }}
}

// arrayWriter writes a JSON array element by element, as it is, without escaping what only HTML needs escaped, as long as its
// reader may have it.
type arrayWriter struct {
	w       http.ResponseWriter
	allowed func() error
	begun   bool
}

func (a *arrayWriter) add(element any) error {
	if err := a.allowed(); err != nil {
		return err
	}
	separator := ","
	if !a.begun {
		separator = "["
		a.begin()
	}
	if _, err := a.w.Write([]byte(separator)); err != nil {
		return err
	}
	e := json.NewEncoder(a.w)
	e.SetEscapeHTML(false)
	return e.Encode(element)
}

// begin says that a list comes. Until then a failure can be told instead.
func (a *arrayWriter) begin() {
	a.begun = true
	a.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	a.w.Header().Set("Cache-Control", "no-store")
}

func (a *arrayWriter) end() error {
	text := "]\n"
	if !a.begun {
		text = "[]\n"
		a.begin()
	}
	_, err := a.w.Write([]byte(text))
	return err
}
