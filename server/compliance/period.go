package compliance

import (
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/localtime"
)

// MaxDays bounds a period.
const MaxDays = 366

// Period is the days that a report is about.
type Period struct {
	// From and To are the first and the last day, YYYY-MM-DD, in TimeZone.
	From     string `json:"from"`
	To       string `json:"to"`
	TimeZone string `json:"timeZone"`
	// Begins is in the period, and Ends is not any more.
	Begins time.Time `json:"begins"`
	Ends   time.Time `json:"ends"`
}

// NewPeriod gives the days from the one date to the other, both in it, in a zone. BAD_USER_INPUT with the field for what
// is no date, for a period that ends before it begins or after today, and for one of more than MaxDays.
func NewPeriod(from, to string, zone *time.Location, now time.Time) (Period, error) {
	first, err := dayOf("from", from)
	if err != nil {
		return Period{}, err
	}
	last, err := dayOf("to", to)
	if err != nil {
		return Period{}, err
	}
	switch {
	case last < first:
		return Period{}, fault.Field("to", "The period ends before it begins: choose a last day that is not before the first.")
	case last-first >= MaxDays:
		return Period{}, fault.Field("to", "A report covers at most %d days: choose a shorter period, or make several.", MaxDays)
	case last > localtime.DayOf(now, zone):
		return Period{}, fault.Field("to", "The period ends after today: nobody knows yet what happens then.")
	}
	return Period{
		From: from, To: to, TimeZone: zone.String(), Begins: localtime.StartOfDay(first, zone).UTC(), Ends: localtime.StartOfDay(last+1, zone).UTC(),
	}, nil
}

// dayOf reads a date as days since 1970.
func dayOf(field, text string) (int, error) {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil || at.Year() < 1970 {
		return 0, fault.Field(field, "%s must be a date such as 2026-11-01", field)
	}
	return int(at.Unix() / int64(24*time.Hour/time.Second)), nil
}
