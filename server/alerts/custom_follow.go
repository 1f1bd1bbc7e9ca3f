package alerts

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	selectCustomPosition = "SELECT next_seq FROM alert_reader WHERE id = 2"
	beginCustomPosition  = "INSERT INTO alert_reader (id, next_seq) VALUES (2, ?) ON DUPLICATE KEY UPDATE next_seq = next_seq"
	saveCustomPosition   = "UPDATE alert_reader SET next_seq = GREATEST(next_seq, ?) WHERE id = 2"

	// maxSeed bounds how many entries of the past a rule learns from when it begins.
	maxSeed = 50_000
	// seedTimeout bounds how long that may take, so that other rules get their turn.
	seedTimeout = 5 * time.Second
	// brokenPause is how soon a rule that doesn't work is tried again.
	brokenPause = time.Minute
	// maxAttempts is how often one batch is tried for a rule before it goes on without.
	maxAttempts = 5
)

// follower is the rules as they are applied; only Run's goroutine uses it.
type follower struct {
	live    map[id.ID]*liveRule
	loaded  bool
	saved   uint64
	retryAt time.Time // zero while every rule works
}

// liveRule is a rule as it is applied.
type liveRule struct {
	id         id.ID
	definedSeq uint64
	rule       rules.Rule
	eval       *rules.Evaluator
	next       uint64
	// pending is what was found and is not stored, from batches that end before next.
	pending  []trigger
	attempts int
}

// trigger is a finding and the entry that led to it.
type trigger struct {
	seq     uint64
	finding *rules.Finding
}

// Run has the rules follow the ledger, from where any server has applied them, and look for silence, until ctx ends.
func (r *CustomRules) Run(ctx context.Context) error {
	next, err := r.begin(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	r.saved = next
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		r.alerts.ledger.Consume(ctx, next, r.apply)
		return nil
	})
	group.Go(func() error { return r.listen(ctx) })
	return group.Wait()
}

// begin gives the first entry that the rules have not seen: the first ever time, the next that comes.
func (r *CustomRules) begin(ctx context.Context) (next uint64, err error) {
	db := r.alerts.db
	if err = db.Get(ctx, &next, selectCustomPosition); !errors.Is(err, sql.ErrNoRows) {
		return next, err
	}
	if _, next, err = r.alerts.ledger.LastRecorded(ctx); err != nil {
		return 0, err
	}
	if _, err = db.Exec(ctx, beginCustomPosition, next); err != nil {
		return 0, err
	}
	return next, db.Get(ctx, &next, selectCustomPosition)
}

// apply has each rule look at entries, and stores what it found in a transaction of its own: one that fails holds up no
// other. The place is stored behind them all; a rule's row tells what it was judged for already.
func (r *CustomRules) apply(ctx context.Context, entries []ledger.Entry) error {
	if err := r.refresh(ctx, entries); err != nil {
		return err
	}
	end := entries[len(entries)-1].Seq + 1
	var failed error
	judged := false
	for _, l := range r.live {
		l.observe(entries)
		if len(l.pending) == 0 {
			continue
		}
		judged = true
		failed = errors.Join(failed, r.judgeOnce(ctx, l, end))
	}
	if failed != nil || !judged && end < r.saved+savedEvery {
		return failed
	}
	if _, err := r.alerts.db.Exec(ctx, saveCustomPosition, end); err != nil {
		return err
	}
	r.saved = end
	return nil
}

func (l *liveRule) observe(entries []ledger.Entry) {
	if l.rule.Kind == rules.Silence {
		return // which is listened for
	}
	for i := range entries {
		if entries[i].Seq < l.next {
			continue
		}
		l.next = entries[i].Seq + 1
		e := rules.EventOf(&entries[i])
		if f := l.eval.Observe(&e); f != nil {
			l.pending = append(l.pending, trigger{e.Seq, f})
		}
	}
}

// judgeOnce stores what a rule found. After maxAttempts it says that the rule doesn't work, and goes on without it.
func (r *CustomRules) judgeOnce(ctx context.Context, l *liveRule, end uint64) error {
	err := r.judge(ctx, l, end)
	if err == nil {
		l.pending, l.attempts = nil, 0
		return nil
	}
	if l.attempts++; l.attempts < maxAttempts || ctx.Err() != nil {
		return err
	}
	r.broken(ctx, l.id, l.definedSeq, fault.Say("What it found in entries before number %d could not be stored; it goes on behind them.", end), err)
	l.pending, l.attempts = nil, 0
	return nil
}

// refresh reads the rules again when entries say that one was changed, and tries those again that don't work.
func (r *CustomRules) refresh(ctx context.Context, entries []ledger.Entry) error {
	due := !r.loaded || !r.retryAt.IsZero() && !r.alerts.now().Before(r.retryAt)
	for i := range entries {
		due = due || strings.HasPrefix(entries[i].Action, rulePrefix)
	}
	if !due {
		return nil
	}
	var rows []ruleRow
	if err := r.alerts.db.Select(ctx, &rows, selectRules, MaxCustomRules); err != nil {
		return err
	}
	r.retryAt = time.Time{}
	live := make(map[id.ID]*liveRule, len(rows))
	for i := range rows {
		row := &rows[i]
		if !row.Enabled {
			continue
		}
		if known := r.live[row.ID]; known != nil && known.definedSeq == row.DefinedSeq {
			live[row.ID] = known
			continue
		}
		if l := r.start(ctx, row, entries[0].Seq); l != nil {
			live[row.ID] = l
			r.mended(ctx, row)
		}
	}
	r.live, r.loaded = live, true
	return ctx.Err()
}

// rulePrefix begins what is recorded of changed rules.
const rulePrefix = "alert.rule_"

// start has a rule learn from what was recorded before it begins: nil, and said on the rule, where it doesn't work.
func (r *CustomRules) start(ctx context.Context, row *ruleRow, first uint64) *liveRule {
	l := &liveRule{id: row.ID, definedSeq: row.DefinedSeq, next: max(row.DefinedSeq, first)}
	if err := row.rule(&l.rule); err != nil {
		r.broken(ctx, row.ID, row.DefinedSeq, unreadable(), err)
		return nil
	}
	l.eval = rules.NewEvaluator(l.rule, r.zone, row.DefinedAt)
	if l.rule.Kind == rules.Silence || l.rule.Kind == rules.OutsideHours {
		return l // which remember nothing
	}
	seeding, cancel := context.WithTimeout(ctx, seedTimeout)
	defer cancel()
	p, err := r.alerts.pastOf(seeding, &l.rule.Filter, r.alerts.now().Add(-l.rule.Lookback()), l.next, maxSeed)
	if err != nil || p.truncated && l.rule.Kind == rules.FirstSeen {
		r.broken(ctx, row.ID, row.DefinedSeq, fault.Say("More entries fit than can be looked at: choose a shorter window or fewer actions."), err)
		return nil
	}
	for i := range p.events {
		l.eval.Observe(&p.events[i])
	}
	return l
}

// broken says on a rule why it doesn't work, has it tried again later, and leaves the others alone.
func (r *CustomRules) broken(ctx context.Context, rule id.ID, definedSeq uint64, why fault.Text, err error) {
	r.log.Warn("an alert rule doesn't work", "rule", rule, "why", why.String(), "error", err)
	r.retryAt = r.alerts.now().Add(brokenPause)
	if _, err := r.alerts.db.Exec(ctx, tellProblem, why.Stored(maxProblem), rule, definedSeq); err != nil {
		r.log.Warn("why an alert rule doesn't work could not be stored", "rule", rule, "error", err)
	}
}

// mended takes back what was said of a rule that works again.
func (r *CustomRules) mended(ctx context.Context, row *ruleRow) {
	if row.Problem == "" {
		return
	}
	if _, err := r.alerts.db.Exec(ctx, tellProblem, "", row.ID, row.DefinedSeq); err != nil {
		r.log.Warn("that an alert rule works again could not be stored", "rule", row.ID, "error", err)
	}
}
