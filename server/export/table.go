package export

import (
	"io"
	"net/http"

	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/sheet"
)

// file is a table that is to be saved.
type file struct {
	name, kind string
	begin      func(io.Writer) (sheet.Writer, error)
	headings   []string
}

// table streams rows as they come. Nothing is answered before rows adds the first, maybe empty, page: until then all may
// still be refused.
func (h *Handler) table(w http.ResponseWriter, r *http.Request, f file, rows func(add func([][]string) error) error) {
	var table sheet.Writer
	defer func() {
		if table != nil {
			table.Discard()
		}
	}()
	err := rows(func(page [][]string) (err error) {
		if table == nil { // everything is allowed and on record by now
			offer(w, f.kind, "attachment", f.name)
			if table, err = f.begin(w); err != nil {
				return err
			}
			if err := table.Row(f.headings...); err != nil {
				return err
			}
		}
		for _, cells := range page {
			if err := table.Row(cells...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && table == nil {
		h.fail(w, r, err)
		return
	}
	if err == nil {
		err = table.Close()
	}
	if err != nil {
		h.logger.ErrorContext(r.Context(), "an export broke off", "requestId", request.From(r.Context()).ID, "error", err)
		panic(http.ErrAbortHandler) // so that the client does not take half a list for the whole
	}
}
