package logbook

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// CountBy says what entries are counted by.
type CountBy string

// What entries can be counted by.
const (
	ByHour    CountBy = "HOUR"
	ByDay     CountBy = "DAY"
	ByPerson  CountBy = "PERSON"
	ByModule  CountBy = "MODULE"
	ByAction  CountBy = "ACTION"
	ByOutcome CountBy = "OUTCOME"
)

const (
	// MaxCounted is how many entries are counted one by one, the newest; what is kept as counts has no such bound.
	MaxCounted = 100_000
	// MaxCountedHours and MaxCountedDays bound a window that is counted by the hour or the day.
	MaxCountedHours = 31 * 24
	MaxCountedDays  = MaxDays
	// countsShown is how many persons, modules or actions are named; the others stand together.
	countsShown = 200
	// usualWindow is counted when no beginning is given, and usualHours when it is counted by the hour.
	usualWindow = 30
	usualHours  = 48
)

// LogCounts is how many entries there are of each kind.
type LogCounts struct {
	// From and To are the window that was counted: from the one on, before the other.
	From, To time.Time
	// Total is how many entries were counted, Others how many of them under no key of their own.
	Total, Others int
	// Truncated says that there are more than MaxCounted and only the newest were counted.
	Truncated bool
	Counts    []LogCount
	// places tells where in Counts each key stands while entries are counted.
	places map[string]int
}

// LogCount is one kind and how many entries it has.
type LogCount struct {
	// Key is the day (YYYY-MM-DD), the hour's beginning (RFC 3339, UTC), the person's id, the module, the action or the
	// outcome; "" where an entry has none.
	Key string
	// At is when the hour or the day begins, nil for other kinds.
	At *time.Time
	// PersonID is who acted, zero for nobody known and for other kinds.
	PersonID id.ID
	// Action is the Key of an action, "" for other kinds.
	Action string
	Total  int
}

// LogCounts counts what Timeline would list. Hours and days come in their order and without gaps, all others by how many
// there are. Counted by time or action alone, its cost does not grow with the log; else it is bounded by MaxCounted.
func (s *Service) LogCounts(ctx context.Context, actor *access.Actor, f Filter, by CountBy, timeZone string) (*LogCounts, error) {
	spans, err := s.spans(ctx, actor, timelineStream().parts, f)
	if err != nil {
		return nil, err
	}
	w, err := s.countWindow(&f, by, timeZone)
	if err != nil {
		return nil, err
	}
	q, err := s.newQuery(ctx, actor, spans, f)
	if err != nil {
		return nil, err
	}
	if err := s.viewed(ctx, actor, viewing{view: viewLogCounts, filter: f.words(), purpose: f.Purpose}); err != nil {
		return nil, err
	}
	c := &LogCounts{From: *f.From, To: *f.To}
	if q.isKept(by, w) {
		err = s.addUpKept(ctx, q, by, w, c)
	} else if !q.empty() {
		err = s.countOneByOne(ctx, q, by, w, c)
	}
	if err != nil {
		return nil, err
	}
	c.finish(by, w)
	return c, s.ledger.AwaitRead(ctx)
}

// countWindow is a window of time and how it is divided: names of its pieces, and one bound more than there are names.
type countWindow struct {
	names  []string
	bounds []time.Time
}

// countWindow lays out the time to count, and puts it into the filter.
func (s *Service) countWindow(f *Filter, by CountBy, timeZone string) (countWindow, error) {
	zone, err := s.location(timeZone)
	if err != nil {
		return countWindow{}, err
	}
	if err := f.check(); err != nil {
		return countWindow{}, err
	}
	now := s.now().In(zone)
	if f.To == nil {
		end := daysFrom(now.Year(), now.Month(), now.Day()+1, 1, zone).bounds[0]
		f.To = &end
	}
	if f.From == nil {
		begin := f.To.In(zone).AddDate(0, 0, -usualWindow)
		if by == ByHour {
			begin = f.To.Add(-usualHours * time.Hour)
		}
		f.From = &begin
	}
	if !f.From.Before(*f.To) {
		return countWindow{}, fault.Field("to", "to must lie after from")
	}
	switch by {
	case ByHour:
		return hoursOf(*f.From, *f.To, zone)
	case ByDay:
		return daysOf(*f.From, *f.To, zone)
	}
	return countWindow{names: []string{""}, bounds: []time.Time{f.From.UTC(), f.To.UTC()}}, nil
}

func hoursOf(from, to time.Time, zone *time.Location) (w countWindow, err error) {
	local := from.In(zone)
	hour := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), 0, 0, 0, zone)
	if hour.After(from) || from.Sub(hour) >= time.Hour { // an hour that the zone has twice
		hour = from.Truncate(time.Hour)
	}
	if to.Sub(hour) > MaxCountedHours*time.Hour {
		return w, fault.Field("from", "at most %d hours can be counted: choose a later beginning or count by the day", MaxCountedHours)
	}
	w.bounds = []time.Time{from.UTC()}
	for ; hour.Before(to); hour = hour.Add(time.Hour) {
		w.names = append(w.names, hour.UTC().Format(time.RFC3339))
		w.bounds = append(w.bounds, earlier(hour.Add(time.Hour), to).UTC())
	}
	return w, nil
}

func daysOf(from, to time.Time, zone *time.Location) (w countWindow, err error) {
	if to.Sub(from) > MaxCountedDays*24*time.Hour {
		return w, fault.Field("from", "at most %d days can be counted: choose a later beginning", MaxCountedDays)
	}
	first := from.In(zone)
	d := daysFrom(first.Year(), first.Month(), first.Day(), int(to.Sub(from).Hours()/24)+3, zone)
	w.bounds = []time.Time{from.UTC()}
	for i, date := range d.dates {
		if !d.bounds[i].Before(to) {
			break
		}
		w.names = append(w.names, string(date))
		w.bounds = append(w.bounds, earlier(d.bounds[i+1], to).UTC())
	}
	return w, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// add counts entries under a key.
func (c *LogCounts) add(one LogCount) {
	c.Total += one.Total
	if c.places == nil {
		c.places = map[string]int{}
	}
	i, counted := c.places[one.Key]
	if !counted {
		c.places[one.Key] = len(c.Counts)
		c.Counts = append(c.Counts, one)
		return
	}
	c.Counts[i].Total += one.Total
}

// finish puts the counts in their order, and those together that are too many to name.
func (c *LogCounts) finish(by CountBy, w countWindow) {
	c.places = nil
	if by == ByHour || by == ByDay {
		c.Counts = w.filled(c.Counts)
		return
	}
	slices.SortFunc(c.Counts, func(a, b LogCount) int {
		if a.Total != b.Total {
			return b.Total - a.Total
		}
		return strings.Compare(a.Key, b.Key)
	})
	for len(c.Counts) > countsShown {
		c.Others += c.Counts[len(c.Counts)-1].Total
		c.Counts = c.Counts[:len(c.Counts)-1]
	}
	if by == ByAction {
		for i := range c.Counts {
			c.Counts[i].Action = c.Counts[i].Key
		}
	}
}

// filled gives every piece of the window, those without entries, too.
func (w countWindow) filled(counts []LogCount) []LogCount {
	totals := make(map[string]int, len(counts))
	for _, one := range counts {
		totals[one.Key] = one.Total
	}
	all := make([]LogCount, len(w.names))
	for i, name := range w.names {
		all[i] = LogCount{Key: name, At: &w.bounds[i], Total: totals[name]}
	}
	return all
}

// isKept reports whether counts that the ledger keeps answer the query: they know stream, action and department, by the
// quarter of an hour.
func (q *query) isKept(by CountBy, w countWindow) bool {
	only := Filter{From: q.From, To: q.To, Department: q.Department, Action: q.Action, Streams: q.Streams, Purpose: q.Purpose}
	return (by == ByHour || by == ByDay || by == ByAction) && len(only.differing(q.Filter)) == 0 &&
		!slices.ContainsFunc(q.spans, func(one span) bool { return one.scope != access.All }) &&
		!slices.ContainsFunc(w.bounds, func(at time.Time) bool { return at.Unix()%ledger.BucketSeconds != 0 || at.Nanosecond() != 0 })
}

// differing names the conditions in which another filter says something else.
func (f *Filter) differing(other Filter) []string {
	mine, theirs := f.words(), other.words()
	var names []string
	for name := range theirs {
		if _, same := mine[name]; !same {
			names = append(names, name)
		}
	}
	return names
}
