package custody

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// requireAll demands a permission that reaches everything.
func (s *Service) requireAll(ctx context.Context, actor *access.Actor, p access.Permission) error {
	scope, err := s.access.Require(ctx, actor, p)
	if err != nil || scope == access.All {
		return err
	}
	return fault.New(fault.Forbidden, "This needs the right %s for all keys: ask somebody who has it.", p)
}

// notReached is the refusal of somebody whose right to issue keys does not reach what he wants to change.
func notReached() *fault.Error {
	return fault.New(fault.Forbidden, "Your right %s does not reach this: ask a custodian of all keys.", access.KeysIssue).
		With(detailPermission, string(access.KeysIssue))
}

// detailPermission names the right that was missing.
const detailPermission = "permission"

// refusal records that somebody was refused who does not hold the right to issue keys at all, and says so where that
// right is what was missing. It is asked for after the transaction, which the refusal ended.
func (s *Service) refusal(ctx context.Context, actor *access.Actor, err error) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Forbidden {
		return err
	}
	_, missing := s.access.Require(ctx, actor, access.KeysIssue)
	if missing != nil && f.Data[detailPermission] != nil {
		return missing
	}
	return err
}

// holds reports whether the actor himself has the loan's key. A program has none.
func holds(actor *access.Actor, l *Loan) bool {
	return l != nil && actor.Is(l.HolderID)
}

// personally reports whether the actor is that person in a session of his own.
func personally(actor *access.Actor, person id.ID) bool {
	return actor.Token.IsZero() && actor.Is(person)
}
