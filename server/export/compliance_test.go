package export_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/compliance"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/tokens"
)

const novemberTo = "from=2026-11-01&to=2026-11-22"

func (f *files) reports(t testing.TB, zone *time.Location, quiet *slog.Logger) *compliance.Service {
	t.Helper()
	programs, err := tokens.New(f.DB, f.Seal, f.Ledger, f.Access, f.Clock.Now, quiet)
	if err != nil {
		t.Fatal(err)
	}
	retain := mysqltest.MigrateConfig(t, f.DB)
	open := func(ctx context.Context) (*mysql.DB, error) { return mysql.OpenRetention(ctx, retain) }
	kept := keeping.New(f.DB, f.Seal, f.Ledger, f.Access, f.People, f.Custody, open, keeping.Config{Archives: objectstore.Dir(t.TempDir()), Zone: zone, Every: keeping.Daily}, f.Clock.Now, quiet)
	return compliance.New(f.DB, compliance.Parts{Ledger: f.Ledger, Access: f.Access, People: f.People, Tokens: programs, Keeping: kept, Alerts: alerts.New(f.DB, f.Seal, f.Ledger, f.Access, f.Clock.Now)}, zone, f.Clock.Now)
}

// govern records something for each part of a report.
func (f *files) govern(t *testing.T) {
	t.Helper()
	at := f.Clock.Now()
	system := func(action string, outcome ledger.Outcome, details map[string]any) ledger.Draft {
		return ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: action, Outcome: outcome, Details: details}
	}
	auth := func(action string) ledger.Draft {
		return ledger.Draft{Stream: ledger.StreamAuth, Actor: f.admin.Person, Action: action, Person: f.janis.ID, Outcome: ledger.Success}
	}
	raised := system(ledger.AlertRaised, ledger.Success, map[string]any{"rule": "root_used", "severity": "critical"})
	raised.Entity = ledger.Entity{Type: "alert", ID: "a1", Label: "root_used"}
	resolved := raised
	resolved.System, resolved.Actor, resolved.Action, resolved.Details = false, f.admin.Person, ledger.AlertResolved, nil
	resolved.Parts = []ledger.Part{ledger.PersonPart("note", f.admin.Person, at, "Tā biju es")}
	held := auth(ledger.PrivacyHoldPlaced)
	held.Stream, held.Parts = ledger.StreamSystem, []ledger.Part{ledger.PersonPart(ledger.FieldComment, f.janis.ID, at, "Tiesas lieta")}
	erased := system(ledger.PrivacyErasureAsked, ledger.Success, nil)
	erased.Person, erased.Entity = f.janis.ID, ledger.Entity{Type: "privacyRequest", ID: "lūgums-7"}
	token := auth(ledger.AuthTokenCreated)
	token.Entity, token.Details = ledger.Entity{Type: "apiToken", ID: "t1", Label: "till"}, map[string]any{"role": "integrator", "source": "till", "networks": []any{}}
	run := system(ledger.LogRetentionRun, ledger.Failure, map[string]any{
		"asOf": at.Format(ledger.TimeFormat), "entries": 12, "archives": 1, "streams": map[string]any{"auth": 12},
	})
	run.Refs = []ledger.Ref{{Role: "run", Type: "retentionRun", ID: id.New().String()}}
	ledgertest.Append(t, f.DB, f.Ledger,
		auth(ledger.AuthSignedIn), auth(ledger.AuthSignInFailed), auth(ledger.AuthRootAccessed), auth(ledger.AccessAccountCreated), token,
		raised, resolved, held, erased, run,
		system(ledger.LogPruned, ledger.Success, map[string]any{"ranges": []any{[]any{3, 7}}, "entries": 4, "manifest": "abba", "reason": "kept for as long as the policies say"}),
		system(ledger.LogRetentionSet, ledger.Success, map[string]any{"stream": "auth", "keepDays": 400, "removed": false}),
		system(ledger.SystemRestored, ledger.Success, map[string]any{"lost": 5}),
		system(ledger.SystemBackedUp, ledger.Failure, map[string]any{"file": "b.age", "problem": "No room."}),
		system(ledger.SystemVerified, ledger.Success, map[string]any{"entries": 40, "root": "beef", "findings": 0}),
		system(ledger.SystemCheckpointNotKept, ledger.Failure, map[string]any{"place": "https://witness.example", "since": at.Format(ledger.TimeFormat), "error": "refused"}),
	)
	if err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		return f.Access.SetRoles(ctx, tx, f.admin, f.janis.ID, []string{"auditor", "custodian"})
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAComplianceReportIsPrintedInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.govern(t)
	for language, want := range map[string][]string{
		"en": {
			"Compliance report", "Period: 2026-11-01 – 2026-11-22 (Europe/Riga)", "Made: 2026-11-22 12:31", "by: Anna Kalniņa", "Checkpoint: test.example/keytrail", "Verifier key: test.example/keytrail+",
			"Who had which role when the period ended 24 2026-11-22 12:31:01 Auditor Ģirts Šķēps-Žīgurs (Facilities)", "Where the record and what was in force do not agree none",
			"See movements of keys (logs.keys.view)", "Root: everybody", "Manager: department", "Changes of rights", "given: Auditor, Custodian",
			"Account made", "Token made", "till", "role: Integrator", "Sign-ins that failed 1", "Root accessed",
			"Retention changed", "days kept: 400", "Retention carried out (failed)", "entries: 12; ages counted from: 2026-11-22 12:31", "sign-ins: 12", "numbers: 3–6",
			"Legal hold placed", "reason: Tiesas lieta", "Erasure asked for", "request: lūgums-7", "Restored from a backup", "entries lost: 5", "Backup made (failed)", "problem: No room.",
			"Ledger verified", "root: beef; findings: 0", "Checkpoint could not be kept outside (failed)", "place: https://witness.example",
			"Somebody signed in as root", "critical; resolved 2026-11-22 12:31", "Anna Kalniņa; Tā biju es", "Page 2 of",
		},
		"lv": {
			"Atbilstības pārskats", "Periods: 2026-11-01 – 2026-11-22 (Europe/Riga)", "Izveidots: 2026-11-22 12:31", "izveidoja: Anna Kalniņa", "Kontrolpunkts: test.example/keytrail", "Pārbaudes atslēga: ",
			"Kam kāda loma bija perioda beigās 24 2026-11-22 12:31:01 Auditors Ģirts Šķēps-Žīgurs (Facilities)", "Kur ieraksti un spēkā esošais nesakrīt nav",
			"Redzēt atslēgu kustību (logs.keys.view)", "Vadītājs: nodaļu", "Tiesību izmaiņas", "piešķirts: Auditors, Atslēgu pārzinis", "Izveidots konts", "Neizdevušās pieslēgšanās 1",
			"Izpildīta glabāšanas kārtība (neizdevās)", "Noteikts dzēšanas aizliegums", "iemesls: Tiesas lieta", "zaudēti ieraksti: 5", "kļūme: No room.",
			"Kāds pieslēdzās kā root", "kritisks; atrisināts 2026-11-22 12:31", "pats keytrail", "Lapa 2 no",
		},
	} {
		pages, text := f.printed(t, f.admin, "/export/compliance.pdf?"+novemberTo+"&lang="+language)
		for _, part := range want {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), part) {
				t.Errorf("%s: %q is missing in %s", language, part, text)
			}
		}
		if strings.Contains(text, "?") || len(pages) < 3 {
			t.Errorf("%s: a letter is missing on %d pages: %s", language, len(pages)-1, text)
		}
	}
	if n := len(f.Entries(ledger.LogExported)); n != 2 {
		t.Errorf("%d reports are on record", n)
	}
}

func TestAComplianceReportMasksErasedPeopleInItsLanguage(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	if err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		if err := f.Access.SetRoles(ctx, tx, f.admin, f.janis.ID, []string{"auditor"}); err != nil {
			return err
		}
		_, err := f.People.Erase(ctx, tx, f.janis.ID, f.admin.Person)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"en": "Person [0-9A-Z]{6}", "lv": "Persona [0-9A-Z]{6}"} {
		if _, text := f.printed(t, f.admin, "/export/compliance.pdf?"+novemberTo+"&lang="+language); !regexp.MustCompile(want).MatchString(strings.Join(strings.Fields(text), " ")) {
			t.Errorf("%s: nobody is %s in %s", language, want, text)
		}
	}
	if answer := f.get(t, f.admin, "/export/compliance.json?"+novemberTo+"&lang=lv"); !regexp.MustCompile(`"Person [0-9A-Z]{6}"`).Match(answer.Body.Bytes()) {
		t.Errorf("as JSON: %s", answer.Body)
	}
}

func TestAComplianceReportAsJSONHasItsDocumentedShape(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.govern(t)
	answer := f.get(t, f.admin, "/export/compliance.json?"+novemberTo)
	if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "application/json; charset=utf-8" ||
		answer.Header().Get("Content-Disposition") != `attachment; filename="compliance-2026-11-01-2026-11-22.json"` || answer.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v %s", answer.Code, answer.Header(), answer.Body)
	}
	var report map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":                        "access cut integrity keeping ledger made organisation period signIns version",
		"period":                  "begins ends from timeZone to",
		"made":                    "at by entry",
		"made.by":                 "id name",
		"ledger":                  "checkpoint entries verifierKey",
		"ledger.checkpoint":       "note origin root signedAt size",
		"access":                  "accounts changes differences held roles tokenChanges tokens",
		"access.roles":            "grants name",
		"access.roles.grants":     "permission scope",
		"access.held":             "department entry person role since",
		"access.changes":          "about action at by details entry outcome person reason",
		"signIns":                 "externalFailed failed lockedOut refusedWithoutRights root secondFactorFailed succeeded tokensRefused",
		"keeping":                 "backups erasures holds policies pruned restores runs",
		"keeping.runs":            "archives at by cutOff entries entry outcome problem run streams",
		"keeping.erasures":        "action at entry person request",
		"integrity":               "alerts outages places ruleChanges verifications",
		"integrity.verifications": "at entry findings finished outcome root treeSize",
		"integrity.alerts":        "at ended entry id person rule ruleName severity state",
		"integrity.alerts.ended":  "at by cause entry note",
	} {
		if got := fieldsAt(t, report, path); got != want {
			t.Errorf("%q has %q; want %q", path, got, want)
		}
	}
	if report["version"] != 1.0 || fmt.Sprint(report["cut"]) != "[]" {
		t.Errorf("version %v, cut %v", report["version"], report["cut"])
	}
	for _, list := range []string{"access.differences", "access.tokens", "keeping.restores", "integrity.places"} {
		part, name, _ := strings.Cut(list, ".")
		if _, is := report[part].(map[string]any)[name].([]any); !is {
			t.Errorf("%s is no list", list)
		}
	}
}

// fieldsAt gives the names of the members of what a path leads to; of a list, of its first element.
func fieldsAt(t *testing.T, value any, path string) string {
	t.Helper()
	for name := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '.' }) {
		object, _ := value.(map[string]any)
		if value = object[name]; value == nil {
			t.Fatalf("%s leads nowhere", path)
		}
		if list, is := value.([]any); is {
			if len(list) == 0 {
				t.Fatalf("%s is empty", path)
			}
			value = list[0]
		}
	}
	object, _ := value.(map[string]any)
	return strings.Join(slices.Sorted(maps.Keys(object)), " ")
}

func TestAComplianceReportIsRefusedWithReasons(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	for name, c := range map[string]struct {
		actor *access.Actor
		path  string
		code  int
		say   string
	}{
		"nobody":        {nil, "/export/compliance.pdf?" + novemberTo, http.StatusUnauthorized, "Sign in first."},
		"a custodian":   {f.desk, "/export/compliance.json?" + novemberTo, http.StatusForbidden, ""},
		"a manager":     {f.Actor(f.janis, "manager"), "/export/compliance.pdf?" + novemberTo, http.StatusForbidden, ""},
		"no days":       {f.admin, "/export/compliance.pdf", http.StatusBadRequest, "from must be a date such as 2026-11-01"},
		"backwards":     {f.admin, "/export/compliance.json?from=2026-11-02&to=2026-11-01", http.StatusBadRequest, "ends before it begins"},
		"too long":      {f.admin, "/export/compliance.json?from=2025-11-01&to=2026-11-02", http.StatusBadRequest, "at most 366 days"},
		"the future":    {f.admin, "/export/compliance.json?from=2026-11-01&to=2026-11-23", http.StatusBadRequest, "after today"},
		"in French":     {f.admin, "/export/compliance.pdf?lang=fr&" + novemberTo, http.StatusBadRequest, "lang must be en or lv"},
		"as a workbook": {f.admin, "/export/compliance.xlsx?" + novemberTo, http.StatusNotFound, ""},
	} {
		if answer := f.get(t, c.actor, c.path); answer.Code != c.code || !strings.Contains(answer.Body.String(), c.say) {
			t.Errorf("%s: %d %s", name, answer.Code, answer.Body)
		}
	}
	if n := len(f.Entries(ledger.LogExported)); n != 0 {
		t.Errorf("%d reports are on record", n)
	}
}
