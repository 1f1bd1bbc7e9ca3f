package alerts

import (
	"context"
	"database/sql"
	"errors"
	"maps"
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
	// savedWithin bounds how old the stored place is while entries come.
	savedWithin = time.Minute
	// seedTimeout bounds how long that may take, so that other rules get their turn.
	seedTimeout = 5 * time.Second
	// brokenPause is how soon a rule that doesn't work is tried again.
	brokenPause = time.Minute
	// maxRemembered bounds how many groups and entries all rules together remember. With the longest names that is some
	// 100 MiB.
	maxRemembered = 300_000
	// maxAttempts is how often one batch is tried for a rule before it goes on without.
	maxAttempts = 5
)

// follower is the rules as they are applied; only Run's goroutine uses it.
type follower struct {
	live    map[id.ID]*liveRule
	loaded  bool
	saved   uint64
	savedAt time.Time
	retryAt time.Time // zero while every rule works
	// remembered is how much the rules may remember together.
	remembered int
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
	// problem is what is said of the rule although it works, as it is stored.
	problem string
	// anewUntil is until when it may have counted too little because it could not learn from all of the past; zero for not.
	anewUntil time.Time
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
		if err := r.makeRoom(ctx, r.live); err != nil {
			return err
		}
		if len(l.pending) == 0 {
			continue
		}
		judged = true
		failed = errors.Join(failed, r.judgeOnce(ctx, l, end))
	}
	now := r.alerts.now()
	if failed != nil || !judged && end < r.saved+savedEvery && now.Sub(r.savedAt) < savedWithin {
		return failed
	}
	if _, err := r.alerts.db.Exec(ctx, saveCustomPosition, end); err != nil {
		return err
	}
	r.saved, r.savedAt = end, now
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
	if ctx.Err() != nil || fault.Is(err, fault.Unavailable) { // it is not the rule that doesn't work
		return err
	}
	if l.attempts++; l.attempts < maxAttempts {
		return err
	}
	if told := r.broken(ctx, l.id, l.definedSeq, fault.Say("What it found in entries before number %d could not be stored; it goes on behind them.", end), err); told != nil {
		return errors.Join(err, told) // nobody would know
	}
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
		if known := r.live[row.ID]; known != nil && known.definedSeq == row.DefinedSeq && row.rule(&known.rule) == nil {
			live[row.ID] = known // its severity may be another
			continue
		}
		l, err := r.start(ctx, row, &entries[0])
		if err != nil {
			r.keep(live)
			return err
		}
		if l == nil {
			continue
		}
		live[row.ID] = l
		if err := r.makeRoom(ctx, live); err != nil {
			r.keep(live)
			return err
		}
	}
	r.live, r.loaded = live, true
	return nil
}

// makeRoom has rules forget what is too much for all together, and says on each whether that makes a difference as things
// are.
func (r *CustomRules) makeRoom(ctx context.Context, live map[id.ID]*liveRule) error {
	all := make([]*rules.Evaluator, 0, len(live))
	for _, l := range live {
		all = append(all, l.eval)
	}
	rules.Shrink(all, r.remembered)
	for _, l := range live {
		why := l.impaired()
		said := why.Stored(maxProblem)
		if l.problem == said {
			continue
		}
		if err := r.tell(ctx, l.id, l.definedSeq, why); err != nil {
			return err
		}
		l.problem = said
	}
	return nil
}

// impaired says why a rule that works may find less than it should, nothing where it finds all.
func (l *liveRule) impaired() fault.Text {
	switch {
	case l.eval.Forgetful() && l.rule.Kind == rules.FirstSeen:
		return blind()
	case l.eval.Forgetful():
		return forgetful()
	case l.eval.Now().Before(l.anewUntil):
		return countsAnew()
	}
	return fault.Text{}
}

func blind() fault.Text {
	return fault.Say("It finds nothing for now: more is known to it than can be remembered, and what it had to forget would be taken for new." +
		" Narrow what it looks at, choose a shorter window, or tell entries apart by something else.")
}

func countsAnew() fault.Text {
	return fault.Say("More entries fit than can be looked at, so it began to count anew: choose a shorter window or fewer actions.")
}

func forgetful() fault.Text {
	return fault.Say("It tells more groups apart than can be remembered. Those that it had not met for the longest are forgotten, with what was" +
		" counted for them: narrow what it looks at, or tell entries apart by something else.")
}

// keep has rules that were started go on when not all could be, so that the next attempt has less to do.
func (r *CustomRules) keep(started map[id.ID]*liveRule) {
	maps.Copy(r.live, started)
	r.loaded = false
}

// rulePrefix begins what is recorded of changed rules.
const rulePrefix = "alert.rule_"

// start has a rule learn from what was recorded before the first entry that it is to be applied to: nil, and said on the
// rule, where it doesn't work. The error says that the database did not answer, or not in time.
func (r *CustomRules) start(ctx context.Context, row *ruleRow, first *ledger.Entry) (*liveRule, error) {
	l := &liveRule{id: row.ID, definedSeq: row.DefinedSeq, next: max(row.DefinedSeq, first.Seq)}
	if err := row.rule(&l.rule); err != nil {
		return nil, r.broken(ctx, row.ID, row.DefinedSeq, unreadable(), err)
	}
	l.eval = rules.NewEvaluator(l.rule, r.zone, row.DefinedAt)
	if l.rule.Kind == rules.Silence || l.rule.Kind == rules.OutsideHours {
		return l, r.mended(ctx, row) // which remember nothing
	}
	seeding, cancel := context.WithTimeout(ctx, seedTimeout)
	defer cancel()
	p, err := r.alerts.pastOf(seeding, &l.rule.Filter, first.RecordedAt.Add(-l.rule.Lookback()), l.next, maxSeed)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case fault.Is(err, fault.Unavailable):
		return nil, err
	case err != nil:
		return nil, r.broken(ctx, row.ID, row.DefinedSeq, fault.Say("What was recorded before could not be read; it is tried again every minute."), err)
	case p.truncated && l.rule.Kind == rules.FirstSeen:
		return nil, r.broken(ctx, row.ID, row.DefinedSeq, tooMuch(), nil)
	}
	for i := range p.events {
		l.eval.Observe(&p.events[i])
	}
	if p.truncated {
		l.anewUntil = earliest(p.from, first.RecordedAt).Add(l.rule.Window)
	}
	return l, r.mended(ctx, row)
}

func tooMuch() fault.Text {
	return fault.Say("More entries fit than can be looked at: choose a shorter window or fewer actions.")
}

// broken says on a rule why it doesn't work, has it tried again later, and leaves the others alone. The error says that it
// could not be said.
func (r *CustomRules) broken(ctx context.Context, rule id.ID, definedSeq uint64, why fault.Text, err error) error {
	r.log.Warn("an alert rule doesn't work", "rule", rule, "why", why.String(), "error", err)
	r.retryAt = r.alerts.now().Add(brokenPause)
	return r.tell(ctx, rule, definedSeq, why)
}

func (r *CustomRules) tell(ctx context.Context, rule id.ID, definedSeq uint64, why fault.Text) error {
	_, err := r.alerts.db.Exec(ctx, tellProblem, why.Stored(maxProblem), rule, definedSeq)
	return err
}

// mended takes back what was said of a rule that works again.
func (r *CustomRules) mended(ctx context.Context, row *ruleRow) error {
	if row.Problem == "" {
		return nil
	}
	_, err := r.alerts.db.Exec(ctx, tellProblem, "", row.ID, row.DefinedSeq)
	return err
}
