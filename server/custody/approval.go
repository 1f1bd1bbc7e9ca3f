package custody

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
)

// ApprovalState is how far an approval is. That it has expired is derived, and never stored.
type ApprovalState string

// The states, in the words of the GraphQL schema.
const (
	ApprovalPending   ApprovalState = "PENDING"
	ApprovalApproved  ApprovalState = "APPROVED"
	ApprovalRefused   ApprovalState = "REFUSED"
	ApprovalCancelled ApprovalState = "CANCELLED"
	ApprovalExpired   ApprovalState = "EXPIRED"
)

// ApprovalStates lists every state, in the order of the schema; the place of a stored one is its code in the database.
func ApprovalStates() []ApprovalState {
	return []ApprovalState{ApprovalPending, ApprovalApproved, ApprovalRefused, ApprovalCancelled, ApprovalExpired}
}

func (s ApprovalState) code() int { return slices.Index(ApprovalStates(), s) }

// MarshalGQL writes the schema's enum.
func (s ApprovalState) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL reads the schema's enum.
func (s *ApprovalState) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	if !slices.Contains(ApprovalStates(), ApprovalState(text)) {
		return fmt.Errorf("%.20q is not a state of an approval", text)
	}
	*s = ApprovalState(text)
	return nil
}

// approvalLasts is how long an approval waits.
const approvalLasts = 24 * time.Hour

// Approval is an issue of keys that waits for a second person, or was decided.
type Approval struct {
	ID id.ID `db:"id"`
	// KeyIDs are the keys in the order asked for, and LoanIDs the loans that came of it.
	KeyIDs   []id.ID `db:"-"`
	LoanIDs  []id.ID `db:"-"`
	HolderID id.ID   `db:"holder"`
	// Department is the holder's when it was asked for.
	Department    id.ID     `db:"department"`
	RequestedByID id.ID     `db:"requested_by"`
	RequestedAt   time.Time `db:"requested_at"`
	ExpiresAt     time.Time `db:"expires_at"`
	// DueAt is the due time that was asked for; DueDefault leaves it to the groups of the keys.
	DueAt      *time.Time `db:"due_at"`
	DueDefault bool       `db:"due_default"`
	// MayOverride is set when whoever asked may issue against the groups' rules.
	MayOverride bool `db:"may_override"`
	// Source is the program through which it was asked for.
	Source string `db:"source"`
	// State is as of the moment the approval was read; Code is what is stored.
	State       ApprovalState `db:"-"`
	Code        int           `db:"state"`
	DecidedByID id.ID         `db:"decided_by"`
	// DecidedAt is when it was decided or cancelled.
	DecidedAt *time.Time `db:"decided_at"`
	// RequestSeq and DecisionSeq are the entries that hold what was written.
	RequestSeq  uint64  `db:"request_seq"`
	DecisionSeq *uint64 `db:"decision_seq"`
	// Comment, OverrideReason and Note are nil where nothing was written, where it was forgotten or where the reader may
	// not see it.
	Comment        *string `db:"-"`
	OverrideReason *string `db:"-"`
	Note           *string `db:"-"`
	// MayDecide says that the reader may decide it now.
	MayDecide bool `db:"-"`
}

// asOf fills in what depends on the moment.
func (a *Approval) asOf(now time.Time) *Approval {
	if a.State = ApprovalExpired; a.Code >= 0 && a.Code < len(ApprovalStates()) {
		a.State = ApprovalStates()[a.Code]
	}
	if a.State == ApprovalPending && !a.ExpiresAt.After(now) {
		a.State = ApprovalExpired
	}
	return a
}

// concerns reports whether the actor asked for it or is to hold the keys: then he is no second person. What no person
// asked for is for a person to decide.
func (a *Approval) concerns(actor *access.Actor) bool {
	byNobody := a.RequestedByID.IsZero() && actor.Person.IsZero()
	return byNobody || actor.Is(a.RequestedByID) || actor.Is(a.HolderID)
}

// stateOfApproval is asOf in SQL, over a: the state's name; its one value is now.
const stateOfApproval = "CASE a.state WHEN 1 THEN 'APPROVED' WHEN 2 THEN 'REFUSED' WHEN 3 THEN 'CANCELLED'" +
	" ELSE CASE WHEN a.expires_at <= ? THEN 'EXPIRED' ELSE 'PENDING' END END"
