package sample

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

func planAt(t *testing.T, now string) (*plan, time.Time) {
	t.Helper()
	zone := zoneOf(t)
	at, err := time.ParseInLocation("2006-01-02 15:04", now, zone)
	if err != nil {
		t.Fatal(err)
	}
	return makePlan(at, zone), at
}

func moments() []string {
	return []string{"2026-11-22 19:00", "2026-11-23 09:30", "2026-06-24 12:00", "2027-01-01 00:05", "2026-03-29 03:30"}
}

func TestWhatIsMovedComesToAnotherRoom(t *testing.T) {
	for _, moment := range moments() {
		p, now := planAt(t, moment)
		for _, d := range p.deeds {
			if d.action == "asset.moved" && d.before["room"] == d.after["room"] || !d.at.Before(now) {
				t.Errorf("%s: %+v", moment, d)
			}
		}
	}
}

func TestNoKeyIsLentTwiceAtOnce(t *testing.T) {
	for _, moment := range moments() {
		p, now := planAt(t, moment)
		back := map[int]time.Time{}
		for _, l := range p.loans {
			if last, out := back[l.key]; out && (last.IsZero() || l.issued.Before(last)) {
				t.Fatalf("%s: key %s is issued at %s and was out until %s", moment, p.keys[l.key].number, l.issued, last)
			}
			back[l.key] = l.returned
			if l.issued.After(now) || l.returned.After(now) || !l.returned.IsZero() && !l.returned.After(l.issued) {
				t.Fatalf("%s: impossible times %+v", moment, l)
			}
			if !l.due.IsZero() && !l.due.After(l.issued) {
				t.Fatalf("%s: due %s, issued %s", moment, l.due, l.issued)
			}
		}
	}
}

func TestThereIsAYearToSeeAtAnyHour(t *testing.T) {
	for _, moment := range moments() {
		p, now := planAt(t, moment)
		var open, overdue, soon int
		for _, l := range p.loans {
			if !l.returned.IsZero() {
				continue
			}
			open++
			if !l.due.IsZero() && l.due.Before(now) {
				overdue++
			}
			if l.due.After(now) && l.due.Before(now.Add(30*time.Hour)) {
				soon++
			}
		}
		t.Logf("%s: %d loans, %d open, %d overdue, %d due soon, %d sign-ins", moment, len(p.loans), open, overdue, soon, len(p.signIns))
		if n := len(p.loans); n < 9_000 || n > 16_000 || open < 15 || open > 70 || overdue < 2 || soon < 3 || len(p.signIns) < 1_000 {
			t.Errorf("%s: %d loans, %d open, %d overdue, %d due soon, %d sign-ins", moment, n, open, overdue, soon, len(p.signIns))
		}
		if len(p.keys) != 120 || len(p.people) != 60 || len(p.groups) < 7 {
			t.Errorf("%d keys, %d people, groups %v", len(p.keys), len(p.people), p.groups)
		}
	}
}

func TestThePlanDependsOnSeedAndClockOnly(t *testing.T) {
	first, _ := planAt(t, "2026-11-23 09:30")
	second, _ := planAt(t, "2026-11-23 09:30")
	if !reflect.DeepEqual(first, second) {
		t.Error("two plans of one moment differ")
	}
}

func TestNamesBadgesAndNumbersAreDistinct(t *testing.T) {
	p, _ := planAt(t, "2026-11-23 09:30")
	var names, badges, numbers []string
	for _, someone := range p.people {
		names, badges = append(names, someone.name), append(badges, someone.badge)
	}
	for _, k := range p.keys {
		numbers = append(numbers, k.number)
	}
	for _, list := range [][]string{names, badges, numbers} {
		slices.Sort(list)
		if n := len(list); len(slices.Compact(list)) != n {
			t.Errorf("%d of %d are repeated: %v", n-len(slices.Compact(list)), n, list)
		}
	}
}

func TestHolidaysAreQuiet(t *testing.T) {
	for day, want := range map[string]bool{
		"2026-11-18": true, "2026-04-03": true, "2026-04-06": true, "2026-04-07": false, "2026-06-23": true,
		"2026-11-21": true, "2026-11-20": false, "2026-04-02": false,
	} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if quiet(at) != want {
			t.Errorf("%s: quiet is %v", day, !want)
		}
	}
}
