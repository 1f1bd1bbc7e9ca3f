package access

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	refusalWindow = 10 * time.Second
	refusalsKept  = 4096
	recordTimeout = 5 * time.Second
)

// Why somebody was refused.
const (
	reasonMissing       = "missing_right"
	reasonFirstPassword = "first_password_unchanged"
)

// ReasonManyCallers stands in an entry that counts refusals of more callers than are told apart.
const ReasonManyCallers = "many_callers"

// refusal is what is recorded at most once in refusalWindow.
type refusal struct {
	person     id.ID
	account    id.ID
	token      id.ID
	permission Permission
}

// refused records a refusal in a transaction of its own, which does not end with the request.
func (s *Service) refused(ctx context.Context, actor *Actor, p Permission, reason string) {
	now := s.now()
	draft := actor.Draft(ledger.StreamAuth, ledger.AccessDenied, now)
	draft.Person, draft.Department = actor.Person, actor.Department
	draft.Outcome = ledger.Denied
	draft.Entity = ledger.Entity{Type: "permission", ID: string(p), Label: string(p)}
	draft.Details = map[string]any{"permission": string(p), "reason": reason}
	if !actor.Session.IsZero() {
		draft.Refs = []ledger.Ref{{Role: "session", Type: "session", ID: actor.Session.String()}}
	}
	if !actor.Token.IsZero() {
		draft.Refs = []ledger.Ref{{Role: "token", Type: "apiToken", ID: actor.Token.String()}}
	}
	if times, pass := s.refusals.Pass(refusal{actor.Person, actor.Account, actor.Token, p}, now, draft); pass {
		s.record(ctx, draft, times)
	}
}

// record appends a refusal. times says for how many refusals it stands.
func (s *Service) record(ctx context.Context, draft ledger.Draft, times int) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	draft.Details["times"] = times
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, draft)
		return err
	})
	if err != nil { // the caller is refused all the same
		s.log.Error("a refusal could not be recorded", "permission", draft.Entity.ID, "person", draft.Actor, "error", err)
	}
}

// recordHeldBack records what was counted and not recorded at once, and the rest when ctx ends.
func (s *Service) recordHeldBack(ctx context.Context) error {
	ticks := time.NewTicker(refusalWindow)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			s.drainRefusals(ctx, s.now().Add(refusalWindow))
			return nil
		case <-ticks.C:
			s.drainRefusals(ctx, s.now())
		}
	}
}

func (s *Service) drainRefusals(ctx context.Context, now time.Time) {
	for _, held := range s.refusals.Drain(now) {
		s.record(ctx, held.Last, held.Times)
	}
}
