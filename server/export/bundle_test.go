package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/bundle"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/seal"
)

// caseOf asks for a case bundle, has both verifiers check it, and gives a file of it.
func (f *files) caseOf(t *testing.T, actor *access.Actor, query string) func(name string) string {
	t.Helper()
	answer := f.get(t, actor, "/export/bundle.zip?"+query)
	if answer.Code != http.StatusOK || answer.Header().Get("Content-Disposition") != `attachment; filename="case-bundle.zip"` {
		t.Fatalf("%s: %d %s", query, answer.Code, answer.Body)
	}
	file := answer.Body.Bytes()
	report, err := verify.Bundle(bytes.NewReader(file), int64(len(file)), f.Ledger.VerifierKey())
	if err != nil || !report.OK() {
		t.Fatalf("%v %+v", err, report)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"verify.sh": bundle.Script(), "case.zip": string(file)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), "bash", filepath.Join(dir, "verify.sh"), f.Ledger.VerifierKey(), filepath.Join(dir, "case.zip")).CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("Verified: %d entries", report.Entries)) {
		t.Fatalf("%v %s", err, out)
	}
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return func(name string) string {
		from, err := archive.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

func TestACaseIsTakenOutAsFarAsTheActorSeesItAndIsOnRecord(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 40)
	file := f.caseOf(t, f.admin, "key="+f.key.ID.String())
	if text := file("entries.ndjson"); strings.Count(text, "\n") != 2 { // made and issued
		t.Errorf("%s", text)
	}
	if text := file("readable.ndjson"); !strings.Contains(text, f.janis.Name) || !strings.Contains(text, ledger.KeyIssued) {
		t.Errorf("%s", text)
	}
	if text := file("case.json"); !strings.Contains(text, f.key.ID.String()) || !strings.Contains(text, f.admin.Person.String()) {
		t.Errorf("%s", text)
	}
	entries := f.Entries(ledger.LogExported)
	if len(entries) != 1 || entries[0].ActorID() != f.admin.Person || entries[0].Details["format"] != "bundle" || entries[0].Entity.ID != "timeline" {
		t.Fatalf("%+v", entries)
	}
	own := f.Actor(f.janis, "member")
	if text := f.caseOf(t, own, "")("entries.ndjson"); strings.Count(text, "\n") != 41 { // his payments, and what was issued to him
		t.Errorf("%d entries are his own", strings.Count(text, "\n"))
	}
	manager := f.Actor(f.Person("Laima Liepa", "Facilities"), "manager")
	if text := f.caseOf(t, manager, "action="+ledger.KeyIssued)("readable.ndjson"); strings.Count(text, "\n") != 1 {
		t.Errorf("%s", text)
	}
}

func TestWhatWasPrunedStandsInACaseByItsNumber(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 300)
	p := ledger.NewPruner(f.Ledger, mysqltest.OpenRetention(t, f.DB), ledger.PruneOptions{})
	gone := ledger.SeqRange{From: 100, To: 110}
	recorded, err := p.Prune(t.Context(), ledger.PruneRequest{Ranges: []ledger.SeqRange{gone}, Manifest: ledger.Hash{7}, Reason: "older than a year"})
	if err != nil {
		t.Fatal(err)
	}
	text := f.caseOf(t, f.admin, "entries=103,99,103")("entries.ndjson")
	if strings.Count(text, "\n") != 3 || !strings.Contains(text, fmt.Sprintf(`"prunedBy":%d}`, recorded[0].Seq)) {
		t.Errorf("%s", text)
	}
	if answer := f.get(t, f.Actor(f.janis, "member"), "/export/bundle.zip?entries=103"); answer.Code != http.StatusNotFound {
		t.Errorf("a member: %d %s", answer.Code, answer.Body)
	}
	if entries := f.Entries(ledger.LogExported); len(entries) != 1 || fmt.Sprint(entries[0].Details["entries"]) != "[99 103]" {
		t.Errorf("%+v", entries)
	}
}

func TestACaseThatCannotBeGivenIsRefusedAndNotOnRecord(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 3)
	for name, c := range map[string]struct {
		actor *access.Actor
		query string
		want  int
	}{
		"nobody":                    {nil, "", http.StatusUnauthorized},
		"nobody, by number":         {nil, "entries=1", http.StatusUnauthorized},
		"a custodian":               {f.desk, "", http.StatusForbidden},
		"a custodian, by number":    {f.desk, "entries=1", http.StatusForbidden},
		"nothing that matches":      {f.admin, "action=never.happened", http.StatusNotFound},
		"an entry beyond the end":   {f.admin, "entries=100000", http.StatusNotFound},
		"an entry that is not his":  {f.Actor(f.Person("Zane Zīle", "Kitchen"), "member"), "entries=5", http.StatusNotFound},
		"a number with a line end":  {f.admin, "entries=5%0A", http.StatusBadRequest},
		"a word":                    {f.admin, "entries=five", http.StatusBadRequest},
		"entries and a filter":      {f.admin, "entries=5&action=invoice.paid", http.StatusBadRequest},
		"a condition that is none":  {f.admin, "actions=invoice.paid", http.StatusBadRequest},
		"too many numbers":          {f.admin, "entries=" + strings.Repeat("1,", 500) + "2", http.StatusBadRequest},
		"how people worked, no why": {f.admin, "streams=WORK", http.StatusBadRequest},
	} {
		if answer := f.get(t, c.actor, "/export/bundle.zip?"+c.query); answer.Code != c.want {
			t.Errorf("%s: %d %.200s", name, answer.Code, answer.Body)
		}
	}
	if n := len(f.Entries(ledger.LogExported)); n != 0 {
		t.Errorf("%d exports are on record", n)
	}
}

// heldUp is an answer that takes its first bytes only once it may.
type heldUp struct {
	*httptest.ResponseRecorder
	began, goOn chan struct{}
	once        sync.Once
}

func (h *heldUp) Write(p []byte) (int, error) {
	h.once.Do(func() {
		h.began <- struct{}{}
		<-h.goOn
	})
	return h.ResponseRecorder.Write(p)
}

// slowly has an actor take a bundle whose first bytes he takes only once goOn is closed; it returns when that is so.
func (f *files) slowly(t *testing.T, group *sync.WaitGroup, actor *access.Actor, goOn chan struct{}) {
	t.Helper()
	began := make(chan struct{})
	group.Go(func() {
		r := httptest.NewRequestWithContext(request.With(t.Context(), request.Info{ID: "r", Actor: actor}), http.MethodGet, "/export/bundle.zip?entries=1", nil)
		f.handler.ServeHTTP(&heldUp{ResponseRecorder: httptest.NewRecorder(), began: began, goOn: goOn}, r)
	})
	<-began
}

func TestOnlyAFewCaseBundlesAreMadeAtOnceAndEachForSomebodyElse(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 3)
	admin := func(name string) *access.Actor { return f.Actor(f.Person(name, ""), "admin") }
	second, third := admin("Zane Zīle"), admin("Laima Liepa")
	const query = "/export/bundle.zip?entries=1"
	goOn := make(chan struct{})
	var group sync.WaitGroup
	f.slowly(t, &group, f.admin, goOn)
	if answer := f.get(t, f.admin, query); answer.Code != http.StatusServiceUnavailable || !strings.Contains(answer.Body.String(), "for you already") {
		t.Errorf("a second for himself: %d %s", answer.Code, answer.Body)
	}
	if answer := f.get(t, second, query); answer.Code != http.StatusOK {
		t.Errorf("one takes his slowly, and another gets %d %s", answer.Code, answer.Body)
	}
	f.slowly(t, &group, second, goOn)
	if answer := f.get(t, third, query); answer.Code != http.StatusServiceUnavailable || !strings.Contains(answer.Body.String(), "Try again in a minute") {
		t.Errorf("a third: %d %s", answer.Code, answer.Body)
	}
	if answer := f.get(t, f.desk, query); answer.Code != http.StatusForbidden {
		t.Errorf("who may take none is told so: %d %s", answer.Code, answer.Body)
	}
	close(goOn)
	group.Wait()
	if answer := f.get(t, third, query); answer.Code != http.StatusOK {
		t.Errorf("afterwards: %d %s", answer.Code, answer.Body)
	}
	if n := len(f.Entries(ledger.LogExported)); n != 4 {
		t.Errorf("%d are on record", n)
	}
}

func TestACaseBundleThatTakesTooLongIsBrokenOffAndLeavesItsPlace(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 3)
	f.handler.BundleTime(time.Nanosecond)
	func() {
		defer func() {
			if broken := recover(); broken != http.ErrAbortHandler {
				t.Errorf("it was not broken off: %v", broken)
			}
		}()
		f.get(t, f.admin, "/export/bundle.zip?entries=1")
	}()
	f.handler.BundleTime(time.Minute)
	if answer := f.get(t, f.admin, "/export/bundle.zip?entries=1"); answer.Code != http.StatusOK {
		t.Errorf("afterwards: %d %s", answer.Code, answer.Body)
	}
}

func TestACaseHoldsNothingReadableOfWhoWasErasedAndIsStillVerified(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{
		Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Outcome: ledger.Success, OccurredAt: f.Clock.Now(), Actor: f.janis.ID,
		Entity: ledger.Entity{Type: "invoice", ID: "7"}, Parts: []ledger.Part{ledger.OriginPart(f.janis.ID, f.Clock.Now(), ledger.Origin{IP: "192.0.2.77"})},
	})
	if text := f.caseOf(t, f.admin, "action=invoice.paid")("readable.ndjson"); !strings.Contains(text, "192.0.2.77") {
		t.Fatalf("%s", text)
	}
	f.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		_, err := f.Ledger.DestroyKey(ctx, tx, seal.Person(f.janis.ID), f.admin.Person)
		return err
	})
	if text := f.caseOf(t, f.admin, "action=invoice.paid")("readable.ndjson"); strings.Contains(text, "192.0.2.77") {
		t.Errorf("%s", text)
	}
}

func TestACaseThatCannotBeRecordedIsNotGiven(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 3)
	other := f.Actor(f.Person("Zane Zīle", ""), "admin")
	f.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		return f.Seal.Destroy(ctx, tx, seal.Person(other.Person))
	})
	answer := f.get(t, other, "/export/bundle.zip?action=invoice.paid")
	if answer.Code != http.StatusInternalServerError || bytes.Contains(answer.Body.Bytes(), []byte("PK")) {
		t.Errorf("%d %.100s", answer.Code, answer.Body)
	}
	if n := len(f.Entries(ledger.LogExported)); n != 0 {
		t.Errorf("%d exports are on record", n)
	}
}
