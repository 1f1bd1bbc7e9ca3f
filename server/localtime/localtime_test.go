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
