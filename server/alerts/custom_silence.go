package alerts

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// startGrace is how long after its start a server does not look for silence: programs could report nothing while it was
// away, and need a moment to be back.
const startGrace = 5 * time.Minute

// heardMost is how many entries tell whether anything came; some of the newest may have come too late to count.
const heardMost = 100

// listen looks for silence at intervals, until ctx ends.
func (r *CustomRules) listen(ctx context.Context) error {
	ticker := time.NewTicker(clockInterval)
	defer ticker.Stop()
	grace := time.NewTimer(startGrace)
	defer grace.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-grace.C:
	}
	for {
		if err := r.listenOnce(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("the rules that listen for silence could not be applied; they are tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

func (r *CustomRules) listenOnce(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tickTimeout)
	defer cancel()
	return r.Listen(ctx, r.alerts.moment())
}

// Listen raises alerts for rules that hear nothing at now. However often it is called, and by however many servers, each
// silence is told once: that it was is stored with the alert, until something is heard again. It asks the database and not
// what the rules have followed, since a follower that is behind hears nothing either.
func (r *CustomRules) Listen(ctx context.Context, now time.Time) error {
	now = now.UTC().Truncate(time.Microsecond)
	var rows []ruleRow
	if err := r.alerts.db.Select(ctx, &rows, selectRules, MaxCustomRules); err != nil {
		return err
	}
	for i := range rows {
		var rule rules.Rule
		if row := &rows[i]; row.Enabled && row.rule(&rule) == nil && rule.Kind == rules.Silence {
			if err := r.listenFor(ctx, row, rule, now); err != nil {
				r.log.Warn("a rule that listens for silence doesn't work", "rule", row.ID, "error", err)
				if _, err := r.alerts.db.Exec(ctx, tellProblem, deaf().Stored(maxProblem), row.ID, row.DefinedSeq); err != nil {
					return err
				}
				continue
			}
			if err := r.mended(ctx, row); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func deaf() fault.Text {
	return fault.Say("Whether anything came could not be found out; it is tried again every 15 seconds.")
}

// listenFor applies a rule to the newest entry of its window.
func (r *CustomRules) listenFor(ctx context.Context, row *ruleRow, rule rules.Rule, now time.Time) error {
	asking, cancel := context.WithTimeout(ctx, seedTimeout)
	defer cancel()
	p, err := r.alerts.heardOf(asking, &rule.Filter, now.Add(-rule.Window), heardMost)
	if err != nil {
		return err
	}
	if asking.Err() != nil {
		return asking.Err()
	}
	heard := rules.NewEvaluator(rule, r.zone, row.DefinedAt)
	for i := range p.events {
		heard.Observe(&p.events[i])
	}
	f := heard.Tick(now)
	if f != nil && len(p.events) == 0 {
		f.At = now // when it was heard last is not known, only that it is longer ago
	}
	if (f != nil) == silenceTold(row.SilentSince, row.MutedUntil, now) {
		return nil
	}
	return r.alerts.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		return r.storeSilence(ctx, tx, row, &rule, f, now)
	})
}

// silenceTold reports whether a silence that goes on was told: one that began while the rule was muted is told once that is
// over. One that was told before a mute stands as one since its end (muteRule).
func silenceTold(since, muted *time.Time, now time.Time) bool {
	return since != nil && (muted == nil || now.Before(*muted) || !since.Before(*muted))
}

// storeSilence stores that a silence was told, or is over.
func (r *CustomRules) storeSilence(ctx context.Context, tx *mysql.Tx, row *ruleRow, rule *rules.Rule, f *rules.Finding, now time.Time) error {
	is, err := stand(ctx, tx, row.ID, row.DefinedSeq)
	if err != nil || is == nil || (f != nil) == silenceTold(is.SilentSince, is.MutedUntil, now) {
		return err
	}
	if f == nil {
		_, err := tx.Exec(ctx, setSilent, nil, row.ID)
		return err
	}
	if _, err := tx.Exec(ctx, setSilent, now, row.ID); err != nil {
		return err
	}
	return r.settle(ctx, tx, row.ID, is, judgement{[]*finding{customFinding(row.ID, rule, f)}, 1, is.NextSeq, ""})
}
