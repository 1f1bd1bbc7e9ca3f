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

// AcceptInput accepts or declines a handover.
type AcceptInput struct {
	Handover id.ID
	// Accept is false to decline.
	Accept bool
	// Badge is the receiver's, where somebody else confirms that he is there.
	Badge string
	// Note has at most 2,000 characters; it is kept sealed.
	Note           string
	IdempotencyKey string
}

// AcceptHandover accepts or declines a handover: the receiver himself, signed in, or somebody who may issue keys to him
// and confirms his badge; never the giver. What the same giver offered with it of the same ring goes along. CONFLICT when it
// is not pending or a reservation made since is in the way, FORBIDDEN when the receiver may not take the key now, NOT_FOUND
// when the actor may not see it, BAD_USER_INPUT, which is recorded as a refusal, when it is not his badge.
func (s *Service) AcceptHandover(ctx context.Context, actor *access.Actor, in AcceptInput) (*Handovers, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysView); err != nil {
		return nil, err
	}
	var err error
	if in.Note, err = prose("note", in.Note, MaxComment); err != nil {
		return nil, err
	}
	return s.stepOf(ctx, actor, in.Handover, in.IdempotencyKey, map[string]any{"acceptHandover": in}, func(ctx context.Context, tx *mysql.Tx, offered offers) (*Handovers, []ledger.Draft, error) {
		receiver, err := s.mayAccept(ctx, actor, offered[0].Handover, in.Badge)
		if err != nil {
			return nil, nil, err
		}
		if err := offered.wait(); err != nil {
			return nil, nil, err
		}
		if !in.Accept {
			return s.declineOrCancel(ctx, tx, actor, offered, HandoverDeclined, movement{action: ledger.KeyHandoverDeclined, comment: in.Note})
		}
		if s.people.True(offered[0].FromID) == receiver.id {
			return nil, nil, fault.New(fault.Conflict, "Giver and receiver turned out to be one person: cancel this handover.")
		}
		return s.passOn(ctx, tx, actor, offered, receiver, in.Note)
	})
}

// CancelInput takes a handover back.
type CancelInput struct {
	Handover id.ID
	// Reason has at most 500 characters; it is kept sealed.
	Reason         string
	IdempotencyKey string
}

// CancelHandover takes a handover back that waits: whoever asked for it, the giver, or who may issue keys to him.
func (s *Service) CancelHandover(ctx context.Context, actor *access.Actor, in CancelInput) (*Handovers, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysView); err != nil {
		return nil, err
	}
	var err error
	if in.Reason, err = prose("reason", in.Reason, MaxReason); err != nil {
		return nil, err
	}
	return s.stepOf(ctx, actor, in.Handover, in.IdempotencyKey, map[string]any{"cancelHandover": in}, func(ctx context.Context, tx *mysql.Tx, offered offers) (*Handovers, []ledger.Draft, error) {
		h := offered[0]
		asked := actor.Is(h.RequestedByID) || actor.Is(h.FromID)
		if !asked && !s.access.ScopeOf(actor, access.KeysIssue).Reaches(actor, h.FromID, h.FromDepartment) {
			return nil, nil, notReached()
		}
		if err := offered.wait(); err != nil {
			return nil, nil, err
		}
		return s.declineOrCancel(ctx, tx, actor, offered, HandoverCancelled, movement{action: ledger.KeyHandoverCancelled, reason: in.Reason})
	})
}

// step does something with handovers whose keys are locked, and gives the entries to append.
type step func(ctx context.Context, tx *mysql.Tx, offered offers) (*Handovers, []ledger.Draft, error)

func (s *Service) stepOf(ctx context.Context, actor *access.Actor, handover id.ID, key string, payload map[string]any, do step) (*Handovers, error) {
	var made *Handovers
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), key, payload)
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayHandovers(ctx, tx, claim)
			return err
		}
		offered, err := s.lockOffers(ctx, tx, actor, handover)
		if err != nil {
			return err
		}
		var drafts []ledger.Draft
		if made, drafts, err = do(ctx, tx, offered); err != nil {
			return err
		}
		made.Entries, err = s.finish(ctx, tx, claim, drafts)
		return err
	})
	return made, s.told(ctx, actor, err)
}

// seenBy reports whether a scope of the right to see keys reaches a handover.
func (h *Handover) seenBy(actor *access.Actor, scope access.Scope) bool {
	asked := actor.Is(h.RequestedByID) && scope != access.None
	return asked || scope.Reaches(actor, h.FromID, h.FromDepartment) || scope.Reaches(actor, h.ToID, h.ReceiverDepartment)
}

// waits demands that nobody has decided yet and that the giver still holds the key.
func (h *Handover) waits(p *place) error {
	words := map[HandoverState]fault.Text{
		HandoverAccepted: fault.Say("was accepted"), HandoverDeclined: fault.Say("was declined"), HandoverCancelled: fault.Say("was cancelled"),
		HandoverExpired: fault.Say("waited for more than a day"),
	}
	switch {
	case h.State != HandoverPending:
		return fault.New(fault.Conflict, "This handover of key %s %s already: begin another.", p.key.Number, words[h.State]).
			With("state", string(h.State))
	case p.open == nil || p.open.ID != h.LoanID:
		return fault.New(fault.Conflict, "Key %s is no longer with the giver, so it cannot be handed over.", p.key.Number)
	}
	return nil
}

// mayAccept demands that it is the receiver, or somebody who may issue keys to him and has his badge, and not the giver.
func (s *Service) mayAccept(ctx context.Context, actor *access.Actor, h *Handover, badge string) (holder, error) {
	p, err := s.people.Lookup(ctx, h.ToID)
	if err != nil {
		return holder{}, err
	}
	to := holderOf(p)
	switch {
	case actor.Is(h.FromID):
		return to, fault.New(fault.Forbidden, "Whoever gives a key cannot accept it for the receiver: let him do so himself.")
	case p.Erased:
		return to, fault.New(fault.Conflict, "The receiver is no longer on record: cancel this handover.")
	case personally(actor, h.ToID):
		return to, nil
	case !s.access.ScopeOf(actor, access.KeysIssue).Reaches(actor, to.id, to.department):
		return to, notReached()
	case p.Badge == "":
		return to, fault.Field("badge", "the receiver has no badge on record: let him accept it himself")
	case !p.HasBadge(badge):
		return to, &refusal{access.KeysIssue, reasonWrongBadge, fault.Field("badge", "this is not the receiver's badge: read it again")}
	}
	return to, nil
}

// passOn ends the giver's loans and begins the receiver's at the same instant.
func (s *Service) passOn(ctx context.Context, tx *mysql.Tx, actor *access.Actor, offered offers, to holder, note string) (*Handovers, []ledger.Draft, error) {
	from, err := s.people.Lookup(ctx, offered[0].FromID)
	if err != nil {
		return nil, nil, err
	}
	d := offered.desk()
	at := s.instant()
	if last := d.latest(func(p place) time.Time { return p.open.IssuedAt }).open.IssuedAt; at.Before(last) { // the clock went back
		at = last
	}
	t, why, err := s.termsOfAcceptance(ctx, tx, actor, offered, to, at)
	if err != nil {
		return nil, nil, err
	}
	made := &Handovers{Handovers: offered.handovers()}
	var drafts []ledger.Draft
	var begun []*Loan
	for _, one := range offered {
		next, m, err := s.passOne(ctx, tx, actor, one, to, holderOf(from), at, t)
		if err != nil {
			return nil, nil, err
		}
		m.comment = note
		made.Loans, begun, drafts = append(made.Loans, one.open, next), append(begun, next), append(drafts, m.draft(actor))
	}
	d.bind(drafts)
	broken, err := s.tellBroken(ctx, actor, d, begun, t.broken, why)
	return made, append(drafts, broken...), err
}

// passOne passes one key on, and gives the receiver's loan and what its entry says.
func (s *Service) passOne(ctx context.Context, tx *mysql.Tx, actor *access.Actor, h offer, to, giver holder, at time.Time, t terms) (*Loan, movement, error) {
	if overdue(h.DueAt, at) {
		return nil, movement{}, fault.New(fault.Conflict, "The due time of this handover of key %s has passed: begin another.", h.key.Number)
	}
	next := &Loan{
		ID: id.NewAt(at), KeyID: h.KeyID, HolderID: to.id, Department: to.department, IssuedByID: h.RequestedByID,
		IssuedAt: at, DueAt: h.DueAt, IssuedEntry: id.New(),
	}
	h.open.close(EndHandedOver, at, actor.Person, next.IssuedEntry)
	if err := closeLoan(ctx, tx, h.open); err != nil {
		return nil, movement{}, err
	}
	if err := insertLoans(ctx, tx, []*Loan{next}); err != nil {
		return nil, movement{}, err
	}
	used, err := t.use(ctx, tx, next)
	if err != nil {
		return nil, movement{}, err
	}
	now := s.instant()
	h.decide(HandoverAccepted, now, actor.Person)
	h.NewLoanID = next.ID
	return next.asOf(now), movement{
		action: ledger.KeyHandedOver, entry: next.IssuedEntry, key: h.key, loan: next, holder: to, at: at,
		refs: append([]ledger.Ref{
			{Role: RefPreviousLoan, Type: RefLoan, ID: h.open.ID.String()},
			{Role: RefPreviousHolder, Type: entityPerson, ID: giver.id.String()}, h.ref(),
		}, used...),
		parts: giver.named(FieldPreviousHolder, at),
	}, updateHandover(ctx, tx, h.Handover)
}

// named seals who the person is under his own key, nothing once that is destroyed.
func (h holder) named(field string, at time.Time) []ledger.Part {
	if h.erased {
		return nil
	}
	return []ledger.Part{h.about(field, at, h.details)}
}

// declineOrCancel ends handovers that wait; the giver keeps the keys.
func (s *Service) declineOrCancel(ctx context.Context, tx *mysql.Tx, actor *access.Actor, offered offers, state HandoverState, m movement) (*Handovers, []ledger.Draft, error) {
	from, err := s.people.Lookup(ctx, offered[0].FromID)
	if err != nil {
		return nil, nil, err
	}
	now := s.instant()
	drafts := make([]ledger.Draft, len(offered))
	for i, h := range offered {
		h.decide(state, now, actor.Person)
		if err := updateHandover(ctx, tx, h.Handover); err != nil {
			return nil, nil, err
		}
		m.entry, m.key, m.loan, m.holder, m.at = id.New(), h.key, h.open, holderOf(from), now
		m.refs = []ledger.Ref{h.ref(), {Role: RefReceiver, Type: entityPerson, ID: h.ToID.String()}}
		drafts[i] = m.draft(actor)
	}
	offered.desk().bind(drafts)
	return &Handovers{Handovers: offered.handovers(), Loans: []*Loan{}}, drafts, nil
}

func (h *Handover) decide(state HandoverState, at time.Time, by id.ID) {
	h.State, h.DecidedAt, h.DecidedByID = state, &at, by
}
