// Package custody knows which keys there are, and who holds them: keys, their groups and their loans.
//
// Each use case authorises, decides by the pure rules in rules.go, writes the state and appends to the ledger
// in one transaction. Lists of movements are read elsewhere, out of the ledger.
package custody

import (
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// Key is a physical key.
type Key struct {
	ID       id.ID  `db:"id"`
	Number   string `db:"number"`
	Label    string `db:"label"`
	Category string `db:"category"`
	Building string `db:"building"`
	Floor    string `db:"floor"`
	Room     string `db:"room"`
	Cabinet  string `db:"cabinet"`
	Hook     string `db:"hook"`
	// Kind is what it is kept for, and CopyOfID the key that it was cut from, zero for one that is no copy.
	Kind     KeyKind `db:"kind"`
	CopyOfID id.ID   `db:"copy_of"`
	// ApprovalRequired marks a key of which a second person approves each issue.
	ApprovalRequired bool `db:"approval"`
	// RingID is the ring that it hangs on, zero for none.
	RingID id.ID `db:"ring"`
	// State is as of the moment the key was read.
	State KeyState `db:"-"`
	// Version grows by one with each change of the key's own fields.
	Version   int        `db:"version"`
	CreatedAt time.Time  `db:"created_at"`
	UpdatedAt time.Time  `db:"updated_at"`
	LostAt    *time.Time `db:"lost_at"`
	// FoundAt is when it was last found again after it had been lost.
	FoundAt   *time.Time `db:"found_at"`
	RetiredAt *time.Time `db:"retired_at"`
}

// KeyGroup is a set of keys that belong together.
type KeyGroup struct {
	ID   id.ID  `db:"id"`
	Name string `db:"name"`
	// KeyCount is the number of keys in use that the group has.
	KeyCount int `db:"key_count"`
	// DefaultMinutes or DefaultUntil is the DefaultLoan; both are nil for none.
	DefaultMinutes *int       `db:"default_minutes"`
	DefaultUntil   *LocalTime `db:"default_until"`
	// Curfew is when all its keys have to be back each day, nil for never.
	Curfew    *LocalTime `db:"curfew"`
	Version   int        `db:"version"`
	CreatedAt time.Time  `db:"created_at"`
}

// DefaultLoan says for how long its keys are issued when nobody says; nil for until further notice.
func (g *KeyGroup) DefaultLoan() *DefaultLoan {
	if g.DefaultMinutes == nil && g.DefaultUntil == nil {
		return nil
	}
	return &DefaultLoan{Minutes: g.DefaultMinutes, Until: g.DefaultUntil}
}

// Loan is one person holding one key, from issue to return.
type Loan struct {
	ID       id.ID `db:"id"`
	KeyID    id.ID `db:"key_id"`
	HolderID id.ID `db:"holder"`
	// Department is the holder's when the key was issued.
	Department id.ID     `db:"department"`
	IssuedByID id.ID     `db:"issued_by"`
	IssuedAt   time.Time `db:"issued_at"`
	// DueAt is nil for a loan until further notice.
	DueAt *time.Time `db:"due_at"`
	// Overdue is as of the moment the loan was read.
	Overdue      bool  `db:"-"`
	ReturnedByID id.ID `db:"returned_by"`
	// ReturnedAt is when it ended, however it did, and End how; both are nil while the loan is open.
	ReturnedAt *time.Time `db:"returned_at"`
	End        *LoanEnd   `db:"ended_as"`
	// IssuedEntry and ReturnedEntry are the ledger's entries of the two movements.
	IssuedEntry   id.ID `db:"issued_entry"`
	ReturnedEntry id.ID `db:"returned_entry"`
}

// LoanEnd is how a loan ended.
type LoanEnd string

// The ways in which a loan may end.
const (
	EndReturned   LoanEnd = "RETURNED"
	EndHandedOver LoanEnd = "HANDED_OVER"
	EndLost       LoanEnd = "LOST"
	EndVoided     LoanEnd = "VOIDED" // it was issued by mistake and never out
)

// close ends the loan.
func (l *Loan) close(end LoanEnd, at time.Time, by, entry id.ID) {
	l.End, l.ReturnedAt, l.ReturnedByID, l.ReturnedEntry, l.Overdue = &end, &at, by, entry, false
}

// ended reports whether the loan ended in some way.
func (l *Loan) ended(end LoanEnd) bool { return l.End != nil && *l.End == end }

// Open reports whether the key is still out on this loan.
func (l *Loan) Open() bool { return l.ReturnedAt == nil }
