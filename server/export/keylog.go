package export

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/sheet"
)

func (h *Handler) keyLogCSV(w http.ResponseWriter, r *http.Request) {
	h.keyLog(w, r, "csv", kindCSV, sheet.NewCSV)
}

func (h *Handler) keyLogXLSX(w http.ResponseWriter, r *http.Request) {
	h.keyLog(w, r, "xlsx", kindXLSX, func(to io.Writer) (sheet.Writer, error) { return sheet.NewXLSX(to, "movements", h.temp) })
}

func keyLogHeadings() []string {
	return []string{"at", "action", "number", "label", "building", "holder", "by", "due at", "comment", "entry"}
}

// keyLog streams the movements of some days in a format, newest first.
func (h *Handler) keyLog(w http.ResponseWriter, r *http.Request, format, kind string, begin func(io.Writer) (sheet.Writer, error)) {
	query, err := request.QueryOf(r, "from", "to", "group", "building")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	filter, err := h.keyLogFilter(query)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	actor := request.Actor(r.Context())
	stream(h, w, r, tableOf("movements."+format, kind, keyLogHeadings(), begin), func(add func([][]string) error) error {
		return h.logbook.TakeOut(r.Context(), actor, logbook.TakeKeys, format, filter, func(entries []logbook.LogEntry) error {
			rows, err := h.movementRows(r.Context(), actor, entries)
			if err != nil {
				return err
			}
			return add(rows)
		})
	})
}

func (h *Handler) movementRows(ctx context.Context, actor *access.Actor, entries []logbook.LogEntry) ([][]string, error) {
	movements := make([]*logbook.KeyEntry, 0, len(entries))
	var ids []id.ID
	for _, entry := range entries {
		e, ok := entry.(*logbook.KeyEntry)
		if !ok {
			continue
		}
		movements = append(movements, e)
		if !e.KeyID.IsZero() {
			ids = append(ids, e.KeyID)
		}
	}
	keys, err := h.custody.KeysByID(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	rows := make([][]string, 0, len(movements))
	for _, e := range movements {
		rows = append(rows, h.movementCells(actor, e, keys[e.KeyID]))
	}
	return rows, nil
}

func (h *Handler) movementCells(actor *access.Actor, e *logbook.KeyEntry, key *custody.Key) []string {
	cells := []string{h.moment(&e.OccurredAt), e.Action, "", "", "", h.nameOf(language.English, actor, e.HolderID), h.nameOf(language.English, actor, e.ActorID), h.moment(e.DueAt), "", e.ID.String()}
	if key != nil {
		cells[2], cells[3], cells[4] = key.Number, key.Label, key.Building
	} else if e.Entity != nil {
		cells[2] = e.Entity.Label
	}
	if e.Comment != nil {
		cells[8] = *e.Comment
	}
	return cells
}

// keyLogFilter reads from and to, days of the display zone of which the last is included, and group.
func (h *Handler) keyLogFilter(query url.Values) (logbook.Filter, error) {
	from, _, err := h.day(query, "from")
	if err != nil {
		return logbook.Filter{}, err
	}
	_, end, err := h.day(query, "to")
	if err != nil {
		return logbook.Filter{}, err
	}
	f := logbook.Filter{From: &from, To: &end, Building: query.Get("building")}
	if text := query.Get("group"); text != "" {
		if f.KeyGroup, err = id.Parse(text); err != nil {
			return f, fault.Field("group", "group is not an id")
		}
	}
	return f, nil
}

// day gives the bounds of a day, also where clocks are moved at midnight.
func (h *Handler) day(query url.Values, name string) (begin, end time.Time, err error) {
	if begin, end, err = h.logbook.Day(people.Date(query.Get(name)), ""); err != nil {
		err = fault.Field(name, "%s must be a day, such as 2026-11-22", name)
	}
	return begin, end, err
}
