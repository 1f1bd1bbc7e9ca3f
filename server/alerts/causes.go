package alerts

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectWatchesOf = "SELECT rule, subject, mark, alert FROM alert_watch WHERE rule = ? AND mark = ? ORDER BY subject LIMIT ?"
	countWatches    = "SELECT COUNT(*) FROM alert_watch WHERE alert = ?"
	seeMark         = "INSERT INTO alert_mark (rule, mark, seen_at) SELECT DISTINCT rule, mark, ? FROM alert_watch WHERE rule = ? AND mark = ?" +
		" ON DUPLICATE KEY UPDATE seen_at = VALUES(seen_at)"
	forgetMarks  = "DELETE FROM alert_mark WHERE rule = ? AND seen_at < ?"
	selectUnseen = "SELECT w.rule, w.subject, w.mark, w.alert FROM alert_watch w LEFT JOIN alert_mark m ON m.rule = w.rule AND m.mark = w.mark" +
		" WHERE w.rule = ? AND (m.seen_at IS NULL OR m.seen_at < ?) ORDER BY w.subject, w.mark LIMIT ?"
	// maxCauses is how many causes of one rule and mark are looked at.
	maxCauses = 100
	// unseenFor is after how long nobody looks at a mark any more.
	unseenFor = 24 * time.Hour
)

// Causes is what was found to be wrong, at the moment, with one thing that is looked at again and again. All of it is
// one alert, which ends when nothing of it is wrong any more.
type Causes struct {
	Rule Rule
	// Mark tells what this server looks at from what others look at, in at most 32 ASCII characters; "" where all servers
	// see the same.
	Mark  string
	Found []Cause
	// Lingers says that what is not found any more is not known to be over either.
	Lingers bool
}

// Cause is something that is wrong.
type Cause struct {
	// Subject tells it from other causes, zero where there can only be one.
	Subject  id.ID
	At       time.Time
	Evidence []uint64
	Details  map[string]any
}

// lookForCauses raises alerts for what was found to be wrong, and ends those whose causes are gone or looked at by nobody
// any more. A look that fails keeps the others from nothing.
func (c *Clock) lookForCauses(ctx context.Context, now time.Time) (err error) {
	for _, look := range c.rules.Looks {
		causes, failed := look(ctx, now)
		if failed == nil {
			failed = c.followCauses(ctx, now, causes)
		}
		err = errors.Join(err, failed, see(ctx, c.alerts.db, now, causes))
	}
	return errors.Join(err, c.endUnseen(ctx, now))
}

// see notes that somebody looks at a mark that has an alert, also where the look failed.
func see(ctx context.Context, q mysql.Querier, now time.Time, causes Causes) error {
	if causes.Mark == "" {
		return nil
	}
	_, err := q.Exec(ctx, seeMark, now, causes.Rule, causes.Mark)
	return err
}

// endUnseen ends what was found by a server that is gone: it will never say that it is over.
func (c *Clock) endUnseen(ctx context.Context, now time.Time) error {
	unseen := func(ctx context.Context, q mysql.Querier) (rows []watch, err error) {
		return rows, q.Select(ctx, &rows, selectUnseen, DiskFull, now.Add(-unseenFor), maxCauses)
	}
	rows, err := unseen(ctx, c.alerts.db)
	if err != nil || len(rows) == 0 {
		return err
	}
	return c.inTurn(ctx, now, func(ctx context.Context, tx *mysql.Tx, o *outcome) error {
		rows, err := unseen(ctx, tx)
		if err != nil {
			return err
		}
		for _, w := range rows {
			if err := c.endCause(ctx, tx, o, w, now); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, forgetMarks, DiskFull, now.Add(-unseenFor))
		return err
	})
}

func (c *Clock) followCauses(ctx context.Context, now time.Time, causes Causes) error {
	causes.Found = causes.Found[:min(len(causes.Found), maxCauses)]
	known, err := watchesOf(ctx, c.alerts.db, causes)
	if err != nil || !causes.differ(known) {
		return err
	}
	return c.inTurn(ctx, now, func(ctx context.Context, tx *mysql.Tx, o *outcome) error {
		known, err := watchesOf(ctx, tx, causes) // now that nobody else can raise
		if err != nil {
			return err
		}
		held, err := c.raiseCauses(ctx, tx, o, causes, known, now)
		if err != nil {
			return err
		}
		for _, w := range known {
			// What is held back rests on the alert of before the mute, which is not over while that goes on.
			if causes.over(w) && !(held && !w.Alert.IsZero()) {
				if err := c.endCause(ctx, tx, o, w, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// raiseCauses raises what is not watched yet. held is whether anything that is there is held back, since the rule is muted.
func (c *Clock) raiseCauses(ctx context.Context, tx *mysql.Tx, o *outcome, causes Causes, known []watch, now time.Time) (held bool, err error) {
	for _, one := range causes.Found {
		if i := slices.IndexFunc(known, func(w watch) bool { return w.Subject == one.Subject }); i >= 0 {
			held = held || known[i].Alert.IsZero()
			continue
		}
		w := watch{Rule: causes.Rule, Subject: one.Subject, Mark: causes.Mark}
		back, err := heldBackAt(ctx, tx, causes.Rule, now)
		if err != nil {
			return held, err
		}
		if back {
			held = true
			if err := w.store(ctx, tx); err != nil {
				return held, err
			}
			continue
		}
		alert, drafts, err := c.alerts.raise(ctx, tx, &finding{
			rule: causes.Rule, subject: causes.Mark, at: one.At, evidence: one.Evidence, details: one.Details,
		}, now)
		if err != nil {
			return held, err
		}
		o.drafts = append(o.drafts, drafts...)
		w.Alert = alert
		if err := w.store(ctx, tx); err != nil {
			return held, err
		}
	}
	return held, see(ctx, tx, now, causes)
}

// endCause forgets a cause that is over, and ends its alert with its last one.
func (c *Clock) endCause(ctx context.Context, tx *mysql.Tx, o *outcome, w watch, now time.Time) error {
	var left int
	if err := tx.Get(ctx, &left, countWatches, w.Alert); err != nil {
		return err
	}
	if left > 1 {
		return w.drop(ctx, tx)
	}
	return c.end(ctx, tx, o, w, Passed, custody.Out{}, now)
}

// differ reports whether something is to be done, given what is watched.
func (c *Causes) differ(known []watch) bool {
	return slices.ContainsFunc(c.Found, func(one Cause) bool { return !isWatched(known, one.Subject) }) ||
		slices.ContainsFunc(known, c.over)
}

// over reports whether a cause that is watched is there no longer.
func (c *Causes) over(w watch) bool {
	return !c.Lingers && !slices.ContainsFunc(c.Found, func(one Cause) bool { return one.Subject == w.Subject })
}

func isWatched(known []watch, subject id.ID) bool {
	return slices.ContainsFunc(known, func(w watch) bool { return w.Subject == subject })
}

func watchesOf(ctx context.Context, q mysql.Querier, c Causes) ([]watch, error) {
	var rows []watch
	return rows, q.Select(ctx, &rows, selectWatchesOf, c.Rule, c.Mark, maxCauses)
}
