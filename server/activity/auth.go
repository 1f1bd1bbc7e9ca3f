// Package activity takes in what other programs report.
package activity

import (
	"context"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/reported"
)

const (
	// MaxAuthEvents is the most sign-ins that are taken in one call.
	MaxAuthEvents = 500
	// AuthPrefix begins the action of every entry that another program's sign-in makes.
	AuthPrefix = "app_auth."

	maxEventID = 190
	maxText    = 500
	// aheadAtMost is how far a program's clock may be ahead of the server's.
	aheadAtMost = 10 * time.Minute
)

// The sealed parts of a reported sign-in, besides who acted and the user name.
const (
	FieldReason     = "reason"
	FieldExternalID = "externalId"
)

// AuthInput is an authentication event of another program.
type AuthInput struct {
	// EventID is the program's name of the event: the same one again is recorded once.
	EventID string
	// Action is what happened, such as signed_in; it is recorded as app_auth.signed_in.
	Action     string
	OccurredAt *time.Time
	// Username and ExternalID say who it was, as the program knows him. A person who has one of them as an external name
	// of the program is whom the entry concerns.
	Username, ExternalID string
	Outcome              ledger.Outcome
	IP, UserAgent        string
	Reason               string
}

// Service records what other programs report. It is safe for concurrent use.
type Service struct {
	db     *mysql.DB
	tally  *tally
	ledger *ledger.Ledger
	access *access.Service
	people *people.Service
	Rules
	now func() time.Time
}

// Rules say how what is reported is written down.
type Rules struct {
	// Describe says in words where somebody comes from.
	Describe func(ledger.Origin) ledger.Origin
	Masks    *Masks
	// Plain gives the fields that a source declares to be plain in things of a type, as JSON pointers.
	Plain func(source, entityType string) []string
}

// New makes the service.
func New(db *mysql.DB, l *ledger.Ledger, acc *access.Service, persons *people.Service, rules Rules, now func() time.Time) *Service {
	return &Service{db: db, tally: &tally{since: map[tallyKey]tallied{}}, ledger: l, access: acc, people: persons, Rules: rules, now: now}
}

// RecordAuth records sign-ins of the actor's program, all or none unless partial, and returns when they are on disk.
// BAD_USER_INPUT names the first event that cannot be recorded and its field ("3.occurredAt"); CONFLICT an event id
// that was used for another event.
func (s *Service) RecordAuth(ctx context.Context, actor *access.Actor, events []*AuthInput, partial bool) (*reported.Recorded, error) {
	if _, err := s.access.Require(ctx, actor, access.AuthRecord); err != nil {
		return nil, err
	}
	if len(events) == 0 || len(events) > MaxAuthEvents {
		return nil, fault.Field("events", "send 1 to %d events at once", MaxAuthEvents)
	}
	b := &reported.Batch{}
	now := s.now().UTC().Truncate(time.Microsecond)
	good, err := b.Checked(len(events), partial, func(i int) error { return events[i].check(now) })
	if err != nil {
		return nil, err
	}
	var names []people.ExternalName
	for _, i := range good {
		names = append(names, events[i].names(actor.Source)...)
	}
	gone, err := s.people.Gone(ctx, names)
	if err != nil {
		return nil, err
	}
	for _, i := range good {
		b.Add(i, s.item(actor, events[i], now, gone))
	}
	receipts, err := s.ledger.Record(ctx, b.Items, partial)
	if err != nil {
		return nil, err
	}
	return b.Finish(receipts), nil
}

func (in *AuthInput) check(now time.Time) error {
	if n := utf8.RuneCountInString(in.EventID); n == 0 || n > maxEventID {
		return fault.Field("eventId", "eventId needs 1 to %d characters", maxEventID)
	}
	for _, text := range []struct{ field, value string }{
		{"username", in.Username}, {"externalId", in.ExternalID}, {"userAgent", in.UserAgent}, {"reason", in.Reason}, {"eventId", in.EventID},
	} {
		if !utf8.ValidString(text.value) || utf8.RuneCountInString(text.value) > maxText {
			return fault.Field(text.field, "%s may have at most %d characters", text.field, maxText)
		}
	}
	if in.Action == "" || strings.ContainsFunc(in.Action, notInAction) || len(in.Action) > ledger.MaxAction-len(AuthPrefix) {
		return fault.Field("action", "%.60q is not an action: use lower-case letters, digits, dots and underscores, such as signed_in", in.Action)
	}
	if in.OccurredAt != nil && in.OccurredAt.After(now.Add(aheadAtMost)) {
		return fault.Field("occurredAt", "the event lies in the future: set the sender's clock right")
	}
	if in.IP != "" {
		if _, err := netip.ParseAddr(in.IP); err != nil {
			return fault.Field("ip", "%.60q is not an IPv4 or IPv6 address", in.IP)
		}
	}
	return nil
}

func notInAction(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '_'
}

// payload is what is compared when an event id comes again.
func (in *AuthInput) payload() map[string]any {
	payload := map[string]any{
		"recordAuth": in.Action, "username": in.Username, "externalId": in.ExternalID, "outcome": string(in.Outcome),
		"ip": in.IP, "userAgent": in.UserAgent, "reason": in.Reason,
	}
	if in.OccurredAt != nil {
		payload["occurredAt"] = in.OccurredAt.UTC().Format(ledger.TimeFormat)
	}
	return payload
}
