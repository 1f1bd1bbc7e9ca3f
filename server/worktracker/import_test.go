package worktracker_test

import (
	"bytes"
	"database/sql"
	"log/slog"
	"os"
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
		`INSERT INTO user_real_work_summary VALUES (1, 'FACTORY\anna', '2025-03-03', 6, 2), (2, 'FACTORY\anna', '2025-03-04', 2, 2), (3, 'FACTORY\ghost', '2025-03-03', 1, 2), (4, 'FACTORY\anna', 'March', 1, 2)`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		check(t, err)
	}
	check(t, db.Close())
	return path
}

// open makes a keytrail that knows Anna, who worked with the tracker.
func open(t *testing.T, zone *time.Location) (*ledgertest.Fixture, *workhours.Service, *people.Service, *people.Person) {
	t.Helper()
	f := ledgertest.Open(t)
	quiet := slog.New(slog.DiscardHandler)
	acc, err := access.New(t.Context(), f.DB, f.Ledger, time.Now, quiet)
	check(t, err)
	persons, err := people.New(t.Context(), f.DB, f.Seal, f.Ledger, acc, time.Now, quiet)
	check(t, err)
	anna, err := persons.Create(t.Context(), access.System(), people.CreateInput{
		Name: "Anna Kalniņa", ExternalNames: []people.ExternalName{{Source: workhours.SourceWorkstation, Name: `FACTORY\anna`}},
	})
	check(t, err)
	return f, workhours.New(f.DB, f.Seal, f.Ledger, acc, persons, workhours.Config{Zone: zone}, time.Now, quiet), persons, anna
}

func TestTheTrackersSumsAreHeldAgainstWhatItsEventsGive(t *testing.T) {
	t.Parallel()
	_, work, persons, _ := open(t, dubai(t))
	csv := filepath.Join(t.TempDir(), "sums.csv")
	check(t, os.WriteFile(csv, []byte("username,work_date,real_hours_counted\nfactory\\anna,2025-03-03 00:00:00,5\n"), 0o600))
	file, told := asSQLite(t), &bytes.Buffer{}
	_, err := worktracker.Import(t.Context(), work, worktracker.Options{File: file, Zone: dubai(t), Out: told})
	check(t, err)
	_, err = work.Process(t.Context(), nil, nil)
	check(t, err)
	told.Reset()
	for path, want := range map[string]worktracker.Comparison{
		file: {Sums: 4, Same: 1, Different: 1, Skipped: 2}, csv: {Sums: 1, Different: 1},
	} {
		found, err := worktracker.Compare(t.Context(), work, persons, worktracker.Options{File: path, Zone: dubai(t), Out: told})
		if err != nil || found != want {
			t.Errorf("%+v, want %+v: %v", found, want, err)
		}
	}
	for _, want := range []string{
		"different sum 2: of 2025-03-04 the tracker counted 2, keytrail 0", "different line 2: of 2025-03-03 the tracker counted 5, keytrail 6",
		"skipped sum 3: nobody is known", "skipped sum 4: its date",
	} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("%q is missing in\n%s", want, told)
		}
	}
	if strings.Contains(strings.ToLower(told.String()), "factory") {
		t.Errorf("names are told: %s", told)
	}
	if _, err := worktracker.Compare(t.Context(), work, persons, worktracker.Options{File: fixture, Zone: dubai(t), Out: told}); err == nil {
		t.Error("a table of events was taken for one of sums")
	}
}

func TestAnImportIsCountedRepeatableAndInTheTrackersZone(t *testing.T) {
	t.Parallel()
	f, work, _, anna := open(t, time.UTC)
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
