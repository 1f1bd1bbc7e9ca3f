package workhours

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

const (
	// MaxDays is how many days of others can be looked at together, and MaxOwnDays of oneself.
	MaxDays    = 62
	MaxOwnDays = 366
	// usualDays is what is shown where no dates are given.
	usualDays = 7
)

// Filter says whose work, and of which dates. What is zero does not count.
type Filter struct {
	// From and To are the first and the last date, in the display zone; the last seven days where both are "".
	From, To           people.Date
	Person, Department id.ID
}

// Words gives the filter by its names in the schema, for the record of who looked.
func (f Filter) Words() map[string]any {
	words := map[string]any{}
	for name, value := range map[string]string{
		"from": string(f.From), "to": string(f.To), "person": f.Person.String(), "department": f.Department.String(),
	} {
		if value != "" {
			words[name] = value
		}
	}
	return words
}

// among is whose work an actor may look at: every person's where all is set, else those of persons.
type among struct {
	all     bool
	persons []id.ID
}

// whose gives whom a filter names, as far as the scope of the actor's right reaches.
func (s *Service) whose(ctx context.Context, actor *access.Actor, p access.Permission, f Filter) (among, error) {
	scope, err := s.access.Require(ctx, actor, p)
	if err != nil {
		return among{}, err
	}
	a := among{all: scope == access.All}
	switch scope {
	case access.All:
	case access.Department:
		a.persons = append(s.people.InDepartment(actor.Department), actor.Persons()...)
	default:
		a.persons = actor.Persons()
	}
	if !f.Department.IsZero() {
		a = a.and(s.people.InDepartment(f.Department))
	}
	if !f.Person.IsZero() {
		a = a.and(s.people.Same(f.Person))
	}
	return a, nil
}

func (a among) and(persons []id.ID) among {
	if a.all {
		return among{persons: persons}
	}
	return among{persons: slices.DeleteFunc(slices.Clone(persons), func(p id.ID) bool { return !slices.Contains(a.persons, p) })}
}

// nobody reports whether no person is meant.
func (a among) nobody() bool { return !a.all && len(a.persons) == 0 }

func (a among) condition(where *mysql.Where) {
	if !a.all {
		where.And("person IN (?)", a.persons)
	}
}

// dates are whole days of the display zone, both included, in days since 1970.
type dates struct{ first, last int64 }

// dates checks which days are asked for.
func (s *Service) dates(actor *access.Actor, f Filter) (dates, error) {
	today := s.dateOf(s.now())
	d := dates{today - usualDays + 1, today}
	var err error
	if f.From != "" {
		if d.first, err = dayNumber("from", f.From); err != nil {
			return d, err
		}
		if f.To == "" {
			d.last = max(today, d.first)
		}
	}
	if f.To != "" {
		if d.last, err = dayNumber("to", f.To); err != nil {
			return d, err
		}
		if f.From == "" {
			d.first = d.last - usualDays + 1
		}
	}
	most := int64(MaxDays)
	if actor != nil && slices.ContainsFunc(s.people.Same(f.Person), actor.Is) {
		most = MaxOwnDays
	}
	switch days := d.last - d.first + 1; {
	case days < 1:
		return d, fault.Field("to", "the last day lies before the first")
	case days > most:
		return d, fault.Field("from", "at most %d days can be looked at together, and a year only of oneself", most)
	}
	return d, nil
}

// Today is today's date in the display zone, as midnight UTC.
func (s *Service) Today() time.Time { return midnightOf(s.dateOf(s.now())) }

func dayNumber(field string, date people.Date) (int64, error) {
	at, err := time.Parse(time.DateOnly, string(date))
	if err != nil || at.Year() < 1972 || at.Year() > 9000 {
		return 0, fault.Field(field, "%.40q is not a day from 1972 on: write it as YYYY-MM-DD", date)
	}
	return dayOf(at), nil
}

func dateText(day int64) people.Date {
	return people.Date(midnightOf(day).Format(time.DateOnly))
}
