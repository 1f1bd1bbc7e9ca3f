package rules

import (
	"time"

	"github.com/keytrail/keytrail/server/localtime"
)

// Interval is a time of uninterrupted work, of whatever kind its spans are.
type Interval struct{ From, To time.Time }

// Intervals joins spans that meet.
func Intervals(spans []Span) []Interval {
	var all []Interval
	for _, s := range spans {
		if n := len(all); n > 0 && all[n-1].To.Equal(s.From) {
			all[n-1].To = s.To
			continue
		}
		all = append(all, Interval{s.From, s.To})
	}
	return all
}

// Blocks gives when the blocks of an interval begin: they are laid from its start, and what is left over is dropped.
func (i Interval) Blocks() []time.Time {
	var starts []time.Time
	for at := i.From; !at.Add(Block).After(i.To); at = at.Add(Block) {
		starts = append(starts, at)
	}
	return starts
}

// Day is what was worked on a local date.
type Day struct {
	// Number is the date in days since 1970.
	Number             int
	Working, Estimated time.Duration
	// RealHours are the blocks that begin on the date.
	RealHours int
}

// Days gives the local dates on which somebody worked, in order. The first of spans may be a later part of work that began
// before: its blocks are laid from began where that is set, and only those count that begin within spans.
func Days(spans []Span, began time.Time, zone *time.Location) []Day {
	days := calendar{zone: zone}
	for _, s := range spans {
		days.add(s)
	}
	for n, i := range Intervals(spans) {
		from := i.From
		if n == 0 && !began.IsZero() && began.Before(from) {
			i.From = began
		}
		days.lay(i, from)
	}
	return days.all
}

// calendar gathers days, to which spans are added in order.
type calendar struct {
	zone *time.Location
	all  []Day
	ends []time.Time
}

// of gives the place of the day of an instant that is not before the last one's; made is the day where it is new.
func (c *calendar) of(at time.Time) int {
	if n := len(c.all); n > 0 && at.Before(c.ends[n-1]) {
		return n - 1
	}
	number := localtime.DayOf(at, c.zone)
	c.all, c.ends = append(c.all, Day{Number: number}), append(c.ends, localtime.StartOfDay(number+1, c.zone))
	return len(c.all) - 1
}

func (c *calendar) add(s Span) {
	for at := s.From; at.Before(s.To); {
		i := c.of(at)
		end := earlier(s.To, c.ends[i])
		c.all[i].Working += end.Sub(at)
		if s.Estimated {
			c.all[i].Estimated += end.Sub(at)
		}
		at = end
	}
}

// lay counts an interval's blocks that begin at from or later on the days, all of which are there.
func (c *calendar) lay(interval Interval, from time.Time) {
	if before := from.Sub(interval.From); before > 0 {
		interval.From = interval.From.Add((before + Block - 1) / Block * Block)
	}
	day := 0
	for _, at := range interval.Blocks() {
		for !at.Before(c.ends[day]) {
			day++
		}
		c.all[day].RealHours++
	}
}
