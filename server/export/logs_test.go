package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/workhours"
)

// pay records payments of a department's person, each with a label that a spreadsheet might take for a formula.
func (f *files) pay(t *testing.T, n int) {
	t.Helper()
	one := ledger.Draft{
		Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Outcome: ledger.Success, OccurredAt: f.Clock.Now(),
		Actor: f.janis.ID, Person: f.janis.ID, Department: f.janis.Department, Entity: ledger.Entity{Type: "invoice", ID: "7", Label: "=1+1"},
	}
	ledgertest.Append(t, f.DB, f.Ledger, slices.Repeat([]ledger.Draft{one}, n)...)
}

func TestEntriesOfAFilterAreExportedInEveryFormat(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	const paid = 1203 // more than two pages
	f.pay(t, paid)
	const filter = "?action=invoice.paid&person="
	asked := filter + f.janis.ID.String()

	text := strings.TrimPrefix(f.get(t, f.admin, "/export/activity.csv"+asked).Body.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != paid+1 || rows[1][4] != f.janis.Name || rows[1][9] != "'=1+1" {
		t.Fatalf("%d rows, %v: %.300s", len(rows), err, text)
	}

	var all []map[string]any
	if err := json.Unmarshal(f.get(t, f.admin, "/export/timeline.json"+asked).Body.Bytes(), &all); err != nil || len(all) != paid {
		t.Fatal(len(all), err)
	}
	lines := strings.Split(strings.TrimSuffix(f.get(t, f.admin, "/export/timeline.ndjson"+asked).Body.String(), "\n"), "\n")
	if len(lines) != paid || !json.Valid([]byte(lines[paid-1])) || !strings.Contains(lines[0], `"body":{"action":"invoice.paid"`) {
		t.Fatalf("%d lines, the first %s", len(lines), lines[0])
	}

	book, err := excelize.OpenReader(bytes.NewReader(f.get(t, f.admin, "/export/activity.xlsx"+asked).Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	if cells, err := book.GetRows("activity"); err != nil || len(cells) != paid+1 || cells[1][9] != "=1+1" {
		t.Fatalf("%d rows: %v", len(cells), err)
	}

	taken := f.Entries(ledger.LogExported)
	if len(taken) != 4 || taken[0].Entity.ID != "activity" || taken[0].Details["format"] != "csv" || taken[0].ActorID() != f.admin.Person {
		t.Fatalf("%+v", taken)
	}
	var seen map[string]any
	if _, err := f.Ledger.Unseal(t.Context(), &taken[0], custody.FieldFilter, &seen); err != nil || seen["person"] != f.janis.ID.String() {
		t.Errorf("%v %v", seen, err)
	}
	for path, want := range map[string]string{"/export/auth.json?action=none": "[]\n", "/export/auth.ndjson?action=none": ""} {
		if answer := f.get(t, f.admin, path); answer.Code != http.StatusOK || answer.Body.String() != want {
			t.Errorf("%s: %d %q", path, answer.Code, answer.Body)
		}
	}
}

func TestEntriesAreExportedAsFarAsBothRightsReach(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 3)
	kitchen := f.Actor(f.Person("Zane Zīle", "Kitchen"), "manager")
	both := f.Actor(f.janis, "custodian")
	both.Roles = []string{"custodian", "member"} // sees all keys, and may take out what is his own
	for name, c := range map[string]struct {
		actor *access.Actor
		path  string
		want  int
	}{
		"his department's manager":   {f.Actor(f.Person("Māra Kļava", "Facilities"), "manager"), "/export/activity.ndjson", 3},
		"another's manager":          {kitchen, "/export/activity.ndjson", 0},
		"himself":                    {f.Actor(f.janis, "member"), "/export/timeline.ndjson?streams=ACTIVITY", 3},
		"a custodian who may export": {both, "/export/keylog.ndjson", 1},
	} {
		answer := f.get(t, c.actor, c.path)
		if got := strings.Count(answer.Body.String(), "\n"); answer.Code != http.StatusOK || got != c.want {
			t.Errorf("%s: %d, %d entries, want %d: %.300s", name, answer.Code, got, c.want, answer.Body)
		}
	}
	before := len(f.Entries(ledger.LogExported))
	for path, c := range map[string]struct {
		actor *access.Actor
		want  int
	}{
		"/export/activity.csv":                   {nil, http.StatusUnauthorized},
		"/export/keylog.csv":                     {f.desk, http.StatusForbidden},
		"/export/auth.csv":                       {f.desk, http.StatusForbidden},
		"/export/activity.csv?person=x":          {f.admin, http.StatusBadRequest},
		"/export/activity.csv?from=yesterday":    {f.admin, http.StatusBadRequest},
		"/export/activity.csv?persn=x":           {f.admin, http.StatusBadRequest},
		"/export/activity.csv?action=a&action=b": {f.admin, http.StatusBadRequest},
		"/export/activity.csv?text=100%":         {f.admin, http.StatusBadRequest},
		"/export/activity.csv?person=%zz":        {f.admin, http.StatusBadRequest},
		"/export/activity.csv?action=a;to=b":     {f.admin, http.StatusBadRequest},
		"/export/activity.csv?action=%C4%81":     {f.admin, http.StatusBadRequest},
		"/export/hours.csv?person=%":             {f.admin, http.StatusBadRequest},
		"/export/keys.csv?group=%":               {f.admin, http.StatusBadRequest},
		"/export/bundle.zip?text=100%":           {f.admin, http.StatusBadRequest},
		"/export/activity.csv?outcome=MAYBE":     {f.admin, http.StatusBadRequest},
		"/export/timeline.csv?streams=WORK":      {f.admin, http.StatusBadRequest},
		"/export/timeline.csv?streams=NONE":      {f.admin, http.StatusBadRequest},
		"/export/activity.csv?ip=127.0.0.256":    {f.admin, http.StatusBadRequest},
		"/export/activity.doc":                   {f.admin, http.StatusNotFound},
	} {
		if answer := f.get(t, c.actor, path); answer.Code != c.want {
			t.Errorf("%s: %d %.200s", path, answer.Code, answer.Body)
		}
	}
	if after := len(f.Entries(ledger.LogExported)); after != before {
		t.Errorf("%d refused exports are on record", after-before)
	}
}

func TestAFileBreaksOffOnceItsReaderMayHaveItNoMore(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 1203) // more than two pages
	var now *access.Actor
	var gone error
	asked := 0
	f.handler = f.handlerThat(t, func(context.Context, bool) (*access.Actor, error) { asked++; return now, gone })
	f.handler.AskAlways()
	const path = "/export/activity.ndjson?action=invoice.paid"
	for name, c := range map[string]struct {
		now  *access.Actor
		gone error
		off  bool
	}{
		"he is who he was":          {f.admin, nil, false},
		"his session ended":         {nil, fault.New(fault.Unauthenticated, "Your session has ended. Sign in again."), true},
		"he is an admin no more":    {f.Actor(f.janis, "member"), nil, true},
		"he sees his own part only": {f.Actor(f.janis, "manager"), nil, true},
	} {
		now, gone, asked = c.now, c.gone, 0
		off := func() (off bool) {
			defer func() { off = recover() != nil }() // http.ErrAbortHandler, so that nobody takes the part for the whole
			f.get(t, f.admin, path)
			return false
		}()
		if off != c.off || asked == 0 {
			t.Errorf("%s: broken off %v, asked %d times", name, off, asked)
		}
	}
}

func TestEveryFileBreaksOffOnceItsReaderMayHaveItNoMore(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 3)
	var gone error
	asked := 0
	f.handler = f.handlerThat(t, func(context.Context, bool) (*access.Actor, error) { asked++; return f.admin, gone })
	f.handler.AskAlways()
	for _, path := range []string{
		"/export/keys.csv", "/export/keys.xlsx", "/export/movements.csv?from=2026-11-01&to=2026-11-30", "/export/movements.xlsx?from=2026-11-01&to=2026-11-30",
		"/export/bundle.zip?action=invoice.paid", "/export/person/" + f.janis.ID.String() + ".zip",
	} {
		for _, gone = range []error{nil, fault.New(fault.Unauthenticated, "Your session has ended. Sign in again.")} {
			asked = 0
			whole := func() (whole bool) {
				defer func() { whole = recover() == nil && whole }() // http.ErrAbortHandler, so that nobody takes the part for the whole
				return f.get(t, f.admin, path).Code == http.StatusOK
			}()
			if whole != (gone == nil) || asked == 0 {
				t.Errorf("%s, with %v: whole %v, asked %d times", path, gone, whole, asked)
			}
		}
	}
}

func TestReportsOfWorkAreExportedWithWhomTheyConcern(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	now := f.Clock.Now()
	f.worker(t, "Zane Ziediņa", "zane")
	program := &access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: "till"}
	if _, err := f.work.Report(t.Context(), program, []*workhours.ReportInput{{User: "zane", State: workhours.Working, At: &now}}, false); err != nil {
		t.Fatal(err)
	}
	const path = "?streams=WORK&purpose=pay"
	if text := f.get(t, f.admin, "/export/timeline.ndjson"+path).Body.String(); !strings.Contains(text, `"person":"Zane Ziediņa"`) || !strings.Contains(text, `"username":"zane"`) {
		t.Errorf("%s", text)
	}
	if text := f.get(t, f.admin, "/export/timeline.csv"+path).Body.String(); !strings.Contains(text, ",Zane Ziediņa,") {
		t.Errorf("%s", text)
	}
}
