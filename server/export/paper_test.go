package export_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/paper/papertest"
	"github.com/keytrail/keytrail/server/workhours"
)

// printed asks for a printed list and gives its pages and, behind them, how many there are.
func (f *files) printed(t *testing.T, actor *access.Actor, path string) ([][]string, string) {
	t.Helper()
	answer := f.get(t, actor, path)
	if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "application/pdf" {
		t.Fatalf("%s: %d %.200s", path, answer.Code, answer.Body)
	}
	pages := papertest.Pages(t, answer.Body.Bytes())
	return pages, strings.Join(slices.Concat(pages...), " ")
}

func TestAListIsPrintedWithItsFilterInWordsAndTheCheckpoint(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	f.pay(t, 120)
	for language, want := range map[string][]string{
		"en": {"Activity", "Shown: person Ģirts Šķēps-Žīgurs; action invoice.paid", "Made: 2026-11-22", "by: Anna Kalniņa", "Checkpoint: ", "invoice =1+1", "Page 2 of"},
		"lv": {"Darbības", "Redzams: persona Ģirts Šķēps-Žīgurs; darbība invoice.paid", "Izveidots: 2026-11-22", "Kontrolpunkts: ", "izdevās", "Lapa 2 no"},
	} {
		pages, text := f.printed(t, f.admin, "/export/activity.pdf?action=invoice.paid&lang="+language+"&person="+f.janis.ID.String())
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q is missing in %.900s", language, part, text)
			}
		}
		if n := strings.Count(text, "invoice.paid"); n != 121 || len(pages) < 3 {
			t.Errorf("%s: %d rows on %d pages", language, n-1, len(pages)-1)
		}
	}
	checkpoint, err := f.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	pages, text := f.printed(t, f.admin, "/export/keylog.pdf?keyNumber=101")
	if !strings.Contains(text, fmt.Sprintf("%s, %d entries", checkpoint.Origin, checkpoint.Size+1)) || !slices.Contains(pages[0], f.key.Label) && !strings.Contains(text, "key.issued") {
		t.Errorf("%q", text)
	}
	for language, want := range map[string]string{"en": "Shown: who acted Ģirts Šķēps-Žīgurs", "lv": "Redzams: kas darīja Ģirts Šķēps-Žīgurs"} {
		if _, text := f.printed(t, f.admin, "/export/activity.pdf?lang="+language+"&actor="+f.janis.ID.String()); !strings.Contains(text, want) {
			t.Errorf("%q is missing in %.900s", want, text)
		}
	}
	if n := len(f.Entries(ledger.LogExported)); n != 5 {
		t.Errorf("%d exports are on record", n)
	}
	if answer := f.get(t, f.admin, "/export/auth.pdf?lang=fr"); answer.Code != http.StatusBadRequest {
		t.Errorf("in French: %d %s", answer.Code, answer.Body)
	}
}

func TestWhoeverMayNotBeNamedIsPrintedInTheLanguageOfTheList(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	stranger := ledger.Draft{Stream: ledger.StreamAuth, Actor: id.New(), Action: ledger.AuthSignedIn, Outcome: ledger.Success}
	if err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := f.Ledger.Append(ctx, tx, stranger)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	mask := f.People.DisplayName(f.admin, stranger.Actor)
	code, isMask := strings.CutPrefix(mask, "Person ")
	if !isMask {
		t.Fatalf("the stranger is called %q", mask)
	}
	of := "?actor=" + stranger.Actor.String()
	for path, want := range map[string]string{"auth.pdf" + of + "&lang=en": mask, "auth.pdf" + of + "&lang=lv": "Persona " + code} {
		if _, text := f.printed(t, f.admin, "/export/"+path); strings.Count(text, want) != 2 { // in the filter, and in the row
			t.Errorf("%s: %q is missing in %.900s", path, want, text)
		}
	}
	if text := f.get(t, f.admin, "/export/auth.csv"+of+"&lang=lv").Body.String(); !strings.Contains(text, ","+mask+",") {
		t.Errorf("in a table: %s", text)
	}
}

func TestHoursArePrintedInWords(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	begin, end := f.Clock.Now().Add(-3*time.Hour), f.Clock.Now().Add(-90*time.Minute)
	program := &access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: "till"}
	f.worker(t, "Zane Ziediņa", "zane")
	if _, err := f.work.Report(t.Context(), program, []*workhours.ReportInput{
		{User: "zane", State: workhours.Working, At: &begin}, {User: "zane", State: workhours.Stopped, At: &end},
	}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := f.work.Process(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
	_, text := f.printed(t, f.admin, "/export/hours.pdf?by=WEEK&lang=lv&from=2026-11-16&to=2026-11-22")
	for _, part := range []string{"Darba laiks", "Redzams: no 2026-11-16; līdz 2026-11-22; dalījums pa nedēļām", "Zane Ziediņa", "Facilities", " 90 "} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in %.900s", part, text)
		}
	}
}
