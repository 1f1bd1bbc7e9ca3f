package alerts

import (
	"context"
	"encoding/json"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// SaveRuleInput makes a rule, or changes the one with an id.
type SaveRuleInput struct {
	ID id.ID
	// Version is the one that was seen; nil for a new rule.
	Version *int
	Name    string
	Rule    *RuleInput
	// Enabled is nil for true.
	Enabled *bool
}

// Save makes a rule (alert.rule_created), or changes one (alert.rule_changed). It finds what is recorded from then on; one
// whose name or severity alone changes goes on. The name is sealed under whoever writes it, and goes with him. BAD_USER_INPUT for what makes no sense; CONFLICT when somebody
// changed the rule since it was seen; NOT_FOUND when there is none of that id.
func (r *CustomRules) Save(ctx context.Context, actor *access.Actor, in SaveRuleInput) (*CustomRule, error) {
	if err := r.requireAll(ctx, actor); err != nil {
		return nil, err
	}
	name, err := checkText("name", in.Name, 1, maxRuleName)
	if err != nil {
		return nil, err
	}
	rule, err := in.Rule.rule()
	if err != nil {
		return nil, err
	}
	if !in.ID.IsZero() && in.Version == nil {
		return nil, fault.Field("version", "say which version of the rule you saw")
	}
	var saved *CustomRule
	err = r.alerts.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		if saved, err = r.former(ctx, tx, in); err != nil {
			return err
		}
		renamed := saved.Name == nil || *saved.Name != name
		enabled := in.Enabled == nil || *in.Enabled
		redefined := saved.Version == 0 || saved.Enabled != enabled || !saved.FindsAs(&rule)
		saved.Name, saved.Rule, saved.Enabled = &name, rule, enabled
		saved.Version++
		return r.storeRule(ctx, tx, actor, saved, renamed, redefined)
	})
	if err != nil {
		return nil, err
	}
	return saved, r.alerts.ledger.AwaitRead(ctx)
}

// former locks and gives the rule that is changed; for a new one, it gives that and asks whether there is room.
func (r *CustomRules) former(ctx context.Context, tx *mysql.Tx, in SaveRuleInput) (*CustomRule, error) {
	if !in.ID.IsZero() {
		c, err := r.findRule(ctx, tx, selectOneRule+" FOR UPDATE", in.ID)
		if err == nil && c.Version != *in.Version {
			return nil, fault.New(fault.Conflict, "Somebody changed this rule meanwhile: reload it, and make your change again.")
		}
		return c, err
	}
	var there []id.ID
	if err := tx.Select(ctx, &there, lockRules); err != nil {
		return nil, err
	}
	if len(there) >= MaxCustomRules {
		return nil, fault.New(fault.Conflict, "There are %d alert rules already, and no more can be: remove one that is not needed any more.", MaxCustomRules)
	}
	return &CustomRule{ID: id.New()}, nil
}

// storeRule stores and records a rule. The entry's number is where a rule begins that is to find something else from now on.
// A name that stays is still that of whoever wrote it.
func (r *CustomRules) storeRule(ctx context.Context, tx *mysql.Tx, actor *access.Actor, c *CustomRule, renamed, redefined bool) (err error) {
	now := r.alerts.moment()
	c.ChangedAt, c.ChangedByID = now, actor.Person
	if redefined {
		c.definedAt, c.Problem = now, fault.Text{}
	}
	if renamed {
		if c.subject, c.sealed, err = r.sealText(ctx, tx, textName, c.ID, *c.Name, actor.Person, now); err != nil {
			return err
		}
	}
	definition, err := json.Marshal(c.Rule)
	if err != nil {
		return err
	}
	action := ledger.AlertRuleChanged
	switch {
	case c.Version == 1:
		c.CreatedAt, action = now, ledger.AlertRuleCreated
		_, err = tx.Exec(ctx, insertRule, c.ID, c.subject, c.sealed, definition, c.Enabled, c.Version, now, now, now, actor.Person)
	case redefined:
		_, err = tx.Exec(ctx, redefineRule, c.subject, c.sealed, definition, c.Enabled, c.Version, now, now, actor.Person, c.ID)
	default:
		_, err = tx.Exec(ctx, updateRule, c.subject, c.sealed, definition, c.Version, now, actor.Person, c.ID)
	}
	if err != nil {
		return err
	}
	draft := c.draft(actor, action, now)
	draft.Details = detailsOf(&c.Rule)
	draft.Details["enabled"] = c.Enabled
	if renamed {
		draft.Parts = append(draft.Parts, ledger.PersonPart(fieldName, actor.Person, now, *c.Name))
	}
	entries, err := r.alerts.ledger.Append(ctx, tx, draft)
	if err != nil || !redefined {
		return err
	}
	c.definedSeq = entries[0].Seq + 1
	_, err = tx.Exec(ctx, placeRule, c.definedSeq, c.definedSeq, c.ID)
	return err
}

const (
	fieldName   = "name"
	fieldReason = "reason"
)

// draft begins an entry about a rule. Its name stands nowhere in plain.
func (c *CustomRule) draft(actor *access.Actor, action string, at time.Time) ledger.Draft {
	d := actor.Draft(ledger.StreamSystem, action, at)
	d.Outcome = ledger.Success
	d.Entity = ledger.Entity{Type: entityRule, ID: c.ID.String()}
	d.Details = map[string]any{}
	return d
}

// detailsOf says what a rule looks for.
func detailsOf(r *rules.Rule) map[string]any {
	details := map[string]any{"kind": string(r.Kind), "severity": string(r.Severity), "groupBy": string(r.Group)}
	texts := func(name string, all []string) {
		if len(all) == 0 {
			return
		}
		said := make([]any, len(all))
		for i, one := range all {
			said[i] = one
		}
		details[name] = said
	}
	streams := make([]string, len(r.Filter.Streams))
	for i, s := range r.Filter.Streams {
		streams[i] = string(s)
	}
	texts("streams", streams)
	texts("actions", r.Filter.Actions)
	texts("sources", r.Filter.Sources)
	if r.Filter.Outcome != "" {
		details["outcome"] = string(r.Filter.Outcome)
	}
	if r.Window > 0 {
		details["windowMinutes"] = int(r.Window.Minutes())
	}
	if r.Count > 0 {
		details["count"] = r.Count
	}
	return details
}

// MuteRuleInput mutes a rule until a moment; Until is nil to end a mute.
type MuteRuleInput struct {
	Rule   id.ID
	Until  *time.Time
	Reason string
}

// Mute has a rule go on counting what it finds without raising anything (alert.rule_muted), or ends that
// (alert.rule_unmuted). The reason is sealed under whoever writes it. BAD_USER_INPUT for an end that is over or more than
// 90 days ahead, or without a reason; NOT_FOUND when there is no such rule.
func (r *CustomRules) Mute(ctx context.Context, actor *access.Actor, in MuteRuleInput) (*CustomRule, error) {
	if err := r.requireAll(ctx, actor); err != nil {
		return nil, err
	}
	now := r.alerts.moment()
	if in.Until != nil {
		var err error
		if in.Reason, err = checkMute(*in.Until, in.Reason, now); err != nil {
			return nil, err
		}
	}
	return r.change(ctx, actor, in.Rule, func(ctx context.Context, tx *mysql.Tx, c *CustomRule) (ledger.Draft, error) {
		return r.mute(ctx, tx, actor, c, in, now)
	})
}

// checkMute gives the reason of a mute as it is kept.
func checkMute(until time.Time, reason string, now time.Time) (string, error) {
	if !until.After(now) || until.Sub(now) > longestMute {
		return "", fault.Field("until", "choose an end within the next 90 days")
	}
	return checkText(fieldReason, reason, 1, maxMuteReason)
}

func (r *CustomRules) mute(ctx context.Context, tx *mysql.Tx, actor *access.Actor, c *CustomRule, in MuteRuleInput, now time.Time) (ledger.Draft, error) {
	if in.Until == nil {
		draft := c.draft(actor, ledger.AlertRuleUnmuted, now)
		draft.Details = map[string]any{"muted": c.MutedCount}
		c.MutedUntil, c.MuteReason = nil, nil
		_, err := tx.Exec(ctx, unmuteRule, c.ID)
		return draft, err
	}
	until := in.Until.UTC().Truncate(time.Microsecond)
	if c.MutedUntil == nil {
		c.MutedCount = 0
	}
	c.MutedUntil, c.MuteReason = &until, &in.Reason
	draft := c.draft(actor, ledger.AlertRuleMuted, now)
	draft.Details = map[string]any{"until": until.Format(ledger.TimeFormat)}
	draft.Parts = append(draft.Parts, ledger.PersonPart(fieldReason, actor.Person, now, in.Reason))
	subject, sealed, err := r.sealText(ctx, tx, textMute, c.ID, in.Reason, actor.Person, now)
	if err != nil {
		return draft, err
	}
	_, err = tx.Exec(ctx, muteRule, until, subject, sealed, until, c.MutedCount, c.ID)
	return draft, err
}

// Remove ends a rule (alert.rule_removed); its alerts stay. NOT_FOUND when there is none.
func (r *CustomRules) Remove(ctx context.Context, actor *access.Actor, rule id.ID) (*CustomRule, error) {
	if err := r.requireAll(ctx, actor); err != nil {
		return nil, err
	}
	return r.change(ctx, actor, rule, func(ctx context.Context, tx *mysql.Tx, c *CustomRule) (ledger.Draft, error) {
		now := r.alerts.moment()
		_, err := tx.Exec(ctx, removeRule, now, now, actor.Person, c.ID)
		return c.draft(actor, ledger.AlertRuleRemoved, now), err
	})
}

// change locks a rule, has it changed, and records that.
func (r *CustomRules) change(ctx context.Context, actor *access.Actor, rule id.ID, with func(ctx context.Context, tx *mysql.Tx, c *CustomRule) (ledger.Draft, error)) (*CustomRule, error) {
	var changed *CustomRule
	err := r.alerts.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		if changed, err = r.findRule(ctx, tx, selectOneRule+" FOR UPDATE", rule); err != nil {
			return err
		}
		draft, err := with(ctx, tx, changed)
		if err != nil {
			return err
		}
		_, err = r.alerts.ledger.Append(ctx, tx, draft)
		return err
	})
	if err != nil {
		return nil, err
	}
	return changed, r.alerts.ledger.AwaitRead(ctx)
}
