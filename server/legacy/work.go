package legacy

import (
	"context"
	"hash/fnv"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/workhours"
)

// report is what workstations send. The tracker's own client sends the first three.
type report struct {
	User            string `json:"user"`
	State           string `json:"state"`
	At              string `json:"ts"`
	Workstation     string `json:"workstation"`
	IntervalSeconds int    `json:"interval_seconds"`
	EventID         string `json:"event_id"`
}

// reportTime is a time with an offset, and seconds with up to nine digits behind the point.
var reportTime = regexp.MustCompile(`^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:?\d\d)$`)

// report records that somebody works or stopped: of the token's program, else of whoever it may be at a network that the
// operator listed.
func (h *Handler) report(w http.ResponseWriter, r *http.Request) {
	var sent report
	if err := read(w, r, &sent); err != nil {
		h.fail(w, r, err)
		return
	}
	in, err := sent.input()
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if actor := request.Actor(r.Context()); actor != nil && !actor.Token.IsZero() {
		_, err = h.Work.Report(r.Context(), actor, []*workhours.ReportInput{in}, false)
	} else {
		err = h.Work.ReportUnverified(r.Context(), request.From(r.Context()).Origin, in)
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	answer(w, http.StatusCreated, succeeded{true})
}

func (sent report) input() (*workhours.ReportInput, error) {
	in := &workhours.ReportInput{
		EventID: sent.EventID, User: sent.User, State: workhours.State(sent.State), Workstation: sent.Workstation, IntervalSeconds: sent.IntervalSeconds,
	}
	if sent.At == "" {
		return in, nil
	}
	wrong := fault.New(fault.BadInput, "ts must be a time with an offset, such as 2024-05-10T10:20:30Z.")
	if !reportTime.MatchString(sent.At) {
		return nil, wrong
	}
	text := strings.ToUpper(sent.At[:10] + "T" + sent.At[11:])
	for _, form := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700"} {
		if at, err := time.Parse(form, text); err == nil {
			in.At = &at
			return in, nil
		}
	}
	return nil, wrong
}

// realHours are a person's real work hours on a date, as the tracker wrote them.
type realHours struct {
	ID       uint64 `json:"id"`
	Username string `json:"username"`
	Date     string `json:"work_date"`
	Hours    int    `json:"real_hours_counted"`
	LastSeq  uint64 `json:"last_processed_event_id"`
}

// realWorkHours lists real work hours by date: of username and of the dates from start_date to end_date, both included.
// Without dates it gives the last 62 days.
func (h *Handler) realWorkHours(w http.ResponseWriter, r *http.Request) {
	query, err := queryOf(r, "username", "start_date", "end_date")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	actor := request.Actor(r.Context())
	f := workhours.Filter{From: people.Date(query.Get("start_date")), To: people.Date(query.Get("end_date"))}
	if f.From == "" {
		f.From = people.Date(h.lastDay(f.To).AddDate(0, 0, 1-workhours.MaxDays).Format(time.DateOnly))
	}
	if user := query.Get("username"); user != "" {
		var known bool
		if f.Person, known = h.worker(user); !known {
			f.Person = id.New() // nobody, and answered as somebody whom the caller may not see
		}
	}
	data, err := h.hoursOf(r, actor, f)
	if err == nil {
		err = h.looked(r, actor, f)
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct {
		Success bool        `json:"success"`
		Data    []realHours `json:"data"`
	}{true, data})
}

func (h *Handler) lastDay(to people.Date) time.Time {
	if day, err := time.Parse(time.DateOnly, string(to)); err == nil {
		return day
	}
	return h.Work.Today()
}

// worker finds the person whom workstations call so.
func (h *Handler) worker(user string) (id.ID, bool) {
	return h.People.Known(workhours.SourceWorkstation, user)
}

func (h *Handler) looked(r *http.Request, actor *access.Actor, f workhours.Filter) error {
	if actor.Is(f.Person) {
		return nil
	}
	return h.Logbook.Looked(r.Context(), actor, "legacyRealWorkHours", f.Words(), "")
}

func (h *Handler) hoursOf(r *http.Request, actor *access.Actor, f workhours.Filter) ([]realHours, error) {
	data := []realHours{}
	for after := ""; ; {
		hours, err := h.Work.Hours(r.Context(), actor, f, workhours.ByDay, nil, after)
		if err != nil {
			return nil, err
		}
		for _, one := range hours {
			data = append(data, realHours{stableNumber(one), h.userOf(r.Context(), actor, one.PersonID), string(one.From), one.RealHours, one.LastSeq})
		}
		if len(hours) < page.MaxSize {
			return data, nil
		}
		after = hours[len(hours)-1].Cursor
	}
}

// userOf is what workstations call a person, as far as the actor may see it; his name otherwise.
func (h *Handler) userOf(ctx context.Context, actor *access.Actor, person id.ID) string {
	if p, ok := h.People.As(ctx, actor, person); ok {
		for _, n := range p.ExternalNames {
			if n.Source == workhours.SourceWorkstation {
				return n.Name
			}
		}
	}
	return h.People.DisplayName(actor, person)
}

// stableNumber names a person and a date by a number that JavaScript can hold, the same each time.
func stableNumber(one *workhours.Hours) uint64 {
	const most = 1<<53 - 1
	sum := fnv.New64a()
	_, _ = sum.Write(one.PersonID[:])
	_, _ = sum.Write([]byte(one.From))
	return sum.Sum64() & most
}
