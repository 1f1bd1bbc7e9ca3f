package workhours_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/workhours"
)

// behind gives the service of a process that knows people as they are now, and hears of no change.
func (b *bundle) behind(t testing.TB) *workhours.Service {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	stale, err := people.New(t.Context(), b.DB, b.Seal, b.Ledger, b.access, b.clock.now, quiet)
	check(t, err)
	return workhours.New(b.DB, b.Seal, b.Ledger, b.access, stale, workhours.Config{Zone: zone(t, "Europe/Riga"), Purpose: "to pay overtime"}, b.clock.now, quiet)
}

func (b *bundle) merge(t testing.TB, from, into id.ID) {
	t.Helper()
	_, err := b.people.Merge(t.Context(), access.System(), people.MergeInput{From: from, Into: into, Reason: "one person"},
		func(context.Context, *mysql.Tx, *people.Merging) error { return nil })
	check(t, err)
}

func (b *bundle) erase(t testing.TB, person id.ID) {
	t.Helper()
	check(t, b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := b.people.Erase(ctx, tx, person, id.ID{})
		return err
	}))
}

func (b *bundle) wantWorked(t testing.TB, person id.ID, want time.Duration) {
	t.Helper()
	var got time.Duration
	for _, d := range b.days(t, person) {
		got += time.Duration(d.Working) * time.Microsecond
	}
	if got != want {
		t.Errorf("%v of work are counted, want %v", got, want)
	}
}

func TestCorrectedHoursOfOneWhoWasMergedOutliveAChangeOfTheZone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	from, into := b.person(t, "Anna K.", "ak", ""), b.person(t, "Anna Kalniņa", "anna", "")
	_, err := b.hours.Correct(t.Context(), access.System(), workhours.CorrectInput{
		Person: from.ID, From: at("2026-11-23 08:00"), To: at("2026-11-23 10:00"), Working: true, Reason: "his terminal was broken",
	})
	check(t, err)
	b.merge(t, from.ID, into.ID)
	b.process(t)
	b.wantWorked(t, into.ID, 2*time.Hour)
	_, err = b.with(workhours.Config{Zone: zone(t, "Asia/Dubai"), Purpose: "pay"}).Process(t.Context(), nil, nil)
	check(t, err)
	b.wantWorked(t, into.ID, 2*time.Hour)
}

func TestReportsThatAProcessReadsBeforeItHearsOfAMergeAreOfWhoStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	from, into := b.person(t, "Anna K.", "ak", ""), b.person(t, "Anna Kalniņa", "anna", "")
	stale := b.behind(t)
	b.merge(t, from.ID, into.ID)
	_, err := stale.Report(t.Context(), program(access.RoleIntegrator), []*workhours.ReportInput{works("ak", "2026-11-23 08:00"), stops("ak", "2026-11-23 10:00")}, false)
	check(t, err)
	_, err = stale.Process(t.Context(), nil, nil)
	check(t, err)
	b.process(t)
	b.wantWorked(t, from.ID, 0)
	b.wantWorked(t, into.ID, 2*time.Hour)
}

func TestReportsOfAUserWhoBecameKnownAndWasMergedAtOnceAreOfWhoStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.report(t, works("ak", "2026-11-23 08:00"), stops("ak", "2026-11-23 10:00"))
	b.process(t)
	from, into := b.person(t, "Anna K.", "ak", ""), b.person(t, "Anna Kalniņa", "anna", "")
	stale := b.behind(t)
	b.merge(t, from.ID, into.ID)
	check(t, b.hours.CatchUp(t.Context(), nil))
	_, err := stale.Process(t.Context(), nil, nil)
	check(t, err)
	b.process(t)
	b.wantWorked(t, from.ID, 0)
	b.wantWorked(t, into.ID, 2*time.Hour)
}

func TestReportsOfAUserWhoWasErasedBeforeTheyWereHisAreNobodys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.report(t, works("ak", "2026-11-23 08:00"), stops("ak", "2026-11-23 10:00"), works("other", "2026-11-23 08:00"))
	b.process(t)
	p := b.person(t, "Anna K.", "ak", "")
	stale := b.behind(t)
	b.erase(t, p.ID)
	_, err := stale.Process(t.Context(), nil, nil)
	check(t, err)
	b.process(t)
	b.wantWorked(t, p.ID, 0)
	waiting, err := b.hours.Unknown(t.Context(), access.System(), page.Request{})
	if err != nil || len(waiting.Items) != 1 || waiting.Items[0].User != "other" {
		t.Errorf("waiting for review: %+v, %v", waiting.Items, err)
	}
	if n := count(t, b, "work_report"); n != 1 {
		t.Errorf("%d reports are kept, want 1", n)
	}
}

func TestHoursAreReadOnHoweverManyPeopleAreMerged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 3 {
		name := string(rune('a' + i))
		from, into := b.person(t, "From "+name, "from-"+name, ""), b.person(t, "Into "+name, "into-"+name, "")
		b.merge(t, from.ID, into.ID)
	}
	b.process(t)
}
