package logbook

import (
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// Entry is what every entry shows to the actor for whom it was made. What he may not see is absent.
type Entry struct {
	ID id.ID
	// Seq is its place in the ledger, from 0.
	Seq uint64
	// Cursor is where a feed resumes after this entry, and where a page goes on.
	Cursor     string
	Stream     ledger.Stream
	OccurredAt time.Time
	RecordedAt time.Time
	// ActorID is who did it, zero for keytrail itself and for nobody known.
	ActorID id.ID
	Source  string
	Action  string
	Entity  *ledger.Entity
	Module  *string
	Outcome ledger.Outcome
	// IP and UserAgent say from where; nil when that is not known or not for the actor to see.
	IP        *string
	UserAgent *string
	// Device and Location are the same in words: program and system, town and country.
	Device, Location *string

	stored *ledger.Entry
}

// Body gives what Canonical does as a text.
func (e *Entry) Body() (string, error) {
	raw, err := e.Canonical()
	return string(raw), err
}

// Canonical gives the canonical JSON that is hashed, with its personal parts sealed. It is the ledger's and must not be
// changed.
func (e *Entry) Canonical() ([]byte, error) { return e.stored.Canonical() }

// LogEntry is an entry of any stream, as the schema's interface has it.
type LogEntry interface {
	IsLogEntry()
	// Place is the entry's cursor.
	Place() string
	// Common is what entries of every stream have.
	Common() *Entry
}

// IsLogEntry marks the types that implement the schema's LogEntry.
func (*Entry) IsLogEntry() {}

// Common implements LogEntry.
func (e *Entry) Common() *Entry { return e }

// Place implements LogEntry.
func (e *Entry) Place() string { return e.Cursor }

// KeyEntry is a movement of a key, or a change of one.
type KeyEntry struct {
	Entry
	// KeyID is zero for an entry that is not about one key.
	KeyID id.ID
	// HolderID is zero where nobody is concerned or the actor may not see who.
	HolderID id.ID
	Comment  *string
	// Reason says why it was done, or recorded only afterwards.
	Reason *string
	DueAt  *time.Time
	// ReservedFrom and ReservedTo are the time of a reservation.
	ReservedFrom *time.Time
	ReservedTo   *time.Time
	// OverrideReason says why a key was issued against its groups' rules or somebody's reservation.
	OverrideReason *string
	// ApproverID is the second person who approved, zero for none.
	ApproverID id.ID
	// PreviousDueAt is when a loan was due before it was extended.
	PreviousDueAt *time.Time
	// PreviousHolderID had the key before it was handed over or a correction; zero as HolderID is.
	PreviousHolderID id.ID
	// Correction is what a correction says, nil for another entry; Corrects is the place of the entry that it corrects.
	Correction *Correction
	Corrects   *uint64
}

// AuthEntry is a sign-in, sign-out, refusal or change of an account.
type AuthEntry struct {
	Entry
	// Username is the name as it was typed.
	Username *string
	// Reason says why it failed or was refused.
	Reason *string
	// Session is the public id of the session, zero when there is none.
	Session id.ID
}

// WorkEntry is a report that somebody works or has stopped, or a correction of his hours.
type WorkEntry struct {
	Entry
	// PersonID is zero where nobody is known by the name that was reported.
	PersonID id.ID
	// Working is what it says of him.
	Working bool
	// User and Workstation are the names as they were reported.
	User, Workstation *string
	// IntervalSeconds is how often the program repeats its state, nil for one that reports only changes.
	IntervalSeconds *int
	// Unverified says that nobody vouches for the report.
	Unverified bool
	// CorrectedFrom and CorrectedTo are the time that a correction is about, and Reason says why it was made.
	CorrectedFrom, CorrectedTo *time.Time
	Reason                     *string
}

// SystemEntry is what keytrail itself did, a change of who may do what, or a look at a log.
type SystemEntry struct {
	Entry
	// Details is the plain JSON of the entry: nothing in it is personal.
	Details map[string]any
	// Filter is what a viewer looked for; nil where it is not known or not for the actor to see.
	Filter map[string]any
	// Purpose is why a viewer looked, as he said.
	Purpose *string
}
