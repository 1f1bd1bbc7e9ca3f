package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// ReturnInput is which keys come back.
type ReturnInput struct {
	// Keys are 1 to 100 different keys.
	Keys    []id.ID
	Comment string
	// OccurredAt is set when the return was noted on paper first; then Reason is needed.
	OccurredAt     *time.Time
	Reason         string
	IdempotencyKey string
}

func (in ReturnInput) checked() (ReturnInput, error) {
	if err := distinct("keys", in.Keys, 1, MaxKeysAtOnce); err != nil {
		return in, err
	}
	var err error
	if in.Comment, err = prose("comment", in.Comment, MaxComment); err != nil {
		return in, err
	}
	if in.Reason, err = prose("reason", in.Reason, MaxReason); err != nil {
		return in, err
	}
	in.OccurredAt = inUTC(in.OccurredAt)
	return in, moment{in.OccurredAt, in.Reason}.check()
}

// Return takes keys back, from whoever holds them, all or none; a key of a ring brings the ring along. CONFLICT names the keys that are not out.
func (s *Service) Return(ctx context.Context, actor *access.Actor, in ReturnInput) (*Movement, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysIssue)
	if err != nil {
		return nil, err
	}
	if in, err = in.checked(); err != nil {
		return nil, err
	}
	var made *Movement
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"returnKeys": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayMovement(ctx, tx, claim)
			return err
		}
		made, err = s.takeBack(ctx, tx, actor, scope, claim, in)
		return err
	})
	return made, err
}

func (s *Service) takeBack(ctx context.Context, tx *mysql.Tx, actor *access.Actor, scope access.Scope, claim *ledger.Claim, in ReturnInput) (*Movement, error) {
	made, drafts, err := s.bringBack(ctx, tx, actor, scope, in)
	if err != nil {
		return nil, err
	}
	made.Entries, err = s.finish(ctx, tx, claim, drafts)
	return made, err
}

// bringBack ends the open loans of keys, and of those on the same rings, and gives the entries to append.
func (s *Service) bringBack(ctx context.Context, tx *mysql.Tx, actor *access.Actor, scope access.Scope, in ReturnInput) (*Movement, []ledger.Draft, error) {
	desk, err := s.lockWithRings(ctx, tx, in.Keys)
	if err != nil {
		return nil, nil, err
	}
	desk = desk.outTogether(len(in.Keys))
	if in := desk.in(); len(in) > 0 {
		return nil, nil, conflictIn(in)
	}
	at, err := desk.decideReturn(in, s.instant().In(s.zone))
	if err != nil {
		return nil, nil, err
	}
	cancelled, err := cancelPending(ctx, tx, desk.ids(), s.instant(), actor.Person)
	if err != nil {
		return nil, nil, err
	}
	made := &Movement{}
	drafts := make([]ledger.Draft, len(desk))
	for i := range desk {
		loan := desk[i].open
		p, err := s.people.Lookup(ctx, loan.HolderID)
		if err != nil {
			return nil, nil, err
		}
		from := holderOf(p)
		if err := mayHandle(scope, actor, from); err != nil {
			return nil, nil, err
		}
		loan.close(EndReturned, at, actor.Person, id.New())
		if err := closeLoan(ctx, tx, loan); err != nil {
			return nil, nil, err
		}
		made.Loans = append(made.Loans, loan)
		drafts[i] = movement{
			action: ledger.KeyReturned, entry: loan.ReturnedEntry, key: desk[i].key, loan: loan, holder: from,
			at: at, comment: in.Comment, reason: in.Reason, refs: cancelled.refs(loan.KeyID),
		}.draft(actor)
	}
	desk.bind(drafts)
	return made, drafts, nil
}
