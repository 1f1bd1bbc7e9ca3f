package export_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// verified verifies an export with the log's own key, and gives what is wrong with it.
func (f *files) verified(t *testing.T, export string) (*verify.ExportReport, string) {
	t.Helper()
	checkpoint, err := f.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	report, err := verify.Export(strings.NewReader(export), checkpoint.VerifierKey)
	if err != nil {
		t.Fatal(err)
	}
	if report.OK() {
		return report, ""
	}
	return report, report.Findings[0].What
}

func TestEntriesAreExportedWithTheirProofs(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 600) // more than a page
	odd := ledger.Draft{
		Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Outcome: ledger.Success, System: true,
		Entity: ledger.Entity{Type: "invoice", ID: "/a?b=<c>&d", Label: "<Žīgurs> & \u2028 \\ \""}, OccurredAt: f.Clock.Now(),
	}
	ledgertest.Append(t, f.DB, f.Ledger, odd)
	for _, format := range []string{"json", "ndjson"} {
		text := f.get(t, f.admin, "/export/timeline."+format+"?action=invoice.paid&proofs=true").Body.String()
		if report, wrong := f.verified(t, text); wrong != "" || report.Entries != 601 || report.Checkpoints != 1 {
			t.Errorf("%s: %s, %d entries", format, wrong, report.Entries)
		}
		text = f.get(t, f.admin, "/export/activity."+format+"?action=invoice.paid").Body.String()
		if _, wrong := f.verified(t, text); !strings.Contains(wrong, "first checkpoint") || strings.Contains(text, `"proof"`) {
			t.Errorf("%s without proofs: %s", format, wrong)
		}
	}
	manager := f.Actor(f.Person("Māra Kļava", "Facilities"), "manager")
	for name, c := range map[string]struct {
		actor *access.Actor
		path  string
		most  uint64
	}{
		"movements of keys":         {f.admin, "/export/keylog.ndjson?proofs=true", 10},
		"all streams":               {f.admin, "/export/timeline.json?proofs=true", 650},
		"what a manager sees":       {manager, "/export/activity.ndjson?proofs=true", 600},
		"movements as he sees them": {manager, "/export/keylog.json?proofs=true", 10},
	} {
		answer := f.get(t, c.actor, c.path)
		if report, wrong := f.verified(t, answer.Body.String()); answer.Code != http.StatusOK || wrong != "" || report.Entries == 0 || report.Entries > c.most {
			t.Errorf("%s: %d, %s, %d entries", name, answer.Code, wrong, report.Entries)
		}
	}
	for path, want := range map[string]int{
		"/export/activity.csv?proofs=true": http.StatusBadRequest, "/export/hours.csv?proofs=true": http.StatusBadRequest,
		"/export/activity.json?proofs=yes": http.StatusBadRequest, "/export/activity.csv?proofs=false": http.StatusOK,
	} {
		if answer := f.get(t, f.admin, path); answer.Code != want {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
	}
	if answer := f.get(t, f.admin, "/export/activity.json?proofs=true&action=none"); answer.Body.String() != "[]\n" {
		t.Errorf("nothing, with proofs: %q", answer.Body)
	}
}

func TestAnExportWhoseCheckpointCannotBeHadIsRefusedAndNotBrokenOff(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 3)
	if _, err := mysqltest.OpenOwner(t, f.DB).Exec(t.Context(), "DROP TABLE {ledger}.checkpoint"); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"json", "ndjson"} {
		answer := f.get(t, f.admin, "/export/activity."+format+"?proofs=true")
		if kind := answer.Header().Get("Content-Type"); answer.Code != http.StatusInternalServerError || !strings.HasPrefix(kind, "application/json") {
			t.Errorf("%s: %d %s %s", format, answer.Code, kind, answer.Body)
		}
		if answer.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s: the error is offered as a file", format)
		}
	}
	if answer := f.get(t, f.admin, "/export/activity.ndjson"); answer.Code != http.StatusOK {
		t.Errorf("without proofs: %d %s", answer.Code, answer.Body)
	}
}

func TestAnEntryThatWasRecordedWhileItsExportWasMadeIsProvedUnderALaterCheckpoint(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 11_000) // so many that where the last ones are is not known yet when the first are written
	var file bytes.Buffer
	late := ledger.Draft{
		Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Outcome: ledger.Success, System: true, OccurredAt: f.Clock.Now().Add(-time.Hour),
	}
	made := false
	order := exports.Order{List: logbook.TakeActivity, Format: exports.NDJSON, Proofs: true, Log: logbook.Filter{Action: "invoice.paid"}}
	err := f.handler.Make(t.Context(), f.admin, &order, &file, func(int) error {
		if !made {
			ledgertest.Append(t, f.DB, f.Ledger, late)
		}
		made = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if report, wrong := f.verified(t, file.String()); wrong != "" || report.Entries != 11_001 || report.Checkpoints != 2 {
		t.Errorf("%s, %d entries, %d checkpoints", wrong, report.Entries, report.Checkpoints)
	}
}

func TestWhateverIsChangedInAnExportWithProofsIsFound(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 4)
	text := f.get(t, f.admin, "/export/activity.ndjson?action=invoice.paid&proofs=true").Body.String()
	if _, wrong := f.verified(t, text); wrong != "" {
		t.Fatal(wrong)
	}
	lines := strings.SplitAfter(text, "\n")
	replace := func(pattern, by string) string {
		return lines[0] + regexp.MustCompile(pattern).ReplaceAllString(lines[1], by)
	}
	for name, changed := range map[string]string{
		"the body":                           replace(`"source":"till","stream"`, `"source":"tilt","stream"`),
		"a space in the body":                replace(`"body":{"action"`, `"body":{ "action"`),
		"the action beside the body":         replace(`^(.*?)"action":"invoice.paid"`, `$1"action":"invoice.lost"`),
		"the label beside the body":          replace(`^(.*?)"entityLabel":"=1\+1"`, `$1"entityLabel":"=1+2"`),
		"no label beside the body":           replace(`"entityLabel":"=1\+1",`, ``),
		"who acted":                          replace(`"actor":"[^"]*"`, `"actor":"01a202cf-26a0-7589-b4a9-0c49e5e06dea"`),
		"nobody acted":                       replace(`"actor":"[^"]*",`, ``),
		"a name in other letters":            replace(`^\{`, `{"ACTION":"forged",`),
		"a checkpoint in other letters":      replace(`^\{`, `{"Checkpoint":"forged",`),
		"a name that nobody knows":           replace(`^\{`, `{"amount":1,`),
		"an entry twice":                     lines[0] + lines[1] + lines[1],
		"the order":                          lines[0] + lines[2] + lines[1],
		"an array that has no end":           "[" + strings.TrimSuffix(lines[0], "\n") + ",\n" + strings.TrimSuffix(lines[1], "\n") + ",\n",
		"an array that is one line only":     "[" + lines[0] + lines[1],
		"lines behind the array":             "[" + strings.TrimSuffix(lines[0], "\n") + "]\n" + lines[1],
		"an empty line":                      lines[0] + "\n" + lines[1],
		"a very long proof":                  replace(`"proof":\[`, `"proof":[`+strings.Repeat(`"",`, 1<<20)),
		"a time":                             replace(`"occurredAt":"20`, `"occurredAt":"19`),
		"the number":                         replace(`"seq":"(\d+)"`, `"seq":"0"`),
		"a number behind the tree":           replace(`"seq":"(\d+)"`, `"seq":"9999"`),
		"a number written otherwise":         replace(`"seq":"(\d+)"`, `"seq":"0$1"`),
		"a hash":                             replace(`"proof":\["..`, `"proof":["00`),
		"a short hash":                       replace(`"proof":\["..`, `"proof":["`),
		"a hash less":                        replace(`"proof":\["[0-9a-f]+",`, `"proof":[`),
		"a hash more":                        replace(`"proof":\[`, fmt.Sprintf(`"proof":["%064d",`, 0)),
		"no proof":                           replace(`,"proof":\[[^]]*\]`, ``),
		"a name that stands there twice":     replace(`"source":"till"`, `"source":"till","source":"till"`),
		"no body":                            replace(`"body":.*"proof"`, `"proof"`),
		"two objects in a line":              strings.TrimSuffix(text, "\n") + "{}\n",
		"the end":                            strings.TrimSuffix(text, "\n"),
		"no checkpoint":                      strings.Join(lines[1:], ""),
		"the checkpoint twice":               lines[0] + lines[0] + lines[1],
		"the checkpoint's size":              regexp.MustCompile(`\\n\d+\\n`).ReplaceAllString(lines[0], `\n1\n`) + lines[1],
		"more in the line of the checkpoint": strings.Replace(lines[0], "{", `{"x":1,`, 1) + lines[1],
		"something else":                     lines[0] + "seq,stream\n",
		"nothing":                            "",
	} {
		if report, wrong := f.verified(t, changed); wrong == "" {
			t.Errorf("%s was changed, and %d entries are called intact", name, report.Entries)
		}
	}
}

func TestABodyIsExportedByteByByte(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	made := ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{
		Stream: ledger.StreamActivity, Action: "page.opened", Source: "shop", System: true, Entity: ledger.Entity{Type: "page", ID: "/?a=1&b=<2>", Label: "\u2028"},
	})
	var line struct{ Body json.RawMessage }
	text := f.get(t, f.admin, "/export/activity.ndjson?action=page.opened").Body.Bytes()
	if err := json.Unmarshal(text, &line); err != nil || !bytes.Equal(line.Body, made[0].Raw) {
		t.Errorf("%v: %s is not %s", err, line.Body, made[0].Raw)
	}
}
