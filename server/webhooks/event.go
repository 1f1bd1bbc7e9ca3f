package webhooks

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
)

// Event is a kind of what webhooks are told.
type Event string

// The events.
const (
	// AuthAttemptLogged is a sign-in that succeeded, failed or was refused, also one that another program reports.
	AuthAttemptLogged Event = "AuthAttemptLogged"
	// ActionLogged is any activity that a program reports.
	ActionLogged Event = "ActionLogged"
	// LogRetentionRun is a run that archived and deleted entries.
	LogRetentionRun Event = "LogRetentionRun"
	// AlertRaised is an alert that was raised, became more urgent, or was opened again by what happened since.
	AlertRaised Event = "AlertRaised"
	// KeyMoved is a key that was issued, returned, handed over, lost or found, or a correction of that.
	KeyMoved Event = "KeyMoved"
	// PersonErased is an erasure whose keys are destroyed: whoever holds something of the person should let it go.
	PersonErased Event = "PersonErased"
)

// Events lists every event; its place here is its bit and its code in the database.
func Events() []Event {
	return []Event{AuthAttemptLogged, ActionLogged, LogRetentionRun, AlertRaised, KeyMoved, PersonErased}
}

// test is the type of the invented event by which a webhook is tried.
const test Event = "Test"

// needs is the right to see, of everybody, what an event tells.
func (e Event) needs() access.Permission {
	switch e {
	case AuthAttemptLogged:
		return access.LogsAuthView
	case ActionLogged:
		return access.LogsActionsView
	case AlertRaised:
		return access.AlertsView
	case KeyMoved:
		return access.LogsKeysView
	}
	return access.LogsSystemView
}

// eventOf gives the event that an entry is; false when it is none.
func eventOf(e *ledger.Entry) (Event, bool) {
	switch e.Stream {
	case ledger.StreamActivity:
		return ActionLogged, true
	case ledger.StreamAuth:
		return AuthAttemptLogged, isAttempt(e)
	}
	switch e.Action {
	case ledger.KeyIssued, ledger.KeyReturned, ledger.KeyHandedOver, ledger.KeyLost, ledger.KeyFound, ledger.KeyCorrected:
		return KeyMoved, true
	case ledger.LogRetentionRun:
		return LogRetentionRun, true
	case ledger.AlertRaised, ledger.AlertEscalated:
		return AlertRaised, true
	case ledger.AlertRepeated: // or else joined one that is open
		if e.Details["reopened"] == true {
			return AlertRaised, true
		}
	case ledger.PrivacyErasureApproved:
		return PersonErased, true
	}
	return "", false
}

// isAttempt tells attempts to sign in from what else is recorded of accounts. All that other programs report is one.
func isAttempt(e *ledger.Entry) bool {
	if !ledger.Reserved(e.Action) {
		return true
	}
	return slices.Contains([]string{
		ledger.AuthSignedIn, ledger.AuthSignInFailed, ledger.AuthLockedOut, ledger.AuthSecondFactorFailed, ledger.AuthRecoveryCodeUsed,
		ledger.AuthExternalFailed, ledger.AuthRootAccessed, ledger.AuthSessionInvalid, ledger.AuthTokenInvalid,
	}, e.Action)
}

func bitsOf(events []Event) (bits uint32) {
	for i, e := range Events() {
		if slices.Contains(events, e) {
			bits |= 1 << i
		}
	}
	return bits
}

func eventsOf(bits uint32) (events []Event) {
	for i, e := range Events() {
		if bits&(1<<i) != 0 {
			events = append(events, e)
		}
	}
	return events
}

// message is what is sent: the form that Standard Webhooks recommend.
type message struct {
	Type      Event     `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

// told is what an event says of its entry: ids and what stands in plain. Nothing that is sealed is opened for it.
type told struct {
	ID         string         `json:"id"`
	Sequence   uint64         `json:"sequence"`
	Stream     ledger.Stream  `json:"stream"`
	Action     string         `json:"action"`
	Outcome    ledger.Outcome `json:"outcome"`
	OccurredAt time.Time      `json:"occurredAt"`
	RecordedAt time.Time      `json:"recordedAt"`
	Source     string         `json:"source"`
	Module     string         `json:"module,omitempty"`
	Actor      string         `json:"actor,omitempty"`
	Person     string         `json:"person,omitempty"`
	Department string         `json:"department,omitempty"`
	Entity     ledger.Entity  `json:"entity"`
	Refs       []ledger.Ref   `json:"refs"`
	Details    map[string]any `json:"details"`
}

// textOf writes an event. The same entry always gives the same bytes.
func textOf(event Event, e *ledger.Entry) ([]byte, error) {
	t := told{
		ID: e.ID.String(), Sequence: e.Seq, Stream: e.Stream, Action: e.Action, Outcome: e.Outcome, OccurredAt: e.OccurredAt,
		RecordedAt: e.RecordedAt, Source: e.Source, Module: e.Module, Actor: e.Actor, Entity: e.Entity, Refs: e.Refs, Details: e.Details,
	}
	if t.Refs == nil {
		t.Refs = []ledger.Ref{}
	}
	if !e.Person.IsZero() {
		t.Person = e.Person.String()
	}
	if !e.Department.IsZero() {
		t.Department = e.Department.String()
	}
	return json.Marshal(message{event, e.RecordedAt, t})
}
