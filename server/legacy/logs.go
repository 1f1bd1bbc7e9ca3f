package legacy

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

// TakeOut answers with the entries of a list (package logbook) as a file in a format, csv or json. An error says that nothing
// was answered.
type TakeOut func(w http.ResponseWriter, r *http.Request, list, format string, f logbook.Filter) error

// Logs answers what lies below /logs/: the older logging module's endpoints.
type Logs struct {
	Handler
	takeOut TakeOut
}

// NewLogs makes the handler. Who asks stands in the request's context (package request).
func NewLogs(services Services, takeOut TakeOut, log *slog.Logger) *Logs {
	h := &Logs{Handler{Services: services, mux: http.NewServeMux(), log: log}, takeOut}
	h.mux.HandleFunc("GET /logs/auth", h.auth)
	h.mux.HandleFunc("GET /logs/actions", h.actions)
	h.mux.HandleFunc("POST /logs/export", h.export)
	h.mux.HandleFunc("/logs/auth", wrongMethod("GET"))
	h.mux.HandleFunc("/logs/actions", wrongMethod("GET"))
	h.mux.HandleFunc("/logs/export", wrongMethod("POST"))
	h.mux.HandleFunc("/", unknown)
	return h
}

// logPage is a page of a log, newest first. Next is what to send as after for the next page, null on the last one.
type logPage struct {
	Logs []logEntry `json:"logs"`
	Next *string    `json:"next"`
}

// logEntry is an entry as the logging module wrote it; what the caller may not see is null.
type logEntry struct {
	ID         string  `json:"id"`
	UserID     *string `json:"user_id"`
	UserName   *string `json:"user_name"`
	Action     string  `json:"action"`
	EntityType *string `json:"entity_type"`
	EntityID   *string `json:"entity_id"`
	Module     *string `json:"module"`
	Status     string  `json:"status"`
	IPAddress  *string `json:"ip_address"`
	UserAgent  *string `json:"user_agent"`
	Timestamp  string  `json:"timestamp"`
}

// auth lists sign-ins and what else befell accounts.
func (h *Logs) auth(w http.ResponseWriter, r *http.Request) {
	listLog(h, w, r, h.Logbook.AuthLog)
}

// actions lists what people did in programs.
func (h *Logs) actions(w http.ResponseWriter, r *http.Request) {
	listLog(h, w, r, h.Logbook.ActivityLog)
}

func listLog[E logbook.LogEntry](h *Logs, w http.ResponseWriter, r *http.Request, list readLog[E]) {
	actor := request.Actor(r.Context())
	answered, err := pageOf(h, r, actor, list)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, answered)
}

// readLog reads a page of a list of entries.
type readLog[E logbook.LogEntry] = func(ctx context.Context, actor *access.Actor, f logbook.Filter, wanted page.Request) (page.Page[E], error)

func pageOf[E logbook.LogEntry](h *Logs, r *http.Request, actor *access.Actor, list readLog[E]) (*logPage, error) {
	query, err := request.Query(r)
	if err != nil {
		return nil, err
	}
	for name, values := range query {
		if len(values) > 1 {
			return nil, fault.New(fault.BadInput, "%.40s stands there twice.", name)
		}
		if !slices.Contains([]string{"user_id", "entity_type", "action", "from_date", "to_date", "ip_address", "limit", "after"}, name) {
			return nil, fault.New(fault.BadInput, "%.40q is none of the conditions: user_id, entity_type, action, from_date, to_date, ip_address, limit and after.", name)
		}
	}
	f, err := h.filterOf(query)
	if err != nil {
		return nil, err
	}
	size, err := limitIn(query)
	if err != nil {
		return nil, err
	}
	p, err := list(r.Context(), actor, f, page.Request{First: &size, After: query.Get("after")})
	if err != nil {
		return nil, err
	}
	answered := &logPage{Logs: make([]logEntry, len(p.Items))}
	for i, e := range p.Items {
		answered.Logs[i] = h.logEntryOf(actor, e.Common())
	}
	if p.Info.HasNextPage {
		answered.Next = &p.Info.EndCursor
	}
	return answered, nil
}

func (h *Logs) logEntryOf(actor *access.Actor, e *logbook.Entry) logEntry {
	l := logEntry{
		ID: strconv.FormatUint(e.Seq, 10), Action: e.Action, Module: e.Module, Status: string(e.Outcome), IPAddress: e.IP,
		UserAgent: e.UserAgent, Timestamp: e.OccurredAt.UTC().Format(time.RFC3339Nano),
	}
	if !e.ActorID.IsZero() {
		user, name := e.ActorID.String(), h.People.DisplayName(actor, e.ActorID)
		l.UserID, l.UserName = &user, &name
	}
	if e.Entity != nil {
		l.EntityType, l.EntityID = &e.Entity.Type, &e.Entity.ID
	}
	return l
}

// filterOf reads the conditions of a list. Dates are days of the display zone, both included, or instants (RFC 3339).
func (h *Logs) filterOf(query url.Values) (f logbook.Filter, err error) {
	f = logbook.Filter{EntityType: query.Get("entity_type"), Action: query.Get("action"), IP: query.Get("ip_address")}
	if text := query.Get("user_id"); text != "" {
		if f.Person, err = id.Parse(text); err != nil {
			return f, fault.New(fault.BadInput, "There is no user with the id %.64s: look it up in the list of users.", text)
		}
	}
	if f.From, _, err = h.ends(query, "from_date"); err != nil {
		return f, err
	}
	_, f.To, err = h.ends(query, "to_date")
	return f, err
}

// ends gives the beginning and the end of a day, the instant itself for an instant, nil where nothing is asked for.
func (h *Logs) ends(query url.Values, name string) (from, to *time.Time, err error) {
	text := query.Get(name)
	if text == "" {
		return nil, nil, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return &at, &at, nil
	}
	begin, end, err := h.Logbook.Day(people.Date(text), "")
	if err != nil {
		return nil, nil, fault.New(fault.BadInput, "%s must be a day such as 2026-11-26, or an instant such as 2026-11-26T08:00:00Z.", name)
	}
	return &begin, &end, nil
}

func limitIn(query url.Values) (int, error) {
	text := query.Get("limit")
	if text == "" {
		return page.DefaultSize, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > page.MaxSize {
		return 0, fault.New(fault.BadInput, "limit must be 1 to %d.", page.MaxSize)
	}
	return n, nil
}

// wantedFile is what POST /logs/export is sent: which log, as what, and the conditions of the lists.
type wantedFile struct {
	Log        string `json:"log"`
	Format     string `json:"format"`
	UserID     string `json:"user_id"`
	EntityType string `json:"entity_type"`
	Action     string `json:"action"`
	FromDate   string `json:"from_date"`
	ToDate     string `json:"to_date"`
	IPAddress  string `json:"ip_address"`
}

// export answers with a log as a file, as it is read.
func (h *Logs) export(w http.ResponseWriter, r *http.Request) {
	var in wantedFile
	err := readConditions(w, r, &in)
	if r.URL.RawQuery != "" { // where a list has its conditions
		err = notUnderstood()
	}
	if err == nil {
		err = h.exported(w, r, &in)
	}
	if err != nil {
		h.fail(w, r, err)
	}
}

func (h *Logs) exported(w http.ResponseWriter, r *http.Request, in *wantedFile) error {
	list := map[string]string{"auth": logbook.TakeAuth, "actions": logbook.TakeActivity}[in.Log]
	if list == "" || in.Format != "csv" && in.Format != "json" {
		return fault.New(fault.BadInput, "Say which log (auth or actions), and the format (csv or json).")
	}
	f, err := h.filterOf(url.Values{
		"user_id": {in.UserID}, "entity_type": {in.EntityType}, "action": {in.Action}, "from_date": {in.FromDate},
		"to_date": {in.ToDate}, "ip_address": {in.IPAddress},
	})
	if err != nil {
		return err
	}
	return h.takeOut(w, r, list, in.Format, f)
}
