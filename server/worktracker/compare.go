package worktracker

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/workhours"
)

// Comparison counts how the tracker's sums compare with what keytrail counts.
type Comparison struct {
	// Sums are the days of users that the tracker counted. Of Skipped ones, the user is not known or the row cannot be read.
	Sums, Same, Different, Skipped int
}

// Compare holds the real work hours of a day that the tracker counted against those that keytrail has computed from its
// events, and tells of each that is different. Both must count by dates of the same zone. BAD_USER_INPUT when the file has
// no such sums.
func Compare(ctx context.Context, work *workhours.Service, persons *people.Service, o Options) (Comparison, error) {
	c := &comparing{work: work, people: persons, o: o}
	err := sums().read(ctx, o.File, func(s record) error { return c.take(ctx, s) })
	return c.found, err
}

type comparing struct {
	work   *workhours.Service
	people *people.Service
	o      Options
	found  Comparison
}

func (c *comparing) take(ctx context.Context, s record) error {
	c.found.Sums++
	date, hours, problem := sumOf(s)
	person, known := c.people.Known(workhours.SourceWorkstation, s.parts["user"])
	if problem == "" && !known {
		problem = "nobody is known by its user's name"
	}
	if problem != "" {
		c.found.Skipped++
		_, err := fmt.Fprintf(c.o.Out, "skipped %s: %s\n", s.place, problem)
		return err
	}
	counted, err := c.work.Hours(ctx, access.System(), workhours.Filter{Person: person, From: date, To: date}, workhours.ByDay, nil, "")
	if err != nil {
		return err
	}
	ours := 0
	for _, one := range counted {
		ours += one.RealHours
	}
	if ours == hours {
		c.found.Same++
		return nil
	}
	c.found.Different++
	_, err = fmt.Fprintf(c.o.Out, "different %s: of %s the tracker counted %d, keytrail %d\n", s.place, date, hours, ours)
	return err
}

// sumOf reads a sum, or says what is wrong with it.
func sumOf(s record) (date people.Date, hours int, problem string) {
	text := s.parts["date"]
	if len(text) > len(time.DateOnly) {
		text = text[:len(time.DateOnly)]
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", 0, "its date cannot be read"
	}
	hours, err := strconv.Atoi(s.parts["hours"])
	if err != nil {
		return "", 0, "its hours are no number"
	}
	return people.Date(text), hours, ""
}
