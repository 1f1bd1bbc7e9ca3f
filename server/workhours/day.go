package workhours

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/workhours/rules"
)

const (
	selectDays = "SELECT day AS bucket, person, working_us, estimated_us, real_hours, unverified, last_seq FROM work_day"
	// selectDaySpans reads what overlaps a day: spans are at most a day long.
	selectDaySpans = "SELECT person, from_at, to_at, began_at, estimated, corrected FROM work_span WHERE person IN (?) AND from_at > ? AND from_at < ? ORDER BY person, from_at"
)

// Day is a person's work on a date.
type Day struct {
	Hours
	// StartsAt and EndsAt are when the date begins and ends in the display zone.
	StartsAt, EndsAt time.Time
	Spans            []*Span
	// Blocks are when the blocks of 40 minutes begin that count for the date.
	Blocks []time.Time
}

// Span is a time of work, within a date.
type Span struct {
	From, To             time.Time
	Estimated, Corrected bool
}

type personPiece struct {
	Person id.ID `db:"person"`
	piece
}

// Days lists the work of people on a date, "" for today, by person.
func (s *Service) Days(ctx context.Context, actor *access.Actor, date people.Date, f Filter, request page.Request) (page.Page[*Day], error) {
	var none page.Page[*Day]
	whose, err := s.whose(ctx, actor, access.LogsWorkView, f)
	if err != nil {
		return none, err
	}
	day := s.dateOf(s.now())
	if date != "" {
		if day, err = dayNumber("date", date); err != nil {
			return none, err
		}
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	where := &mysql.Where{}
	where.And("day = ?", day)
	order, err := byPerson(where, whose, w)
	if err != nil || whose.nobody() {
		return page.Cut(w, nil, (*Day).cursor), err
	}
	query, args, err := mysql.In(selectDays+where.SQL()+order, where.Args(w.Limit+1)...)
	if err != nil {
		return none, err
	}
	var rows []hoursRow
	if err := s.db.Select(ctx, &rows, query, args...); err != nil {
		return none, err
	}
	days, err := s.withSpans(ctx, day, rows)
	return page.Cut(w, days, (*Day).cursor), err
}

func (d *Day) cursor() string { return page.Encode(d.PersonID[:]) }

// byPerson adds whose rows and the window's bounds on person, and gives ORDER BY and LIMIT, whose value is the last one.
func byPerson(where *mysql.Where, whose among, w page.Window) (string, error) {
	whose.condition(where)
	comparison, direction := ">", "ASC"
	if w.Backward {
		comparison, direction = "<", "DESC"
	}
	if w.Cursor != "" {
		field := "after"
		if w.Backward {
			field = "before"
		}
		payload, err := page.Decode(field, w.Cursor)
		if err != nil {
			return "", err
		}
		if len(payload) != len(id.ID{}) {
			return "", notACursor(field)
		}
		where.And("person "+comparison+" ?", payload)
	}
	return " ORDER BY person " + direction + " LIMIT ?", nil
}

// withSpans adds to dates when was worked.
func (s *Service) withSpans(ctx context.Context, day int64, rows []hoursRow) ([]*Day, error) {
	days := make([]*Day, len(rows))
	at := make(map[id.ID]*Day, len(rows))
	var persons []id.ID
	for i, r := range rows {
		days[i] = &Day{Hours: *r.hours(ByDay), StartsAt: s.startOf(day), EndsAt: s.startOf(day + 1), Spans: []*Span{}, Blocks: []time.Time{}}
		at[r.Person] = days[i]
		persons = append(persons, r.Person)
	}
	if len(persons) == 0 {
		return days, nil
	}
	// A block that begins on the date may end on the next.
	query, args, err := mysql.In(selectDaySpans, sorted(persons), s.startOf(day).Add(-longestPiece), s.startOf(day+1).Add(rules.Block))
	if err != nil {
		return nil, err
	}
	var pieces []personPiece
	if err := s.db.Select(ctx, &pieces, query, args...); err != nil {
		return nil, err
	}
	for len(pieces) > 0 {
		n := 0
		for n < len(pieces) && pieces[n].Person == pieces[0].Person {
			n++
		}
		at[pieces[0].Person].lay(pieces[:n])
		pieces = pieces[n:]
	}
	return days, nil
}

// lay sets spans and blocks from pieces in order.
func (d *Day) lay(pieces []personPiece) {
	spans := make([]rules.Span, len(pieces))
	for i, p := range pieces {
		spans[i] = p.span()
	}
	for n, work := range rules.Intervals(spans) {
		if n == 0 {
			work.From = pieces[0].Began
		}
		for _, block := range work.Blocks() {
			if !block.Before(d.StartsAt) && block.Before(d.EndsAt) {
				d.Blocks = append(d.Blocks, block)
			}
		}
	}
	for _, span := range rules.Replace(nil, d.StartsAt, d.EndsAt, spans) {
		d.Spans = append(d.Spans, &Span{span.From, span.To, span.Estimated, span.Corrected})
	}
}
