// Package localtime finds the instants at which the clocks of a zone show a time of day.
package localtime

import (
	"sort"
	"time"
)

// On gives when the clocks of a zone show a time of day, in minutes since midnight, on the day of at. Where they show it
// twice, the first counts; a time that they leave out is as long after midnight as it would be had they not been moved.
func On(at time.Time, minutes int, zone *time.Location) time.Time {
	local := at.In(zone)
	return instantOf(time.Date(local.Year(), local.Month(), local.Day(), 0, minutes, 0, 0, time.UTC), zone)
}

// Last gives when the clocks of a zone showed a time of day, in minutes since midnight, the last time until at.
func Last(at time.Time, minutes int, zone *time.Location) time.Time {
	local := at.In(zone)
	for days := 0; ; days-- {
		wall := time.Date(local.Year(), local.Month(), local.Day()+days, 0, minutes, 0, 0, time.UTC)
		if found := instantOf(wall, zone); !found.After(at) {
			return found
		}
	}
}

// Minutes reads HH:MM as minutes since midnight; ok is false for anything else.
func Minutes(text string) (minutes int, ok bool) {
	at, err := time.Parse("15:04", text)
	if err != nil || at.Format("15:04") != text {
		return 0, false
	}
	return at.Hour()*60 + at.Minute(), true
}

// At gives the instant at which the clocks of a zone show what wall shows in UTC: the first of two, and where they leave
// it out, as much later as they were moved.
func At(wall time.Time, zone *time.Location) time.Time { return instantOf(wall, zone) }

// instantOf gives the instant at which the clocks of a zone show what wall shows in UTC.
func instantOf(wall time.Time, zone *time.Location) time.Time {
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, behind := wall.Add(24 * time.Hour).In(zone).Zone()
	early := wall.Add(-time.Duration(max(before, behind)) * time.Second)
	late := wall.Add(-time.Duration(min(before, behind)) * time.Second)
	for _, at := range []time.Time{early, late} {
		if at.In(zone).Format(time.DateTime) == wall.Format(time.DateTime) {
			return at.UTC()
		}
	}
	return wall.Add(-time.Duration(before) * time.Second)
}

const (
	day     = 24 * time.Hour
	quarter = 15 * time.Minute
)

// StartOfDay gives when a day begins in a zone: days since 1970, and the first quarter of an hour whose local date is not
// before it. Days of 23 and 25 hours, midnights that a zone leaves out and dates that it skips are thus what its people
// call that day. Offsets lie within 14 hours of UTC, and since 1972 every zone's is a whole number of quarters.
func StartOfDay(days int, zone *time.Location) time.Time {
	midnight := time.Unix(0, 0).UTC().AddDate(0, 0, days)
	first, date := midnight.Add(-16*time.Hour), midnight.Format(time.DateOnly)
	quarters := sort.Search(int(32*time.Hour/quarter), func(i int) bool {
		return first.Add(time.Duration(i)*quarter).In(zone).Format(time.DateOnly) >= date
	})
	return first.Add(time.Duration(quarters) * quarter)
}

// DayOf gives the day that an instant belongs to in a zone, in days since 1970: StartOfDay of it is not after at, and that
// of the next is.
func DayOf(at time.Time, zone *time.Location) int {
	local := at.In(zone)
	days := int(time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC).Unix() / int64(day/time.Second))
	for StartOfDay(days, zone).After(at) {
		days--
	}
	for !StartOfDay(days+1, zone).After(at) {
		days++
	}
	return days
}
