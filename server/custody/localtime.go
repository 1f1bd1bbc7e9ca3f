package custody

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// LocalTime is a time of day on the clocks of the display zone: HH:MM from 00:00 to 23:59.
type LocalTime string

// minutes gives how many minutes the clock shows since midnight.
func (t LocalTime) minutes() int {
	at, err := time.Parse("15:04", string(t))
	if err != nil {
		return 0
	}
	return at.Hour()*60 + at.Minute()
}

// valid reports whether it is written as HH:MM.
func (t LocalTime) valid() bool {
	at, err := time.Parse("15:04", string(t))
	return err == nil && at.Format("15:04") == string(t)
}

// MarshalGQL writes the schema's scalar.
func (t LocalTime) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(t))) }

// UnmarshalGQL reads the schema's scalar.
func (t *LocalTime) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	if !LocalTime(text).valid() {
		return fault.New(fault.BadInput, "%.20q is not a time of day: write it as HH:MM, from 00:00 to 23:59", text)
	}
	*t = LocalTime(text)
	return nil
}

// after gives the first instant after at when the clocks of a zone show the time. Where they show it twice, the first
// counts; a time that they leave out is as long after midnight as it would be had they not been moved.
func (t LocalTime) after(at time.Time, zone *time.Location) time.Time {
	local := at.In(zone)
	for days := 0; ; days++ {
		wall := time.Date(local.Year(), local.Month(), local.Day()+days, 0, t.minutes(), 0, 0, time.UTC)
		if found := instantOf(wall, zone); found.After(at) {
			return found
		}
	}
}

// instantOf gives the instant at which the clocks of a zone show what wall shows in UTC.
func instantOf(wall time.Time, zone *time.Location) time.Time {
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, behind := wall.Add(24 * time.Hour).In(zone).Zone()
	early := wall.Add(-time.Duration(before) * time.Second)
	late := wall.Add(-time.Duration(behind) * time.Second)
	shows := func(at time.Time) bool { return at.In(zone).Format(time.DateTime) == wall.Format(time.DateTime) }
	switch {
	case shows(early) && (!shows(late) || early.Before(late)):
		return early
	case shows(late):
		return late
	}
	return early
}

// Weekday is a day of the week, in the words of the schema.
type Weekday string

// Weekdays lists the days of the week in the order of the schema, from Monday on.
func Weekdays() []Weekday {
	return []Weekday{"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"}
}

// word is the day's short name.
func (d Weekday) word() fault.Text {
	return map[Weekday]fault.Text{
		"MONDAY": fault.Say("Mon"), "TUESDAY": fault.Say("Tue"), "WEDNESDAY": fault.Say("Wed"), "THURSDAY": fault.Say("Thu"),
		"FRIDAY": fault.Say("Fri"), "SATURDAY": fault.Say("Sat"), "SUNDAY": fault.Say("Sun"),
	}[d]
}

// MarshalGQL writes the schema's enum.
func (d Weekday) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(d))) }

// UnmarshalGQL reads the schema's enum.
func (d *Weekday) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	if !slices.Contains(Weekdays(), Weekday(text)) {
		return fmt.Errorf("%.20q is not a day of the week", text)
	}
	*d = Weekday(text)
	return nil
}

// weekdays is a set of days, Monday's bit the lowest.
type weekdays uint8

func setOf(days []Weekday) weekdays {
	var set weekdays
	for i, day := range Weekdays() {
		if slices.Contains(days, day) {
			set |= 1 << i
		}
	}
	return set
}

// days lists the days of the set from Monday on.
func (w weekdays) days() []Weekday {
	var days []Weekday
	for i, day := range Weekdays() {
		if w&(1<<i) != 0 {
			days = append(days, day)
		}
	}
	return days
}

func (w weekdays) has(day time.Weekday) bool { return w&(1<<((int(day)+6)%7)) != 0 }
