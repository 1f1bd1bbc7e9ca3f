package export_test

import (
	"archive/zip"
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/savedviews"
	"github.com/keytrail/keytrail/server/signin"
	"github.com/keytrail/keytrail/server/workhours"
)

func (f *files) private(t testing.TB, book *logbook.Service, quiet *slog.Logger) *privacy.Service {
	t.Helper()
	accounts, err := signin.New(t.Context(), f.DB, f.Seal, f.Ledger, f.Access, f.People, signin.Config{}, f.Clock.Now, quiet)
	if err != nil {
		t.Fatal(err)
	}
	outbox, err := mail.New(f.DB, f.Seal, f.Access, mail.Config{}, f.Clock.Now, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return privacy.New(f.DB, privacy.Parts{
		Ledger: f.Ledger, Access: f.Access, People: f.People, Signin: accounts, Custody: f.Custody, Work: f.work,
		Logbook: book, Alerts: alerts.New(f.DB, f.Seal, f.Ledger, f.Access, f.Clock.Now), Mail: outbox,
		Exports: exports.New(f.DB, exports.Services{
			Seal: f.Seal, Ledger: f.Ledger, Access: f.Access, Logbook: book, Work: f.work, ActorOf: accounts.ActorOfAccount,
		}, f.Clock.Now, quiet),
		Views: savedviews.New(f.DB, f.Seal, f.Clock.Now),
	}, f.Clock.Now, quiet)
}

// unpacked gives the files of a ZIP file.
func unpacked(t *testing.T, body []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, one := range archive.File {
		r, err := one.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found[one.Name] = string(text)
	}
	return found
}

func TestAPersonGetsEverythingAboutHimselfAndNobodyElses(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	him := f.Actor(f.janis, "member")
	for _, kept := range []struct {
		by   *access.Actor
		name string
	}{{him, "what Ilze opens & closes"}, {f.admin, "of Kaspars Ozols"}} {
		in := savedviews.Input{List: savedviews.Timeline, Name: kept.name, Search: "action=key.issued"}
		if _, err := savedviews.New(f.DB, f.Seal, f.Clock.Now).Save(t.Context(), kept.by, in); err != nil {
			t.Fatal(err)
		}
	}
	path := "/export/person/" + f.janis.ID.String() + ".zip"
	answer := f.get(t, him, path)
	if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "application/zip" {
		t.Fatal(answer.Code, answer.Body)
	}
	got := unpacked(t, answer.Body.Bytes())
	for name, wanted := range map[string]string{
		"about.json": "Ģirts Šķēps-Žīgurs", "loans.ndjson": f.loan.ID.String(), "entries-about.ndjson": `"holder":{"name":"Ģirts Šķēps-Žīgurs"}`,
		"saved-views.ndjson": "what Ilze opens",
	} {
		if !strings.Contains(got[name], wanted) {
			t.Errorf("%s lacks %s: %s", name, wanted, got[name])
		}
	}
	if _, present := got["sessions.ndjson"]; !present {
		t.Error("there is no file of his sessions")
	}
	for name, text := range got {
		if strings.Contains(text, "Kaspars Ozols") {
			t.Errorf("%s holds what is about somebody else: %s", name, text)
		}
	}
	if n := len(f.Entries(ledger.PrivacyExported)); n != 1 {
		t.Errorf("%d exports are on record", n)
	}
	if refused := f.get(t, f.desk, path); refused.Code != http.StatusForbidden {
		t.Errorf("a custodian got %d", refused.Code)
	}
	if refused := f.get(t, nil, path); refused.Code != http.StatusUnauthorized {
		t.Errorf("nobody got %d", refused.Code)
	}
	if allowed := f.get(t, f.admin, path); allowed.Code != http.StatusOK {
		t.Errorf("an admin got %d", allowed.Code)
	}
	if absent := f.get(t, f.admin, "/export/person/"+id.New().String()+".zip"); absent.Code != http.StatusNotFound {
		t.Errorf("of nobody there is %d", absent.Code)
	}
}

func TestWhatIsKeptAndTheCertificateArePrintedInBothLanguages(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	for _, language := range []string{"en", "lv"} {
		answer := f.get(t, f.admin, "/print/person/"+f.janis.ID.String()+".pdf?lang="+language)
		if answer.Code != http.StatusOK || !bytes.HasPrefix(answer.Body.Bytes(), []byte("%PDF-")) {
			t.Errorf("%s: %d", language, answer.Code)
		}
	}
	if answer := f.get(t, f.admin, "/print/person/"+f.janis.ID.String()+".pdf?lang=xx"); answer.Code != http.StatusBadRequest {
		t.Errorf("an unknown language: %d", answer.Code)
	}
	f.Return(f.desk, f.key)
	asked, err := f.privacy.AskErasure(t.Context(), f.admin, privacy.AskInput{Person: f.janis.ID, Reason: "he left"})
	if err != nil {
		t.Fatal(err)
	}
	path := "/print/erasure/" + asked.ID.String() + ".pdf?lang="
	if early := f.get(t, f.admin, path+"en"); early.Code != http.StatusConflict {
		t.Errorf("before it is complete: %d", early.Code)
	}
	if _, err := f.privacy.Decide(t.Context(), access.System(), privacy.DecideInput{Request: asked.ID, Approve: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.privacy.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en", "lv"} {
		answer := f.get(t, f.admin, path+language)
		if answer.Code != http.StatusOK || !bytes.HasPrefix(answer.Body.Bytes(), []byte("%PDF-")) {
			t.Errorf("%s: %d %s", language, answer.Code, answer.Body)
		}
	}
	if refused := f.get(t, f.desk, path+"en"); refused.Code != http.StatusForbidden {
		t.Errorf("a custodian got %d", refused.Code)
	}
}

func TestAWorkerGetsHisTimesAndMachinesAsTheHoursPageSays(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	worker := f.worker(t, "Zane Ziediņa", "zane")
	program := &access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: "till"}
	begin, end := f.Clock.Now().Add(-3*time.Hour), f.Clock.Now().Add(-90*time.Minute)
	if _, err := f.work.Report(t.Context(), program, []*workhours.ReportInput{
		{User: "zane", State: workhours.Working, At: &begin, Workstation: "PC-1"}, {User: "zane", State: workhours.Stopped, At: &end, Workstation: "PC-1"},
	}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := f.work.Process(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
	answer := f.get(t, f.Actor(worker, "member"), "/export/person/"+worker.ID.String()+".zip")
	if answer.Code != http.StatusOK {
		t.Fatal(answer.Code, answer.Body)
	}
	got := unpacked(t, answer.Body.Bytes())
	from, to := begin.UTC().Format(time.RFC3339Nano), end.UTC().Format(time.RFC3339Nano)
	for name, wanted := range map[string]string{
		"work-days.ndjson":     `"workingMicroseconds":5400000000`,
		"work-times.ndjson":    `{"from":"` + from + `","to":"` + to + `","began":"` + from + `","estimated":false,"corrected":false}`,
		"work-machines.ndjson": `{"lastReportAt":"` + to + `","seq":`,
		"entries-about.ndjson": `"PC-1"`,
	} {
		if !strings.Contains(got[name], wanted) {
			t.Errorf("%s lacks %s: %s", name, wanted, got[name])
		}
	}
}
