package export

import (
	"context"
	"io"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/workhours"
)

func hourHeadings() []string {
	return []string{"person", "department", "from", "to", "working minutes", "real hours", "estimated minutes", "unverified"}
}

// beginHours begins a file of working hours.
func (h *Handler) beginHours(ctx context.Context, actor *access.Actor, o *exports.Order, w io.Writer) (writer[[]string], error) {
	if o.Format == exports.PDF {
		return h.beginPaperHours(ctx, actor, o, w)
	}
	table, err := h.beginSheet(o, w)
	if err != nil {
		return nil, err
	}
	return tableWriter{table}, table.Row(hourHeadings()...)
}

// hourRows gives the cells of hours.
func (h *Handler) hourRows(in language.Tag, actor *access.Actor, hours []*workhours.Hours) [][]string {
	rows := make([][]string, len(hours))
	for i, one := range hours {
		_, department := h.people.DepartmentOf(one.PersonID)
		rows[i] = hourCells(one, h.people.DisplayNameIn(in, actor, one.PersonID), department)
	}
	return rows
}

func hourCells(one *workhours.Hours, person, department string) []string {
	return []string{
		person, department, string(one.From), string(one.To), strconv.Itoa(one.WorkingMinutes), strconv.Itoa(one.RealHours),
		strconv.Itoa(one.EstimatedMinutes), strconv.FormatBool(one.Unverified),
	}
}

func hoursFilter(query url.Values) (f workhours.Filter, by workhours.Period, err error) {
	if err := request.Only(query, "from", "to", "person", "department", "by"); err != nil {
		return f, by, err
	}
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
