package worktracker_test

import (
	"bytes"
	"database/sql"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/workhours"
	"github.com/keytrail/keytrail/server/worktracker"
)

const fixture = "testdata/work_events.csv"

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func dubai(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(worktracker.Zone)
	check(t, err)
	return zone
}

// asSQLite writes events as the tracker keeps them.
func asSQLite(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tracker.db")
	db, err := sql.Open("sqlite", path)
	check(t, err)
	for _, statement := range []string{
		"CREATE TABLE work_events (id INTEGER PRIMARY KEY, username TEXT, state TEXT, event_time TEXT)",
		`INSERT INTO work_events VALUES (1, 'FACTORY\anna', 'working', '2025-03-03 08:00:00'), (2, 'FACTORY\anna', 'stopped', '2025-03-03 12:00:00.5'), (3, NULL, 'working', '2025-03-03 08:00:00')`,
		"CREATE TABLE user_real_work_summary (id INTEGER PRIMARY KEY, username TEXT, work_date TEXT, real_hours_counted INTEGER, last_processed_event_id INTEGER)",
	} {
		_, err := db.ExecContext(t.Context(), statement)
		check(t, err)
	}
	check(t, db.Close())
	return path
}

func TestAnImportIsCountedRepeatableAndInTheTrackersZone(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	quiet := slog.New(slog.DiscardHandler)
	acc, err := access.New(t.Context(), f.DB, f.Ledger, time.Now, quiet)
	check(t, err)
	persons, err := people.New(t.Context(), f.DB, f.Seal, f.Ledger, acc, time.Now, quiet)
	check(t, err)
	work := workhours.New(f.DB, f.Seal, f.Ledger, acc, persons, workhours.Config{Zone: time.UTC}, time.Now, quiet)
	anna, err := persons.Create(t.Context(), access.System(), people.CreateInput{
		Name: "Anna Kalniņa", ExternalNames: []people.ExternalName{{Source: workhours.SourceWorkstation, Name: `FACTORY\anna`}},
	})
	check(t, err)
	var told bytes.Buffer
	_, before, err := f.Ledger.LastRecorded(t.Context())
	check(t, err)
	for round, file := range []string{fixture, fixture, asSQLite(t)} {
		told.Reset()
		report, err := worktracker.Import(t.Context(), work, worktracker.Options{File: file, Zone: dubai(t), Out: &told})
		check(t, err)
		want := [][3]int{{7, 4, 3}, {7, 4, 3}, {3, 2, 1}}[round]
		if got := [3]int{report.Events, report.Imported, report.Skipped}; got != want || strings.Count(told.String(), "skipped") != want[2] {
			t.Errorf("round %d: %v, want %v\n%s", round, got, want, &told)
		}
		if strings.Contains(strings.ToLower(told.String()), "anna") {
			t.Errorf("names are told: %s", &told)
		}
	}
	if _, after, err := f.Ledger.LastRecorded(t.Context()); err != nil || after-before != 4 {
		t.Errorf("%d entries were made, %v", after-before, err)
	}
	_, err = work.Process(t.Context(), nil, nil)
	check(t, err)
	var from time.Time
	check(t, f.DB.Get(t.Context(), &from, "SELECT from_at FROM work_span WHERE person = ?", anna.ID))
	if want := time.Date(2025, 3, 3, 4, 0, 0, 0, time.UTC); !from.Equal(want) {
		t.Errorf("work began at %v, not %v", from, want)
	}
}

func TestADryRunChangesNothingAndAFileOfNoTrackerIsRefused(t *testing.T) {
	t.Parallel()
	report, err := worktracker.Import(t.Context(), nil, worktracker.Options{File: fixture, Zone: dubai(t), Out: &bytes.Buffer{}, DryRun: true})
	if err != nil || report.Events != 7 || report.Skipped != 3 || report.Imported != 0 {
		t.Errorf("%v, %v", report, err)
	}
	for _, file := range []string{"import_test.go", "testdata/absent.csv", "testdata"} {
		if _, err := worktracker.Import(t.Context(), nil, worktracker.Options{File: file, Zone: dubai(t), Out: &bytes.Buffer{}, DryRun: true}); err == nil {
			t.Errorf("%s was taken for a tracker's", file)
		}
	}
}
