// Package alerts raises alerts from what the ledger records, and keeps who took care of them.
//
// The rules follow the ledger in order (follow.go): what an entry means is decided without I/O (rules.go), and what is
// remembered between entries is in the database (memory.go), so that any server goes on where another stopped.
package alerts

import (
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// Rule is what an alert was raised for.
type Rule string

// The rules.
const (
	// RootUsed is raised for each session of root.
	RootUsed Rule = "root_used"
	// AccountLockedOut is raised when an account waits after too many failed sign-ins.
	AccountLockedOut Rule = "account_locked_out"
	// SignInsFailing is raised when sign-ins fail under many names from one address.
	SignInsFailing Rule = "sign_ins_failing"
	// NewPlace is raised when somebody signs in from where he has not for a long time.
	NewPlace Rule = "new_place"
	// KeyOverdue is raised by the clock for a loan whose due time has come.
	KeyOverdue Rule = "key_overdue"
	// CurfewMissed is raised by the clock for a group and a day when keys of the group are not back in time.
	CurfewMissed Rule = "curfew_missed"
	// LeaverHoldsKeys is raised by the clock for a person who holds keys although his last day is over.
	LeaverHoldsKeys Rule = "leaver_holds_keys"
	// ErasureAsked is raised when somebody asks to erase a person.
	ErasureAsked Rule = "erasure_requested"
	// BackupFailed is raised when a backup could not be made.
	BackupFailed Rule = "backup_failed"
	// WebhookPaused is raised when an event could not be delivered to a webhook, which waits since.
	WebhookPaused Rule = "webhook_paused"
	// RetentionFailed is raised by the clock while what had been kept for long enough is not deleted.
	RetentionFailed Rule = "retention_failed"
	// ArchiveDamaged is raised by the clock while archives are not as they were written.
	ArchiveDamaged Rule = "archive_damaged"
	// DiskFull is raised by the clock while a server's data directory has little room left.
	DiskFull Rule = "disk_full"
)

// keyRules are those about keys: whoever handles keys sees what they find.
func keyRules() []Rule { return []Rule{KeyOverdue, CurfewMissed, LeaverHoldsKeys} }

// severity says how urgent what a rule finds is.
func (r Rule) severity() ledger.Severity {
	switch r {
	case RootUsed, SignInsFailing, ArchiveDamaged, DiskFull:
		return ledger.Critical
	case AccountLockedOut, CurfewMissed, LeaverHoldsKeys, ErasureAsked, BackupFailed, WebhookPaused, RetentionFailed:
		return ledger.Warning
	}
	return ledger.Notice
}

// title says in words what a rule found.
func (r Rule) title() string {
	switch r {
	case RootUsed:
		return "Somebody signed in as root"
	case AccountLockedOut:
		return "An account is locked out after failed sign-ins"
	case SignInsFailing:
		return "Sign-ins fail under many names from one address"
	case NewPlace:
		return "Somebody signed in from a new place"
	case KeyOverdue:
		return "A key is overdue"
	case CurfewMissed:
		return "Keys of a group are not back in time"
	case LeaverHoldsKeys:
		return "Somebody holds keys although his last day is over"
	case ErasureAsked:
		return "Somebody asked to erase a person"
	case BackupFailed:
		return "A backup could not be made"
	case RetentionFailed:
		return "Entries that were kept for long enough are not deleted"
	case ArchiveDamaged:
		return "An archive is damaged"
	case DiskFull:
		return "The disk is almost full"
	case Custom:
		return "A rule of yours found something"
	case WebhookPaused:
		return "Events cannot be delivered to a webhook, which is paused"
	}
	return "Something needs attention"
}

// State is how far somebody took care of an alert.
type State string

// The states, in the order of lists.
const (
	Open         State = "open"
	Acknowledged State = "acknowledged"
	Resolved     State = "resolved"
)

// Ending is how the cause of an alert ended by itself, "" where somebody resolved it or it is not over.
type Ending string

// The endings.
const (
	Returned   Ending = "returned"
	Extended   Ending = "extended"
	HandedOver Ending = "handed_over"
	Lost       Ending = "lost"
	Voided     Ending = "voided"
	// Superseded is the end of a missed curfew when the next comes: what is still out is in the next day's alert.
	Superseded Ending = "superseded"
	// Withdrawn is the end when the time that was missed was changed, a curfew or somebody's last day, or has not come yet
	// by a clock that was set right.
	Withdrawn Ending = "withdrawn"
	// Passed is the end when what was wrong is no longer.
	Passed Ending = "passed"
)

// States lists every state; its place here is its code in the database.
func States() []State { return []State{Open, Acknowledged, Resolved} }

// Severities lists the severities, the least first; its place here is its code in the database.
func Severities() []ledger.Severity {
	return []ledger.Severity{ledger.Info, ledger.Notice, ledger.Warning, ledger.Critical}
}

// MaxEvidence is how many entries an alert names. More are only counted.
const MaxEvidence = 50

// Alert is something that needs somebody's attention, or needed it.
type Alert struct {
	ID       id.ID
	Rule     Rule
	Severity ledger.Severity
	State    State
	// PersonID is whom it concerns and DepartmentID his then; zero where that is nobody in particular.
	PersonID     id.ID
	DepartmentID id.ID
	RaisedAt     time.Time
	// LastAt is when the latest of the evidence occurred.
	LastAt time.Time
	// Evidence is the sequence numbers of the first MaxEvidence entries it rests on; EvidenceCount counts all.
	Evidence      []uint64
	EvidenceCount int
	// ChangedAt is when somebody last changed the state, and ChangedByID who; nil and zero for a new alert.
	ChangedAt   *time.Time
	ChangedByID id.ID
	// Note is what was written when it was resolved; nil before, and where what was written is gone.
	Note *string
	// Unreadable says that what was written about it, its note or the name of its rule, is damaged.
	Unreadable bool
	// Ending is nil unless the cause ended by itself.
	Ending *Ending
	// KeyID or GroupID is what it is about, zero where that is none.
	KeyID   id.ID
	GroupID id.ID
	// CustomRuleID is the rule that an admin made, zero for others. CustomRuleName is nil for others, and when it went with
	// whoever wrote it.
	CustomRuleID   id.ID
	CustomRuleName *string
}

// Title says in words, in English, what happened.
func (a *Alert) Title() string { return a.Rule.title() }

// Cursor is the alert's place in the list as it stands.
func (a *Alert) Cursor() string { return cursorOf(urgency(a.State, a.Severity), a.ID) }

// reaches reports whether one of the scopes takes in the alert.
func (a *Alert) reaches(scopes []access.Scope, actor *access.Actor) bool {
	return slices.ContainsFunc(scopes, func(scope access.Scope) bool {
		return scope == access.OfKeys && slices.Contains(keyRules(), a.Rule) || scope.Reaches(actor, a.PersonID, a.DepartmentID)
	})
}

// urgency orders lists: by state, and the more severe first.
func urgency(state State, severity ledger.Severity) int {
	return 8*codeOf(States(), state) + len(Severities()) - 1 - codeOf(Severities(), severity)
}

func codeOf[T comparable](all []T, one T) int {
	for i, v := range all {
		if v == one {
			return i
		}
	}
	return 0
}
