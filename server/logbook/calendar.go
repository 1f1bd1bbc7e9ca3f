package logbook

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

// CalendarRequest says which days, and which movements are counted.
type CalendarRequest struct {
	// From is the first day; "" means seven days before today in the zone.
	From people.Date
	// Days is 1 to 400.
	Days int
	// TimeZone is an IANA name; "" means the display zone.
	TimeZone string
	Filter   CalendarFilter
}

// CalendarFilter says which keys' movements are counted. Conditions that are zero do not count.
type CalendarFilter struct {
	Group     id.ID
	Building  string
	Key       id.ID
	KeyNumber string
}

// Calendar is days in a row.
type Calendar struct {
	// TimeZone is the IANA name of the zone whose days these are.
	TimeZone string
	Days     []CalendarDay
}

// CalendarDay is one day of the calendar.
type CalendarDay struct {
	Date people.Date
	// Issued and Returned count the movements of the day, Due the open loans whose due time lies on it.
	Issued   int
	Returned int
	Due      int
	// Reserved counts the reservations that reach into the day and were neither used nor cancelled.
	Reserved int
}

// Calendar counts movements, due loans and reservations per local day, as far as the actor's scope reaches. Without a filter
// its cost does not depend on how many movements there are: it adds up quarters of an hour.
func (s *Service) Calendar(ctx context.Context, actor *access.Actor, r CalendarRequest) (*Calendar, error) {
	scope, err := s.access.Require(ctx, actor, access.LogsKeysView)
	if err != nil {
		return nil, err
	}
	d, err := s.layOut(r)
	if err != nil {
		return nil, err
	}
	c := &Calendar{TimeZone: d.zone.String(), Days: make([]CalendarDay, len(d.dates))}
	for i := range d.dates {
		c.Days[i].Date = d.dates[i]
	}
	due, err := s.custody.DueByDay(ctx, actor, d.bounds, custody.DueFilter(r.Filter))
	if err != nil {
		return nil, err
	}
	reserved, err := s.custody.ReservedByDay(ctx, actor, d.bounds, custody.DueFilter(r.Filter))
	if err != nil {
		return nil, err
	}
	for i := range due {
		c.Days[i].Due, c.Days[i].Reserved = due[i], reserved[i]
	}
	if err := s.countMovements(ctx, actor, scope, r.Filter, d, c); err != nil {
		return nil, err
	}
	return c, s.ledger.AwaitRead(ctx)
}

// dayCount is how often an action happened on the day with this number, counted from 1.
type dayCount struct {
	Action string `db:"action"`
	Day    int    `db:"day"`
	Total  int    `db:"total"`
}

func (c *Calendar) add(counts []dayCount) {
	for _, n := range counts {
		if n.Action == ledger.KeyIssued {
			c.Days[n.Day-1].Issued += n.Total
		} else {
			c.Days[n.Day-1].Returned += n.Total
		}
	}
}

func (s *Service) countMovements(ctx context.Context, actor *access.Actor, scope access.Scope, f CalendarFilter, d days, c *Calendar) error {
	if f == (CalendarFilter{}) && scope != access.Own {
		return s.addUpBuckets(ctx, actor, scope, d, c)
	}
	q, err := s.newQuery(ctx, actor, []span{{ledger.StreamKey, scope}}, Filter{
		Key: f.Key, KeyNumber: f.KeyNumber, KeyGroup: f.Group, Building: f.Building, From: &d.bounds[0], To: &d.bounds[len(d.bounds)-1],
	})
	if err != nil {
		return err
	}
	return s.countEntries(ctx, q, d, c)
}

// dayOf numbers days from 1: INTERVAL gives how many of its ascending bounds are not above a value. The list of
// bounds is padded with its last, so that few different statements are prepared; no value reaches the last.
func dayOf(value string, bounds []time.Time, bound func(time.Time) any) (string, []any) {
	n := 1
	for n < len(bounds) {
		n *= 2
	}
	args := make([]any, n)
	for i := range args {
		args[i] = bound(bounds[min(i, len(bounds)-1)])
	}
	return "INTERVAL(" + value + strings.Repeat(", ?", n) + ")", args
}

func bucketOf(t time.Time) any { return t.Unix() / ledger.BucketSeconds }

func secondOf(t time.Time) any { return t.Unix() }

// addUpBuckets reads the counts that the ledger keeps. The scope of a department reads that department's.
func (s *Service) addUpBuckets(ctx context.Context, actor *access.Actor, scope access.Scope, d days, c *Calendar) error {
	r := ledger.CountRequest{Stream: ledger.StreamKey, Actions: []string{ledger.KeyIssued, ledger.KeyReturned}, Bounds: d.bounds}
	if scope == access.Department {
		if actor.Department.IsZero() {
			return nil
		}
		r.Department = actor.Department
	}
	counts, err := s.ledger.Counts(ctx, s.db, r)
	if err != nil {
		return err
	}
	for i := range c.Days {
		c.Days[i].Issued, c.Days[i].Returned = counts[ledger.KeyIssued][i], counts[ledger.KeyReturned][i]
	}
	return nil
}

// keysPerCount bounds how many keys one statement counts, so that the database keeps to the ranges of the index.
const keysPerCount = 256

// countEntries counts the entries of the window themselves, along the index of the keys or of the person.
func (s *Service) countEntries(ctx context.Context, q *query, d days, c *Calendar) error {
	if q.keys == nil {
		return s.countBranches(ctx, q, q.branches(q.movements()), d, c)
	}
	for keys := range slices.Chunk(q.keyIDs(), keysPerCount) {
		along := branch{index: "entity_time", condition: "i.entity_type = ? AND i.entity_id IN (?)", args: []any{custody.EntityKey, keys}}
		if err := s.countBranches(ctx, q, []branch{along}, d, c); err != nil {
			return err
		}
	}
	return nil
}

// countBranches counts entries along each branch, those of an earlier branch left out.
func (s *Service) countBranches(ctx context.Context, q *query, branches []branch, d days, c *Calendar) error {
	for i, b := range branches {
		day, args := dayOf("TIMESTAMPDIFF(SECOND, '1970-01-01', i.occurred_at) DIV 900", d.bounds, bucketOf)
		where := q.windowConditions(d)
		where.And(b.condition, b.args...)
		for _, earlier := range branches[:i] {
			where.And("NOT COALESCE("+earlier.condition+", FALSE)", earlier.args...)
		}
		text, args, err := mysql.In("SELECT i.action, "+day+" AS day, COUNT(*) AS total FROM entry_index i FORCE INDEX ("+b.index+")"+
			where.SQL()+" GROUP BY i.action, day", append(args, where.Args()...)...)
		if err != nil {
			return err
		}
		var counts []dayCount
		if err := s.db.Select(ctx, &counts, text, args...); err != nil {
			return err
		}
		c.add(counts)
	}
	return nil
}

// windowConditions is the calendar's part of the conditions; the keys stand in the branch.
func (q *query) windowConditions(d days) *mysql.Where {
	where := &mysql.Where{}
	g := q.movements()
	g.ofStreams(where)
	inScope(where, g.scope, q.actor)
	where.And("i.action IN (?, ?) AND i.occurred_at >= ? AND i.occurred_at < ?",
		ledger.KeyIssued, ledger.KeyReturned, d.bounds[0], d.bounds[len(d.bounds)-1])
	return where
}

// movements is the one stream that a calendar counts.
func (q *query) movements() spanGroup {
	return q.groups()[0]
}
