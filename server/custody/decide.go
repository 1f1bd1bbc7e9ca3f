package custody

import (
	"context"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// DecideInput approves or refuses an issue that waits.
type DecideInput struct {
	Approval id.ID
	Approve  bool
	// Note has at most 500 characters; it is kept sealed.
	Note           string
	IdempotencyKey string
}

// Decide lets an issue that waits happen, or refuses it. Everything is checked again; what is in the way leaves it
// waiting. FORBIDDEN, which is recorded, for whoever asked for it or is to hold the keys; CONFLICT once it is decided,
// cancelled or expired; NOT_FOUND when there is none that the actor may decide.
func (s *Service) Decide(ctx context.Context, actor *access.Actor, in DecideInput) (*Movement, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysApprove)
	if err != nil {
		return nil, err
	}
	if in.Note, err = prose("note", in.Note, MaxReason); err != nil {
		return nil, err
	}
	written, err := s.writtenRequest(ctx, in.Approval)
	if err != nil {
		return nil, err
	}
	var made *Movement
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"decideApproval": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayMovement(ctx, tx, claim)
			return err
		}
		made, err = s.decide(ctx, tx, actor, scope, claim, in, written)
		return err
	})
	if mysql.DuplicateIndex(err) == openKeyIndex {
		return nil, fault.Wrap(err, fault.Conflict, "One of the keys moved at the same moment: look again and repeat.")
	}
	if err != nil {
		return nil, s.recorded(ctx, actor, err)
	}
	return made, s.showApprovals(ctx, actor, made.Approvals)
}

// writtenRequest gives what was written with a request, which never changes: the input's comment and override reason.
func (s *Service) writtenRequest(ctx context.Context, approval id.ID) (IssueInput, error) {
	a, err := findApproval(ctx, s.db, selectApproval, approval, s.instant())
	if err != nil {
		return IssueInput{}, err
	}
	if err := s.loadWritten(ctx, s.db, []*Approval{a}); err != nil {
		return IssueInput{}, err
	}
	var in IssueInput
	if a.Comment != nil {
		in.Comment = *a.Comment
	}
	if a.OverrideReason != nil {
		in.OverrideReason = *a.OverrideReason
	}
	return in, nil
}

func (s *Service) decide(ctx context.Context, tx *mysql.Tx, actor *access.Actor, scope access.Scope, claim *ledger.Claim, in DecideInput, written IssueInput) (*Movement, error) {
	now := s.instant()
	a, err := findApproval(ctx, tx, selectApprovalLocked, in.Approval, now)
	switch {
	case err != nil:
		return nil, err
	case !scope.Reaches(actor, a.HolderID, a.Department):
		return nil, noSuchApproval()
	case a.concerns(actor):
		return nil, &refusal{access.KeysApprove, reasonOwnRequest,
			fault.New(fault.Forbidden, "You asked for this or are to hold the keys: somebody else has to decide.")}
	case a.State != ApprovalPending:
		return nil, noLongerWaits(a)
	}
	if !in.Approve {
		return s.endApproval(ctx, tx, actor, claim, a, ApprovalRefused, in.Note)
	}
	return s.approve(ctx, tx, actor, claim, a, in, written)
}

func noLongerWaits(a *Approval) error {
	return fault.New(fault.Conflict, "This approval does not wait any more: it was decided, cancelled or has expired. Look at it again.").
		With("state", string(a.State))
}

// asker gives the person who asked, with the rights that he has by now. CONFLICT where he may not issue keys to the holder
// any more. What no person asked for, a program did, whose rights are those of its token.
func (s *Service) asker(a *Approval, to holder) (*access.Actor, error) {
	by := &access.Actor{Person: a.RequestedByID, Source: a.Source}
	if by.Person.IsZero() {
		return by, nil
	}
	if p, ok := s.people.Find(by.Person); ok && !p.MergedInto.IsZero() {
		by.Person, by.Merged = p.MergedInto, []id.ID{p.ID}
	}
	by.Department, _ = s.people.DepartmentOf(by.Person)
	by.Roles = s.access.Roles(by.Person)
	if !s.access.ScopeOf(by, access.KeysIssue).Reaches(by, to.id, to.department) {
		return nil, fault.New(fault.Conflict, "Whoever asked for these keys may not issue them to this person any more: refuse this, and have somebody ask who may.")
	}
	return by, nil
}

// approve issues the keys in the name of whoever asked.
func (s *Service) approve(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, a *Approval, in DecideInput, written IssueInput) (*Movement, error) {
	to, err := s.taker(ctx, a.HolderID)
	if err != nil {
		return nil, err
	}
	if overdue(a.DueAt, s.instant()) {
		return nil, fault.New(fault.BadInput, "These keys were to be back at %s already: refuse this, and have it asked for anew.", s.clock(*a.DueAt))
	}
	asker, err := s.asker(a, to)
	if err != nil {
		return nil, err
	}
	written.Keys, written.Holder, written.DueAt, written.DefaultDue = a.KeyIDs, a.HolderID, a.DueAt, a.DueDefault
	desk, at, err := s.deskOf(ctx, tx, actor, written)
	if err != nil {
		return nil, err
	}
	terms, err := s.termsOf(ctx, tx, actor, desk, written, to, at, a.MayOverride && (asker.Person.IsZero() || s.overridesRules(asker)))
	if err != nil {
		return nil, stillWaits(err)
	}
	h := handing{
		by: &access.Actor{Person: a.RequestedByID, Source: a.Source}, actor: actor, in: written, to: to, at: at, terms: terms,
		refs:  []ledger.Ref{{Role: RefApproval, Type: RefApproval, ID: a.ID.String()}},
		first: decisions(desk, actor, a, to, ledger.KeyApprovalGranted, in.Note, at),
	}
	if !actor.Person.IsZero() {
		h.refs = append(h.refs, ledger.Ref{Role: RefApprover, Type: "person", ID: actor.Person.String()})
	}
	made, err := s.handOut(ctx, tx, claim, desk, h)
	if err != nil {
		return nil, err
	}
	if err := s.storeDecision(ctx, tx, actor, a, ApprovalApproved, at, made.Entries[0].Seq); err != nil {
		return nil, err
	}
	made.Approvals = []*Approval{a}
	return made, storeApprovalLoans(ctx, tx, a, made.Loans)
}

// stillWaits takes away from what is in the way that an override reason would help: there is none to be given any more.
func stillWaits(err error) error {
	var r *refusal
	if errors.As(err, &r) {
		return fault.New(fault.Conflict, "%s It waits still: refuse it, or wait.", r.fault.Text()).With("takers", r.fault.Data["takers"])
	}
	f, ok := fault.As(err)
	if !ok || f.Data["required"] == nil {
		return err
	}
	plain := *f
	plain.Data = map[string]any{}
	for name, value := range f.Data {
		if name != "required" {
			plain.Data[name] = value
		}
	}
	return &plain
}

// endApproval refuses or cancels an approval that waits.
func (s *Service) endApproval(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, a *Approval, state ApprovalState, note string) (*Movement, error) {
	p, err := s.people.Lookup(ctx, a.HolderID)
	if err != nil {
		return nil, err
	}
	keys, err := selectKeys(ctx, tx, a.KeyIDs, s.instant())
	if err != nil {
		return nil, err
	}
	var d desk
	for _, key := range inOrder(a.KeyIDs, keys) {
		d = append(d, place{key: key})
	}
	action := ledger.KeyApprovalRefused
	if state == ApprovalCancelled {
		action = ledger.KeyApprovalCancelled
	}
	at := s.instant()
	entries, err := s.finish(ctx, tx, claim, decisions(d, actor, a, holderOf(p), action, note, at))
	if err != nil {
		return nil, err
	}
	return &Movement{Entries: entries, Approvals: []*Approval{a}}, s.storeDecision(ctx, tx, actor, a, state, at, entries[0].Seq)
}

func (s *Service) storeDecision(ctx context.Context, tx *mysql.Tx, actor *access.Actor, a *Approval, state ApprovalState, at time.Time, seq uint64) error {
	a.Code, a.State, a.DecidedByID, a.DecidedAt, a.DecisionSeq = state.code(), state, actor.Person, &at, &seq
	_, err := tx.Exec(ctx, updateApproval, a.Code, a.DecidedByID, at, seq, a.ID)
	return err
}

// askedBy reports whether the actor himself asked: of what no person did, the program that did.
func (a *Approval) askedBy(actor *access.Actor) bool {
	if a.RequestedByID.IsZero() {
		return actor.Person.IsZero() && a.Source == actor.Source
	}
	return actor.Is(a.RequestedByID)
}

// CancelApproval takes the actor's own request back. CONFLICT once it is decided, cancelled or expired, and NOT_FOUND
// for anybody else's.
func (s *Service) CancelApproval(ctx context.Context, actor *access.Actor, approval id.ID, idempotencyKey string) (*Movement, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysIssue); err != nil {
		return nil, err
	}
	var made *Movement
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), idempotencyKey, map[string]any{"cancelApproval": approval})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayMovement(ctx, tx, claim)
			return err
		}
		a, err := findApproval(ctx, tx, selectApprovalLocked, approval, s.instant())
		switch {
		case err != nil:
			return err
		case !a.askedBy(actor):
			return noSuchApproval()
		case a.State != ApprovalPending:
			return noLongerWaits(a)
		}
		made, err = s.endApproval(ctx, tx, actor, claim, a, ApprovalCancelled, "")
		return err
	})
	if err != nil {
		return nil, err
	}
	return made, s.showApprovals(ctx, actor, made.Approvals)
}

// approving is a key of an approval that something happens to, for its entry.
type approving struct {
	action   string
	key      *Key
	approval *Approval
	holder   holder
}

func (a approving) draft(actor *access.Actor, at time.Time) ledger.Draft {
	d := actor.Draft(ledger.StreamKey, a.action, at)
	d.OccurredAt = at
	d.Person, d.Department = a.holder.id, a.approval.Department
	d.Entity = ledger.Entity{Type: EntityKey, ID: a.key.ID.String(), Label: a.key.Number}
	d.Refs = []ledger.Ref{{Role: RefApproval, Type: RefApproval, ID: a.approval.ID.String()}}
	if a.approval.DueAt != nil {
		d.Details = map[string]any{"dueAt": *a.approval.DueAt}
	}
	if !a.holder.erased {
		d.Parts = append(d.Parts, a.holder.about(ledger.FieldHolder, at, a.holder.details))
	}
	return d
}

// decisions makes one entry for each key of an approval that is decided or cancelled.
func decisions(d desk, actor *access.Actor, a *Approval, to holder, action, note string, at time.Time) []ledger.Draft {
	drafts := make([]ledger.Draft, len(d))
	for i, p := range d {
		drafts[i] = approving{action, p.key, a, to}.draft(actor, at)
		if note != "" {
			drafts[i].Parts = append(drafts[i].Parts, to.about(ledger.FieldComment, at, note))
		}
	}
	return drafts
}

// replayApprovals gives the approvals that entries tell of.
func (s *Service) replayApprovals(ctx context.Context, tx *mysql.Tx, entries []ledger.Entry) ([]*Approval, error) {
	ids, err := refsOf(entries, RefApproval)
	if err != nil {
		return nil, err
	}
	found, err := selectApprovals(ctx, tx, ids, s.instant())
	return inOrder(ids, found), err
}
