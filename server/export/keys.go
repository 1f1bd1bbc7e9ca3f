package export

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/sheet"
)

const (
	kindCSV  = "text/csv; charset=utf-8"
	kindXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

func (h *Handler) keysCSV(w http.ResponseWriter, r *http.Request) {
	h.keys(w, r, "csv", kindCSV, sheet.NewCSV)
}

func (h *Handler) keysXLSX(w http.ResponseWriter, r *http.Request) {
	h.keys(w, r, "xlsx", kindXLSX, func(to io.Writer) (sheet.Writer, error) { return sheet.NewXLSX(to, "keys", h.temp) })
}

// keyHeadings are the columns of a list of keys; an import reads the first eight of them again.
func keyHeadings() []string {
	return []string{"number", "label", "category", "building", "floor", "room", "cabinet", "hook", "state", "groups", "holder", "issued at", "due at"}
}

// keys streams the keys of a filter in a format.
func (h *Handler) keys(w http.ResponseWriter, r *http.Request, format, kind string, begin func(io.Writer) (sheet.Writer, error)) {
	query, err := request.Query(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	filter, err := keyFilter(query)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	stream(h, w, r, tableOf("keys."+format, kind, keyHeadings(), begin), func(add func([][]string) error) error {
		return h.custody.ExportKeys(r.Context(), request.Actor(r.Context()), format, filter, func(lines []custody.KeyLine) error {
			rows := make([][]string, len(lines))
			for i := range lines {
				rows[i] = h.keyCells(&lines[i])
			}
			return add(rows)
		})
	})
}

func (h *Handler) keyCells(l *custody.KeyLine) []string {
	k := l.Key
	cells := []string{k.Number, k.Label, k.Category, k.Building, k.Floor, k.Room, k.Cabinet, k.Hook, string(k.State), strings.Join(l.Groups, "; "), l.Holder, "", ""}
	if l.Loan != nil {
		cells[11] = h.moment(&l.Loan.IssuedAt)
		cells[12] = h.moment(l.Loan.DueAt)
	}
	return cells
}

// moment gives a time in the display zone, "" for none.
func (h *Handler) moment(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.In(h.zone).Format(time.RFC3339)
}

// keyFilter reads a filter: search, building, group, holder, and states, as often as there are or divided by commas.
func keyFilter(query url.Values) (custody.KeyFilter, error) {
	if states := query["states"]; len(states) > 1 {
		query.Set("states", strings.Join(states, ","))
	}
	if err := request.Only(query, "search", "building", "group", "holder", "states"); err != nil {
		return custody.KeyFilter{}, err
	}
	f := custody.KeyFilter{Search: query.Get("search"), Building: query.Get("building")}
	for name, to := range map[string]*id.ID{"group": &f.Group, "holder": &f.Holder} {
		if text := query.Get(name); text != "" {
			one, err := id.Parse(text)
			if err != nil {
				return f, fault.Field(name, "%s is not an id", name)
			}
			*to = one
		}
	}
	for _, states := range query["states"] {
		for name := range strings.SplitSeq(states, ",") {
			var state custody.KeyState
			if err := state.UnmarshalGQL(name); err != nil {
				return f, fault.Field("states", "%v", err)
			}
			f.States = append(f.States, state)
		}
	}
	return f, nil
}
