package custody

import (
	"context"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// HandoverTime is how long a handover waits for its receiver.
const HandoverTime = 24 * time.Hour

// The refs and parts of entries about handovers.
const (
	RefHandover       = "handover"
	RefPreviousLoan   = "previousLoan"
	RefPreviousHolder = "previousHolder"
	RefReceiver       = "receiver"
	entityPerson      = "person"
	// FieldPreviousHolder is ledger.HolderDetails, sealed under the previous holder.
	FieldPreviousHolder = "previousHolder"
	// FieldReceiver is ledger.HolderDetails, sealed under the receiver.
	FieldReceiver = "receiver"
)

// HandoverState is where a handover stands.
type HandoverState string

// The states. Expired is derived, and never stored.
const (
	HandoverPending   HandoverState = "PENDING"
	HandoverAccepted  HandoverState = "ACCEPTED"
	HandoverDeclined  HandoverState = "DECLINED"
	HandoverCancelled HandoverState = "CANCELLED"
	HandoverExpired   HandoverState = "EXPIRED"
)

// Handover is a key that its holder gives to another person, who has to accept it.
type Handover struct {
	ID    id.ID `db:"id"`
	KeyID id.ID `db:"key_id"`
	// LoanID is the giver's loan, NewLoanID the receiver's, zero until he accepted.
	LoanID             id.ID `db:"loan"`
	FromID             id.ID `db:"giver"`
	FromDepartment     id.ID `db:"giver_department"`
	ToID               id.ID `db:"receiver"`
	ReceiverDepartment id.ID `db:"receiver_department"`
	// DueAt is when the receiver's loan is due, nil for one until further notice.
	DueAt         *time.Time `db:"due_at"`
	RequestedByID id.ID      `db:"requested_by"`
	RequestedAt   time.Time  `db:"requested_at"`
	ExpiresAt     time.Time  `db:"expires_at"`
	// OverrideSeq is the entry that says why reservations made before it do not count, nil where nothing was overridden.
	OverrideSeq *uint64 `db:"override_seq"`
	// State is as of the moment the handover was read.
	State       HandoverState `db:"state"`
	DecidedByID id.ID         `db:"decided_by"`
	DecidedAt   *time.Time    `db:"decided_at"`
	NewLoanID   id.ID         `db:"new_loan"`
}

// asOf lets a handover expire that waited too long.
func (h *Handover) asOf(now time.Time) *Handover {
	if h.State == HandoverPending && !h.ExpiresAt.After(now) {
		h.State = HandoverExpired
	}
	return h
}

func (h *Handover) ref() ledger.Ref {
	return ledger.Ref{Role: RefHandover, Type: RefHandover, ID: h.ID.String()}
}

// HandOverInput is which keys go to whom.
type HandOverInput struct {
	// Keys are 1 to 100 different keys that are out.
	Keys []id.ID
	// To is the receiver, or ToBadge his very badge, for givers who may not look people up: one of them.
	To      id.ID
	ToBadge string
	// Comment has at most 2,000 characters; it is kept sealed.
	Comment string
	// DueAt is when the receiver's loans are due; nil keeps the due time of each key.
	DueAt *time.Time
	// OverrideReason is why the keys go on against a curfew or somebody's reservation: at most 500 characters, sealed.
	OverrideReason string
	IdempotencyKey string
}

func (in HandOverInput) checked() (HandOverInput, error) {
	if err := distinct("keys", in.Keys, 1, MaxKeysAtOnce); err != nil {
		return in, err
	}
	if in.ToBadge = strings.TrimSpace(in.ToBadge); in.To.IsZero() == (in.ToBadge == "") {
		return in, fault.Field("to", "say who receives the keys: to is the id of a person, or else toBadge his badge")
	}
	var err error
	if in.Comment, err = prose("comment", in.Comment, MaxComment); err != nil {
		return in, err
	}
	in.OverrideReason, err = prose("overrideReason", in.OverrideReason, MaxReason)
	in.DueAt = inUTC(in.DueAt)
	return in, err
}

// Handovers is handovers with the loans and entries that a step of theirs made.
type Handovers struct {
	Handovers []*Handover
	Loans     []*Loan
	Entries   []ledger.Entry
}

// HandOver offers keys to another holder, all or none, and with a key of a ring what else of it is out with its holder: the
// holder himself may, and whoever may issue keys to both. Offers of the same keys that waited are cancelled. CONFLICT names
// the keys that are not out, or the reservations that are in the way; FORBIDDEN says who may take them.
func (s *Service) HandOver(ctx context.Context, actor *access.Actor, in HandOverInput) (*Handovers, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysView); err != nil {
		return nil, err
	}
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	to, err := s.receiver(ctx, in)
	if err != nil {
		return nil, err
	}
	var made *Handovers
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"handOverKeys": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayHandovers(ctx, tx, claim)
			return err
		}
		made, err = s.handOver(ctx, tx, actor, claim, in, to)
		return err
	})
	return made, s.told(ctx, actor, err)
}

func (s *Service) handOver(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, in HandOverInput, to holder) (*Handovers, error) {
	desk, err := s.lockWithRings(ctx, tx, in.Keys)
	if err != nil {
		return nil, err
	}
	desk = desk.outTogether(len(in.Keys))
	now := s.instant()
	for i, p := range desk {
		if err := s.mayGive(actor, i, p, to); err != nil {
			return nil, err
		}
	}
	if to.id.IsZero() { // only now: who may not give these keys does not learn whom there is
		return nil, in.noSuchReceiver()
	}
	for _, p := range desk {
		if err := p.checkHandoverDue(in.DueAt, now.In(s.zone)); err != nil {
			return nil, err
		}
	}
	t, err := s.termsOfOffer(ctx, tx, actor, desk, in, to, now)
	if err != nil {
		return nil, err
	}
	cancelled, err := cancelPending(ctx, tx, desk.ids(), now, actor.Person)
	if err != nil {
		return nil, err
	}
	made := &Handovers{Handovers: make([]*Handover, len(desk))}
	drafts := make([]ledger.Draft, len(desk))
	for i, p := range desk {
		made.Handovers[i] = p.offer(in.DueAt, to, actor, now)
		if drafts[i], err = s.offerDraft(ctx, actor, p, made.Handovers[i], to, in, t.overridden, cancelled); err != nil {
			return nil, err
		}
	}
	desk.bind(drafts)
	if made.Entries, err = s.finish(ctx, tx, claim, drafts); err != nil {
		return nil, err
	}
	for i, h := range made.Handovers {
		if t.overridden {
			h.OverrideSeq = &made.Entries[i].Seq
		}
	}
	return made, insertHandovers(ctx, tx, made.Handovers)
}

// receiver is whom the keys go to, zero when there is nobody: then noSuchReceiver says so.
func (s *Service) receiver(ctx context.Context, in HandOverInput) (holder, error) {
	if in.ToBadge != "" {
		p, ok := s.people.WithBadge(in.ToBadge)
		if !ok {
			return holder{}, nil
		}
		return holderOf(p), nil
	}
	to, err := s.taker(ctx, in.To)
	if f, ok := fault.As(err); ok && f.Field == "holder" {
		return holder{}, nil
	}
	return to, err
}

// noSuchReceiver is on record for a badge, so that nobody finds out unseen who has which.
func (in HandOverInput) noSuchReceiver() error {
	if in.ToBadge != "" {
		told := fault.New(fault.Forbidden, "There is not exactly one person with this badge: read it again, or ask the key room to hand the key over.")
		return &refusal{access.KeysView, reasonUnknownBadge, told.With("field", "toBadge")}
	}
	return fault.Field("to", "there is no such person: choose the receiver from the list of people")
}

// mayGive demands that the key is out and that the actor holds it, or may issue keys to its holder and to the receiver.
// Of keys that he does not see he learns nothing.
func (s *Service) mayGive(actor *access.Actor, i int, p place, to holder) error {
	scope := s.access.ScopeOf(actor, access.KeysIssue)
	seen := s.access.ScopeOf(actor, access.KeysView)
	switch {
	case p.open == nil && seen != access.All, p.open != nil && !seen.Reaches(actor, p.open.HolderID, p.open.Department):
		return member("keys", i, "there is no key with the id %s: look it up again", p.key.ID)
	case p.open == nil:
		return fault.New(fault.Conflict, "Key %s is not issued, so nothing was handed over: issue it instead.", p.key.Number).
			With("keys", []KeyNamed{{ID: p.key.ID, Number: p.key.Number}})
	case s.people.True(p.open.HolderID) == to.id:
		return fault.Field("to", "key %s is with this person already: choose another receiver", p.key.Number)
	case holds(actor, p.open):
		return nil
	case !scope.Reaches(actor, p.open.HolderID, p.open.Department), !scope.Reaches(actor, to.id, to.department):
		return notReached()
	}
	return nil
}

// checkHandoverDue demands a due time in the future, if there is one: nobody takes a key that is overdue at once.
func (p place) checkHandoverDue(due *time.Time, now time.Time) error {
	if due == nil && overdue(p.open.DueAt, now) {
		return fault.Field("dueAt", "key %s is overdue: say when the receiver brings it back", p.key.Number)
	}
	return checkDue(due, now, now)
}

// dueOfReceiver is the due time that was asked for, or else that of the giver's loan.
func (p place) dueOfReceiver(due *time.Time) *time.Time {
	if due == nil {
		return p.open.DueAt
	}
	return due
}

// offer makes the handover of a key that is out. Without a due time of its own it keeps the loan's.
func (p place) offer(due *time.Time, to holder, actor *access.Actor, now time.Time) *Handover {
	due = p.dueOfReceiver(due)
	return &Handover{
		ID: id.NewAt(now), KeyID: p.key.ID, LoanID: p.open.ID, FromID: p.open.HolderID, FromDepartment: p.open.Department,
		ToID: to.id, ReceiverDepartment: to.department, DueAt: due, RequestedByID: actor.Person, RequestedAt: now,
		ExpiresAt: now.Add(HandoverTime), State: HandoverPending,
	}
}

func (s *Service) offerDraft(ctx context.Context, actor *access.Actor, p place, h *Handover, to holder, in HandOverInput, overridden bool, cancelled cancelledHandovers) (ledger.Draft, error) {
	giver, err := s.people.Lookup(ctx, h.FromID)
	if err != nil {
		return ledger.Draft{}, err
	}
	m := movement{
		action: ledger.KeyHandoverRequested, entry: id.New(), key: p.key, loan: p.open, holder: holderOf(giver),
		at: h.RequestedAt, comment: in.Comment,
		refs:  append([]ledger.Ref{h.ref(), {Role: RefReceiver, Type: entityPerson, ID: to.id.String()}}, cancelled.refs(p.key.ID)...),
		parts: []ledger.Part{to.about(FieldReceiver, h.RequestedAt, to.details)},
	}
	if overridden {
		m.parts = append(m.parts, to.about(FieldOverride, h.RequestedAt, in.OverrideReason))
	}
	return m.draft(actor), nil
}
