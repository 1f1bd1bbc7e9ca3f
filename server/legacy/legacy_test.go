package legacy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func get(t *testing.T, client *graphtest.Client, path string) (int, string) {
	t.Helper()
	response, err := client.Get(client.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if kind := response.Header.Get("Content-Type"); kind != "application/json; charset=utf-8" {
		t.Errorf("%s: %s", path, kind)
	}
	return response.StatusCode, string(text)
}

// The golden file has the form of the key register's own answer: its names, types and words.
func TestTheListLooksAsTheKeyRegisterWroteIt(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	status, text := get(t, s.As("custodian"), "/api/keyLogs/list?start_time=1795343461&end_time=1795347064")
	want, err := os.ReadFile("testdata/keyLogs-list.json")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer // indented, and otherwise byte for byte as it was sent
	if err := json.Indent(&got, []byte(text), "", "  "); err != nil || status != http.StatusOK || got.String() != string(want) {
		t.Errorf("%d %v\ngot  %s\nwant %s", status, err, got.String(), want)
	}
}

func TestBothEndsOfTheTimeAreIncluded(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	at := time.Date(2026, 11, 22, 10, 31, 1, 0, time.UTC).Unix() // key 9 is issued
	for query, want := range map[string]int{
		"?start_time=" + unix(at) + "&end_time=" + unix(at):     1,
		"?start_time=" + unix(at+1) + "&end_time=" + unix(at+1): 1,
		"?start_time=" + unix(at) + "&end_time=" + unix(at+2):   3,
		"?end_time=" + unix(at-1):                               0,
		"?start_time=" + unix(at):                               4,
		"?start_time=" + unix(at) + "&end_time=253402300799":    4, // as far as it goes
		"?_=1795343461123":                                      4, // as browsers are made to ask anew
		"":                                                      4,
	} {
		if _, text := get(t, s.As("admin"), "/api/keyLogs/list"+query); strings.Count(text, `"id"`) != want {
			t.Errorf("%s: not %d in %s", query, want, text)
		}
	}
}

func TestAHandoverIsAReturnAndAnIssueAsTheKeyRegisterKnewThem(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	kaspars, _ := s.People.Find(s.IDs["kaspars"])
	peteris, _ := s.People.Find(s.IDs["peteris"])
	offered, err := s.Custody.HandOver(t.Context(), s.Actor(kaspars, "custodian"), custody.HandOverInput{
		Keys: []id.ID{s.IDs["key11"]}, To: peteris.ID, Comment: "Night shift",
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(time.Minute)
	start := s.Clock.Now()
	made, err := s.Custody.AcceptHandover(t.Context(), s.Actor(peteris, "member"), custody.AcceptInput{Handover: offered.Handovers[0].ID, Accept: true, Note: "Got it"})
	if err != nil {
		t.Fatal(err)
	}
	_, text := get(t, s.As("admin"), "/api/keyLogs/list?start_time="+unix(start.Unix()))
	at, seq := start.UTC().Format("2006-01-02T15:04:05Z"), made.Entries[0].Seq
	want := fmt.Sprintf(`[{"id":"%d","action":"Atgriezts","keyNumber":"11","at":%q,"userName":"Jānis Bērziņš","comment":""},`+
		`{"id":"%d","action":"Izsniegts","keyNumber":"11","at":%q,"userName":"Pēteris Lācis","comment":"Got it"}]`, seq+1_000_000_000_000_000, at, seq, at)
	if compact := strings.ReplaceAll(strings.TrimSpace(text), "\n", ""); compact != want {
		t.Errorf("got  %s\nwant %s", compact, want)
	}
}

func unix(seconds int64) string {
	text, _ := json.Marshal(seconds)
	return string(text)
}

func TestLongListsComeWholeAndOldestFirst(t *testing.T) {
	t.Parallel()
	const loans = 700
	s := graphtest.Seed(t)
	key, holder := s.IDs["key101"], s.IDs["janis"]
	past := make([]custody.PastLoan, loans)
	for i := range past {
		issued := s.Clock.Now().Add(time.Duration(-2*loans+2*i) * time.Hour)
		returned := issued.Add(time.Hour)
		past[i] = custody.PastLoan{Key: key, Holder: holder, IssuedAt: issued, ReturnedAt: &returned}
	}
	if _, err := s.Custody.ImportMovements(t.Context(), access.System(), past); err != nil {
		t.Fatal(err)
	}
	_, text := get(t, s.As("admin"), "/api/keyLogs/list?end_time="+unix(s.Clock.Now().Unix()))
	var logs []struct{ ID, At, Action string }
	if err := json.Unmarshal([]byte(text), &logs); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, l := range logs {
		if seen[l.ID] || i > 0 && l.At < logs[i-1].At {
			t.Fatalf("%+v after %+v", l, logs[i-1])
		}
		seen[l.ID] = true
	}
	if len(logs) != 2*loans+4 {
		t.Errorf("%d movements", len(logs))
	}
	views := s.Entries(ledger.LogViewed)
	if len(views) != 1 || views[0].Entity.ID != "legacyKeyLogs" || views[0].Details["shown"] != nil {
		t.Errorf("recorded as viewed: %+v", views)
	}
}

func TestFailuresHaveTheKeyRegistersForm(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for _, c := range []struct {
		as, path string
		status   int
	}{
		{"", "/api/keyLogs/list", http.StatusUnauthorized},
		{"newcomer", "/api/keyLogs/list", http.StatusForbidden},
		{"admin", "/api/keyLogs/list?start_time=yesterday", http.StatusBadRequest},
		{"admin", "/api/keyLogs/list?end_time=-1", http.StatusBadRequest},
		{"admin", "/api/keyLogs/list?end_time=99999999999999", http.StatusBadRequest},
		{"admin", "/api/keyLogs/list?starttime=1795343461", http.StatusBadRequest},
		{"admin", "/api/keyLogs/list?start_time=1795343461&start_time=1795347064", http.StatusBadRequest},
		{"admin", "/api/reports/real_work_hours?user=janis", http.StatusBadRequest},
		{"admin", "/api/reports/real_work_hours?username=janis&username=anna", http.StatusBadRequest},
		{"admin", "/api/nothing", http.StatusNotFound},
	} {
		status, text := get(t, s.As(c.as), c.path)
		var answer struct {
			Success *bool
			Message string
		}
		err := json.Unmarshal([]byte(text), &answer)
		if err != nil || status != c.status || answer.Success == nil || *answer.Success || answer.Message == "" {
			t.Errorf("%s as %q: %d %s", c.path, c.as, status, text)
		}
	}
	if _, text := get(t, s.As("member"), "/api/keyLogs/list"); strings.Contains(text, "Lācis") || !strings.Contains(text, "Bērziņš") {
		t.Errorf("a member sees his own movements only: %s", text)
	}
}
