package alerts

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/turn"
)

const (
	// clockInterval is how often the clock is looked at, and clockPause how soon again after a key has moved.
	clockInterval = 15 * time.Second
	clockPause    = time.Second
	// tickTimeout bounds one look.
	tickTimeout = 5 * time.Minute
	clockPage   = 100
)

// ClockRules are the rules that look at the clock.
type ClockRules struct {
	// Zone is where days begin and curfews are.
	Zone *time.Location
	// EscalateAfter is how long after the due time an overdue key becomes a warning.
	EscalateAfter time.Duration
	// Urgent is told of alerts that became a warning or worse, in the transaction that says so; nil for nobody. It may
	// run again.
	Urgent func(ctx context.Context, tx *mysql.Tx, urgent []Urgent) error
	// Looks find what is wrong at a moment with what keytrail keeps. They are asked in turn.
	Looks []func(ctx context.Context, now time.Time) (Causes, error)
}

// Urgent is an alert of the clock that became a warning or worse.
type Urgent struct {
	Alert    id.ID
	Rule     Rule
	Severity ledger.Severity
	// Number is the key's, or Group the group's name; "" where the alert is about neither.
	Number string
	Group  string
	// Since is when the key was due, the curfew was or the last day began.
	Since time.Time
	// Out is how many keys are out.
	Out int
}

// Clock raises alerts because time passes, has them become more urgent, and ends them when their cause ends.
type Clock struct {
	alerts *Service
	loans  *custody.Service
	rules  ClockRules
	turn   *turn.Turn
	log    *slog.Logger
}

// NewClock makes the clock of a service. Run must be running for it to go.
func NewClock(s *Service, loans *custody.Service, rules ClockRules, log *slog.Logger) *Clock {
	return &Clock{alerts: s, loans: loans, rules: rules, turn: turn.New(s.db, "alerts"), log: log}
}

// Run looks at the clock at intervals, and soon after a key has moved, until ctx ends.
func (c *Clock) Run(ctx context.Context) error {
	follower, err := c.alerts.ledger.FollowFromNow(ctx)
	if err != nil {
		return feeds.UnlessLeft(ctx, err)
	}
	ticker := time.NewTicker(clockInterval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if err := c.tickOnce(ctx); err != nil && ctx.Err() == nil {
			c.log.Warn("the rules that look at the clock could not be applied; they are tried again", "error", err)
		}
		if err := untilMoved(ctx, follower, ticker.C); err != nil {
			return feeds.UnlessLeft(ctx, err)
		}
	}
	return nil
}

func (c *Clock) tickOnce(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tickTimeout)
	defer cancel()
	return c.Tick(ctx, c.alerts.moment())
}

// untilMoved waits for the next interval or for an entry that says that a key has moved, and a moment more for those
// that come with it.
func untilMoved(ctx context.Context, follower *ledger.Follower, interval <-chan time.Time) error {
	for {
		entries, err := follower.NextUntil(ctx, interval)
		if err != nil || len(entries) == 0 {
			return err
		}
		for i := range entries {
			if entries[i].Stream == ledger.StreamKey && entries[i].Action != ledger.KeyReminderSent {
				return pause(ctx, clockPause)
			}
		}
	}
}

func pause(ctx context.Context, long time.Duration) error {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Tick does all that the time asks for: first it lets go of what muted rules held back, ends what is over and makes more urgent
// what goes on, then it raises what is new. It does nothing while another server has the turn. However often it is called, and by however many servers, each
// cause has one alert.
func (c *Clock) Tick(ctx context.Context, now time.Time) (err error) {
	now = now.UTC().Truncate(time.Microsecond)
	mine, err := c.turn.Take(ctx, now)
	if err != nil || !mine {
		return err
	}
	defer func() { err = errors.Join(err, c.turn.Leave(ctx)) }()
	return errors.Join(c.letGo(ctx, now), c.lookAtKeys(ctx, now), c.lookForCauses(ctx, now)) // none keeps another from being done
}

func (c *Clock) lookAtKeys(ctx context.Context, now time.Time) error {
	for _, step := range []func(context.Context, time.Time) error{c.review, c.raiseOverdue, c.raiseCurfews, c.raiseLeavers} {
		if err := step(ctx, now); err != nil {
			return err
		}
	}
	return nil
}

// outcome is what one transaction of the clock found.
type outcome struct {
	drafts []ledger.Draft
	urgent []Urgent
}

func (o *outcome) add(drafts []ledger.Draft, urgent Urgent) {
	o.drafts = append(o.drafts, drafts...)
	if urgent.Severity == ledger.Warning || urgent.Severity == ledger.Critical {
		o.urgent = append(o.urgent, urgent)
	}
}

// inTurn runs a transaction that this server's turn allows, and records what it found last.
func (c *Clock) inTurn(ctx context.Context, now time.Time, do func(ctx context.Context, tx *mysql.Tx, o *outcome) error) error {
	return c.alerts.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := c.turn.Keep(ctx, tx, now); err != nil {
			return err
		}
		var o outcome
		if err := do(ctx, tx, &o); err != nil || len(o.drafts) == 0 {
			return err
		}
		if len(o.urgent) > 0 && c.rules.Urgent != nil {
			if err := c.rules.Urgent(ctx, tx, o.urgent); err != nil {
				return err
			}
		}
		_, err := c.alerts.ledger.Append(ctx, tx, o.drafts...)
		return err
	})
}

// evidence finds the entries of the issues of keys that are out: the first MaxEvidence, and how many more there are.
func (c *Clock) evidence(ctx context.Context, q mysql.Querier, out []custody.Out) (seqs []uint64, more int, err error) {
	for i := range out[:min(len(out), MaxEvidence)] {
		seq, ok, err := c.alerts.ledger.Find(ctx, q, custody.EntityKey, out[i].KeyID, out[i].IssuedEntry)
		if err != nil {
			return nil, 0, err
		}
		if ok {
			seqs = append(seqs, seq)
		}
	}
	return seqs, max(0, len(out)-MaxEvidence), nil
}

// subjectOf tells a case of a watch from others of its rule.
func (w watch) subjectOf() string { return strings.Join([]string{w.Subject.String(), w.Mark}, "|") }
