package workhours

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/workhours/rules"
)

const (
	selectSpans = "SELECT from_at, to_at, began_at, estimated, corrected FROM work_span WHERE person = ? AND from_at >= ? AND from_at < ? ORDER BY from_at"
	insertSpans = "INSERT INTO work_span (person, from_at, to_at, began_at, estimated, corrected)"
	renewSpans  = " ON DUPLICATE KEY UPDATE to_at = VALUES(to_at), began_at = VALUES(began_at), estimated = VALUES(estimated), corrected = VALUES(corrected)"
	deleteSpan  = "DELETE FROM work_span WHERE person = ? AND from_at = ?"
	insertDays  = "INSERT INTO work_day (person, day, working_us, estimated_us, real_hours, unverified, last_seq)"
	renewDays   = " ON DUPLICATE KEY UPDATE working_us = VALUES(working_us), estimated_us = VALUES(estimated_us), real_hours = VALUES(real_hours)," +
		" unverified = GREATEST(unverified, VALUES(unverified)), last_seq = GREATEST(last_seq, VALUES(last_seq))"
	deleteDay  = "DELETE FROM work_day WHERE person = ? AND day >= ? AND day <= ?"
	deleteRest = "DELETE FROM work_day WHERE person = ? AND day >= ? AND day <= ? AND day NOT IN (?)"
	// longestPiece is the longest span that is stored: they are cut at midnight UTC.
	longestPiece = 24 * time.Hour
	// further is how much more is read of work that goes on beyond what was.
	further = 7
)

// piece is a span as stored.
type piece struct {
	From      time.Time `db:"from_at"`
	To        time.Time `db:"to_at"`
	Began     time.Time `db:"began_at"`
	Estimated bool      `db:"estimated"`
	Corrected bool      `db:"corrected"`
}

func (p piece) span() rules.Span {
	return rules.Span{From: p.From, To: p.To, Estimated: p.Estimated, Corrected: p.Corrected}
}

// stored is a person's work around a computation: whole dates [first, last] of the display zone.
type stored struct {
	first, last int64
	pieces      []piece
	// spans are what is so by now; began is when the first of them began.
	spans []rules.Span
	began time.Time
}

// readSpans reads the dates that a computation can change. Where work goes on beyond them, its blocks may lie anew, so
// it is read to its end.
func (c *computation) readSpans(ctx context.Context) (*stored, error) {
	st := &stored{first: c.s.dateOf(c.from.Add(-rules.Block)), last: c.s.dateOf(c.to)}
	from, end := c.s.startOf(st.first).Add(-longestPiece), c.s.startOf(st.last+1)
	for {
		var more []piece
		if err := c.tx.Select(ctx, &more, selectSpans, c.person, from, end); err != nil {
			return nil, err
		}
		st.pieces = append(st.pieces, more...)
		n := len(st.pieces)
		if n == 0 || st.pieces[n-1].To.Before(end) || len(more) == 0 {
			return st, nil
		}
		st.last += further
		from, end = end, c.s.startOf(st.last+1)
	}
}

// replace puts what was computed in the place of what was stored, and gives the statements that do.
func (st *stored) replace(c *computation, computed []rules.Span) []mysql.Statement {
	spans := make([]rules.Span, len(st.pieces))
	for i, p := range st.pieces {
		spans[i] = p.span()
	}
	st.spans = rules.Replace(spans, c.from, c.to, computed)
	if len(st.spans) > 0 {
		st.began = st.spans[0].From
		if len(st.pieces) > 0 && st.pieces[0].From.Equal(st.began) && st.began.Before(c.from) {
			st.began = st.pieces[0].Began
		}
	}
	was := make(map[time.Time]piece, len(st.pieces))
	for _, p := range st.pieces {
		was[p.From] = p
	}
	var rows [][]any
	for _, p := range piecesOf(st.spans, st.began) {
		if old, ok := was[p.From]; !ok || old != p {
			rows = append(rows, []any{c.person, p.From, p.To, p.Began, p.Estimated, p.Corrected})
		}
		delete(was, p.From)
	}
	var statements []mysql.Statement
	for from := range was {
		statements = append(statements, mysql.Statement{Query: deleteSpan, Args: []any{c.person, from}})
	}
	return append(statements, inserts(insertSpans, renewSpans, rows)...)
}

// inserts is insertRows as statements.
func inserts(head, tail string, rows [][]any) []mysql.Statement {
	var statements []mysql.Statement
	for len(rows) > 0 {
		n := maxRows
		for n > len(rows) {
			n /= 2
		}
		statements, rows = append(statements, insertOf(head, tail, rows[:n])), rows[n:]
	}
	return statements
}

// piecesOf cuts spans at midnight UTC. The first of them is part of work that began at began.
func piecesOf(spans []rules.Span, began time.Time) []piece {
	var pieces []piece
	for i, s := range spans {
		if i > 0 && !spans[i-1].To.Equal(s.From) {
			began = s.From
		}
		for from := s.From; from.Before(s.To); {
			to := midnightOf(dayOf(from) + 1)
			if s.To.Before(to) {
				to = s.To
			}
			pieces = append(pieces, piece{From: from, To: to, Began: began, Estimated: s.Estimated, Corrected: s.Corrected})
			from = to
		}
	}
	return pieces
}

// days gives the statements that store the dates anew, and how many dates they are.
func (st *stored) days(c *computation) ([]mysql.Statement, int) {
	var rows [][]any
	var kept []int64
	for _, d := range rules.Days(st.spans, st.began, c.s.config.Zone) {
		day := int64(d.Number)
		if day < st.first || day > st.last {
			continue
		}
		seq, unverified := c.included(c.s.startOf(day), c.s.startOf(day+1))
		rows = append(rows, []any{c.person, day, d.Working.Microseconds(), d.Estimated.Microseconds(), d.RealHours, unverified, seq})
		kept = append(kept, day)
	}
	gone := mysql.Statement{Query: deleteDay, Args: []any{c.person, st.first, st.last}}
	if len(kept) > 0 {
		if query, args, err := mysql.In(deleteRest, c.person, st.first, st.last, kept); err == nil {
			gone = mysql.Statement{Query: query, Args: args}
		}
	}
	return append([]mysql.Statement{gone}, inserts(insertDays, renewDays, rows)...), len(kept)
}
