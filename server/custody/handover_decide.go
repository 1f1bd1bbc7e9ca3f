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
// and confirms his badge; never the giver. CONFLICT when it is not pending, NOT_FOUND when the actor may not see it.
func (s *Service) AcceptHandover(ctx context.Context, actor *access.Actor, in AcceptInput) (*Handovers, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysView); err != nil {
		return nil, err
	}
	var err error
	if in.Note, err = prose("note", in.Note, MaxComment); err != nil {
		return nil, err
	}
	return s.stepOf(ctx, actor, in.Handover, in.IdempotencyKey, map[string]any{"acceptHandover": in}, func(ctx context.Context, tx *mysql.Tx, h *Handover, p *place) (*Handovers, []ledger.Draft, error) {
		receiver, err := s.mayAccept(ctx, actor, h, in.Badge)
		if err != nil {
			return nil, nil, err
		}
		if err := h.waits(p); err != nil {
			return nil, nil, err
		}
		if !in.Accept {
			return s.declineOrCancel(ctx, tx, actor, h, p, HandoverDeclined, movement{action: ledger.KeyHandoverDeclined, comment: in.Note})
		}
		return s.passOn(ctx, tx, actor, h, p, receiver, in.Note)
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
	return s.stepOf(ctx, actor, in.Handover, in.IdempotencyKey, map[string]any{"cancelHandover": in}, func(ctx context.Context, tx *mysql.Tx, h *Handover, p *place) (*Handovers, []ledger.Draft, error) {
		asked := !actor.Person.IsZero() && (actor.Person == h.RequestedByID || actor.Person == h.FromID)
		if !asked && !s.access.ScopeOf(actor, access.KeysIssue).Reaches(actor, h.FromID, h.FromDepartment) {
			return nil, nil, notReached()
		}
		if err := h.waits(p); err != nil {
			return nil, nil, err
		}
		return s.declineOrCancel(ctx, tx, actor, h, p, HandoverCancelled, movement{action: ledger.KeyHandoverCancelled, reason: in.Reason})
	})
}

// step does something with a handover whose key is locked, and gives the entries to append.
type step func(ctx context.Context, tx *mysql.Tx, h *Handover, p *place) (*Handovers, []ledger.Draft, error)

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
		h, p, err := s.lockHandover(ctx, tx, actor, handover)
		if err != nil {
			return err
		}
		var drafts []ledger.Draft
		if made, drafts, err = do(ctx, tx, h, p); err != nil {
			return err
		}
		made.Entries, err = s.finish(ctx, tx, claim, drafts)
		return err
	})
	return made, s.refusal(ctx, actor, err)
}

// lockHandover locks a handover's key and gives both as they are then. NOT_FOUND when the actor may not see it.
func (s *Service) lockHandover(ctx context.Context, tx *mysql.Tx, actor *access.Actor, handover id.ID) (*Handover, *place, error) {
	h, err := oneHandover(ctx, tx, handover, s.instant())
	if err != nil {
		return nil, nil, err
	}
	if h == nil || !h.seenBy(actor, s.access.ScopeOf(actor, access.KeysView)) {
		return nil, nil, fault.New(fault.NotFound, "There is no such handover.")
	}
	p, err := s.lockPlace(ctx, tx, h.KeyID)
	if err != nil {
		return nil, nil, err
	}
	h, err = oneHandover(ctx, tx, handover, s.instant()) // again: it may have been decided before the key was locked
	return h, p, err
}

// seenBy reports whether a scope of the right to see keys reaches a handover.
func (h *Handover) seenBy(actor *access.Actor, scope access.Scope) bool {
	asked := !actor.Person.IsZero() && actor.Person == h.RequestedByID && scope != access.None
	return asked || scope.Reaches(actor, h.FromID, h.FromDepartment) || scope.Reaches(actor, h.ToID, h.ReceiverDepartment)
}

// waits demands that nobody has decided yet and that the giver still holds the key.
func (h *Handover) waits(p *place) error {
	words := map[HandoverState]string{
		HandoverAccepted: "was accepted", HandoverDeclined: "was declined", HandoverCancelled: "was cancelled",
		HandoverExpired: "waited for more than a day",
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
	case actor.Person == h.FromID && !actor.Person.IsZero():
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
		return to, fault.Field("badge", "this is not the receiver's badge: read it again")
	}
	return to, nil
}

// passOn ends the giver's loan and begins the receiver's at the same instant.
func (s *Service) passOn(ctx context.Context, tx *mysql.Tx, actor *access.Actor, h *Handover, p *place, to holder, note string) (*Handovers, []ledger.Draft, error) {
	from, err := s.people.Lookup(ctx, h.FromID)
	if err != nil {
		return nil, nil, err
	}
	giver, now := holderOf(from), s.instant()
	at := now
	if at.Before(p.open.IssuedAt) { // the clock went back
		at = p.open.IssuedAt
	}
	if overdue(h.DueAt, at) {
		return nil, nil, fault.New(fault.Conflict, "The due time of this handover of key %s has passed: begin another.", p.key.Number)
	}
	next := &Loan{
		ID: id.NewAt(at), KeyID: h.KeyID, HolderID: to.id, Department: to.department, IssuedByID: h.RequestedByID,
		IssuedAt: at, DueAt: h.DueAt, IssuedEntry: id.New(),
	}
	p.open.close(EndHandedOver, at, actor.Person, next.IssuedEntry)
	if err := closeLoan(ctx, tx, p.open); err != nil {
		return nil, nil, err
	}
	if err := insertLoans(ctx, tx, []*Loan{next}); err != nil {
		return nil, nil, err
	}
	h.decide(HandoverAccepted, now, actor.Person)
	h.NewLoanID = next.ID
	m := movement{
		action: ledger.KeyHandedOver, entry: next.IssuedEntry, key: p.key, loan: next, holder: to, at: at, comment: note,
		refs: []ledger.Ref{
			{Role: RefPreviousLoan, Type: RefLoan, ID: p.open.ID.String()},
			{Role: RefPreviousHolder, Type: entityPerson, ID: giver.id.String()}, h.ref(),
		},
		parts: giver.named(FieldPreviousHolder, at),
	}
	return &Handovers{Handovers: []*Handover{h}, Loans: []*Loan{p.open, next.asOf(now)}}, []ledger.Draft{m.draft(actor)}, updateHandover(ctx, tx, h)
}

// named seals who the person is under his own key, nothing once that is destroyed.
func (h holder) named(field string, at time.Time) []ledger.Part {
	if h.erased {
		return nil
	}
	return []ledger.Part{h.about(field, at, h.details)}
}

// declineOrCancel ends a handover that waits; the giver keeps the key.
func (s *Service) declineOrCancel(ctx context.Context, tx *mysql.Tx, actor *access.Actor, h *Handover, p *place, state HandoverState, m movement) (*Handovers, []ledger.Draft, error) {
	from, err := s.people.Lookup(ctx, h.FromID)
	if err != nil {
		return nil, nil, err
	}
	now := s.instant()
	h.decide(state, now, actor.Person)
	m.entry, m.key, m.loan, m.holder, m.at = id.New(), p.key, p.open, holderOf(from), now
	m.refs = []ledger.Ref{h.ref(), {Role: RefReceiver, Type: entityPerson, ID: h.ToID.String()}}
	return &Handovers{Handovers: []*Handover{h}, Loans: []*Loan{}}, []ledger.Draft{m.draft(actor)}, updateHandover(ctx, tx, h)
}

func (h *Handover) decide(state HandoverState, at time.Time, by id.ID) {
	h.State, h.DecidedAt, h.DecidedByID = state, &at, by
}
