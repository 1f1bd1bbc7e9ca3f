package alerts

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/localtime"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

// mostOut is how many keys of a group or a person are counted.
const mostOut = 2000

// criticalAfter is how long after the due time an overdue key is critical.
const criticalAfter = 24 * time.Hour

// overdueSeverity says how urgent a key is that is late.
func overdueSeverity(late, escalateAfter time.Duration) ledger.Severity {
	switch {
	case late >= criticalAfter:
		return ledger.Critical
	case late >= escalateAfter:
		return ledger.Warning
	}
	return ledger.Notice
}

// raiseOverdue raises an alert for each loan whose due time has come.
func (c *Clock) raiseOverdue(ctx context.Context, now time.Time) error {
	var last *custody.Out
	for {
		out, err := c.loans.OverdueOut(ctx, c.alerts.db, now, last, clockPage)
		if err != nil || len(out) == 0 {
			return err
		}
		causes := make([]watch, len(out))
		byLoan := make(map[id.ID]custody.Out, len(out))
		for i := range out {
			causes[i] = watch{Rule: KeyOverdue, Subject: out[i].LoanID, Mark: markOf(*out[i].DueAt)}
			byLoan[out[i].LoanID] = out[i]
		}
		if err := c.raiseFresh(ctx, now, causes, func(ctx context.Context, tx *mysql.Tx, w watch) (*finding, Urgent, error) {
			return c.overdue(ctx, tx, byLoan[w.Subject], now)
		}); err != nil {
			return err
		}
		last = &out[len(out)-1]
	}
}

func (c *Clock) overdue(ctx context.Context, tx *mysql.Tx, out custody.Out, now time.Time) (*finding, Urgent, error) {
	seqs, _, err := c.evidence(ctx, tx, []custody.Out{out})
	if err != nil {
		return nil, Urgent{}, err
	}
	severity := overdueSeverity(now.Sub(*out.DueAt), c.rules.EscalateAfter)
	return &finding{
		rule: KeyOverdue, person: out.HolderID, department: out.Department, at: *out.DueAt, evidence: seqs, severity: severity,
		key: out.KeyID, details: map[string]any{"loan": out.LoanID.String(), "dueAt": *out.DueAt},
	}, Urgent{Number: out.Number, Since: *out.DueAt, Out: 1}, nil
}

// raiseFresh raises alerts for causes of one rule that have none, in one transaction.
func (c *Clock) raiseFresh(ctx context.Context, now time.Time, causes []watch,
	find func(ctx context.Context, tx *mysql.Tx, w watch) (*finding, Urgent, error),
) error {
	fresh, err := unwatched(ctx, c.alerts.db, causes)
	if err != nil || len(fresh) == 0 {
		return err
	}
	return c.inTurn(ctx, now, func(ctx context.Context, tx *mysql.Tx, o *outcome) error {
		still, err := unwatched(ctx, tx, fresh) // now that nobody else can raise
		if err != nil {
			return err
		}
		for _, w := range still {
			found, urgent, err := find(ctx, tx, w)
			if err != nil {
				return err
			}
			if found == nil {
				continue
			}
			if err := c.raiseWatched(ctx, tx, o, w, found, urgent, now); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Clock) raiseWatched(ctx context.Context, tx *mysql.Tx, o *outcome, w watch, f *finding, urgent Urgent, now time.Time) error {
	held, err := heldBackAt(ctx, tx, f.rule, now)
	if err != nil {
		return err
	}
	if held {
		return w.store(ctx, tx)
	}
	f.subject = w.subjectOf()
	alert, drafts, err := c.alerts.raise(ctx, tx, f, now)
	if err != nil {
		return err
	}
	urgent.Alert, urgent.Rule, urgent.Severity = alert, f.rule, f.urgency()
	o.add(drafts, urgent)
	w.Alert = alert
	return w.store(ctx, tx)
}

// raiseCurfews raises an alert for each group that has keys out since its last curfew.
func (c *Clock) raiseCurfews(ctx context.Context, now time.Time) error {
	var last id.ID
	for {
		curfews, err := c.loans.Curfews(ctx, c.alerts.db, last, clockPage)
		if err != nil || len(curfews) == 0 {
			return err
		}
		var causes []watch
		byGroup := make(map[id.ID]custody.Curfew, len(curfews))
		for _, one := range curfews {
			if at, ok := lastCurfew(one.At, now, c.rules.Zone); ok {
				causes = append(causes, watch{Rule: CurfewMissed, Subject: one.Group, Mark: markOf(at)})
				byGroup[one.Group] = one
			}
		}
		if err := c.raiseFresh(ctx, now, causes, func(ctx context.Context, tx *mysql.Tx, w watch) (*finding, Urgent, error) {
			return c.curfewMissed(ctx, tx, byGroup[w.Subject], instantOf(w.Mark))
		}); err != nil {
			return err
		}
		last = curfews[len(curfews)-1].Group
	}
}

// lastCurfew gives when a group's keys had to be back last.
func lastCurfew(clock string, now time.Time, zone *time.Location) (time.Time, bool) {
	minutes, ok := localtime.Minutes(clock)
	if !ok {
		return time.Time{}, false
	}
	return localtime.Last(now, minutes, zone), true
}

func (c *Clock) curfewMissed(ctx context.Context, tx *mysql.Tx, curfew custody.Curfew, at time.Time) (*finding, Urgent, error) {
	out, err := c.loans.OutOfGroup(ctx, tx, curfew.Group, at, mostOut)
	if err != nil || len(out) == 0 {
		return nil, Urgent{}, err
	}
	seqs, more, err := c.evidence(ctx, tx, out)
	if err != nil {
		return nil, Urgent{}, err
	}
	return &finding{
		rule: CurfewMissed, at: at, evidence: seqs, uncounted: more, group: curfew.Group,
		details: map[string]any{"curfew": at, "keysOut": len(out)},
	}, Urgent{Group: curfew.Name, Since: at, Out: len(out)}, nil
}

// raiseLeavers raises an alert for each person who holds keys although his last day is over.
func (c *Clock) raiseLeavers(ctx context.Context, now time.Time) error {
	today := people.Date(now.In(c.rules.Zone).Format(time.DateOnly))
	var last id.ID
	for {
		leavers, err := c.loans.Leavers(ctx, c.alerts.db, today, last, clockPage)
		if err != nil || len(leavers) == 0 {
			return err
		}
		causes := make([]watch, len(leavers))
		until := make(map[id.ID]time.Time, len(leavers))
		for i, one := range leavers {
			causes[i] = watch{Rule: LeaverHoldsKeys, Subject: one.Person, Mark: one.Until.Format(time.DateOnly)}
			until[one.Person] = one.Until
		}
		if err := c.raiseFresh(ctx, now, causes, func(ctx context.Context, tx *mysql.Tx, w watch) (*finding, Urgent, error) {
			return c.leaver(ctx, tx, w.Subject, until[w.Subject])
		}); err != nil {
			return err
		}
		last = leavers[len(leavers)-1].Person
	}
}

func (c *Clock) leaver(ctx context.Context, tx *mysql.Tx, person id.ID, until time.Time) (*finding, Urgent, error) {
	out, err := c.loans.OutOfPerson(ctx, tx, person, mostOut)
	if err != nil || len(out) == 0 {
		return nil, Urgent{}, err
	}
	seqs, more, err := c.evidence(ctx, tx, out)
	if err != nil {
		return nil, Urgent{}, err
	}
	gone := localtime.On(until.Add(36*time.Hour), 0, c.rules.Zone) // the day after begins
	return &finding{
		rule: LeaverHoldsKeys, person: person, department: out[len(out)-1].Department, at: gone, lasts: true, evidence: seqs,
		uncounted: more,
		details:   map[string]any{"keysOut": len(out)},
	}, Urgent{Since: gone, Out: len(out)}, nil
}
