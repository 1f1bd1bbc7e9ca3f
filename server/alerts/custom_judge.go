package alerts

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	lockLive = "SELECT defined_seq, next_seq, enabled, muted_until, silent_since FROM alert_rule WHERE id = ? AND removed_at IS NULL FOR UPDATE"
	// manyGroups is how many groups of one batch have an alert each. More are one alert.
	manyGroups = 20
)

// standing is how a rule stands when what it found is stored.
type standing struct {
	DefinedSeq  uint64     `db:"defined_seq"`
	NextSeq     uint64     `db:"next_seq"`
	Enabled     bool       `db:"enabled"`
	MutedUntil  *time.Time `db:"muted_until"`
	SilentSince *time.Time `db:"silent_since"`
}

// stand locks a rule's row. It is nil when the rule is not what was applied any more.
func stand(ctx context.Context, tx *mysql.Tx, rule id.ID, definedSeq uint64) (*standing, error) {
	var is standing
	err := tx.Get(ctx, &is, lockLive, rule)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (!is.Enabled || is.DefinedSeq != definedSeq) {
		return nil, nil
	}
	return &is, err
}

// judge stores what a rule found in entries before end that no server has judged it for.
func (r *CustomRules) judge(ctx context.Context, l *liveRule, end uint64) error {
	return r.alerts.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		is, err := stand(ctx, tx, l.id, l.definedSeq)
		if err != nil || is == nil || end <= is.NextSeq {
			return err
		}
		fresh := slices.DeleteFunc(slices.Clone(l.pending), func(t trigger) bool { return t.seq < is.NextSeq })
		cases := casesOf(fresh)
		findings := make([]*finding, len(cases))
		for i, one := range cases {
			findings[i] = customFinding(l.id, &l.rule, one)
		}
		return r.settle(ctx, tx, l.id, is, judgement{findings, len(fresh), end, l.problem})
	})
}

// judgement is what a rule found in entries before end, how many times, and what stays to be said of the rule.
type judgement struct {
	findings []*finding
	times    int
	end      uint64
	problem  string
}

// settle raises what a rule found, or counts how often it was found while the rule is muted.
func (r *CustomRules) settle(ctx context.Context, tx *mysql.Tx, rule id.ID, is *standing, j judgement) error {
	now := r.alerts.moment()
	if len(j.findings) == 0 {
		return nil
	}
	if is.MutedUntil != nil && now.Before(*is.MutedUntil) {
		_, err := tx.Exec(ctx, countMuted, j.end, j.times, j.problem, rule)
		return err
	}
	var drafts []ledger.Draft
	var last id.ID
	for _, f := range j.findings {
		alert, said, err := r.alerts.raise(ctx, tx, f, now)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insertOfRule, alert, rule); err != nil {
			return err
		}
		drafts, last = append(drafts, said...), alert
	}
	if _, err := tx.Exec(ctx, judgedRule, j.end, last, now, j.problem, rule); err != nil || len(drafts) == 0 {
		return err
	}
	_, err := r.alerts.ledger.Append(ctx, tx, drafts...)
	return err
}

// casesOf puts together what a rule found for each group. What is found for very many at once is one case, so that a storm is
// one alert.
func casesOf(found []trigger) []*rules.Finding {
	byGroup := map[string]*rules.Finding{}
	var cases []*rules.Finding
	for _, t := range found {
		if known := byGroup[t.finding.Group]; known != nil {
			known.Join(t.finding)
			continue
		}
		one := *t.finding
		one.Evidence = slices.Clone(one.Evidence) // the batch may be judged again
		byGroup[one.Group] = &one
		cases = append(cases, &one)
	}
	if len(cases) <= manyGroups {
		return cases
	}
	all := &rules.Finding{At: cases[0].At}
	for _, one := range cases {
		all.Join(one)
	}
	return []*rules.Finding{all}
}

// customFinding is what a rule found as an alert. Nothing of it tells the rule's name.
func customFinding(rule id.ID, r *rules.Rule, f *rules.Finding) *finding {
	evidence := slices.Compact(slices.Sorted(slices.Values(f.Evidence)))
	return &finding{
		rule: Custom, subject: rule.String() + "|" + f.Group, person: f.Person, department: f.Department, at: f.At, evidence: evidence,
		severity: r.Severity, details: map[string]any{"customRule": rule.String(), "kind": string(r.Kind)},
	}
}
