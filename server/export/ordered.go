package export

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/sheet"
	"github.com/keytrail/keytrail/server/workhours"
)

// KindOf gives the media type of a format.
func KindOf(format string) string {
	return map[string]string{
		exports.CSV: kindCSV, exports.XLSX: kindXLSX, exports.PDF: kindPDF,
		exports.JSON: "application/json; charset=utf-8", exports.NDJSON: "application/x-ndjson",
	}[format]
}

// beginSheet begins a table in one of the formats of spreadsheets.
func (h *Handler) beginSheet(o *exports.Order, w io.Writer) (sheet.Writer, error) {
	if o.Format == exports.XLSX {
		return sheet.NewXLSX(w, o.List, h.temp)
	}
	return sheet.NewCSV(w)
}

// ordered answers with the list of the filter that stands in the query, as it is read.
func (h *Handler) ordered(list, format string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		query, err := request.Query(r)
		if err == nil {
			err = h.sendOrder(w, r, list, format, query)
		}
		if err != nil {
			h.fail(w, r, err)
		}
	}
}

func (h *Handler) sendOrder(w http.ResponseWriter, r *http.Request, list, format string, query url.Values) error {
	o, err := orderOf(list, format, query)
	if err != nil {
		return err
	}
	return h.send(w, r, o)
}

// Log answers with the entries of a filter, from one of the lists that can be taken out (package logbook). An error says
// that nothing was answered.
func (h *Handler) Log(w http.ResponseWriter, r *http.Request, list, format string, f logbook.Filter) error {
	return h.send(w, r, &exports.Order{List: list, Format: format, Log: f})
}

// send answers with what is ordered. An error says that nothing was answered.
func (h *Handler) send(w http.ResponseWriter, r *http.Request, o *exports.Order) error {
	if err := o.Check(); err != nil {
		return err
	}
	actor := request.Actor(r.Context())
	return h.sent(w, r, o.List+"."+o.Format, KindOf(o.Format), func(open func() (io.Writer, error), allowed func() error) (bool, error) {
		return h.fulfil(r.Context(), actor, o, false, open, func(int) error { return allowed() })
	})
}

// flagOf takes true or false out of an address; false when it says neither.
func flagOf(query url.Values, name string) (bool, error) {
	defer query.Del(name)
	switch query.Get(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, fault.Field(name, "%s is true or false", name)
}

// orderOf reads an order from an address: lang, proofs, and the conditions of the list's filter.
func orderOf(list, format string, query url.Values) (*exports.Order, error) {
	for _, name := range []string{"lang", "proofs"} {
		if len(query[name]) > 1 {
			return nil, fault.Field(name, "%s stands there twice", name)
		}
	}
	proofs, err := flagOf(query, "proofs")
	if err != nil {
		return nil, err
	}
	o := &exports.Order{List: list, Format: format, Language: query.Get("lang"), Proofs: proofs}
	query.Del("lang")
	if list == exports.ListHours {
		o.Hours, o.By, err = hoursFilter(query)
	} else {
		o.Log, err = logFilter(query)
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

// fulfil writes what was ordered, and tells how many rows were written each time that some were. recorded says that the
// order is on record already. opened is false when nothing was written.
func (h *Handler) fulfil(ctx context.Context, actor *access.Actor, o *exports.Order, recorded bool, open func() (io.Writer, error), wrote func(rows int) error) (opened bool, err error) {
	if o.List == exports.ListHours {
		f := file[[]string]{begin: func(w io.Writer) (writer[[]string], error) { return h.beginHours(ctx, actor, o, w) }}
		return produce(f, open, func(take func([][]string) error) error {
			return h.readHours(ctx, actor, o, recorded, func(hours []*workhours.Hours) error {
				return tell(take(h.hourRows(languageOf(o), actor, hours)), wrote, len(hours))
			})
		})
	}
	f := file[logbook.LogEntry]{begin: func(w io.Writer) (writer[logbook.LogEntry], error) {
		to, err := h.beginLog(ctx, actor, o, w)
		if to == nil {
			return nil, err
		}
		return &lineWriter{writer: to, names: h.namesFor(languageOf(o), actor)}, err
	}}
	return produce(f, open, func(take func([]logbook.LogEntry) error) error {
		return h.readLog(ctx, actor, o, recorded, func(entries []logbook.LogEntry) error {
			return tell(take(entries), wrote, len(entries))
		})
	})
}

func tell(err error, wrote func(rows int) error, rows int) error {
	if err != nil {
		return err
	}
	return wrote(rows)
}

func (h *Handler) readHours(ctx context.Context, actor *access.Actor, o *exports.Order, recorded bool, send func([]*workhours.Hours) error) error {
	if recorded {
		return h.work.ExportRecorded(ctx, actor, o.Hours, o.By, send)
	}
	return h.work.Export(ctx, actor, o.Format, o.Hours, o.By, send)
}

func (h *Handler) readLog(ctx context.Context, actor *access.Actor, o *exports.Order, recorded bool, send func([]logbook.LogEntry) error) error {
	if recorded {
		return h.logbook.TakeOutRecorded(ctx, actor, o.List, o.Log, send)
	}
	return h.logbook.TakeOut(ctx, actor, o.List, o.Format, o.Log, send)
}
