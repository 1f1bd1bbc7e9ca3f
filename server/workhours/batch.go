package workhours

import (
	"context"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/workhours/rules"
)

const (
	reportColumns = "r.subject, r.at, r.seq, r.workstation, r.working, r.every_seconds, r.unverified"
	// selectBefore gives the last report of each workstation in each of some times.
	selectBefore = "SELECT " + reportColumns + " FROM (SELECT subject, workstation, MAX(at) AS at FROM work_report WHERE {any}" +
		" GROUP BY subject, workstation) l STRAIGHT_JOIN work_report r ON r.subject = l.subject AND r.at = l.at AND r.workstation = l.workstation"
	isBefore          = "subject = ? AND at >= ? AND at < ?"
	selectReports     = "SELECT " + reportColumns + " FROM work_report r WHERE {any} ORDER BY r.subject, r.at, r.seq"
	isReport          = "r.subject = ? AND r.at >= ? AND r.at <= ?"
	selectCorrections = "SELECT person, from_at, to_at, working FROM work_correction WHERE {any} ORDER BY person, seq"
	isCorrection      = "person = ? AND from_at > ? AND from_at < ?"
	selectSpans       = "SELECT person, from_at, to_at, began_at, estimated, corrected FROM work_span WHERE {any} ORDER BY person, from_at"
	isSpan            = "person = ? AND from_at >= ? AND from_at < ?"
	selectDates       = "SELECT person, day FROM work_day WHERE {any}"
	isDate            = "person = ? AND day >= ? AND day <= ?"
)

// batch computes windows of different persons, whose rows are read and written together.
type batch struct {
	s   *Service
	tx  *mysql.Tx
	all []*computation
}

// compute computes windows, each of another person, and gives how many dates were.
func (s *Service) compute(ctx context.Context, tx *mysql.Tx, windows []window) (days int, err error) {
	b := &batch{s: s, tx: tx}
	for _, w := range windows {
		b.all = append(b.all, &computation{window: w, begin: w.from, end: w.to.Add(rules.Cap)})
	}
	for _, read := range []func(context.Context) error{b.readBefore, b.readReports, b.readCorrections, b.readSpans, b.readDates} {
		if err := read(ctx); err != nil {
			return 0, err
		}
	}
	now, w := s.moment(), &writes{}
	for _, c := range b.all {
		days += c.compute(now, s.config.Zone, w)
	}
	return days, w.store(ctx, tx)
}

// readBefore reads what counts when each window begins, and once more where it begins earlier because of that.
func (b *batch) readBefore(ctx context.Context) error {
	if err := b.lastBefore(ctx, b.all); err != nil {
		return err
	}
	var earlier []*computation
	for _, c := range b.all {
		if c.reaches() {
			earlier = append(earlier, c)
		}
	}
	return b.lastBefore(ctx, earlier)
}

func (b *batch) lastBefore(ctx context.Context, some []*computation) error {
	var rows []row
	err := selectAny(ctx, b.tx, &rows, selectBefore, isBefore, some, func(c *computation) []any {
		c.before = nil
		return []any{c.person, c.begin.Add(-rules.Cap), c.begin}
	})
	of := computationsOf(some)
	for _, r := range rows {
		of[r.Subject].before = append(of[r.Subject].before, r)
	}
	return err
}

func (b *batch) readReports(ctx context.Context) error {
	var rows []row
	err := selectAny(ctx, b.tx, &rows, selectReports, isReport, b.all, func(c *computation) []any {
		return []any{c.person, c.begin, c.end.Add(rules.Cap)}
	})
	of := computationsOf(b.all)
	for _, r := range rows {
		of[r.Subject].rows = append(of[r.Subject].rows, r)
	}
	return err
}

func (b *batch) readCorrections(ctx context.Context) error {
	var found []struct {
		Person id.ID `db:"person"`
		correctionRow
	}
	err := selectAny(ctx, b.tx, &found, selectCorrections, isCorrection, b.all, func(c *computation) []any {
		return []any{c.person, c.begin.Add(-MaxCorrection), c.end}
	})
	of := computationsOf(b.all)
	for _, r := range found {
		of[r.Person].corrections = append(of[r.Person].corrections, r.rule())
	}
	return err
}

// readSpans reads the dates that each computation can change. Where work goes on beyond them, its blocks may lie anew, so
// it is read to its end.
func (b *batch) readSpans(ctx context.Context) error {
	for _, c := range b.all {
		c.firstDate, c.lastDate = b.s.dateOf(c.begin.Add(-rules.Block)), b.s.dateOf(c.end)
		c.since, c.until = b.s.startOf(c.firstDate).Add(-longestPiece), b.s.startOf(c.lastDate+1)
	}
	for some := b.all; len(some) > 0; {
		if err := b.readPieces(ctx, some); err != nil {
			return err
		}
		var further []*computation
		for _, c := range some {
			if c.goesOn() {
				c.lastDate += furtherDates
				c.since, c.until = c.until, b.s.startOf(c.lastDate+1)
				further = append(further, c)
			}
		}
		some = further
	}
	return nil
}

func (b *batch) readPieces(ctx context.Context, some []*computation) error {
	var found []struct {
		Person id.ID `db:"person"`
		piece
	}
	err := selectAny(ctx, b.tx, &found, selectSpans, isSpan, some, func(c *computation) []any {
		c.more = 0
		return []any{c.person, c.since, c.until}
	})
	of := computationsOf(some)
	for _, r := range found {
		c := of[r.Person]
		c.pieces, c.more = append(c.pieces, r.piece), c.more+1
	}
	return err
}

// readDates reads which dates are stored.
func (b *batch) readDates(ctx context.Context) error {
	var found []struct {
		Person id.ID `db:"person"`
		Day    int64 `db:"day"`
	}
	err := selectAny(ctx, b.tx, &found, selectDates, isDate, b.all, func(c *computation) []any {
		return []any{c.person, c.firstDate, c.lastDate}
	})
	of := computationsOf(b.all)
	for _, r := range found {
		of[r.Person].days = append(of[r.Person].days, r.Day)
	}
	return err
}

// selectAny reads the rows of some windows.
func selectAny(ctx context.Context, tx *mysql.Tx, dest any, query, condition string, some []*computation, values func(*computation) []any) error {
	if len(some) == 0 {
		return nil
	}
	each := make([][]any, len(some))
	for i, c := range some {
		each[i] = values(c)
	}
	one := anyOf(query, condition, each)
	return tx.Select(ctx, dest, one.Query, one.Args...)
}

// anyOf is a statement for whatever fulfils a condition with one of some values, in the place of {any}. Counts are powers
// of two, so that few texts are prepared: the last values are given again.
func anyOf(query, condition string, each [][]any) mysql.Statement {
	n := 1
	for n < len(each) {
		n *= 2
	}
	var args []any
	for i := range n {
		args = append(args, each[min(i, len(each)-1)]...)
	}
	all := "(" + condition + ")" + strings.Repeat(" OR ("+condition+")", n-1)
	return mysql.Statement{Query: strings.Replace(query, "{any}", all, 1), Args: args}
}

// writes are the rows that computations change.
type writes struct {
	spans, spansGone [][]any
	days, daysGone   [][]any
	// computed are the marks that are dealt with, dirty what has to be computed again later.
	computed, dirty [][]any
}

const (
	insertSpans = "INSERT INTO work_span (person, from_at, to_at, began_at, estimated, corrected)"
	renewSpans  = " ON DUPLICATE KEY UPDATE to_at = VALUES(to_at), began_at = VALUES(began_at), estimated = VALUES(estimated), corrected = VALUES(corrected)"
	insertDays  = "INSERT INTO work_day (person, day, working_us, estimated_us, real_hours, unverified, last_seq)"
	renewDays   = " ON DUPLICATE KEY UPDATE working_us = VALUES(working_us), estimated_us = VALUES(estimated_us), real_hours = VALUES(real_hours)," +
		" unverified = GREATEST(unverified, VALUES(unverified)), last_seq = GREATEST(last_seq, VALUES(last_seq))"
	deleteSpans = "DELETE FROM work_span WHERE {any}"
	deleteDates = "DELETE FROM work_day WHERE {any}"
	deleteDirty = "DELETE FROM work_dirty WHERE {any}"
)

func (w *writes) store(ctx context.Context, tx *mysql.Tx) error {
	var statements []mysql.Statement
	for _, part := range []struct {
		query, condition string
		each             [][]any
	}{
		{deleteSpans, "person = ? AND from_at = ?", w.spansGone}, {deleteDates, "person = ? AND day = ?", w.daysGone}, {deleteDirty, isDate, w.computed},
	} {
		for some := range slices.Chunk(part.each, maxRows) {
			statements = append(statements, anyOf(part.query, part.condition, some))
		}
	}
	statements = append(statements, inserts(insertSpans, renewSpans, w.spans)...)
	statements = append(statements, inserts(insertDays, renewDays, w.days)...)
	statements = append(statements, inserts(insertDirty, widenDirty, w.dirty)...)
	return tx.ExecAll(ctx, statements...)
}
