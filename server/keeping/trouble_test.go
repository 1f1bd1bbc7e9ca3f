package keeping_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
)

func (b *bundle) trouble() keeping.Trouble {
	b.t.Helper()
	found, err := b.service.Trouble(b.t.Context(), b.Clock.Now())
	if err != nil {
		b.t.Fatal(err)
	}
	return found
}

func TestTroubleIsARunThatStandsStillOrDidNotBegin(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if found := b.trouble(); found.Since != nil || found.Unsettled {
		t.Errorf("nothing has happened yet: %+v", found)
	}
	b.tick() // settles the first night
	b.Clock.Advance(12 * time.Hour)
	if found := b.trouble(); found.Since != nil {
		t.Errorf("it is not late yet: %+v", found)
	}
	b.Clock.Advance(48 * time.Hour)
	if found := b.trouble(); found.Since != nil || !found.Unsettled {
		t.Errorf("the machine may have been off for two days: %+v", found)
	}
	b.Clock.Advance(11 * time.Minute)
	if found := b.trouble(); found.Since == nil || !found.Run.IsZero() {
		t.Errorf("no run began for two days: %+v", found)
	}
	b.tick()
	if found := b.trouble(); found.Since != nil || found.Unsettled {
		t.Errorf("the run is done: %+v", found)
	}
}

func TestARunThatWasAsLongAsTwoNightsIsNoneThatDidNotBegin(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.tick() // settles the first night
	b.Clock.Advance(48 * time.Hour)
	b.trouble()
	run, err := b.service.Ask(t.Context(), b.admin)
	if err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(20 * time.Minute)
	if found := b.trouble(); found.Since != nil || !found.Unsettled {
		t.Errorf("a run is under way: %+v", found)
	}
	if _, err := b.DB.Exec(t.Context(), "UPDATE retention_run SET unfinished = NULL, state = 2, ended_at = ? WHERE id = ?", b.Clock.Now(), run.ID); err != nil {
		t.Fatal(err)
	}
	if found := b.trouble(); found.Since != nil || !found.Unsettled {
		t.Errorf("it is just done, and the next begins in a minute: %+v", found)
	}
}

func TestARunThatHangsOrIsTriedInVainIsTrouble(t *testing.T) {
	t.Parallel()
	b := setup(t)
	run, err := b.service.Ask(t.Context(), b.admin)
	if err != nil {
		t.Fatal(err)
	}
	change := func(statement string, values ...any) {
		t.Helper()
		if _, err := b.DB.Exec(t.Context(), statement, values...); err != nil {
			t.Fatal(err)
		}
	}
	require := func(what string, trouble bool) {
		t.Helper()
		if found := b.trouble(); (found.Since != nil) != trouble || trouble && found.Run != run.ID || found.Unsettled == trouble {
			t.Errorf("%s: %+v", what, found)
		}
	}
	require("it begins", false)
	change("INSERT INTO retention_attempt (run, attempts) VALUES (?, 3)", run.ID)
	require("it is tried a third time", false)
	change("UPDATE retention_run SET problem = 'no room' WHERE id = ?", run.ID)
	require("it could not go on three times", true)
	change("UPDATE retention_attempt SET attempts = 2 WHERE run = ?", run.ID)
	require("it could not go on twice", false)
	change("UPDATE retention_run SET problem = '' WHERE id = ?", run.ID)
	change("UPDATE retention_attempt SET attempts = 4 WHERE run = ?", run.ID)
	require("three processes went down with it", true)
	change("UPDATE retention_attempt SET attempts = 1 WHERE run = ?", run.ID)
	b.Clock.Advance(25 * time.Hour)
	require("it takes a day", false)
	b.Clock.Advance(50 * time.Minute)
	change("UPDATE retention_run SET next_seq = 70 WHERE id = ?", run.ID)
	require("it has come further", false)
	b.Clock.Advance(50 * time.Minute)
	require("it came further within the hour", false)
	b.Clock.Advance(20 * time.Minute)
	require("it hangs", true)
}

func TestAnArchiveIsDamagedUntilItVerifiesAgainWhichIsTriedEachHour(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.old(300, b.Person("Jānis", "").ID)
	b.asked()
	one := b.archives()[0]
	files, err := filepath.Glob(filepath.Join(b.dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.Contains(path, one.ID.String()) {
			if err := os.Rename(path, path+".away"); err != nil {
				t.Fatal(err)
			}
		}
	}
	damaged := func() int {
		t.Helper()
		found, err := b.service.Damaged(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if _, err := b.service.VerifyArchive(t.Context(), b.admin, one.ID); err != nil {
		t.Fatal(err)
	}
	if n := damaged(); n != 1 {
		t.Errorf("its files are gone, and %d are damaged", n)
	}
	for _, path := range files {
		if strings.Contains(path, one.ID.String()) {
			if err := os.Rename(path+".away", path); err != nil {
				t.Fatal(err)
			}
		}
	}
	b.Clock.Advance(50 * time.Minute)
	b.tick()
	if n := damaged(); n != 1 {
		t.Error("it was read again at once")
	}
	b.Clock.Advance(20 * time.Minute)
	b.tick()
	if n := damaged(); n != 0 {
		t.Errorf("its files are back, and %d are damaged", n)
	}
}

func TestOfTooManyArchivesSomeAreNamedAndItIsSaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.service = b.another(keeping.Config{ArchiveEntries: 150})
	b.old(900, b.Person("Jānis", "").ID)
	run := b.asked()
	if run.Archives < 3 {
		t.Fatalf("%+v", run)
	}
	for most, cut := range map[int]bool{2: true, run.Archives: false} {
		found, is, err := b.service.ParticularsOf(t.Context(), b.DB, []id.ID{run.ID}, most)
		if err != nil || is != cut || len(found[run.ID].Archives) != most {
			t.Errorf("at most %d: %+v, cut %t, %v", most, found[run.ID], is, err)
		}
	}
}
