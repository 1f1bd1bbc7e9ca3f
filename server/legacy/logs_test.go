package legacy_test

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// pay records payments by Jānis, a minute apart.
func pay(t *testing.T, s *graphtest.Seeded, n int) {
	t.Helper()
	janis := s.IDs["janis"]
	drafts := make([]ledger.Draft, n)
	for i := range drafts {
		at := s.Clock.Now().Add(time.Duration(i-n) * time.Minute)
		drafts[i] = ledger.Draft{
			Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Outcome: ledger.Success, OccurredAt: at, Module: "billing",
			Actor: janis, Person: janis, Department: s.IDs["of Laboratory"], Entity: ledger.Entity{Type: "invoice", ID: strconv.Itoa(i), Label: "=1+1"},
			Parts: []ledger.Part{ledger.OriginPart(janis, at, ledger.Origin{IP: "192.0.2.9", UserAgent: "till/2"})},
		}
	}
	ledgertest.Append(t, s.DB, s.Ledger, drafts...)
	if err := s.Ledger.AwaitRead(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// steady replaces ids, which differ from run to run, and cursors.
func steady(text string) string {
	text = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`).ReplaceAllString(text, "<id>")
	return regexp.MustCompile(`"next":"[^"]+"`).ReplaceAllString(text, `"next":"<cursor>"`)
}

func requireGolden(t *testing.T, name, text string) {
	t.Helper()
	path := "testdata/" + name
	got := strings.ReplaceAll(steady(text), "},{", "},\n{")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%s: %v\ngot  %s\nwant %s", name, err, got, want)
	}
}

func TestTheLogsLookAsTheirCallersExpect(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	pay(t, s, 3)
	for _, c := range []struct{ golden, as, path string }{
		{"logs-actions.json", "admin", "/logs/actions?limit=2&action=invoice.paid&ip_address=192.0.2.9&user_id=" + s.IDs["janis"].String()},
		{"logs-auth.json", "admin", "/logs/auth?limit=3&from_date=2026-11-22&to_date=2026-11-22"},
		{"logs-of-a-department.json", "manager", "/logs/actions?limit=1&entity_type=invoice"},
	} {
		status, text := get(t, s.As(c.as), c.path)
		if status != http.StatusOK {
			t.Errorf("%s: %d %s", c.path, status, text)
		}
		requireGolden(t, c.golden, text)
	}
	status, text := post(t, s.As("admin"), "/logs/export", `{"log": "actions", "format": "csv", "action": "invoice.paid", "from_date": "2026-11-22"}`)
	if status != http.StatusOK {
		t.Errorf("%d %s", status, text)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 4 || rows[1][9] != "'=1+1" {
		t.Errorf("%v %v", rows, err)
	}
}

func TestPagesOfALogGiveEachEntryOnce(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	pay(t, s, 23)
	seen := map[string]bool{}
	pages := 0
	for after := ""; ; pages++ {
		status, text := get(t, s.As("auditor"), "/logs/actions?limit=5&action=invoice.paid&after="+url.QueryEscape(after))
		var p struct {
			Logs []struct {
				EntityID string `json:"entity_id"`
			}
			Next *string
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil || status != http.StatusOK {
			t.Fatal(status, text, err)
		}
		for _, l := range p.Logs {
			if seen[l.EntityID] {
				t.Errorf("%s comes twice", l.EntityID)
			}
			seen[l.EntityID] = true
		}
		if p.Next == nil {
			break
		}
		after = *p.Next
	}
	if len(seen) != 23 || pages != 4 {
		t.Errorf("%d entries on %d pages", len(seen), pages+1)
	}
	status, text := post(t, s.As("admin"), "/logs/export", `{"log": "actions", "format": "json", "action": "invoice.paid"}`)
	var all []map[string]any
	if err := json.Unmarshal([]byte(text), &all); err != nil || status != http.StatusOK || len(all) != 23 {
		t.Errorf("%d, %d exported: %v", status, len(all), err)
	}
}

func TestLogsAreGivenByPermissionAndFailuresSayWhatToDo(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for _, c := range []struct {
		as, path, body string // a body is posted
		status         int
	}{
		{"", "/logs/auth", "", http.StatusUnauthorized},
		{"custodian", "/logs/auth", "", http.StatusForbidden},
		{"custodian", "/logs/actions", "", http.StatusForbidden},
		{"custodian", "/logs/export", `{"log": "auth", "format": "csv"}`, http.StatusForbidden},
		{"", "/logs/export", `{"log": "auth", "format": "csv"}`, http.StatusUnauthorized},
		{"admin", "/logs/actions?user=7", "", http.StatusBadRequest},
		{"admin", "/logs/actions?user_id=7", "", http.StatusBadRequest},
		{"admin", "/logs/actions?action=100%", "", http.StatusBadRequest},
		{"admin", "/logs/actions?user_id=%zz", "", http.StatusBadRequest},
		{"admin", "/logs/actions?action=a;limit=1", "", http.StatusBadRequest},
		{"admin", "/logs/actions?action=a&action=b", "", http.StatusBadRequest},
		{"admin", "/logs/actions?action=apmaks%C4%81ts", "", http.StatusBadRequest},
		{"admin", "/api/keyLogs/list?start_time=%", "", http.StatusBadRequest},
		{"admin", "/api/reports/real_work_hours?username=%", "", http.StatusBadRequest},
		{"admin", "/logs/export", `{"log": "auth", "format": "csv", "user": "7"}`, http.StatusBadRequest},
		{"admin", "/logs/export?action=auth.signed_in", `{"log": "auth", "format": "csv"}`, http.StatusBadRequest},
		{"admin", "/logs/actions?from_date=yesterday", "", http.StatusBadRequest},
		{"admin", "/logs/actions?limit=0", "", http.StatusBadRequest},
		{"admin", "/logs/actions?after=x", "", http.StatusBadRequest},
		{"admin", "/logs/actions?ip_address=here", "", http.StatusBadRequest},
		{"admin", "/logs/export", `{"log": "keys", "format": "csv"}`, http.StatusBadRequest},
		{"admin", "/logs/export", `{"log": "auth", "format": "pdf"}`, http.StatusBadRequest},
		{"admin", "/logs/export", `[]`, http.StatusBadRequest},
		{"admin", "/logs/export", "", http.StatusMethodNotAllowed},
		{"admin", "/logs/auth", "{}", http.StatusMethodNotAllowed},
		{"admin", "/logs/other", "", http.StatusNotFound},
	} {
		status, text := 0, ""
		if c.body == "" {
			status, text = get(t, s.As(c.as), c.path)
		} else {
			status, text = post(t, s.As(c.as), c.path, c.body)
		}
		var answer struct {
			Success *bool
			Message string
		}
		err := json.Unmarshal([]byte(text), &answer)
		if err != nil || status != c.status || answer.Success == nil || *answer.Success || answer.Message == "" {
			t.Errorf("%s %s as %q: %d %s", c.path, c.body, c.as, status, text)
		}
	}
}

func TestASessionOfTheKeyRegisterReachesNoLogs(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	if status, text := get(t, older(t, s, "admin"), "/logs/actions"); status != http.StatusUnauthorized {
		t.Errorf("%d %s", status, text)
	}
}
