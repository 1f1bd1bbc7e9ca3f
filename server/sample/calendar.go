package sample

import "time"

// quiet reports whether the organisation is closed on a day: weekends and Latvia's public holidays.
func quiet(day time.Time) bool {
	if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		return true
	}
	switch day.Format("01-02") {
	case "01-01", "05-01", "05-04", "06-23", "06-24", "11-18", "12-24", "12-25", "12-26", "12-31":
		return true
	}
	offset := int(day.Sub(easter(day.Year(), day.Location())).Hours()+12) / 24
	return day.After(easter(day.Year(), day.Location()).AddDate(0, 0, -3)) && offset >= -2 && offset <= 1
}

// easter is Easter Sunday by the anonymous Gregorian algorithm.
func easter(year int, zone *time.Location) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month := (h + l - 7*m + 114) / 31
	day := (h+l-7*m+114)%31 + 1
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, zone)
}

// busyness is how much of a usual day's movements a day has: less in summer, a little on Saturdays.
func busyness(day time.Time) float64 {
	if quiet(day) {
		if day.Weekday() == time.Saturday {
			return 0.06
		}
		return 0
	}
	switch day.Month() {
	case time.July:
		return 0.35
	case time.June, time.August:
		return 0.6
	}
	if day.Weekday() == time.Friday {
		return 0.8
	}
	return 1
}

// clock is an hour of an instant's day, by the clocks of its zone.
func clock(day time.Time, hour int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, day.Location())
}

// midnightOf is when the day of an instant begins.
func midnightOf(t time.Time, zone *time.Location) time.Time { return clock(t.In(zone), 0) }

// civilDay numbers dates, whatever the zone.
func civilDay(day time.Time) int {
	return int(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC).Unix() / (24 * 3600))
}
