package alerts

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// BuiltIn is a rule of keytrail's own, and whether it is muted.
type BuiltIn struct {
	Rule Rule
	// KeptOn says why the rule may not be muted, nothing for one that may.
	KeptOn fault.Text
	// Version goes up with each change; whoever changes the mute says which he saw. It is 0 for a rule that never was muted.
	Version int
	// MutedUntil is nil for a rule that is not muted. Who muted it, why, and how much was found since the mute began are for
	// those who see all alerts.
	MutedUntil *time.Time
	MutedByID  id.ID
	MuteReason *string
	MutedCount int
}

// BuiltInRules lists the rules of keytrail's own.
func BuiltInRules() []Rule {
	return []Rule{
		RootUsed, AccountLockedOut, SignInsFailing, NewPlace, KeyOverdue, CurfewMissed, LeaverHoldsKeys, ErasureAsked, BackupFailed,
		WebhookPaused, RetentionFailed, ArchiveDamaged, DiskFull,
	}
}

// keptOn says why a rule may not be muted: whoever could would take the others' eyes off what becomes of the record itself, or
// off what stands still from one entry on and is told only once.
func (r Rule) keptOn() fault.Text {
	switch r {
	case RootUsed:
		return fault.Say("This rule cannot be muted: root is bound by no rights, and others have to learn of each use.")
	case ErasureAsked:
		return fault.Say("This rule cannot be muted: what an erasure takes does not come back, and a second person has to hear of it in time.")
	case ArchiveDamaged:
		return fault.Say("This rule cannot be muted: an archive is all that is left of what was deleted.")
	case WebhookPaused:
		return fault.Say("This rule cannot be muted: a webhook that is paused stays so until somebody turns it on again, and nothing else would say so.")
	}
	return fault.Text{}
}

// requireAll demands the right to handle all alerts: a rule may be about anybody.
func (s *Service) requireAll(ctx context.Context, actor *access.Actor) error {
	scope, err := s.access.Require(ctx, actor, access.AlertsManage)
	if err != nil || scope == access.All {
		return err
	}
	return s.access.Refuse(ctx, actor, access.AlertsManage, entityRule,
		fault.Say("You may not change alert rules: your right %s does not reach all alerts.", access.AlertsManage))
}

// BuiltIn gives the rules of keytrail's own. Whoever sees alerts learns which are muted and until when; the rest is for those
// who see all alerts.
func (s *Service) BuiltIn(ctx context.Context, actor *access.Actor) ([]*BuiltIn, error) {
	scope, err := s.access.Require(ctx, actor, access.AlertsView)
	if err != nil {
		return nil, err
	}
	var rows []muteRow
	if err := s.db.Select(ctx, &rows, selectMutes); err != nil {
		return nil, err
	}
	byRule := make(map[Rule]*muteRow, len(rows))
	for i := range rows {
		byRule[rows[i].Rule] = &rows[i]
	}
	all := make([]*BuiltIn, 0, len(BuiltInRules()))
	for _, rule := range BuiltInRules() {
		row := byRule[rule]
		if row == nil {
			row = &muteRow{Rule: rule}
		}
		one, err := s.builtIn(ctx, s.db, row)
		if err != nil {
			return nil, err
		}
		if scope != access.All {
			one.MutedByID, one.MuteReason, one.MutedCount = id.ID{}, nil, 0
		}
		all = append(all, one)
	}
	return all, s.ledger.AwaitRead(ctx)
}

// MuteBuiltInInput mutes a rule of keytrail's own until a moment; Until is nil to end a mute.
type MuteBuiltInInput struct {
	Rule Rule
	// Version is the one that was seen.
	Version int
	Until   *time.Time
	Reason  string
}

// MuteBuiltIn has a rule go on counting what it finds without raising anything (alert.rule_muted), or ends that
// (alert.rule_unmuted). What occurs meanwhile is never raised; what goes on is, once the mute is over. The reason is sealed
// under whoever writes it. BAD_USER_INPUT for an end that is over or more than 90 days ahead, without a reason, and for a rule
// that may not be muted; CONFLICT when somebody changed the mute since it was seen.
func (s *Service) MuteBuiltIn(ctx context.Context, actor *access.Actor, in MuteBuiltInInput) (*BuiltIn, error) {
	if err := s.requireAll(ctx, actor); err != nil {
		return nil, err
	}
	if !slices.Contains(BuiltInRules(), in.Rule) {
		return nil, fault.Field("rule", "choose a rule that is built in; others are muted by their id")
	}
	if why := in.Rule.keptOn(); !why.IsZero() {
		return nil, fault.Field("rule", "choose a rule that may be muted").Saying(why)
	}
	now := s.moment()
	if in.Until != nil {
		var err error
		if in.Reason, err = checkMute(*in.Until, in.Reason, now); err != nil {
			return nil, err
		}
	}
	var changed *BuiltIn
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		row, err := lockMute(ctx, tx, in.Rule)
		if err != nil {
			return err
		}
		if row.Version != in.Version {
			return fault.New(fault.Conflict, "Somebody muted this rule or ended its mute meanwhile: reload it, and make your change again.")
		}
		if err := s.storeMute(ctx, tx, actor, row, in, now); err != nil {
			return err
		}
		changed, err = s.builtIn(ctx, tx, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	return changed, s.ledger.AwaitRead(ctx)
}

// storeMute stores and records a mute or its end, and brings row up to date. To end what is over already changes nothing.
func (s *Service) storeMute(ctx context.Context, tx *mysql.Tx, actor *access.Actor, row *muteRow, in MuteBuiltInInput, now time.Time) error {
	draft := actor.Draft(ledger.StreamSystem, ledger.AlertRuleUnmuted, now)
	draft.Outcome = ledger.Success
	draft.Entity = ledger.Entity{Type: entityRule, ID: string(in.Rule), Label: string(in.Rule)}
	muted := row.isMuted(now)
	switch {
	case in.Until != nil:
		if err := s.begin(ctx, tx, actor, row, in, now); err != nil {
			return err
		}
		draft.Action = ledger.AlertRuleMuted
		draft.Details = map[string]any{"until": row.MutedUntil.Format(ledger.TimeFormat)}
		draft.Parts = append(draft.Parts, ledger.PersonPart(fieldReason, actor.Person, now, in.Reason))
	case !muted:
		return nil
	default:
		row.MutedUntil = &now
		draft.Details = map[string]any{"muted": row.MutedCount}
	}
	row.Version++
	if err := row.store(ctx, tx); err != nil {
		return err
	}
	_, err := s.ledger.Append(ctx, tx, draft)
	return err
}

// begin has a mute begin, or makes the one that goes on a longer or shorter one.
func (s *Service) begin(ctx context.Context, tx *mysql.Tx, actor *access.Actor, row *muteRow, in MuteBuiltInInput, now time.Time) error {
	if !row.isMuted(now) {
		row.MutedSince, row.MutedCount = &now, 0
		if _, err := tx.Exec(ctx, countAnew, in.Rule); err != nil {
			return err
		}
	}
	until := in.Until.UTC().Truncate(time.Microsecond)
	row.MutedUntil, row.MutedBy = &until, actor.Person
	author := ruleSubject(actor.Person, now)
	sealed, err := s.seal.Seal(ctx, tx, author, boundToBuiltIn(in.Rule), []byte(in.Reason))
	if err != nil {
		return err
	}
	subject := string(author)
	row.MuteSubject, row.MuteSealed = &subject, sealed
	return nil
}
