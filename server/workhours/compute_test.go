package workhours_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/workhours"
	"github.com/keytrail/keytrail/server/workhours/rules"
)

type storedDay struct {
	Day       int64 `db:"day"`
	Working   int64 `db:"working_us"`
	Estimated int64 `db:"estimated_us"`
	RealHours int   `db:"real_hours"`
}

type storedSpan struct {
	From      time.Time `db:"from_at"`
	To        time.Time `db:"to_at"`
	Estimated bool      `db:"estimated"`
}

func (b *bundle) days(t testing.TB, person id.ID) (days []storedDay) {
	t.Helper()
	check(t, b.DB.Select(t.Context(), &days, "SELECT day, working_us, estimated_us, real_hours FROM work_day WHERE person = ? ORDER BY day", person))
	return days
}

func (b *bundle) spans(t testing.TB, person id.ID) (spans []rules.Span) {
	t.Helper()
	var stored []storedSpan
	check(t, b.DB.Select(t.Context(), &stored, "SELECT from_at, to_at, estimated FROM work_span WHERE person = ? ORDER BY from_at", person))
	for _, s := range stored {
		spans = append(spans, rules.Span{From: s.From, To: s.To, Estimated: s.Estimated})
	}
	return spans
}

// whole is what the rules say of all reports at once.
func whole(reports []*workhours.ReportInput, now time.Time, z *time.Location) (days []storedDay) {
	var all []rules.Report
	for _, r := range reports {
		every := time.Duration(r.IntervalSeconds) * time.Second
		all = append(all, rules.Report{At: *r.At, Workstation: r.Workstation, Working: r.State == workhours.Working, Every: every})
	}
	for _, d := range rules.Days(rules.Work(all, now), time.Time{}, z) {
		days = append(days, storedDay{int64(d.Number), d.Working.Microseconds(), d.Estimated.Microseconds(), d.RealHours})
	}
	return days
}

func TestHoursAreTheSameHoweverReportsArrive(t *testing.T) {
	t.Parallel()
	b := setup(t)
	random := rand.New(rand.NewPCG(7, 7))
	end := at("2026-11-25 12:00")
	for round := range 25 {
		user := fmt.Sprintf("FACTORY\\user%d", round)
		p := b.person(t, fmt.Sprintf("Person %d", round), user, "Office")
		var reports []*workhours.ReportInput
		for range 10 + random.IntN(60) {
			r := works(user, "2026-11-22 00:00")
			when := r.At.Add(time.Duration(random.IntN(84*60)) * time.Minute)
			r.At, r.Workstation = &when, fmt.Sprintf("pc-%d", random.IntN(2))
			r.IntervalSeconds = []int{0, 60, 1800, 14400}[random.IntN(4)]
			if random.IntN(3) == 0 {
				r.State = workhours.Stopped
			}
			reports = append(reports, r)
		}
		for part := range slices.Chunk(reports, 1+random.IntN(20)) {
			b.clock.set(end.Add(-time.Duration(random.IntN(40)) * time.Hour).Add(40 * time.Hour))
			b.report(t, part...)
			b.clock.set(end.Add(time.Duration(random.IntN(3)) * time.Hour))
			b.process(t)
		}
		b.clock.set(end.Add(48 * time.Hour))
		b.process(t)
		want := whole(reports, b.clock.now(), zone(t, "Europe/Riga"))
		if got := b.days(t, p.ID); !slices.Equal(got, want) {
			t.Fatalf("round %d:\ngot  %v\nwant %v", round, got, want)
		}
		b.clock.set(end)
	}
}

func TestWorkThatGoesOnForDaysKeepsItsBlocks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	var reports []*workhours.ReportInput
	for when := at("2026-11-01 06:07"); when.Before(at("2026-11-24 00:00")); when = when.Add(2 * time.Hour) {
		r := reportAt(`FACTORY\anna`, workhours.Working, when)
		r.IntervalSeconds = 3600
		reports = append(reports, r)
	}
	// In the middle of it is a gap that is filled later, so that all blocks after it lie anew.
	gap := reports[100]
	reports = slices.Delete(reports, 100, 101)
	gone := []*workhours.ReportInput{reports[99], reports[100]}
	reports = slices.Delete(reports, 99, 101)
	for _, part := range [][]*workhours.ReportInput{reports, gone, {gap}} {
		b.report(t, part...)
		b.process(t)
	}
	all := append(append(slices.Clone(reports), gone...), gap)
	if got, want := b.days(t, p.ID), whole(all, b.clock.now(), zone(t, "Europe/Riga")); !slices.Equal(got, want) {
		t.Fatalf("got  %v\nwant %v", got, want)
	}
	if work := rules.Intervals(b.spans(t, p.ID)); len(work) != 1 {
		t.Errorf("%v", work)
	}
}

func TestSeveralRunsAtOnceDoNoHarm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var want [][]storedDay
	var persons []id.ID
	for n := range 12 {
		user := fmt.Sprintf("FACTORY\\user%d", n)
		persons = append(persons, b.person(t, user, user, "Office").ID)
		reports := []*workhours.ReportInput{works(user, "2026-11-23 08:00"), stops(user, "2026-11-23 16:00"), works(user, "2026-11-24 21:00"), stops(user, "2026-11-25 03:00")}
		b.report(t, reports...)
		want = append(want, whole(reports, b.clock.now(), zone(t, "Europe/Riga")))
	}
	var running sync.WaitGroup
	failed := make(chan error, 4)
	for range 4 {
		other := b.with(workhours.Config{Zone: zone(t, "Europe/Riga"), Purpose: "pay"})
		running.Go(func() {
			_, err := other.Process(t.Context(), nil, nil)
			failed <- err
		})
	}
	running.Wait()
	for range 4 {
		check(t, <-failed)
	}
	for i, person := range persons {
		if got := b.days(t, person); !slices.Equal(got, want[i]) {
			t.Errorf("got %v, want %v", got, want[i])
		}
	}
}

func TestAnotherDisplayZoneCountsByItsOwnDates(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	reports := []*workhours.ReportInput{works(`FACTORY\anna`, "2026-11-23 15:00"), stops(`FACTORY\anna`, "2026-11-23 23:00")}
	b.report(t, reports...)
	b.process(t)
	dubai := b.with(workhours.Config{Zone: zone(t, "Asia/Dubai"), Purpose: "pay"})
	if _, err := dubai.Process(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := b.days(t, p.ID), whole(reports, b.clock.now(), zone(t, "Asia/Dubai")); len(got) != 2 || !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOfTwoProcessesWithDifferentZonesTheLaterCountsAndTheOtherGivesWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	reports := []*workhours.ReportInput{works(`FACTORY\anna`, "2026-11-23 15:00"), stops(`FACTORY\anna`, "2026-11-23 23:00")}
	b.report(t, reports...)
	b.process(t)
	dubai := b.with(workhours.Config{Zone: zone(t, "Asia/Dubai"), Purpose: "pay"})
	_, err := dubai.Process(t.Context(), nil, nil)
	check(t, err)
	more := []*workhours.ReportInput{works(`FACTORY\anna`, "2026-11-24 15:00"), stops(`FACTORY\anna`, "2026-11-24 23:00")}
	b.report(t, more...)
	_, err = b.hours.Process(t.Context(), nil, nil)
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "Asia/Dubai") {
		t.Errorf("the earlier one is told %v", err)
	}
	_, err = b.hours.Correct(t.Context(), access.System(), workhours.CorrectInput{
		Person: p.ID, From: at("2026-11-23 15:00"), To: at("2026-11-23 15:30"), Reason: "at lunch",
	})
	check(t, err)
	_, err = dubai.Process(t.Context(), nil, nil)
	check(t, err)
	want := whole(append(reports, more...), b.clock.now(), zone(t, "Asia/Dubai"))
	want[0].Working -= (30 * time.Minute).Microseconds()
	want[0].RealHours--
	if got := b.days(t, p.ID); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	b.clock.set(b.clock.now().Add(24 * time.Hour))
	if _, err := b.hours.Process(t.Context(), nil, nil); err != nil {
		t.Errorf("a day later the other zone is still respected: %v", err)
	}
}

func TestNothingIsCountedByDatesOfAZoneThatIsBeingLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var persons []id.ID
	for n := range 80 {
		user := fmt.Sprintf("FACTORY\\user%d", n)
		persons = append(persons, b.person(t, user, user, "Office").ID)
		b.report(t, works(user, "2026-11-23 15:00"), stops(user, "2026-11-23 23:00"))
	}
	b.process(t)
	dubai := b.with(workhours.Config{Zone: zone(t, "Asia/Dubai"), Purpose: "pay"})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		for ctx.Err() == nil {
			_, _ = b.hours.Process(ctx, nil, nil)
		}
	})
	_, err := dubai.Process(t.Context(), nil, nil)
	stop()
	running.Wait()
	check(t, err)
	for _, p := range persons {
		if got := b.days(t, p); len(got) != 2 {
			t.Fatalf("got %v, want the two dates of Dubai", got)
		}
	}
}

func TestReportsOfAUserWhoBecomesKnownAreHis(t *testing.T) {
	t.Parallel()
	b := setup(t)
	reports := []*workhours.ReportInput{works(`FACTORY\new`, "2026-11-23 08:00"), stops(`factory\NEW`, "2026-11-23 10:00")}
	b.report(t, reports...)
	if days := b.process(t); days != 0 {
		t.Errorf("%d dates of nobody were computed", days)
	}
	p := b.person(t, "Nora New", `FACTORY\new`, "Office")
	b.process(t)
	if got, want := b.days(t, p.ID), whole(reports, b.clock.now(), zone(t, "Europe/Riga")); len(got) != 1 || !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestManyPersonsAtOnceAreComputedAsEachWouldBe(t *testing.T) {
	t.Parallel()
	b := setup(t)
	random := rand.New(rand.NewPCG(3, 9))
	b.clock.set(at("2026-11-25 12:00"))
	sent := map[id.ID][]*workhours.ReportInput{}
	var all []*workhours.ReportInput
	for n := range 75 { // more than go into one transaction, with days that lie apart
		user := fmt.Sprintf("FACTORY\\many%d", n)
		p := b.person(t, user, user, "Office")
		for range 30 {
			r := works(user, "2026-11-10 00:00")
			when := r.At.Add(time.Duration(random.IntN(15*24*60)) * time.Minute)
			r.At, r.IntervalSeconds = &when, []int{60, 1800, 14400}[random.IntN(3)]
			if random.IntN(3) == 0 {
				r.State = workhours.Stopped
			}
			sent[p.ID], all = append(sent[p.ID], r), append(all, r)
		}
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for part := range slices.Chunk(all, 500) {
		b.report(t, part...)
		b.process(t)
	}
	for person, reports := range sent {
		want := whole(reports, b.clock.now(), zone(t, "Europe/Riga"))
		if got := b.days(t, person); !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	}
}
