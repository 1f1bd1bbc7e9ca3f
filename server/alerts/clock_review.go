package alerts

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	lockAlert     = selectAlert + " WHERE id = ? FOR UPDATE"
	endAlert      = "UPDATE alert SET state = ?, urgency = ?, changed_at = ?, changed_by = NULL, open_case = NULL, resolved_seq = NULL, ending = ? WHERE id = ?"
	escalateAlert = "UPDATE alert SET severity = ?, urgency = ? WHERE id = ?"
)

// review looks at every cause that has an alert: those that are over end, and the others become as urgent as they are.
func (c *Clock) review(ctx context.Context, now time.Time) error {
	var last watch
	for {
		watches, err := watchesBehind(ctx, c.alerts.db, last)
		if err != nil || len(watches) == 0 {
			return err
		}
		err = c.inTurn(ctx, now, func(ctx context.Context, tx *mysql.Tx, o *outcome) error {
			return c.reviewPage(ctx, tx, o, watches, now)
		})
		if err != nil {
			return err
		}
		last = watches[len(watches)-1]
	}
}

func (c *Clock) reviewPage(ctx context.Context, tx *mysql.Tx, o *outcome, watches []watch, now time.Time) error {
	var loans []id.ID
	for _, w := range watches {
		if w.Rule == KeyOverdue {
			loans = append(loans, w.Subject)
		}
	}
	out, err := c.loans.OutByLoan(ctx, tx, loans)
	if err != nil {
		return err
	}
	for _, w := range watches {
		switch w.Rule {
		case KeyOverdue:
			err = c.reviewOverdue(ctx, tx, o, w, out[w.Subject], now)
		case CurfewMissed:
			err = c.reviewCurfew(ctx, tx, o, w, now)
		case LeaverHoldsKeys:
			err = c.reviewLeaver(ctx, tx, o, w, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// clocksApart is how far the clocks of two servers may be apart without one taking back what the other raised.
const clocksApart = time.Minute

func (c *Clock) reviewOverdue(ctx context.Context, tx *mysql.Tx, o *outcome, w watch, out custody.Out, now time.Time) error {
	switch {
	case out.LoanID.IsZero() || out.ReturnedAt != nil:
		return c.end(ctx, tx, o, w, endingOf(out), out, now)
	case out.DueAt == nil || markOf(*out.DueAt) != w.Mark:
		return c.end(ctx, tx, o, w, Extended, out, now)
	case out.DueAt.Sub(now) > clocksApart: // it was raised by a clock that was ahead
		return c.end(ctx, tx, o, w, Withdrawn, out, now)
	}
	severity := overdueSeverity(now.Sub(*out.DueAt), c.rules.EscalateAfter)
	return escalate(ctx, tx, o, w, severity, Urgent{Number: out.Number, Since: *out.DueAt, Out: 1}, now)
}

// endingOf says how a loan ended.
func endingOf(out custody.Out) Ending {
	if out.EndedAs == nil {
		return Returned
	}
	if ending := Ending(strings.ToLower(*out.EndedAs)); slices.Contains([]Ending{HandedOver, Lost, Voided}, ending) {
		return ending
	}
	return Returned
}

func (c *Clock) reviewCurfew(ctx context.Context, tx *mysql.Tx, o *outcome, w watch, now time.Time) error {
	curfew, err := c.loans.CurfewOf(ctx, tx, w.Subject)
	if err != nil {
		return err
	}
	if curfew == nil {
		return c.end(ctx, tx, o, w, Withdrawn, custody.Out{}, now)
	}
	out, err := c.loans.OutOfGroup(ctx, tx, w.Subject, instantOf(w.Mark), 1)
	if err != nil {
		return err
	}
	switch at, ok := lastCurfew(curfew.At, now, c.rules.Zone); {
	case len(out) == 0:
		return c.end(ctx, tx, o, w, Returned, custody.Out{}, now)
	case !ok || markOf(at) != w.Mark:
		return c.end(ctx, tx, o, w, Superseded, custody.Out{}, now)
	}
	return nil
}

func (c *Clock) reviewLeaver(ctx context.Context, tx *mysql.Tx, o *outcome, w watch, now time.Time) error {
	until, err := c.loans.LastDay(ctx, tx, w.Subject)
	if err != nil {
		return err
	}
	if until == nil || until.Format(time.DateOnly) != w.Mark {
		return c.end(ctx, tx, o, w, Withdrawn, custody.Out{}, now)
	}
	found, urgent, err := c.leaver(ctx, tx, w.Subject, *until)
	if err != nil {
		return err
	}
	if found == nil {
		return c.end(ctx, tx, o, w, Returned, custody.Out{}, now)
	}
	return c.joinLeaver(ctx, tx, o, w, found, urgent, now)
}

// joinLeaver adds keys that were issued to a leaver since his alert was raised; a resolved one gets a new alert. While the
// rule is muted it waits, and what was held back has none to join.
func (c *Clock) joinLeaver(ctx context.Context, tx *mysql.Tx, o *outcome, w watch, f *finding, urgent Urgent, now time.Time) error {
	if w.Alert.IsZero() {
		return nil
	}
	var known []uint64
	if err := tx.Select(ctx, &known, selectEvidence, w.Alert); err != nil {
		return err
	}
	if len(known) >= MaxEvidence || len(f.evidence) == 0 || len(known) > 0 && slices.Max(f.evidence) <= known[len(known)-1] {
		return nil
	}
	if muted, err := isMuted(ctx, tx, f.rule, now); err != nil || muted {
		return err
	}
	f.subject = w.subjectOf()
	alert, drafts, err := c.alerts.raise(ctx, tx, f, now)
	if err != nil {
		return err
	}
	if alert == w.Alert && !slices.ContainsFunc(drafts, opensAgain) {
		o.drafts = append(o.drafts, drafts...)
		return nil
	}
	urgent.Alert, urgent.Rule, urgent.Severity = alert, f.rule, f.urgency()
	o.add(drafts, urgent)
	if alert == w.Alert {
		return nil
	}
	w.Alert = alert
	return w.move(ctx, tx)
}

// opensAgain reports whether an entry says that an alert was opened again.
func opensAgain(d ledger.Draft) bool { return d.Details[detailReopened] == true }

// escalate makes an alert more urgent. One that somebody resolved stays as it is, and one of a muted rule for now.
func escalate(ctx context.Context, tx *mysql.Tx, o *outcome, w watch, severity ledger.Severity, urgent Urgent, now time.Time) error {
	var row alertRow
	err := tx.Get(ctx, &row, lockAlert, w.Alert)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	level := codeOf(Severities(), severity)
	if err != nil || level <= row.Severity || States()[row.State] == Resolved {
		return err
	}
	if muted, err := isMuted(ctx, tx, row.Rule, now); err != nil || muted {
		return err
	}
	if _, err := tx.Exec(ctx, escalateAlert, level, urgency(States()[row.State], severity), w.Alert); err != nil {
		return err
	}
	f := finding{rule: row.Rule, person: row.Person, department: row.Department, key: row.Key, group: row.Group}
	draft := f.draft(ledger.AlertEscalated, w.Alert, nil)
	draft.Details = map[string]any{"rule": string(row.Rule), "from": string(Severities()[row.Severity]), "to": string(severity)}
	urgent.Alert, urgent.Rule, urgent.Severity = w.Alert, row.Rule, severity
	o.add([]ledger.Draft{draft}, urgent)
	return nil
}

// end forgets a cause that is over, and ends its alert unless somebody has resolved it.
func (c *Clock) end(ctx context.Context, tx *mysql.Tx, o *outcome, w watch, how Ending, out custody.Out, now time.Time) error {
	if err := w.drop(ctx, tx); err != nil {
		return err
	}
	var row alertRow
	err := tx.Get(ctx, &row, lockAlert, w.Alert)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil || States()[row.State] == Resolved {
		return err
	}
	severity := Severities()[row.Severity]
	if _, err := tx.Exec(ctx, endAlert, codeOf(States(), Resolved), urgency(Resolved, severity), now, how, w.Alert); err != nil {
		return err
	}
	var seqs []uint64
	if !out.ReturnedEntry.IsZero() {
		seq, ok, err := c.alerts.ledger.Find(ctx, tx, custody.EntityKey, out.KeyID, out.ReturnedEntry)
		if err != nil {
			return err
		}
		if ok {
			seqs = append(seqs, seq)
		}
	}
	f := finding{rule: row.Rule, person: row.Person, department: row.Department, key: row.Key, group: row.Group}
	draft := f.draft(ledger.AlertResolved, w.Alert, seqs)
	draft.Details = map[string]any{"rule": string(row.Rule), "from": string(States()[row.State]), "ending": string(how)}
	o.drafts = append(o.drafts, draft)
	return nil
}
