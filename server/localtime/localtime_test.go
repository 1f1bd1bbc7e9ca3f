package localtime_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/localtime"
)

func riga(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestATimeOfDayIsFoundOnTheDaysOnWhichClocksAreMoved(t *testing.T) {
	for _, c := range []struct{ day, clock, want string }{
		{"2026-03-28T12:00:00Z", "18:00", "2026-03-28T16:00:00Z"},
		{"2026-03-29T12:00:00Z", "18:00", "2026-03-29T15:00:00Z"}, // an hour of the night is left out
		{"2026-03-29T12:00:00Z", "02:59", "2026-03-29T00:59:00Z"},
		{"2026-03-29T12:00:00Z", "03:30", "2026-03-29T01:30:00Z"}, // left out: 04:30 on the clocks
		{"2026-03-29T12:00:00Z", "04:00", "2026-03-29T01:00:00Z"},
		{"2026-10-24T12:00:00Z", "18:00", "2026-10-24T15:00:00Z"},
		{"2026-10-25T12:00:00Z", "18:00", "2026-10-25T16:00:00Z"}, // an hour of the night comes twice
		{"2026-10-25T12:00:00Z", "03:30", "2026-10-25T00:30:00Z"}, // the first of the two
		{"2026-10-25T12:00:00Z", "00:00", "2026-10-24T21:00:00Z"},
	} {
		day, _ := time.Parse(time.RFC3339, c.day)
		minutes, ok := localtime.Minutes(c.clock)
		if got := localtime.On(day, minutes, riga(t)).Format(time.RFC3339); !ok || got != c.want {
			t.Errorf("%s at %s is %s; want %s", c.day[:10], c.clock, got, c.want)
		}
	}
}

func TestTheLastTimeIsNeverAheadAndNeverMoreThanADayAndAnHourBack(t *testing.T) {
	zone := riga(t)
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "at"), 0)
		minutes := rapid.IntRange(0, 1439).Draw(t, "minutes")
		last := localtime.Last(at, minutes, zone)
		if last.After(at) || at.Sub(last) > 26*time.Hour {
			t.Fatalf("the last one until %v is %v", at, last)
		}
	})
}

func TestOnlyHoursAndMinutesAreATimeOfDay(t *testing.T) {
	for _, bad := range []string{"", "9:00", "24:00", "09:60", "09:00:00", "x"} {
		if _, ok := localtime.Minutes(bad); ok {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestDaysLieEndToEndAndAreAsLongAsTheirClocksSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, date string
		long       time.Duration
	}{
		{"Europe/Riga", "2026-03-29", 23 * time.Hour},
		{"Europe/Riga", "2026-10-25", 25 * time.Hour},
		{"Europe/Riga", "2028-02-29", 24 * time.Hour},
		{"Asia/Kathmandu", "2026-05-01", 24 * time.Hour},
		{"Australia/Lord_Howe", "2026-04-05", 24*time.Hour + 30*time.Minute},
		{"America/Havana", "2026-03-08", 23 * time.Hour},
		{"Pacific/Apia", "2011-12-30", 0},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		date, err := time.Parse(time.DateOnly, c.date)
		if err != nil {
			t.Fatal(err)
		}
		day := int(date.Unix() / 86400)
		start, end := localtime.StartOfDay(day, zone), localtime.StartOfDay(day+1, zone)
		if long := end.Sub(start); long != c.long {
			t.Errorf("%s in %s is %v long, not %v", c.date, c.zone, long, c.long)
		}
		if c.long > 0 && (localtime.DayOf(start, zone) != day || localtime.DayOf(end.Add(-1), zone) != day || localtime.DayOf(end, zone) != day+1) {
			t.Errorf("the instants of %s in %s belong to other days", c.date, c.zone)
		}
	}
}
