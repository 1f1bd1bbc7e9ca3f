package export_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"log/slog"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/export"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/workhours"
)

type files struct {
	*custodytest.Fixture
	handler     *export.Handler
	work        *workhours.Service
	privacy     *privacy.Service
	desk, admin *access.Actor
	janis       *people.Person
	key, odd    *custody.Key
	loan        *custody.Loan
}

func openFiles(t testing.TB) *files {
	t.Helper()
	f := &files{Fixture: custodytest.Open(t)}
	zone, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	book, err := logbook.New(f.DB, f.Seal, f.Ledger, f.Access, f.Custody, f.People, zone, f.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	f.work = workhours.New(f.DB, f.Seal, f.Ledger, f.Access, f.People, workhours.Config{Zone: zone, Purpose: "pay"}, f.Clock.Now, quiet)
	f.privacy = f.private(t, book, quiet)
	f.handler = export.New(export.Services{Custody: f.Custody, Logbook: book, Work: f.work, People: f.People, Ledger: f.Ledger, Privacy: f.privacy, Reports: f.reports(t, zone, quiet)}, zone, f.Clock.Now, quiet)
	f.desk, f.admin = f.Custodian(), f.Actor(f.Person("Anna Kalniņa", ""), "admin")
	f.janis = f.Person("Ģirts Šķēps-Žīgurs", "Facilities")
	f.key = f.KeyOf(custody.CreateKeyInput{Number: "101", Label: "Kāpņu telpa", Cabinet: "A", Building: "Ēka"})
	f.odd = f.KeyOf(custody.CreateKeyInput{Number: "-7", Label: `=HYPERLINK("http://x","y")`})
	f.Group("Pagrabs", f.key, f.odd)
	f.loan = f.Issue(f.desk, f.janis, f.key).Loans[0]
	return f
}

// handlerThat is a handler that asks still while it sends.
func (f *files) handlerThat(t *testing.T, still feeds.Recheck) *export.Handler {
	t.Helper()
	zone := custodytest.Riga(t)
	book, err := logbook.New(f.DB, f.Seal, f.Ledger, f.Access, f.Custody, f.People, zone, f.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return export.New(export.Services{Access: f.Access, Still: still, Custody: f.Custody, Logbook: book, People: f.People, Ledger: f.Ledger, Privacy: f.privacy}, zone, f.Clock.Now, slog.New(slog.DiscardHandler))
}

// get asks as an actor.
func (f *files) get(t testing.TB, actor *access.Actor, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(request.With(t.Context(), request.Info{ID: "r", Actor: actor}), http.MethodGet, path, nil)
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

func TestKeysAreExportedAsCSVThatNoSpreadsheetTakesForFormulas(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	answer := f.get(t, f.admin, "/export/keys.csv?search=&states=AVAILABLE,ISSUED")
	text, marked := strings.CutPrefix(answer.Body.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || answer.Code != http.StatusOK || answer.Header().Get("Content-Disposition") != `attachment; filename="keys.csv"` {
		t.Fatalf("%d %v %v", answer.Code, err, answer.Header())
	}
	want := [][]string{
		{"number", "label", "category", "building", "floor", "room", "cabinet", "hook", "state", "groups", "holder", "issued at", "due at"},
		{"'-7", `'=HYPERLINK("http://x","y")`, "", "", "", "", "", "", "AVAILABLE", "Pagrabs", "", "", ""},
		{"101", "Kāpņu telpa", "", "Ēka", "", "", "A", "", "ISSUED", "Pagrabs", "Ģirts Šķēps-Žīgurs", "2026-11-22T12:31:01+02:00", ""},
	}
	slices.SortFunc(rows[1:], func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	for i := range want {
		if i >= len(rows) || !slices.Equal(rows[i], want[i]) {
			t.Fatalf("%q", rows)
		}
	}
	again, err := f.Custody.ImportKeys(t.Context(), access.System(), custody.ImportKeysInput{CSV: answer.Body.String()})
	if err != nil || again.Unchanged() != 2 {
		t.Errorf("what was exported is not what is imported: %+v %v", again, err)
	}
	entries := f.Entries(ledger.LogExported)
	if len(entries) != 1 || entries[0].ActorID() != f.admin.Person || entries[0].Entity.ID != "keys" || entries[0].Details["format"] != "csv" {
		t.Fatalf("%+v", entries)
	}
	var filter map[string]any
	if _, err := f.Ledger.Unseal(t.Context(), &entries[0], custody.FieldFilter, &filter); err != nil || len(filter["states"].([]any)) != 2 {
		t.Errorf("%v %v", filter, err)
	}
}

func TestKeysAreExportedAsAWorkbookOfTexts(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	answer := f.get(t, f.admin, "/export/keys.xlsx?search=HYPERLINK")
	book, err := excelize.OpenReader(bytes.NewReader(answer.Body.Bytes()))
	if err != nil {
		t.Fatal(answer.Code, err)
	}
	defer func() { _ = book.Close() }()
	rows, err := book.GetRows("keys")
	if err != nil || len(rows) != 2 || rows[1][0] != "-7" || rows[1][1] != f.odd.Label {
		t.Fatalf("%q %v", rows, err)
	}
	if formula, err := book.GetCellFormula("keys", "B2"); err != nil || formula != "" {
		t.Errorf("%q is a formula: %v", formula, err)
	}
}

func TestMovementsOfADayAreExportedAsTheyAreListed(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.Issue(f.desk, f.janis, f.odd)
	movements := func(query string) [][]string {
		answer := f.get(t, f.admin, "/export/movements.csv?"+query)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answer.Body.String(), "\ufeff"))).ReadAll()
		if err != nil || answer.Code != http.StatusOK {
			t.Fatalf("%s: %d %v %.200s", query, answer.Code, err, answer.Body)
		}
		return slices.DeleteFunc(rows[1:], func(row []string) bool { return row[1] != ledger.KeyIssued })
	}
	day := "from=2026-11-22&to=2026-11-22"
	rows := movements(day)
	if len(rows) != 2 || rows[0][2] != "'-7" || rows[0][3] != `'=HYPERLINK("http://x","y")` || rows[1][2] != "101" ||
		rows[1][5] != f.janis.Name || rows[1][4] != "Ēka" {
		t.Errorf("%q", rows)
	}
	if rows := movements(day + "&building=" + url.QueryEscape("Ēka")); len(rows) != 1 || rows[0][2] != "101" {
		t.Errorf("of one building: %q", rows)
	}
	if rows := movements("from=2026-11-20&to=2026-11-21"); len(rows) != 0 {
		t.Errorf("of other days: %q", rows)
	}
	entries := f.Entries(ledger.LogExported)
	if len(entries) != 3 || entries[0].Entity.ID != logbook.TakeKeys {
		t.Fatalf("%d exports are on record: %+v", len(entries), entries)
	}
	var asked map[string]any
	if _, err := f.Ledger.Unseal(t.Context(), &entries[1], "filter", &asked); err != nil || asked["building"] != "Ēka" {
		t.Errorf("on record is %v: %v", asked, err)
	}
}

func TestAnExportIsForThoseWhoMayAndReachesNoFurther(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	for name, c := range map[string]struct {
		actor *access.Actor
		path  string
		want  int
	}{
		"nobody":                    {nil, "/export/keys.csv", http.StatusUnauthorized},
		"a custodian":               {f.desk, "/export/keys.csv", http.StatusForbidden},
		"a group that is no id":     {f.admin, "/export/keys.csv?group=x", http.StatusBadRequest},
		"a state that is none":      {f.admin, "/export/keys.csv?states=SOLD", http.StatusBadRequest},
		"movements, a custodian":    {f.desk, "/export/movements.csv?from=2026-11-22&to=2026-11-22", http.StatusForbidden},
		"movements, by nobody":      {nil, "/export/movements.csv?from=2026-11-22&to=2026-11-22", http.StatusUnauthorized},
		"movements of no day":       {f.admin, "/export/movements.csv?from=2026-11-22", http.StatusBadRequest},
		"an address that is none":   {f.admin, "/export/people.csv", http.StatusNotFound},
		"a receipt, by nobody":      {nil, "/print/receipt/" + f.loan.ID.String() + ".pdf", http.StatusUnauthorized},
		"a receipt of another":      {f.Actor(f.Person("Zane Zīle", "Kitchen"), "member"), "/print/receipt/" + f.loan.ID.String() + ".pdf", http.StatusNotFound},
		"a receipt of no loan":      {f.desk, "/print/receipt/" + f.key.ID.String() + ".pdf", http.StatusNotFound},
		"a receipt that is none":    {f.desk, "/print/receipt/x", http.StatusNotFound},
		"a receipt in French":       {f.desk, "/print/receipt/" + f.loan.ID.String() + ".pdf?lang=fr", http.StatusBadRequest},
		"labels of nothing":         {f.desk, "/print/labels.pdf", http.StatusBadRequest},
		"labels of no key":          {f.desk, "/print/labels.pdf?ids=" + f.loan.ID.String(), http.StatusNotFound},
		"labels of keys not his":    {f.Actor(f.janis, "member"), "/print/labels.pdf?ids=" + f.odd.ID.String(), http.StatusNotFound},
		"labels of a key he holds":  {f.Actor(f.janis, "member"), "/print/labels.pdf?ids=" + f.key.ID.String(), http.StatusOK},
		"the receipt of the holder": {f.Actor(f.janis, "member"), "/print/receipt/" + f.loan.ID.String() + ".pdf", http.StatusOK},
	} {
		if answer := f.get(t, c.actor, c.path); answer.Code != c.want {
			t.Errorf("%s: %d %.200s", name, answer.Code, answer.Body)
		}
	}
	if n := len(f.Entries(ledger.LogExported)); n != 0 {
		t.Errorf("%d exports are on record", n)
	}
	manager := f.Actor(f.Person("Māra Kļava", "Facilities"), "manager")
	if answer := f.get(t, manager, "/export/keys.csv"); answer.Code != http.StatusOK || strings.Count(answer.Body.String(), "\n") != 2 || !strings.Contains(answer.Body.String(), "101") {
		t.Errorf("a manager of the holder's department gets %q", answer.Body)
	}
}

func TestHoursAreTakenOutAsFarAsTheActorSeesThem(t *testing.T) {
	f := openFiles(t)
	now := f.Clock.Now()
	program := &access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: "till"}
	worker := f.worker(t, "=Zane Ziediņa", "zane")
	begin, end := now.Add(-3*time.Hour), now.Add(-90*time.Minute)
	if _, err := f.work.Report(t.Context(), program, []*workhours.ReportInput{
		{User: "zane", State: workhours.Working, At: &begin}, {User: "zane", State: workhours.Stopped, At: &end},
	}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := f.work.Process(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
	answer := f.get(t, f.admin, "/export/hours.csv?by=day")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answer.Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != "'=Zane Ziediņa" || rows[1][1] != "Facilities" || !slices.Equal(rows[1][4:], []string{"90", "2", "0", "false"}) {
		t.Fatalf("%d %q, %v", answer.Code, rows, err)
	}
	if answer := f.get(t, f.admin, "/export/hours.xlsx?by=MONTH&person="+worker.ID.String()); answer.Code != http.StatusOK {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
	own := f.Actor(worker, "member")
	if answer := f.get(t, own, "/export/hours.csv"); !strings.Contains(answer.Body.String(), ",90,2,0,") {
		t.Errorf("his own: %d %s", answer.Code, answer.Body)
	}
	if answer := f.get(t, f.Actor(f.janis, "member"), "/export/hours.csv"); strings.Contains(answer.Body.String(), "90") {
		t.Errorf("a colleague's: %s", answer.Body)
	}
	for path, code := range map[string]int{"/export/hours.csv?by=YEAR": 400, "/export/hours.csv?from=2020-01-01": 400, "/export/hours.csv?person=x": 400} {
		if answer := f.get(t, f.admin, path); answer.Code != code {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
	}
}

// worker makes somebody whom the till knows by a name.
func (f *files) worker(t *testing.T, name, external string) *people.Person {
	t.Helper()
	worker, err := f.People.Create(t.Context(), access.System(), people.CreateInput{
		Name: name, Department: "Facilities", ExternalNames: []people.ExternalName{{Source: "till", Name: external}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return worker
}

func TestADayOfMovementsIsWholeWhereClocksAreMovedAtMidnight(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	zone, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	book, err := logbook.New(f.DB, f.Seal, f.Ledger, f.Access, f.Custody, f.People, zone, f.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	f.handler = export.New(export.Services{Custody: f.Custody, Logbook: book, People: f.People, Ledger: f.Ledger}, zone, f.Clock.Now, slog.New(slog.DiscardHandler))
	for label, at := range map[string]time.Time{ // that day begins at 01:00, which is 04:00 UTC
		"before": time.Date(2026, 9, 6, 3, 30, 0, 0, time.UTC), "first": time.Date(2026, 9, 6, 4, 0, 0, 0, time.UTC),
		"last": time.Date(2026, 9, 7, 2, 59, 0, 0, time.UTC), "behind": time.Date(2026, 9, 7, 3, 0, 0, 0, time.UTC),
	} {
		ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{
			Stream: ledger.StreamKey, System: true, Action: ledger.KeyIssued, Outcome: ledger.Success, OccurredAt: at,
			Entity: ledger.Entity{Type: custody.EntityKey, ID: id.New().String(), Label: label},
		})
	}
	text := f.get(t, f.admin, "/export/movements.csv?from=2026-09-06&to=2026-09-06").Body.String()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][2] != "last" || rows[2][2] != "first" {
		t.Errorf("%v, %v", rows, err)
	}
}

func TestAnExportTakesNoConditionThatItDoesNotKnowAndNoneTwice(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	days := "from=2026-11-22&to=2026-11-22"
	for path, code := range map[string]int{
		"/export/keys.csv?state=ISSUED":                                            http.StatusBadRequest,
		"/export/keys.csv?building=A&building=B":                                   http.StatusBadRequest,
		"/export/keys.csv?states=ISSUED&states=LOST":                               http.StatusOK,
		"/export/movements.csv?" + days + "&buildings=A":                           http.StatusBadRequest,
		"/export/movements.csv?" + days + "&to=2026-11-30":                         http.StatusBadRequest,
		"/export/hours.csv?persons=" + f.janis.ID.String():                         http.StatusBadRequest,
		"/export/hours.csv?by=DAY&by=WEEK":                                         http.StatusBadRequest,
		"/export/activity.json?proofs=false&proofs=true":                           http.StatusBadRequest,
		"/export/activity.pdf?lang=en&lang=lv":                                     http.StatusBadRequest,
		"/export/compliance.json?" + days + "&source=till":                         http.StatusBadRequest,
		"/export/compliance.json?" + days + "&from=2026-11-01":                     http.StatusBadRequest,
		"/print/labels.pdf?ids=" + f.key.ID.String() + "&ids=" + f.odd.ID.String(): http.StatusBadRequest,
		"/print/labels.pdf?ids=" + f.key.ID.String() + "&x=%zz":                    http.StatusBadRequest,
		"/print/receipt/" + f.loan.ID.String() + ".pdf?language=lv":                http.StatusBadRequest,
		"/print/person/" + f.janis.ID.String() + ".pdf?lang=lv&lang=en":            http.StatusBadRequest,
	} {
		if answer := f.get(t, f.admin, path); answer.Code != code {
			t.Errorf("%s: %d %.200s", path, answer.Code, answer.Body)
		}
	}
	if n := len(f.Entries(ledger.LogExported)); n != 1 {
		t.Errorf("%d exports are on record", n)
	}
}
