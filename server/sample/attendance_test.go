package sample

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/workhours"
)

func TestEachPersonWorksAndStopsInTurn(t *testing.T) {
	for _, moment := range moments() {
		p, now := planAt(t, moment)
		last := map[int]presence{}
		for _, one := range p.attendance(now.AddDate(0, 0, -attendanceDays), now, now.Location()) {
			if before, known := last[one.person]; known && (before.working == one.working || !before.at.Before(one.at)) {
				t.Fatalf("%s: %+v comes after %+v", moment, one, before)
			}
			last[one.person] = one
		}
		if len(last) < 15 {
			t.Errorf("%s: %d people were at work in %d days", moment, len(last), attendanceDays)
		}
	}
}

func TestSomebodyIsAtWorkAtAnyHour(t *testing.T) {
	p, begin := planAt(t, "2026-03-27 00:00") // two days before the clocks change
	for hour := range 5 * 24 {
		now := begin.Add(time.Duration(hour) * time.Hour)
		working := map[int]bool{}
		for _, one := range p.attendance(now.Add(-24*time.Hour), now, now.Location()) {
			working[one.person] = one.working
		}
		if !slices.Contains(slices.Collect(maps.Values(working)), true) {
			t.Errorf("nobody is at work at %s", now)
		}
	}
}

func TestATrickleReportsWhatLoadingWouldHave(t *testing.T) {
	p, now := planAt(t, "2026-11-23 09:30")
	zone, from, until := now.Location(), now.AddDate(0, 0, -3), now.Add(20*time.Hour)
	whole := p.attendance(from, until, zone)
	parts := append(p.attendance(from, now, zone), p.attendance(now, until, zone)...)
	if len(whole) < 100 || !slices.Equal(whole, parts) {
		t.Errorf("%d at once, %d in parts", len(whole), len(parts))
	}
}

func TestTheTrickleHasWhoeverIsThereComeAndGo(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	s := servicesOn(t, f)
	trickle := NewTrickle(s)
	f.Clock.Advance(6 * time.Hour)
	want := trickle.organisation.attendance(f.Clock.Now().Add(-missed-6*time.Hour), f.Clock.Now(), zoneOf(t))
	erased := want[0].person
	want = slices.DeleteFunc(want, func(one presence) bool { return one.person == erased })
	inviteAll(t, f, erased)
	for range 2 { // another trickle, such as after a restart, repeats nothing
		if err := trickle.attend(t.Context()); err != nil {
			t.Fatal(err)
		}
		trickle = NewTrickle(s)
	}
	said := append(f.Entries(ledger.WorkWorking), f.Entries(ledger.WorkStopped)...)
	if len(said) == 0 || len(said) != len(want) {
		t.Errorf("%d reports are recorded, of %d", len(said), len(want))
	}
	if err := s.Work.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	working, err := s.Work.AtWork(t.Context(), access.System(), workhours.Filter{}, page.Request{})
	if err != nil || len(working.Items) == 0 {
		t.Errorf("%d are at work: %v", len(working.Items), err)
	}
}
