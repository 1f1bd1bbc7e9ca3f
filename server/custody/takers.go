package custody

import (
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// What the rules of a group may hold.
const (
	MaxTakers         = 100
	MaxDefaultMinutes = 365 * 24 * 60
	maxRole           = 64
)

// Taker is who may take keys of a group: one of person, department and role.
type Taker struct {
	PersonID     id.ID
	DepartmentID id.ID
	Role         string
	// Window is when; nil means always.
	Window *Window
}

// Window is hours of days of the week, by the clocks of the display zone.
type Window struct {
	// Days are those on which the hours begin.
	Days []Weekday
	From LocalTime
	// To is where they end. One that is not after From lies on the next day.
	To LocalTime
}

// DefaultLoan says for how long keys are issued when nobody says: one of the two.
type DefaultLoan struct {
	Minutes *int
	// Until is the next time that the clocks show it.
	Until *LocalTime
}

// GroupRules are the rules under which keys of a group are issued.
type GroupRules struct {
	// Takers are who may take the keys; none means everybody.
	Takers []Taker
	// DefaultLoan is nil for until further notice.
	DefaultLoan *DefaultLoan
	// Curfew is when all keys have to be back each day, "" for never.
	Curfew LocalTime
}

// person is what the rules know of somebody who is to hold a key.
type person struct {
	id, department id.ID
	roles          []string
	// merged are further ids under which he is on record.
	merged []id.ID
}

// covers reports whether the hours go on at an instant. Only the clocks count, so that an hour that they repeat counts
// twice and one that they leave out never comes.
func (w *Window) covers(at time.Time, zone *time.Location) bool {
	if w == nil {
		return true
	}
	local := at.In(zone)
	now, from, to, days := local.Hour()*60+local.Minute(), w.From.minutes(), w.To.minutes(), setOf(w.Days)
	today, yesterday := days.has(local.Weekday()), days.has((local.Weekday()+6)%7)
	if from < to {
		return today && from <= now && now < to
	}
	return today && now >= from || yesterday && now < to
}

// names reports whether the taker names the person.
func (t *Taker) names(p person) bool {
	switch {
	case !t.PersonID.IsZero():
		return t.PersonID == p.id || slices.Contains(p.merged, t.PersonID)
	case !t.DepartmentID.IsZero():
		return t.DepartmentID == p.department
	}
	return slices.Contains(p.roles, t.Role)
}

// mayTake decides whether somebody may take a key that is in these groups at an instant: when none of them has takers,
// or one of those that have allows it.
func mayTake(groups []GroupRules, p person, at time.Time, zone *time.Location) bool {
	restricted := false
	for _, g := range groups {
		for i := range g.Takers {
			restricted = true
			if g.Takers[i].names(p) && g.Takers[i].Window.covers(at, zone) {
				return true
			}
		}
	}
	return !restricted
}

// curfew gives when a key in these groups has to be back at the latest if it is taken at an instant; nil for never.
func curfew(groups []GroupRules, at time.Time, zone *time.Location) *time.Time {
	var first *time.Time
	for _, g := range groups {
		if g.Curfew != "" {
			first = earlier(first, g.Curfew.after(at, zone))
		}
	}
	return first
}

// defaultDue gives when a key in these groups is due if it is taken at an instant and nobody says; nil for until
// further notice. The earliest of what the groups say counts, and no curfew is passed.
func defaultDue(groups []GroupRules, at time.Time, zone *time.Location) *time.Time {
	due := curfew(groups, at, zone)
	for _, g := range groups {
		switch d := g.DefaultLoan; {
		case d == nil:
		case d.Minutes != nil:
			due = earlier(due, at.Add(time.Duration(*d.Minutes)*time.Minute))
		case d.Until != nil:
			due = earlier(due, d.Until.after(at, zone))
		}
	}
	return due
}

func earlier(a *time.Time, b time.Time) *time.Time {
	b = b.UTC()
	if a != nil && !b.Before(*a) {
		return a
	}
	return &b
}

// checkTakers demands that each taker is one of person, department and role, with hours that can come.
func checkTakers(takers []Taker, knowsRole func(string) bool) error {
	if len(takers) > MaxTakers {
		return fault.Field("takers", "%d takers were sent; send at most %d", len(takers), MaxTakers)
	}
	for i := range takers {
		t := &takers[i]
		t.Role = strings.TrimSpace(t.Role)
		given := 0
		for _, one := range []bool{!t.PersonID.IsZero(), !t.DepartmentID.IsZero(), t.Role != ""} {
			if one {
				given++
			}
		}
		switch {
		case given != 1:
			return member("takers", i, "give one of person, department and role")
		case t.Role != "" && (len(t.Role) > maxRole || !knowsRole(t.Role)):
			return member("takers", i, "there is no role %.40q that people have", t.Role)
		}
		if err := t.Window.check(memberOf("takers", i) + ".window"); err != nil {
			return err
		}
	}
	return nil
}

func (w *Window) check(field string) error {
	switch {
	case w == nil:
		return nil
	case len(w.Days) == 0:
		return fault.Field(field+".days", "name at least one day, or leave the window out for always")
	case !w.From.valid():
		return fault.Field(field+".from", "write the time as HH:MM")
	case !w.To.valid():
		return fault.Field(field+".to", "write the time as HH:MM")
	}
	w.Days = setOf(w.Days).days()
	return nil
}

// check demands one of the two.
func (d *DefaultLoan) check() error {
	switch {
	case d == nil:
		return nil
	case (d.Minutes == nil) == (d.Until == nil):
		return fault.Field("defaultLoan", "give one of minutes and until")
	case d.Minutes != nil && (*d.Minutes < 1 || *d.Minutes > MaxDefaultMinutes):
		return fault.Field("defaultLoan.minutes", "minutes must be 1 to %d, a year", MaxDefaultMinutes)
	case d.Until != nil && !d.Until.valid():
		return fault.Field("defaultLoan.until", "write the time as HH:MM")
	}
	return nil
}
