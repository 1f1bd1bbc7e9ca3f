package export

import (
	"io"
	"net/http"

	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/request"
)

// writer writes what one file holds, one by one. close ends the file and is called once; discard leaves nothing of it on
// disk, also after close.
type writer[T any] interface {
	add(T) error
	close() error
	discard()
}

// file is what is to be saved, and how it begins.
type file[T any] struct {
	name, kind string
	begin      func(io.Writer) (writer[T], error)
}

// lateWriter opens what it writes to with the first byte: whatever fails before can still be answered as an error.
type lateWriter struct {
	open func() (io.Writer, error)
	to   io.Writer
}

func (l *lateWriter) Write(p []byte) (int, error) {
	if err := l.begin(); err != nil {
		return 0, err
	}
	return l.to.Write(p)
}

func (l *lateWriter) begin() (err error) {
	if l.to == nil {
		l.to, err = l.open()
	}
	return err
}

// produce writes a file as its parts come, a page at a time. open says where to, once the first bytes are there: everything
// is allowed and on record by then. opened is false when nothing was written.
func produce[T any](f file[T], open func() (io.Writer, error), pages func(take func([]T) error) error) (opened bool, err error) {
	var to writer[T]
	out := &lateWriter{open: open}
	defer func() {
		if to != nil {
			to.discard()
		}
	}()
	err = pages(func(page []T) error {
		if to == nil {
			var err error
			if to, err = f.begin(out); err != nil {
				return err
			}
		}
		for _, one := range page {
			if err := to.add(one); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = to.close()
	}
	if err == nil {
		err = out.begin() // of a file without a byte, too
	}
	return out.to != nil, err
}

// stream answers with a file. Nothing is answered before its first page is there: until then all may still be refused.
func stream[T any](h *Handler, w http.ResponseWriter, r *http.Request, f file[T], pages func(take func([]T) error) error) {
	h.answer(w, r, f.name, f.kind, func(open func() (io.Writer, error), allowed func() error) (bool, error) {
		return produce(f, open, func(take func([]T) error) error {
			return pages(func(page []T) error {
				if err := take(page); err != nil {
					return err
				}
				return allowed()
			})
		})
	})
}

// sending writes a file to what open opens, and tells whether it was opened. allowed is an error once the reader may have no
// more of it; it is asked with all that is written, too.
type sending = func(open func() (io.Writer, error), allowed func() error) (opened bool, err error)

// answer answers with the file that write writes.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, name, kind string, write sending) {
	if err := h.sent(w, r, name, kind, write); err != nil {
		h.fail(w, r, err)
	}
}

// taking asks, while a file is sent, whether its reader may still have it.
func (h *Handler) taking(r *http.Request) *feeds.Taking {
	return feeds.Take(h.access, h.still, request.Actor(r.Context()), h.pace)
}

// sent is answer that gives the error of what was not begun, to be told in the caller's own form.
func (h *Handler) sent(w http.ResponseWriter, r *http.Request, name, kind string, write sending) error {
	taking := h.taking(r)
	opened, err := write(func() (io.Writer, error) {
		offer(w, kind, "attachment", name)
		return taking.Writer(r.Context(), w), nil
	}, func() error { return taking.Allowed(r.Context()) })
	if err != nil && opened {
		h.logger.ErrorContext(r.Context(), "an export broke off", "requestId", request.From(r.Context()).ID, "error", err)
		panic(http.ErrAbortHandler) // so that the client does not take half a list for the whole
	}
	return err
}
