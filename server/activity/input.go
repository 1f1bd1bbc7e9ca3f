package activity

import (
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// The bounds of one event. MaxEventBytes is about its texts, names and values together, as they came.
const (
	MaxEvents     = 1000
	MaxEventBytes = 64 << 10
	MaxChanges    = 500
	MaxObjects    = 500
	maxDepth      = 32
	maxValues     = 5000
	maxPath       = 500
	maxService    = 100
	maxAgent      = 500
)

// Input is something that happened in a program, in the form of the schema and of a line of NDJSON.
type Input struct {
	// EventID is the program's name of the event: the same one again is recorded once.
	EventID string `json:"eventId"`
	// Action is the program's own word, such as invoice.approved.
	Action      string `json:"action"`
	EntityType  string `json:"entityType"`
	Entity      string `json:"entity"`
	EntityLabel string `json:"entityLabel"`
	Module      string `json:"module"`
	// Objects are everything that a bulk change touched.
	Objects    []*Object  `json:"objects"`
	Actor      *Who       `json:"actor"`
	OccurredAt *time.Time `json:"occurredAt"`
	// Before and After are the fields of the entity, as JSON objects; Changes stands in place of them.
	Before   any       `json:"before"`
	After    any       `json:"after"`
	Changes  []*Change `json:"changes"`
	Metadata any       `json:"metadata"`
	// IP and UserAgent are the actor's.
	IP        string         `json:"ip"`
	UserAgent string         `json:"userAgent"`
	Outcome   ledger.Outcome `json:"outcome"`
	Request   *Request       `json:"request"`
	Response  *Response      `json:"response"`
	// DataSubject is the person whom the data are about: all of it is sealed under his key. Of somebody who was erased
	// only the paths of what changed are kept.
	DataSubject *Who `json:"dataSubject"`
	// Plain are the JSON pointers of changed fields that hold nothing personal.
	Plain  []string `json:"plain"`
	BulkID string   `json:"bulkId"`

	changed []*Change // set by check
}

// Object is one of the things that a bulk change touched.
type Object struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Who names a person: by keytrail's id, or as a source knows him.
type Who struct {
	Person id.ID `json:"person"`
	// Source is whose name ExternalID is; "" means the caller's own.
	Source     string `json:"source"`
	ExternalID string `json:"externalId"`
	// Name is how people call him. It stands in for the ExternalID where there is none.
	Name string `json:"name"`
}

// Request is an HTTP request that a program received or sent.
type Request struct {
	// Direction is incoming or outgoing, "" for incoming.
	Direction string `json:"direction"`
	Method    string `json:"method"`
	URL       string `json:"url"`
	Path      string `json:"path"`
	Query     any    `json:"query"`
	Headers   any    `json:"headers"`
	Body      any    `json:"body"`
	// Service is what was called, or what answered.
	Service string `json:"service"`
}

// Response is how a request was answered.
type Response struct {
	Status     *int     `json:"status"`
	Headers    any      `json:"headers"`
	Body       any      `json:"body"`
	DurationMs *float64 `json:"durationMs"`
	Error      string   `json:"error"`
}
