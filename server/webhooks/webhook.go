// Package webhooks sends events to addresses that admins name.
//
// Each webhook has a place in the ledger and is sent what comes behind it, in order and at least once (deliver.go). What an
// event says is decided in event.go: ids and what stands in plain, never what is sealed, so no names. Events are signed as
// Standard Webhooks say (sign.go), and go only to addresses that the operator allows, which is asked when the connection is
// made (guard.go).
package webhooks

import (
	"crypto/x509"
	"net/netip"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// State says whether events are sent to a webhook.
type State string

// The states.
const (
	Active State = "active"
	Off    State = "off"
	// Paused is the state of one to which an event could not be delivered, until somebody turns it on again.
	Paused State = "paused"
)

// states lists every state; its place here, counted from 1, is its code in the database.
func states() []State { return []State{Active, Off, Paused} }

// MaxWebhooks is how many there may be, so that the list is one page.
const MaxWebhooks = 50

const (
	maxURL         = 2000
	maxDescription = 200
)

// Webhook is an address to which events are sent.
type Webhook struct {
	ID          id.ID
	URL         string
	Description string
	Events      []Event
	State       State
	// NextSeq is the first entry that has not been dealt with.
	NextSeq uint64
	// FailingSince is since when nothing could be delivered, nil while that goes well; DeliveredAt is when something was last.
	FailingSince *time.Time
	DeliveredAt  *time.Time
	// FormerSecretUntil is until when the secret before the last one signs as well; nil when there is none.
	FormerSecretUntil *time.Time
	// GivenUp is how many events were given up and can be sent again.
	GivenUp     int
	CreatedAt   time.Time
	ChangedAt   time.Time
	ChangedByID id.ID

	revision       uint64
	secret, former string
}

// Config says where events may go, and how long is tried.
type Config struct {
	// Networks are allowed besides the public ones.
	Networks []netip.Prefix
	// AllowHTTP allows addresses without TLS.
	AllowHTTP bool
	// Roots are whose certificates are believed; nil for the system's.
	Roots *x509.CertPool
	// Timeout bounds one try. FirstPause is between the first two tries of an event; pauses grow up to LongestPause. 0 means
	// 10 seconds, 5 seconds and 6 hours.
	Timeout, FirstPause, LongestPause time.Duration
	// MaxAttempts is how often an event is tried before it is given up, and MaxAge for how long. 0 means 20 times and 3 days.
	MaxAttempts int
	MaxAge      time.Duration
}

const (
	usualTimeout      = 10 * time.Second
	usualFirstPause   = 5 * time.Second
	usualLongestPause = 6 * time.Hour
	usualMaxAttempts  = 20
	usualMaxAge       = 3 * 24 * time.Hour
)
