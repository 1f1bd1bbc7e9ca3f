package logbook

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/people"
)

// zones have days of 23, 23½, 24, 24½ and 25 hours, midnights that do not exist or exist twice, offsets of half
// hours and quarters, and both ends of the day.
func zones() []string {
	return []string{
		"UTC", "Europe/Riga", "Europe/Dublin", "America/New_York", "America/Havana", "America/Santiago", "Africa/Cairo",
		"Asia/Beirut", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati",
		"Pacific/Pago_Pago", "America/St_Johns", "Atlantic/Azores", "Africa/Casablanca", "Pacific/Apia", "America/Asuncion",
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	return must[*time.Location](t)(time.LoadLocation(name))
}

func TestADayBeginsWithItsFirstMomentInEveryZone(t *testing.T) {
	t.Parallel()
	locations := map[string]*time.Location{}
	for _, name := range zones() {
		locations[name] = zone(t, name)
	}
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom(zones()).Draw(rt, "zone")
		from := time.Date(2012, 1, 1+rapid.IntRange(0, 20*365).Draw(rt, "day"), 12, 0, 0, 0, time.UTC)
		d := daysFrom(from.Year(), from.Month(), from.Day(), 3, locations[name])
		for i, date := range d.dates {
			first, last := d.bounds[i].In(locations[name]), d.bounds[i+1].Add(-time.Nanosecond).In(locations[name])
			before := d.bounds[i].Add(-time.Nanosecond).In(locations[name])
			if first.Format(time.DateOnly) != string(date) || last.Format(time.DateOnly) != string(date) || before.Format(time.DateOnly) >= string(date) {
				rt.Fatalf("%s in %s is %s to %s", date, name, first, last)
			}
			if d.bounds[i].Unix()%900 != 0 {
				rt.Fatalf("%s in %s begins within a quarter: %s", date, name, first)
			}
		}
	})
}

func TestDaysAroundTheChangeOfClocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, date string
		hours      float64
	}{
		{"Europe/Riga", "2026-03-29", 23},
		{"Europe/Riga", "2026-10-25", 25},
		{"Europe/Riga", "2026-11-22", 24},
		{"Australia/Lord_Howe", "2026-04-05", 24.5},
		{"Australia/Lord_Howe", "2026-10-04", 23.5},
		{"Africa/Cairo", "2026-04-24", 23},     // has no midnight
		{"America/Havana", "2026-11-01", 25},   // has two
		{"America/Santiago", "2026-09-06", 23}, // has none
		{"Pacific/Apia", "2011-12-30", 0},      // never was
	} {
		at := must[time.Time](t)(time.Parse(time.DateOnly, c.date))
		d := daysFrom(at.Year(), at.Month(), at.Day(), 1, zone(t, c.zone))
		if got := d.bounds[1].Sub(d.bounds[0]).Hours(); got != c.hours {
			t.Errorf("%s in %s has %v hours, want %v", c.date, c.zone, got, c.hours)
		}
	}
}

func TestTheStripBeginsSevenDaysBeforeTodayOfTheZone(t *testing.T) {
	t.Parallel()
	riga := zone(t, "Europe/Riga")
	late := time.Date(2026, 11, 21, 22, 30, 0, 0, time.UTC) // half past midnight of the 22nd in Riga
	s := must[*Service](t)(New(nil, nil, nil, nil, nil, nil, riga, func() time.Time { return late }))
	for name, want := range map[string]people.Date{"": "2026-11-15", "UTC": "2026-11-14", "Pacific/Kiritimati": "2026-11-15", "Pacific/Pago_Pago": "2026-11-14"} {
		d := must[days](t)(s.layOut(CalendarRequest{Days: DefaultDays, TimeZone: name}))
		if d.dates[0] != want || len(d.dates) != DefaultDays || len(d.bounds) != DefaultDays+1 {
			t.Errorf("%q: %s", name, d.dates[0])
		}
	}
}

func TestACalendarIsCheckedBeforeItIsCounted(t *testing.T) {
	t.Parallel()
	s := must[*Service](t)(New(nil, nil, nil, nil, nil, nil, time.UTC, custodytest.Start))
	for field, r := range map[string]CalendarRequest{
		"days":       {},
		"days ":      {Days: MaxDays + 1},
		"timeZone":   {Days: 1, TimeZone: "Europe/Rīga"},
		"timeZone ":  {Days: 1, TimeZone: "Local"},
		"timeZone  ": {Days: 1, TimeZone: "../../etc/passwd"},
		"from":       {Days: 1, From: "1970-01-01"},
		"from ":      {Days: 1, From: "2026-02-30"},
	} {
		_, err := s.layOut(r)
		if bad, ok := fault.As(err); !ok || bad.Kind != fault.BadInput || bad.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}
