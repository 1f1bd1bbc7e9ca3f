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

// RefCorrects is the role in which a correction refers to the movement's entry.
const RefCorrects = "corrects"

// DetailCorrection holds what is said to be true now: occurredAt, previousOccurredAt and void.
const DetailCorrection = "correction"

// MaxCorrections is how often one movement may be corrected.
const MaxCorrections = 50

// CorrectInput says what was wrong with a movement. At least one of the four must be given.
type CorrectInput struct {
	// Entry is the movement's place in the ledger.
	Entry      uint64
	OccurredAt *time.Time
	// Holder is who took the key, zero to leave that.
	Holder  id.ID
	Comment string
	// Void says that it did not happen at all.
	Void bool
	// Reason has 1 to 500 characters; it is kept sealed.
	Reason         string
	IdempotencyKey string
}

func (in CorrectInput) checked() (CorrectInput, error) {
	var err error
	if in.Comment, err = prose("comment", in.Comment, MaxComment); err != nil {
		return in, err
	}
	if in.Reason, err = prose("reason", in.Reason, MaxReason); err != nil {
		return in, err
	}
	in.OccurredAt = inUTC(in.OccurredAt)
	switch {
	case in.Reason == "":
		return in, fault.Field("reason", "reason is missing: say why this is corrected")
	case in.Void && (in.OccurredAt != nil || !in.Holder.IsZero()):
		return in, fault.Field("void", "void says that it did not happen: leave occurredAt and holder out")
	case !in.Void && in.OccurredAt == nil && in.Holder.IsZero() && in.Comment == "":
		return in, fault.Field("entry", "nothing is corrected: give occurredAt, holder, comment or void")
	}
	return in, nil
}

// Correction is what a correction made: its entry, and the loan and the key as they are now held to be.
type Correction struct {
	Entry ledger.Entry
	Loan  *Loan
	Key   *Key
}

// CorrectMovement adds an entry that says what is held to be true of an issue, a return or a handover. The corrected
// entry stays as it is, and the loan follows. CONFLICT when movements of the key would no longer follow each other.
func (s *Service) CorrectMovement(ctx context.Context, actor *access.Actor, in CorrectInput) (*Correction, error) {
	if err := s.requireAll(ctx, actor, access.KeysIssue); err != nil {
		return nil, err
	}
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	var to *holder
	if !in.Holder.IsZero() {
		taker, err := s.taker(ctx, in.Holder)
		if err != nil {
			return nil, err
		}
		to = &taker
	}
	var made *Correction
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"correctMovement": in.payload()})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayCorrection(ctx, tx, claim)
			return err
		}
		made, err = s.correct(ctx, tx, actor, claim, in, to)
		return err
	})
	return made, err
}

// payload is the input as JSON that the ledger can write, whose numbers are signed.
func (in CorrectInput) payload() map[string]any {
	return map[string]any{
		"entry": int64(in.Entry), "occurredAt": in.OccurredAt, "holder": in.Holder.String(), "comment": in.Comment,
		"void": in.Void, "reason": in.Reason,
	}
}

func (s *Service) correct(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, in CorrectInput, to *holder) (*Correction, error) {
	c, err := s.lockCorrected(ctx, tx, in.Entry)
	if err != nil {
		return nil, err
	}
	now := s.instant()
	before := c.occurredAt()
	var previous *holder
	if in.Void {
		err = s.void(ctx, tx, c, now)
	} else {
		if in.OccurredAt != nil {
			if err = s.moveTo(ctx, tx, c, *in.OccurredAt, now); err != nil {
				return nil, err
			}
		}
		previous, err = s.changeHolder(ctx, tx, actor, c, to, now)
	}
	if err != nil {
		return nil, err
	}
	if !in.Void && before.Equal(c.occurredAt()) && previous == nil && in.Comment == "" {
		return nil, fault.Field("entry", "nothing differs from what is held to be true already")
	}
	if c.loan.Open() {
		if err := keepPeople(ctx, tx, c.loan.HolderID); err != nil {
			return nil, err
		}
	}
	if err := updateLoan(ctx, tx, c.loan); err != nil {
		return nil, err
	}
	d, err := s.correctionDraft(ctx, actor, c, in, before, previous, now)
	if err != nil {
		return nil, err
	}
	entries, err := s.finish(ctx, tx, claim, []ledger.Draft{d})
	if err != nil {
		return nil, err
	}
	made := &Correction{Entry: entries[0], Loan: c.loan.asOf(now)}
	made.Key, err = s.oneKey(ctx, tx, c.place.key.ID)
	return made, err
}

// correctionDraft says what is held to be true now, and of which entry.
func (s *Service) correctionDraft(ctx context.Context, actor *access.Actor, c *corrected, in CorrectInput, before time.Time, previous *holder, now time.Time) (ledger.Draft, error) {
	p, err := s.people.Lookup(ctx, c.loan.HolderID)
	if err != nil {
		return ledger.Draft{}, err
	}
	m := movement{
		action: ledger.KeyCorrected, entry: id.New(), key: c.place.key, loan: c.loan, holder: holderOf(p), at: now,
		comment: in.Comment, reason: in.Reason,
		refs: append([]ledger.Ref{ledger.EntryRef(RefCorrects, c.entry.Seq)}, c.cancelled.refs(c.place.key.ID)...),
		details: map[string]any{
			"action":         c.entry.Action,
			DetailCorrection: map[string]any{"occurredAt": c.occurredAt(), "previousOccurredAt": before, "void": in.Void},
		},
	}
	if len(c.freed) > 0 {
		m.details[DetailReservations] = standing(c.freed)
		m.refs = append(m.refs, reservationRefs(c.freed)...)
	}
	if previous != nil {
		m.refs = append(m.refs, ledger.Ref{Role: RefPreviousHolder, Type: entityPerson, ID: previous.id.String()})
		m.parts = previous.named(FieldPreviousHolder, now)
	}
	return m.draft(actor), nil
}

// replayCorrection gives what a repeated request corrected the first time, as it is now.
func (s *Service) replayCorrection(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim) (*Correction, error) {
	was, err := s.replayLoan(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	made := &Correction{Entry: was.Entry, Loan: was.Loan}
	made.Key, err = s.oneKey(ctx, tx, was.Loan.KeyID)
	return made, err
}
