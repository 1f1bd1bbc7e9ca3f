package audit

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

// Outcome is how an action ended.
type Outcome string

// The outcomes. An event without one is a success, or what the status of its response says.
const (
	Success Outcome = "success"
	Failure Outcome = "failure"
	Denied  Outcome = "denied"
)

// The actions that this module's recorders use. Your own may be any lower-case word of letters, digits, dots, hyphens
// and underscores, except those that begin with key., auth., access., log., work., privacy., alert. or system.
const (
	Created     = "create"
	Updated     = "update"
	Deleted     = "delete"
	SoftDeleted = "soft_delete"
	Restored    = "restore"
	Viewed      = "read"
	Linked      = "link"    // an association was added (many to many)
	Unlinked    = "unlink"  // an association was removed
	Requested   = "request" // an incoming request
	Called      = "call"    // an outgoing request
	Gap         = "recording.gap"
)

// MaxEventBytes is how large an event may be as JSON. A larger one, or one of more than 4,400 values, loses its bodies
// first, then its headers and query, then long values, and at last changes and objects. Of more than 500 changes, also
// between Before and After, and of more than 500 objects the first are kept. How many were left out stands in the metadata
// as changesLeftOut and objectsLeftOut. Values nested more deeply than 28 are left out, and texts are cut: 190 characters of
// Entity and an object's ID, 64 of their types, 500 of EntityLabel, UserAgent and a change's path, 100 of Module and
// Service, 20 of a method, 128 of a person's id and 200 of his name.
const MaxEventBytes = 64 << 10

// Event is something that happened. Only Action is needed; everything else is filled from the context where it stands
// there, or left out.
//
// What keytrail stores in plain, and therefore must not be personal: Action, EntityType, Entity, EntityLabel, Module,
// the paths of changes, and the values at the paths in Plain. All else is sealed.
type Event struct {
	// EventID is the event's own name, by which a repeat is recognised. Empty, Record makes one (UUIDv7).
	EventID     string `json:"eventId"`
	Action      string `json:"action"`
	EntityType  string `json:"entityType,omitempty"`
	Entity      string `json:"entity,omitempty"`
	EntityLabel string `json:"entityLabel,omitempty"`
	// Module is the part of the application, such as "orders".
	Module string `json:"module,omitempty"`
	// Objects are other things that the action touched, at most 500.
	Objects []Object `json:"objects,omitempty"`
	Actor   *Person  `json:"actor,omitempty"`
	// OccurredAt is when it happened; zero means now.
	OccurredAt time.Time `json:"occurredAt,omitzero"`
	// Before and After are the entity's fields as objects, for events that give no Changes.
	Before    any       `json:"before,omitempty"`
	After     any       `json:"after,omitempty"`
	Changes   []Change  `json:"changes,omitempty"`
	Metadata  any       `json:"metadata,omitempty"`
	IP        string    `json:"ip,omitempty"`
	UserAgent string    `json:"userAgent,omitempty"`
	Outcome   Outcome   `json:"outcome,omitempty"`
	Request   *Request  `json:"request,omitempty"`
	Response  *Response `json:"response,omitempty"`
	// DataSubject is the person whom the data are about: all of it is sealed under his key.
	DataSubject *Person `json:"dataSubject,omitempty"`
	// Plain are the JSON pointers of changed fields that hold nothing personal.
	Plain []string `json:"plain,omitempty"`
	// BulkID is common to the events of one bulk change.
	BulkID string `json:"bulkId,omitempty"`

	personal []string // pointers of fields tagged personal, which local files leave out
}

// Object is a thing that an action touched.
type Object struct {
	Type string `json:"type,omitempty"`
	ID   string `json:"id"`
}

// Person is somebody as the application knows him. The zero value is nobody.
type Person struct {
	// Person is keytrail's own id of him, where the application knows it.
	Person string `json:"person,omitempty"`
	// Source is whose ids ExternalID belongs to; empty means the application's own.
	Source string `json:"source,omitempty"`
	// ExternalID is the application's id of him, such as the primary key of its table of users.
	ExternalID string `json:"externalId,omitempty"`
	Name       string `json:"name,omitempty"`
}

// Change is a field that differs. Path is its JSON pointer (RFC 6901).
type Change struct {
	Path   string `json:"path"`
	Before any    `json:"before"`
	After  any    `json:"after"`
	// Added says that there was no such field before, Removed that there is none any more.
	Added   bool `json:"added,omitempty"`
	Removed bool `json:"removed,omitempty"`
}

// The directions of a request.
const (
	Incoming = "incoming"
	Outgoing = "outgoing"
)

// Request is a request that the application received or sent.
type Request struct {
	Direction string `json:"direction,omitempty"`
	Method    string `json:"method,omitempty"`
	URL       string `json:"url,omitempty"`
	Path      string `json:"path,omitempty"`
	Query     any    `json:"query,omitempty"`
	Headers   any    `json:"headers,omitempty"`
	Body      any    `json:"body,omitempty"`
	Service   string `json:"service,omitempty"`
}

// Response is how a request was answered.
type Response struct {
	// Status is the HTTP status; zero where there was no answer.
	Status  int `json:"status,omitempty"`
	Headers any `json:"headers,omitempty"`
	Body    any `json:"body,omitempty"`
	// DurationMs is milliseconds until the handler returned, or until the answer's headers came.
	DurationMs float64 `json:"durationMs"`
	Error      string  `json:"error,omitempty"`
}

// ErrInvalid says that an event can never be recorded: correct the code that makes it.
var ErrInvalid = errors.New("the event cannot be recorded")

var actionForm = regexp.MustCompile(`^[a-z][a-z0-9._-]{0,99}$`)

// check refuses what keytrail would refuse for its form.
func (e *Event) check() error {
	if !actionForm.MatchString(e.Action) {
		return fmt.Errorf("%w: action %.60q must be a lower-case letter followed by letters, digits, dots, hyphens or underscores", ErrInvalid, e.Action)
	}
	if err := checkReserved(e.Action); err != nil {
		return err
	}
	if len(e.Changes) > 0 && (e.Before != nil || e.After != nil) {
		return fmt.Errorf("%w: give Changes, or Before and After, and not both", ErrInvalid)
	}
	return nil
}

// IsPersonal reports whether the change at a path comes from a field tagged personal.
func (e *Event) IsPersonal(path string) bool {
	for _, one := range e.personal {
		if one == path {
			return true
		}
	}
	return false
}
