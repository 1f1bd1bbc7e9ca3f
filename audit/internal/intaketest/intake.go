// Package intaketest is the wire contract of keytrail's intake for unit tests: strict about what it is sent, and able to
// be away, to refuse and to break off.
package intaketest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Token is the token that the intake takes.
const Token = "ktr_test"

const maxLine = 64 << 10

// Event is a line as it came. It has the members of the contract and no others.
type Event struct {
	EventID     string    `json:"eventId"`
	Action      string    `json:"action"`
	EntityType  string    `json:"entityType"`
	Entity      string    `json:"entity"`
	EntityLabel string    `json:"entityLabel"`
	Module      string    `json:"module"`
	Objects     []Object  `json:"objects"`
	Actor       *Person   `json:"actor"`
	OccurredAt  time.Time `json:"occurredAt"`
	Before      any       `json:"before"`
	After       any       `json:"after"`
	Changes     []Change  `json:"changes"`
	Metadata    any       `json:"metadata"`
	IP          string    `json:"ip"`
	UserAgent   string    `json:"userAgent"`
	Outcome     string    `json:"outcome"`
	Request     *Request  `json:"request"`
	Response    *Response `json:"response"`
	DataSubject *Person   `json:"dataSubject"`
	Plain       []string  `json:"plain"`
	BulkID      string    `json:"bulkId"`
	Line        string    `json:"-"`
}

// Object is a thing that was touched.
type Object struct{ Type, ID string }

// Person is somebody as the sender names him.
type Person struct {
	Person     string `json:"person"`
	Source     string `json:"source"`
	ExternalID string `json:"externalId"`
	Name       string `json:"name"`
}

// Change is a field that differs.
type Change struct {
	Path    string `json:"path"`
	Before  any    `json:"before"`
	After   any    `json:"after"`
	Added   bool   `json:"added"`
	Removed bool   `json:"removed"`
}

// Request is a request in or out.
type Request struct {
	Direction string `json:"direction"`
	Method    string `json:"method"`
	URL       string `json:"url"`
	Path      string `json:"path"`
	Query     any    `json:"query"`
	Headers   any    `json:"headers"`
	Body      any    `json:"body"`
	Service   string `json:"service"`
}

// Response is its answer.
type Response struct {
	Status     int     `json:"status"`
	Headers    any     `json:"headers"`
	Body       any     `json:"body"`
	DurationMs float64 `json:"durationMs"`
	Error      string  `json:"error"`
}

// Intake is a server that takes lines.
type Intake struct {
	URL string

	mu     sync.Mutex
	away   bool
	other  *other
	later  time.Duration
	refuse func(Event) (code, message string)
	cut    int // answers so many lines of the next batch and then breaks off; 0 all
	known  map[string]string
	events []Event
	posts  int
	more   chan struct{} // closed and replaced when something came
}

// Start runs an intake until the test ends.
func Start(t testing.TB) *Intake {
	t.Helper()
	i := &Intake{known: map[string]string{}, more: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(i.serve))
	t.Cleanup(server.Close)
	i.URL = server.URL
	return i
}

// Away has the intake answer 503, or no longer.
func (i *Intake) Away(away bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.away = away
}

// other is an answer that is not the intake's.
type other struct {
	status int
	body   string
}

// Instead has every request answered so, as if something else were at the address; status 0 ends it.
func (i *Intake) Instead(status int, body string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.other = nil; status != 0 {
		i.other = &other{status, body}
	}
}

// Later has the intake's clock go ahead by so much.
func (i *Intake) Later(by time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.later = by
}

// Refuse has lines refused for which a code is given.
func (i *Intake) Refuse(f func(Event) (code, message string)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.refuse = f
}

// CutNext has the next answer break off after so many lines, all of which are recorded.
func (i *Intake) CutNext(lines int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.cut = lines
}

// Events are what was recorded, each once, in the order in which they came.
func (i *Intake) Events() []Event {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]Event(nil), i.events...)
}

// Posts counts the requests that came, refused ones too.
func (i *Intake) Posts() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.posts
}

// Await waits until a condition holds of what was recorded.
func (i *Intake) Await(t testing.TB, holds func([]Event) bool) []Event {
	t.Helper()
	return await(t, i, func() ([]Event, bool) {
		events := append([]Event(nil), i.events...)
		return events, holds(events)
	})
}

// AwaitPosts waits until so many requests came.
func (i *Intake) AwaitPosts(t testing.TB, n int) {
	t.Helper()
	await(t, i, func() (int, bool) { return i.posts, i.posts >= n })
}

func await[T any](t testing.TB, i *Intake, look func() (T, bool)) T {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		i.mu.Lock()
		found, ok := look()
		more := i.more
		i.mu.Unlock()
		if ok {
			return found
		}
		select {
		case <-more:
		case <-deadline:
			t.Fatalf("what was waited for did not come; %+v is here", found)
		}
	}
}

func (i *Intake) serve(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	defer func() { close(i.more); i.more = make(chan struct{}) }()
	i.posts++
	if i.away {
		http.Error(w, "away", http.StatusServiceUnavailable)
		return
	}
	if i.other != nil {
		http.Error(w, i.other.body, i.other.status)
		return
	}
	if problem := wrong(r); problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	zip, err := gzip.NewReader(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	body, err := io.ReadAll(zip) // all of it before the first answer, or the server stops reading
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	lines := bufio.NewScanner(bytes.NewReader(body))
	lines.Buffer(nil, maxLine+1)
	recorded, refused := 0, 0
	for n := 1; lines.Scan(); n++ {
		answer, ok := i.line(n, lines.Text())
		if recorded++; !ok {
			recorded, refused = recorded-1, refused+1
		}
		if i.cut == 0 || n <= i.cut {
			_ = json.NewEncoder(w).Encode(answer)
		}
	}
	if i.cut > 0 {
		i.cut = 0
		panic(http.ErrAbortHandler)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"recorded": recorded, "refused": refused})
}

// wrong says what the request lacks.
func wrong(r *http.Request) string {
	switch {
	case r.Method != http.MethodPost || r.URL.Path != "/intake/activity" || r.URL.Query().Get("partial") != "true":
		return "no such place: " + r.Method + " " + r.URL.String()
	case r.Header.Get("Authorization") != "Bearer "+Token:
		return "wrong token"
	case r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("Content-Type") != "application/x-ndjson":
		return "wrong headers"
	}
	return ""
}

// line takes one line: the same again gets the answer that it got, another with its id a conflict.
func (i *Intake) line(n int, text string) (answer map[string]any, ok bool) {
	refuse := func(code, message string) (map[string]any, bool) {
		return map[string]any{"line": n, "code": code, "message": message}, false
	}
	event := Event{Line: text}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&event); err != nil {
		return refuse("BAD_USER_INPUT", err.Error())
	}
	if len(event.EventID) != 36 || event.EventID[14] != '7' || event.Action == "" || event.OccurredAt.IsZero() || len(text) > maxLine {
		return refuse("BAD_USER_INPUT", "the event lacks something")
	}
	if problem := event.Unfit(); problem != "" {
		return refuse("BAD_USER_INPUT", problem)
	}
	if event.OccurredAt.After(time.Now().Add(i.later + ahead)) {
		return refuse("BAD_USER_INPUT", "the event lies in the future: set the sender's clock right")
	}
	if i.refuse != nil {
		if code, message := i.refuse(event); code != "" {
			return refuse(code, message)
		}
	}
	if before, again := i.known[event.EventID]; again && before != text {
		return refuse("CONFLICT", "the id was used for another event")
	} else if !again {
		i.known[event.EventID] = text
		i.events = append(i.events, event)
	}
	return map[string]any{"line": n, "seq": fmt.Sprint(len(i.events))}, true
}
