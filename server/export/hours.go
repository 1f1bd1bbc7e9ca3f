package export

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/sheet"
	"github.com/keytrail/keytrail/server/workhours"
)

func (h *Handler) hoursCSV(w http.ResponseWriter, r *http.Request) {
	h.hours(w, r, "csv", kindCSV, sheet.NewCSV)
}

func (h *Handler) hoursXLSX(w http.ResponseWriter, r *http.Request) {
	h.hours(w, r, "xlsx", kindXLSX, func(to io.Writer) (sheet.Writer, error) { return sheet.NewXLSX(to, "hours") })
}

func hourHeadings() []string {
	return []string{"person", "department", "from", "to", "working minutes", "real hours", "estimated minutes", "unverified"}
}

// hours streams working hours of a filter in a format: from, to, person, department, and by day, week or month.
func (h *Handler) hours(w http.ResponseWriter, r *http.Request, format, kind string, begin func(io.Writer) (sheet.Writer, error)) {
	filter, by, err := hoursFilter(r.URL.Query())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	actor := request.Actor(r.Context())
	stream(h, w, r, tableOf("hours."+format, kind, hourHeadings(), begin), func(add func([][]string) error) error {
		return h.work.Export(r.Context(), actor, format, filter, by, func(hours []*workhours.Hours) error {
			rows := make([][]string, len(hours))
			for i, one := range hours {
				_, department := h.people.DepartmentOf(one.PersonID)
				rows[i] = hourCells(one, h.people.DisplayName(actor, one.PersonID), department)
			}
			return add(rows)
		})
	})
}

func hourCells(one *workhours.Hours, person, department string) []string {
	return []string{
		person, department, string(one.From), string(one.To), strconv.Itoa(one.WorkingMinutes), strconv.Itoa(one.RealHours),
		strconv.Itoa(one.EstimatedMinutes), strconv.FormatBool(one.Unverified),
	}
}

func hoursFilter(query url.Values) (f workhours.Filter, by workhours.Period, err error) {
	f = workhours.Filter{From: people.Date(query.Get("from")), To: people.Date(query.Get("to"))}
	for name, to := range map[string]*id.ID{"person": &f.Person, "department": &f.Department} {
		if text := query.Get(name); text != "" {
			if *to, err = id.Parse(text); err != nil {
				return f, by, fault.Field(name, "%s is not an id", name)
			}
		}
	}
	if by = workhours.Period(strings.ToUpper(query.Get("by"))); by == "" {
		by = workhours.ByDay
	}
	return f, by, nil
}
