package workhours

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/localtime"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/workhours/rules"
)

const (
	reportColumns = "r.subject, r.at, r.seq, r.workstation, r.working, r.every_seconds, r.unverified"
	// selectBefore gives the last report of each workstation before a time, as long before as it can count.
	selectBefore = "SELECT " + reportColumns + " FROM (SELECT workstation, MAX(at) AS at FROM work_report" +
		" WHERE subject = ? AND at >= ? AND at < ? GROUP BY workstation) l" +
		" STRAIGHT_JOIN work_report r ON r.subject = ? AND r.at = l.at AND r.workstation = l.workstation"
	selectReports     = "SELECT " + reportColumns + " FROM work_report r WHERE r.subject = ? AND r.at >= ? AND r.at <= ? ORDER BY r.at"
	selectCorrections = "SELECT from_at, to_at, working FROM work_correction WHERE person = ? AND from_at > ? AND from_at < ? ORDER BY seq"
	// MaxCorrection is the longest time that one correction can be about.
	MaxCorrection = 7 * 24 * time.Hour
)

// computation is what a window is computed from.
type computation struct {
	s   *Service
	tx  *mysql.Tx
	now time.Time
	// person's work is computed anew between from and to.
	person   id.ID
	from, to time.Time
	rows     []row
}

// compute computes a window and gives how many dates were. Of what was stored before, only what can have changed is
// looked at: from the last report before the window until a report within it counts no more.
func (s *Service) compute(ctx context.Context, tx *mysql.Tx, w window) (days int, err error) {
	c := &computation{s: s, tx: tx, now: s.moment(), person: w.person, from: w.from, to: w.to.Add(rules.Cap)}
	if err := c.readReports(ctx, w); err != nil {
		return 0, err
	}
	spans := rules.Within(rules.Work(ruled(c.rows), c.now), c.from, c.to)
	corrections, err := c.readCorrections(ctx)
	if err != nil {
		return 0, err
	}
	spans = rules.Within(rules.Correct(spans, corrections), c.from, c.to)
	stored, err := c.readSpans(ctx)
	if err != nil {
		return 0, err
	}
	statements := stored.replace(c, spans)
	changed, days := stored.days(c)
	statements = append(statements, changed...)
	statements = append(statements, mysql.Statement{Query: deleteDirty, Args: []any{w.person, w.first, w.last}})
	if since, open := rules.Unsettled(ruled(c.rows), c.now); open {
		statements = append(statements, insertOf(insertDirty, widenDirty, [][]any{{w.person, dayOf(since), since, since}}))
	}
	return days, tx.ExecAll(ctx, statements...)
}

// readReports reads what a window's work follows from, and moves its start to where that can have changed: the last
// report of a workstation before it counts until one within it.
func (c *computation) readReports(ctx context.Context, w window) error {
	before, err := c.lastBefore(ctx, w.from)
	if err != nil {
		return err
	}
	for _, r := range before {
		if r.Working && r.At.Before(c.from) {
			c.from = r.At
		}
	}
	if c.from.Before(w.from) {
		if before, err = c.lastBefore(ctx, c.from); err != nil {
			return err
		}
	}
	// What follows the end decides whether the last report before it is an estimate.
	if err := c.tx.Select(ctx, &c.rows, selectReports, c.person, c.from, c.to.Add(rules.Cap)); err != nil {
		return err
	}
	c.rows = append(c.rows, before...)
	return nil
}

func (c *computation) lastBefore(ctx context.Context, at time.Time) (rows []row, err error) {
	return rows, c.tx.Select(ctx, &rows, selectBefore, c.person, at.Add(-rules.Cap), at, c.person)
}

func (c *computation) readCorrections(ctx context.Context) ([]rules.Correction, error) {
	var rows []correctionRow
	if err := c.tx.Select(ctx, &rows, selectCorrections, c.person, c.from.Add(-MaxCorrection), c.to); err != nil {
		return nil, err
	}
	all := make([]rules.Correction, len(rows))
	for i, r := range rows {
		all[i] = r.rule()
	}
	return all, nil
}

func ruled(rows []row) []rules.Report {
	all := make([]rules.Report, len(rows))
	for i, r := range rows {
		all[i] = rules.Report{At: r.At, Workstation: string(r.Workstation[:]), Working: r.Working, Every: time.Duration(r.Every) * time.Second}
	}
	return all
}

// included says of a date's reports which is the last in the ledger, and whether nobody vouches for one. For a date
// without any, the last one before it counts, whose work goes on.
func (c *computation) included(start, end time.Time) (lastSeq uint64, unverified bool) {
	var before uint64
	for _, r := range c.rows {
		switch {
		case r.At.Before(start):
			before = max(before, r.Seq)
		case r.At.Before(end):
			lastSeq, unverified = max(lastSeq, r.Seq), unverified || r.Unverified
		}
	}
	if lastSeq == 0 {
		lastSeq = before
	}
	return lastSeq, unverified
}

// startOf is when a date of the display zone begins.
func (s *Service) startOf(day int64) time.Time { return localtime.StartOfDay(int(day), s.config.Zone) }

// dateOf is an instant's date of the display zone, in days since 1970.
func (s *Service) dateOf(at time.Time) int64 { return int64(localtime.DayOf(at, s.config.Zone)) }
