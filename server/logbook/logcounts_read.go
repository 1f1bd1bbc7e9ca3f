package logbook

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// addUpKept reads the counts that the ledger keeps.
func (s *Service) addUpKept(ctx context.Context, q *query, by CountBy, w countWindow, c *LogCounts) error {
	for _, one := range q.spans {
		actions := []string{q.Action}
		if q.Action == "" {
			var err error
			if actions, err = s.ledger.CountedActions(ctx, s.db, one.stream, q.Department); err != nil {
				return err
			}
		}
		r := ledger.CountRequest{Stream: one.stream, Actions: actions, Department: q.Department, Bounds: w.bounds}
		counts, err := s.ledger.Counts(ctx, s.db, r)
		if err != nil {
			return err
		}
		for action, pieces := range counts {
			for i, total := range pieces {
				key := w.names[i]
				if by == ByAction {
					key = action
				}
				if total > 0 {
					c.add(LogCount{Key: key, Total: total})
				}
			}
		}
	}
	return nil
}

// counted is a row of what the database counted.
type counted struct {
	Key   sql.NullString `db:"k"`
	Total int            `db:"total"`
}

// countOneByOne counts the newest entries of a query, MaxCounted at most.
func (s *Service) countOneByOne(ctx context.Context, q *query, by CountBy, w countWindow, c *LogCounts) error {
	text, args, err := q.compileCounts(by, w)
	if err != nil {
		return err
	}
	var rows []counted
	if err := s.db.Select(ctx, &rows, text, args...); err != nil {
		return err
	}
	for _, row := range rows {
		one, err := row.count(by, w)
		if err != nil {
			return err
		}
		if by == ByPerson && !one.PersonID.IsZero() { // two who turned out to be one are counted as one
			one.PersonID = s.people.True(one.PersonID)
			one.Key = one.PersonID.String()
		}
		c.add(one)
	}
	if c.Truncated = c.Total > MaxCounted; c.Truncated { // the one more says so
		c.Total = MaxCounted
	}
	return nil
}

// compileCounts gives the statement that counts the newest entries, one more than MaxCounted.
func (q *query) compileCounts(by CountBy, w countWindow) (string, []any, error) {
	var args []any
	key := map[CountBy]string{ByPerson: "i.actor", ByModule: "i.module", ByAction: "i.action", ByOutcome: "i.outcome"}[by]
	if key == "" {
		key, args = dayOf("TIMESTAMPDIFF(SECOND, '1970-01-01', i.occurred_at)", w.bounds, secondOf)
	}
	places, inner, err := q.compile(page.Window{Limit: MaxCounted}, nil)
	if err != nil {
		return "", nil, err
	}
	return mysql.In("SELECT "+key+" AS k, COUNT(*) AS total FROM ("+places+") p STRAIGHT_JOIN entry_index i FORCE INDEX (PRIMARY) ON i.seq = p.seq"+
		" GROUP BY k", append(args, inner...)...)
}

// count gives what a row says.
func (row counted) count(by CountBy, w countWindow) (LogCount, error) {
	one := LogCount{Key: row.Key.String, Total: row.Total}
	switch by {
	case ByPerson:
		if !row.Key.Valid {
			return one, nil
		}
		copy(one.PersonID[:], row.Key.String)
	case ByOutcome, ByHour, ByDay:
		n, err := strconv.Atoi(row.Key.String)
		if err != nil {
			return one, err
		}
		if by == ByOutcome {
			one.Key = string(ledger.Outcomes()[n-1])
		} else {
			one.Key = w.names[min(n, len(w.names))-1] // the last one reaches to a fraction of a second
		}
	}
	return one, nil
}
