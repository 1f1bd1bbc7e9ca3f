package logbook

import (
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/localtime"
	"github.com/keytrail/keytrail/server/people"
)

const (
	// DefaultDays is the calendar's strip: seven days before today, today and 29 after.
	DefaultDays = 37
	// MaxDays is the most days of one calendar.
	MaxDays      = 400
	daysBefore   = 7
	maxZone      = 64
	secondsInDay = 24 * 3600
)

// days is a row of local days: the civil dates, and the n+1 instants between which they lie.
type days struct {
	zone   *time.Location
	dates  []people.Date
	bounds []time.Time
}

// daysFrom lays out n days from a civil date on. A day begins at the first quarter of an hour that has its date,
// so that days of 23 and 25 hours, and midnights that a zone leaves out, are what its people call that day.
func daysFrom(year int, month time.Month, day, n int, zone *time.Location) days {
	d := days{zone: zone, dates: make([]people.Date, n), bounds: make([]time.Time, n+1)}
	for i := range n + 1 {
		noon := time.Date(year, month, day+i, 12, 0, 0, 0, time.UTC)
		if i < n {
			d.dates[i] = people.Date(noon.Format(time.DateOnly))
		}
		d.bounds[i] = localtime.StartOfDay(int(noon.Unix()/secondsInDay), zone)
	}
	return d
}

// location finds a zone by its IANA name; "" is the display zone.
func (s *Service) location(name string) (*time.Location, error) {
	if name == "" {
		return s.display, nil
	}
	if zone, ok := s.zones.Get(name); ok {
		return zone, nil
	}
	if name == "Local" || len(name) > maxZone {
		return nil, unknownZone(name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, unknownZone(name)
	}
	s.zones.Add(name, zone)
	return zone, nil
}

func unknownZone(name string) error {
	return fault.Field("timeZone", "%.64q is not a time zone: use an IANA name such as Europe/Riga", name)
}

// layOut gives the days that a request asks for.
func (s *Service) layOut(r CalendarRequest) (days, error) {
	zone, err := s.location(r.TimeZone)
	if err != nil {
		return days{}, err
	}
	if r.Days < 1 || r.Days > MaxDays {
		return days{}, fault.Field("days", "days must be 1 to %d", MaxDays)
	}
	if r.From.IsZero() {
		today := s.now().In(zone)
		return daysFrom(today.Year(), today.Month(), today.Day()-daysBefore, r.Days, zone), nil
	}
	from, err := time.Parse(time.DateOnly, string(r.From))
	if err != nil || from.Year() < 1972 || from.Year() > 9000 {
		return days{}, fault.Field("from", "%.40q is not a day from 1972 on: write it as YYYY-MM-DD", r.From)
	}
	return daysFrom(from.Year(), from.Month(), from.Day(), r.Days, zone), nil
}
