package custody

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// KeyState is where a key is in its life. It is derived from loans and dates, and never stored.
type KeyState string

// The states, in the words of the GraphQL schema.
const (
	Available KeyState = "AVAILABLE"
	Reserved  KeyState = "RESERVED" // available, and a reservation covers now
	Issued    KeyState = "ISSUED"
	Overdue   KeyState = "OVERDUE" // issued, and the due time has come
	Lost      KeyState = "LOST"
	Retired   KeyState = "RETIRED"
)

// KeyStates lists every state, in the order of the schema.
func KeyStates() []KeyState {
	return []KeyState{Available, Reserved, Issued, Overdue, Lost, Retired}
}

// KeyStateCount says how many keys are in a state.
type KeyStateCount struct {
	State KeyState `db:"state"`
	Count int      `db:"count"`
}

// MarshalGQL writes the state as the schema's enum.
func (s KeyState) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL reads the schema's enum.
func (s *KeyState) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	if !slices.Contains(KeyStates(), KeyState(text)) {
		return fmt.Errorf("%.60q is not a state of a key", text)
	}
	*s = KeyState(text)
	return nil
}

// stateOf derives a key's state but for reservations, which keyRow knows. What was decided for good goes before what is true for now.
func stateOf(k *Key, out bool, due *time.Time, now time.Time) KeyState {
	switch {
	case k.RetiredAt != nil:
		return Retired
	case k.LostAt != nil:
		return Lost
	case !out:
		return Available
	case overdue(due, now):
		return Overdue
	}
	return Issued
}

// stateCase is keyRow.at in SQL, over k (physical_key), l (its open loan, if any) and r (the reservation that covers now, if
// any); its one value is now.
const stateCase = "CASE WHEN k.retired_at IS NOT NULL THEN 'RETIRED' WHEN k.lost_at IS NOT NULL THEN 'LOST'" +
	" WHEN l.id IS NULL AND r.id IS NOT NULL THEN 'RESERVED' WHEN l.id IS NULL THEN 'AVAILABLE' WHEN l.due_at <= ? THEN 'OVERDUE' ELSE 'ISSUED' END"

// overdue reports whether a due time has come: a key due at 17:00 is overdue from 17:00 on.
func overdue(due *time.Time, now time.Time) bool { return due != nil && !due.After(now) }
