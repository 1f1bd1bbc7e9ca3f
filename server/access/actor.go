package access

import (
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// Actor is who asks. It is made once a request and not changed afterwards. A nil Actor is nobody known.
type Actor struct {
	Person id.ID
	// Merged are further ids under which he is on record, of duplicates that were merged into him.
	Merged     []id.ID
	Department id.ID
	// Account and Session are zero for whoever did not sign in with a password.
	Account  id.ID
	Session  id.ID
	Username string
	// Token is the token with which a program asks, zero for people. Such an actor has no person, account or session.
	Token id.ID
	// Roles are those held when the Actor was made. For an Actor with an Account the policy is asked anew each
	// time, so that a role which was taken away counts at once, in requests and feeds that still run, too.
	Roles []string
	// Source is the authenticated program that asks: "keytrail" for the web app.
	Source string
	Origin ledger.Origin
	// MustChangePassword is set until a first password was changed; nothing else is allowed before.
	MustChangePassword bool
	// SessionExpiresAt is when the session ends unless something is done before.
	SessionExpiresAt time.Time

	system bool
}

// System is keytrail itself, for commands and sample data. It may do everything.
func System() *Actor { return &Actor{Source: ledger.SourceKeytrail, system: true} }

// IsSystem reports whether the actor is keytrail itself.
func (a *Actor) IsSystem() bool { return a != nil && a.system }

// Is reports whether an id on record is the actor's own.
func (a *Actor) Is(person id.ID) bool {
	return !person.IsZero() && (person == a.Person || slices.Contains(a.Merged, person))
}

// Persons gives every id under which the actor is on record; of whoever is no person, the zero id, which is nobody's.
func (a *Actor) Persons() []id.ID { return append([]id.ID{a.Person}, a.Merged...) }

// Caller names the actor where idempotency keys of different callers must not meet.
func (a *Actor) Caller() string {
	if a.system {
		return ledger.ActorSystem
	}
	return a.Source + "/" + a.Person.String()
}

// ShowsInitials reports whether people stand as initials in what the actor is shown: on a screen that hangs on a wall.
func (a *Actor) ShowsInitials() bool {
	return a != nil && !a.Token.IsZero() && slices.Contains(a.Roles, RoleScreen)
}

// Draft begins an entry that says the actor did something: who, through which program, and, sealed, from
// where. at is the moment it is recorded, which chooses the month's key where no person is known.
func (a *Actor) Draft(stream ledger.Stream, action string, at time.Time) ledger.Draft {
	d := ledger.Draft{Stream: stream, Action: action, Actor: a.Person, System: a.system, Source: a.Source}
	if !a.Origin.IsZero() {
		d.Parts = []ledger.Part{ledger.OriginPart(a.Person, at, a.Origin)}
	}
	return d
}
