package alerts

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectEvents = "SELECT seq, occurred_at, recorded_at, actor, person, department, action, entity_type, entity_id, source, outcome FROM entry_index"
	eventsNewest = " ORDER BY occurred_at DESC, seq DESC LIMIT ?"
	// eventsPage is how many entries one statement reads.
	eventsPage = 2000
)

type eventRow struct {
	Seq        uint64    `db:"seq"`
	OccurredAt time.Time `db:"occurred_at"`
	RecordedAt time.Time `db:"recorded_at"`
	Actor      id.ID     `db:"actor"`
	Person     id.ID     `db:"person"`
	Department id.ID     `db:"department"`
	Action     string    `db:"action"`
	EntityType string    `db:"entity_type"`
	EntityID   string    `db:"entity_id"`
	Source     string    `db:"source"`
	Outcome    uint8     `db:"outcome"`
}

func (r *eventRow) event(stream ledger.Stream) rules.Event {
	e := rules.Event{
		Seq: r.Seq, Stream: stream, OccurredAt: r.OccurredAt, RecordedAt: r.RecordedAt, Action: r.Action, Source: r.Source, Actor: r.Actor,
		Person: r.Person, Department: r.Department, EntityType: r.EntityType, EntityID: r.EntityID,
	}
	if n := int(r.Outcome); n > 0 && n <= len(ledger.Outcomes()) {
		e.Outcome = ledger.Outcomes()[n-1]
	}
	return e
}

// past is what was read of the entries that a rule looks at.
type past struct {
	// events are in the ledger's order.
	events []rules.Event
	// from is since when they are complete; later than asked for where there were more than could be read.
	from      time.Time
	truncated bool
	// live leaves out what was recorded late, which is no sign of life.
	live bool
}

// pastOf reads the entries that a filter lets through and that occurred from a time on, of those before an entry (0 for
// all): the newest ones, at most `most`. When ctx ends on the way, it gives what was read by then, as truncated.
func (s *Service) pastOf(ctx context.Context, f *rules.Filter, from time.Time, before uint64, most int) (past, error) {
	return s.readPast(ctx, past{from: from}, f, before, most)
}

// heardOf is pastOf of what was recorded in time.
func (s *Service) heardOf(ctx context.Context, f *rules.Filter, from time.Time, most int) (past, error) {
	return s.readPast(ctx, past{from: from, live: true}, f, 0, most)
}

func (s *Service) readPast(ctx context.Context, p past, f *rules.Filter, before uint64, most int) (past, error) {
	streams := streamsOf(f)
	for _, stream := range streams {
		if err := s.readStream(ctx, &p, f, stream, before, most/len(streams)); err != nil {
			return p, err
		}
	}
	if p.truncated {
		p.events = slices.DeleteFunc(p.events, func(e rules.Event) bool { return e.OccurredAt.Before(p.from) })
	}
	slices.SortFunc(p.events, func(a, b rules.Event) int {
		if a.Seq < b.Seq {
			return -1
		}
		return 1
	})
	return p, nil
}

// streamsOf gives the streams that a filter reads, each once, whatever it says.
func streamsOf(f *rules.Filter) []ledger.Stream {
	return slices.DeleteFunc(ledger.Streams(), func(one ledger.Stream) bool {
		return len(f.Streams) > 0 && !slices.Contains(f.Streams, one)
	})
}

// readStream adds a stream's entries, page by page from the newest back.
func (s *Service) readStream(ctx context.Context, p *past, f *rules.Filter, stream ledger.Stream, before uint64, most int) error {
	base := conditionsOf(f, stream, p.from, before)
	if p.live {
		base.And("recorded_at <= TIMESTAMPADD(HOUR, ?, occurred_at)", int(rules.Late.Hours()))
	}
	var last *eventRow
	for read := 0; ; {
		where := base.Clone()
		if last != nil {
			where.And("(occurred_at < ? OR occurred_at = ? AND seq < ?)", last.OccurredAt, last.OccurredAt, last.Seq)
		}
		size := min(eventsPage, most-read)
		if size <= 0 {
			p.cutAt(last)
			return nil
		}
		rows, err := s.readEvents(ctx, where, size)
		if err != nil {
			if ctx.Err() == nil {
				return err
			}
			p.cutAt(last)
			return nil
		}
		for i := range rows {
			if e := rows[i].event(stream); f.Matches(&e) {
				p.events = append(p.events, e)
			}
		}
		read += len(rows)
		if len(rows) < size {
			return nil
		}
		last = &rows[len(rows)-1]
	}
}

// cutAt says that nothing is known of what occurred before the last that was read; of nothing at all where that is nil.
func (p *past) cutAt(last *eventRow) {
	p.truncated = true
	from := farAhead()
	if last != nil {
		from = last.OccurredAt
	}
	if from.After(p.from) {
		p.from = from
	}
}

func farAhead() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

func (s *Service) readEvents(ctx context.Context, where *mysql.Where, limit int) ([]eventRow, error) {
	query, args, err := mysql.In(selectEvents+where.SQL()+eventsNewest, where.Args(limit)...)
	if err != nil {
		return nil, err
	}
	var rows []eventRow
	return rows, s.db.Select(ctx, &rows, query, args...)
}

// conditionsOf is Filter.Matches in SQL, as far as an index leads; Matches has the last word.
func conditionsOf(f *rules.Filter, stream ledger.Stream, from time.Time, before uint64) *mysql.Where {
	where := &mysql.Where{}
	where.And("stream = ?", stream.Code())
	where.And("occurred_at >= ?", from)
	if stream == ledger.StreamSystem { // where that stands which rules don't look at, and would take the room of what they do
		where.And("(action < ? OR action >= ?)", "alert.", "alert/")
		if !slices.Contains(f.Actions, ledger.LogViewed) {
			where.And("action <> ?", ledger.LogViewed)
		}
	}
	if before > 0 {
		where.And("seq < ?", before)
	}
	if f.Outcome != "" {
		where.And("outcome = ?", f.Outcome.Code())
	}
	if len(f.Sources) > 0 {
		where.And("source IN (?)", f.Sources)
	}
	if len(f.Actions) > 0 {
		condition, args := "", []any{}
		for _, a := range f.Actions {
			if condition != "" {
				condition += " OR "
			}
			if prefix, ok := rules.Prefix(a); ok { // '/' comes next to the dot at its end
				condition, args = condition+"action >= ? AND action < ?", append(args, prefix, prefix[:len(prefix)-1]+"/")
			} else {
				condition, args = condition+"action = ?", append(args, a)
			}
		}
		where.And("("+condition+")", args...)
	}
	return where
}
