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
	DueAt   *time.Time
	Comment string
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
	in.DueAt, in.OccurredAt = inUTC(in.DueAt), inUTC(in.OccurredAt)
	return in, moment{in.OccurredAt, in.Reason}.check()
}

// Issue gives keys to one holder, all or none. CONFLICT names the keys that are out.
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
	return made, err
}

func (s *Service) issue(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, in IssueInput, to holder) (*Movement, error) {
	desk, err := s.lockDesk(ctx, tx, in.Keys)
	if err != nil {
		return nil, err
	}
	if out := desk.out(); len(out) > 0 {
		return nil, s.conflictOut(actor, out)
	}
	at, err := desk.decideIssue(in, s.instant())
	if err != nil {
		return nil, err
	}
	made := &Movement{}
	drafts := make([]ledger.Draft, len(desk))
	for i := range desk {
		loan := &Loan{
			ID: id.NewAt(at), KeyID: desk[i].key.ID, HolderID: to.id, Department: to.department,
			IssuedByID: actor.Person, IssuedAt: at, DueAt: in.DueAt, IssuedEntry: id.New(),
		}
		loan.Overdue = overdue(loan.DueAt, s.instant())
		made.Loans = append(made.Loans, loan)
		drafts[i] = movement{
			action: ledger.KeyIssued, entry: loan.IssuedEntry, key: desk[i].key, loan: loan, holder: to,
			at: at, comment: in.Comment, reason: in.Reason,
		}.draft(actor)
	}
	if err := insertLoans(ctx, tx, made.Loans); err != nil {
		return nil, err
	}
	made.Entries, err = s.finish(ctx, tx, claim, drafts)
	return made, err
}
