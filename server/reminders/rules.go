package reminders

import (
	"time"

	"github.com/keytrail/keytrail/server/localtime"
)

// Kind is why somebody is reminded.
type Kind string

// The kinds.
const (
	// Before its due time.
	Before Kind = "before"
	// Overdue is the moment when the due time has come.
	Overdue Kind = "overdue"
	// Daily is each morning afterwards.
	Daily Kind = "daily"
)

const (
	// shortLoan is how long a loan must be for a reminder before its due time.
	shortLoan = 2 * time.Hour
	// morning is when daily reminders come, in minutes since midnight.
	morning = 9 * 60
	// longest is for how long somebody is reminded daily.
	longest = 30 * 24 * time.Hour
	// fresh is how late a reminder may be, longer than from any due time to the first morning after it.
	fresh = 36 * time.Hour
)

// reminder is one that is to be given: its kind and when its time came.
type reminder struct {
	kind   Kind
	moment time.Time
}

// reminderAt gives the reminder that an open loan asks for at an instant: the latest whose time has come.
func reminderAt(issued, due, now time.Time, before time.Duration, zone *time.Location) (reminder, bool) {
	r := reminder{Overdue, due}
	switch {
	case now.Before(due):
		if before <= 0 || due.Sub(issued) <= shortLoan {
			return reminder{}, false
		}
		r = reminder{Before, due.Add(-before)}
	default:
		if last := localtime.Last(now, morning, zone); dayOf(last, zone) > dayOf(due, zone) {
			r = reminder{Daily, last}
		}
	}
	wanted := !r.moment.After(now) && now.Sub(r.moment) < fresh && r.moment.Sub(due) <= longest
	return r, wanted
}

func dayOf(at time.Time, zone *time.Location) string { return at.In(zone).Format(time.DateOnly) }
