package reminders

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func riga(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestTheReminderOfAMomentIsTheLatestWhoseTimeHasCome(t *testing.T) {
	zone := riga(t)
	at := func(local string) time.Time {
		found, err := time.ParseInLocation("2006-01-02 15:04", local, zone)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for _, c := range []struct{ issued, due, now, kind, moment string }{
		{"2026-11-23 09:00", "2026-11-23 17:00", "2026-11-23 16:29", "", ""},
		{"2026-11-23 09:00", "2026-11-23 17:00", "2026-11-23 16:30", "before", "2026-11-23 16:30"},
		{"2026-11-23 15:00", "2026-11-23 17:00", "2026-11-23 16:30", "", ""}, // a short loan
		{"2026-11-23 09:00", "2026-11-23 17:00", "2026-11-23 17:00", "overdue", "2026-11-23 17:00"},
		{"2026-11-23 15:00", "2026-11-23 17:00", "2026-11-24 08:59", "overdue", "2026-11-23 17:00"},
		{"2026-11-23 09:00", "2026-11-23 17:00", "2026-11-24 09:00", "daily", "2026-11-24 09:00"},
		{"2026-11-22 09:00", "2026-11-23 08:55", "2026-11-23 09:00", "overdue", "2026-11-23 08:55"}, // not twice in a morning
		{"2026-11-23 09:00", "2026-11-23 17:00", "2026-12-23 09:00", "daily", "2026-12-23 09:00"},
		{"2026-11-23 09:00", "2026-11-23 17:00", "2026-12-24 09:00", "", ""}, // after thirty days
		{"2026-03-28 09:00", "2026-03-28 17:00", "2026-03-29 08:59", "overdue", "2026-03-28 17:00"},
		{"2026-03-28 09:00", "2026-03-28 17:00", "2026-03-29 09:00", "daily", "2026-03-29 09:00"},
		{"2026-10-24 09:00", "2026-10-24 17:00", "2026-10-25 08:59", "overdue", "2026-10-24 17:00"},
		{"2026-10-24 09:00", "2026-10-24 17:00", "2026-10-25 09:00", "daily", "2026-10-25 09:00"},
	} {
		r, ok := reminderAt(at(c.issued), at(c.due), at(c.now), 30*time.Minute, zone)
		if ok != (c.kind != "") || ok && (string(r.kind) != c.kind || !r.moment.Equal(at(c.moment))) {
			t.Errorf("%+v: %+v, %v", c, r, ok)
		}
	}
}

func TestNobodyIsRemindedOfTheSameMoreThanOnceADay(t *testing.T) {
	zone := riga(t)
	rapid.Check(t, func(t *rapid.T) {
		issued := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "issued"), 0)
		due := issued.Add(time.Duration(rapid.IntRange(1, 5000).Draw(t, "minutes")) * time.Minute)
		seen := map[reminder]bool{}
		for now := issued; now.Before(due.Add(80 * time.Hour)); now = now.Add(7 * time.Minute) {
			r, ok := reminderAt(issued, due, now, 30*time.Minute, zone)
			if ok && r.moment.After(now) {
				t.Fatalf("%v is reminded of at %v", r, now)
			}
			if ok {
				r.moment = r.moment.UTC()
				seen[r] = true
			}
		}
		days := map[string]int{}
		for r := range seen {
			if r.kind != Before {
				days[dayOf(r.moment, zone)]++
			}
		}
		for day, n := range days {
			if n > 1 {
				t.Fatalf("%d reminders on %s of a loan that was due at %v", n, day, due)
			}
		}
	})
}
