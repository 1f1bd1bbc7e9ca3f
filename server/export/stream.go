package export

import (
	"io"
	"net/http"

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

// stream answers with a file as its parts come, a page at a time. Nothing is answered before pages gives the first, maybe
// empty, one: until then all may still be refused.
func stream[T any](h *Handler, w http.ResponseWriter, r *http.Request, f file[T], pages func(take func([]T) error) error) {
	var to writer[T]
	defer func() {
		if to != nil {
			to.discard()
		}
	}()
	err := pages(func(page []T) (err error) {
		if to == nil { // everything is allowed and on record by now
			offer(w, f.kind, "attachment", f.name)
			if to, err = f.begin(w); err != nil {
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
	if err != nil && to == nil {
		h.fail(w, r, err)
		return
	}
	if err == nil {
		err = to.close()
	}
	if err != nil {
		h.logger.ErrorContext(r.Context(), "an export broke off", "requestId", request.From(r.Context()).ID, "error", err)
		panic(http.ErrAbortHandler) // so that the client does not take half a list for the whole
	}
}
