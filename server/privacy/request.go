// Package privacy keeps what a person may ask of his data: that he be erased, which two people decide; all that is kept
// about him, as files; and what he consented to.
package privacy

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// State is how far a request is.
type State string

// The states, in the words of the GraphQL schema.
const (
	Pending State = "PENDING"
	Refused State = "REFUSED"
	// Erasing is a person who is gone, while files may still hold what the old master key opens.
	Erasing State = "ERASING"
	Erased  State = "ERASED"
)

// States lists every state; its place is its code in the database.
func States() []State { return []State{Pending, Refused, Erasing, Erased} }

func (s State) code() int { return slices.Index(States(), s) }

// MarshalGQL writes the schema's enum.
func (s State) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL reads the schema's enum.
func (s *State) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	if !slices.Contains(States(), State(text)) {
		return fmt.Errorf("%.20q is not a state of a privacy request", text)
	}
	*s = State(text)
	return nil
}

// Request asks to erase a person.
type Request struct {
	ID            id.ID      `db:"id"`
	PersonID      id.ID      `db:"person"`
	RequestedByID id.ID      `db:"requested_by"`
	RequestedAt   time.Time  `db:"requested_at"`
	State         State      `db:"-"`
	Code          int        `db:"state"`
	DecidedByID   id.ID      `db:"decided_by"`
	DecidedAt     *time.Time `db:"decided_at"`
	// CompletedAt is when what files still hold of him was worth nothing any more.
	CompletedAt *time.Time `db:"completed_at"`
	// RequestSeq and DecisionSeq are the entries that hold what was written.
	RequestSeq  uint64  `db:"request_seq"`
	DecisionSeq *uint64 `db:"decision_seq"`
	// Reason and Note are sealed under the person: nil where nothing was written, and once he was erased.
	Reason *string `db:"-"`
	Note   *string `db:"-"`
	// MayDecide says that the reader may decide it now.
	MayDecide bool `db:"-"`
}

// AskInput asks to erase a person.
type AskInput struct {
	Person id.ID
	// Reason has 1 to 500 characters; it is kept sealed under the person, and goes with him.
	Reason string
}

// DecideInput approves or refuses a request.
type DecideInput struct {
	Request id.ID
	Approve bool
	// Note has at most 500 characters; it is kept sealed under the person.
	Note string
}
