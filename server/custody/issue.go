package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// IssueInput is which keys go to whom.
type IssueInput struct {
	// Keys are 1 to 100 different keys.
	Keys   []id.ID
	Holder id.ID
	// DueAt is nil for a loan until further notice.
	DueAt *time.Time
	// DefaultDue leaves it to the groups of the keys when they are due; DueAt is nil then.
	DefaultDue bool
	Comment    string
	// OverrideReason is why the keys go out against the groups' rules or somebody's reservation.
	OverrideReason string
	// OccurredAt is set when the issue was noted on paper first; then Reason is needed.
	OccurredAt     *time.Time
	Reason         string
	IdempotencyKey string
}

func (in IssueInput) checked() (IssueInput, error) {
	if err := distinct("keys", in.Keys, 1, MaxKeysAtOnce); err != nil {
		return in, err
	}
	if in.Holder.IsZero() {
		return in, fault.Field("holder", "say who takes the keys: holder is the id of a person")
	}
	var err error
	if in.Comment, err = prose("comment", in.Comment, MaxComment); err != nil {
		return in, err
	}
	if in.Reason, err = prose("reason", in.Reason, MaxReason); err != nil {
		return in, err
	}
	if in.OverrideReason, err = prose("overrideReason", in.OverrideReason, MaxReason); err != nil {
		return in, err
	}
	in.DueAt, in.OccurredAt = inUTC(in.DueAt), inUTC(in.OccurredAt)
	return in, moment{in.OccurredAt, in.Reason}.check()
}

// Issue gives keys to one holder, all or none. CONFLICT names the keys that are out, or the reservations that are in the
// way; FORBIDDEN says who may take them. Where a key is marked, the Movement holds an approval that waits and no loan.
func (s *Service) Issue(ctx context.Context, actor *access.Actor, in IssueInput) (*Movement, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysIssue)
	if err != nil {
		return nil, err
	}
	if in, err = in.checked(); err != nil {
		return nil, err
	}
	to, err := s.taker(ctx, in.Holder)
	if err != nil {
		return nil, err
	}
	if err := mayHandle(scope, actor, to); err != nil {
		return nil, err
	}
	var made *Movement
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"issueKeys": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayMovement(ctx, tx, claim)
			return err
		}
		made, err = s.issue(ctx, tx, actor, claim, in, to)
		return err
	})
	if mysql.DuplicateIndex(err) == openKeyIndex {
		return nil, s.raced(ctx, actor, in.Keys, err)
	}
	if err != nil {
		return nil, s.recorded(ctx, actor, err)
	}
	return made, s.showApprovals(ctx, actor, made.Approvals)
}

func (s *Service) issue(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, in IssueInput, to holder) (*Movement, error) {
	desk, at, err := s.deskOf(ctx, tx, actor, in)
	if err != nil {
		return nil, err
	}
	mayOverride := s.overridesRules(actor)
	terms, err := s.termsOf(ctx, tx, actor, desk, in, to, at, mayOverride)
	if err != nil {
		return nil, err
	}
	if desk.needsApproval() {
		return s.requestApproval(ctx, tx, actor, claim, desk, request{in, to, terms, mayOverride})
	}
	return s.handOut(ctx, tx, claim, desk, handing{by: actor, actor: actor, in: in, to: to, at: at, terms: terms})
}

// deskOf locks the keys of an issue, whole rings, and gives the time of the issue, or why there can be none.
func (s *Service) deskOf(ctx context.Context, tx *mysql.Tx, actor *access.Actor, in IssueInput) (desk, time.Time, error) {
	desk, err := s.lockWithRings(ctx, tx, in.Keys)
	if err != nil {
		return nil, time.Time{}, err
	}
	if out := desk.out(); len(out) > 0 {
		return nil, time.Time{}, s.conflictOut(actor, out)
	}
	at, err := desk.decideIssue(in, s.instant().In(s.zone))
	return desk, at, err
}
