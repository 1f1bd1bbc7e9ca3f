package alerts

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/localtime"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

// Custom is the rule of alerts that were raised for a rule that an admin made.
const Custom Rule = "custom"

const (
	// MaxCustomRules bounds how many rules can be made.
	MaxCustomRules = 100
	maxRuleName    = 80
	maxMuteReason  = 500
	// longestMute is how far ahead a mute may end.
	longestMute = 90 * 24 * time.Hour
	entityRule  = "alert_rule"
)

// CustomRule is a rule that an admin made.
type CustomRule struct {
	ID id.ID
	// Name is nil when it went with the person who wrote it.
	Name *string
	rules.Rule
	Enabled bool
	// Version goes up with each change; whoever changes the rule says which he saw.
	Version     int
	CreatedAt   time.Time
	ChangedAt   time.Time
	ChangedByID id.ID
	// MutedUntil is nil for a rule that is not muted. MutedCount is how often it found something since the mute began.
	MutedUntil  *time.Time
	MuteReason  *string
	MutedCount  int
	LastAlertAt *time.Time
	// Problem says why the rule doesn't work, nothing when it does.
	Problem fault.Text

	definedSeq uint64
	// subject and sealed hold the name as it is stored.
	subject   seal.Subject
	sealed    []byte
	definedAt time.Time
}

// Cursor is the rule's place in the list.
func (c *CustomRule) Cursor() string { return page.Encode(c.ID[:]) }

// Streams are those that the rule looks at; none for all.
func (c *CustomRule) Streams() []ledger.Stream { return append([]ledger.Stream{}, c.Filter.Streams...) }

// Actions are codes, and beginnings of codes that end in ".*"; none for all.
func (c *CustomRule) Actions() []string { return append([]string{}, c.Filter.Actions...) }

// Sources are the programs that the rule looks at; none for all.
func (c *CustomRule) Sources() []string { return append([]string{}, c.Filter.Sources...) }

// Outcome is nil for any.
func (c *CustomRule) Outcome() *ledger.Outcome {
	if c.Filter.Outcome == "" {
		return nil
	}
	return &c.Filter.Outcome
}

// WindowMinutes is 0 for a rule without a window.
func (c *CustomRule) WindowMinutes() int { return int(c.Window.Minutes()) }

// GroupBy is what entries are told apart by.
func (c *CustomRule) GroupBy() rules.Group { return c.Group }

// WorkingHours is nil for a rule that is not about them.
func (c *CustomRule) WorkingHours() *RuleHours {
	if c.Hours == nil {
		return nil
	}
	h := &RuleHours{Weekdays: []int{}, From: clockOf(c.Hours.From), To: clockOf(c.Hours.To)}
	for _, day := range c.Hours.Weekdays {
		h.Weekdays = append(h.Weekdays, (int(day)+6)%7+1)
	}
	return h
}

func clockOf(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// RuleInput is what a rule looks for, as it is given.
type RuleInput struct {
	Kind    rules.Kind
	Streams []ledger.Stream
	Actions []string
	Outcome *ledger.Outcome
	Sources []string
	// WindowMinutes and Count are nil where the kind has none.
	WindowMinutes *int
	Count         *int
	GroupBy       rules.Group
	Hours         *RuleHours
	Severity      ledger.Severity
}

// RuleHours is working hours in words: days from 1, Monday, to 7, Sunday, and times as HH:MM.
type RuleHours struct {
	Weekdays []int
	From, To string
}

// rule gives the rule of an input. BAD_USER_INPUT names the field that makes no sense.
func (in *RuleInput) rule() (rules.Rule, error) {
	r := rules.Rule{
		Kind: in.Kind, Group: in.GroupBy, Severity: in.Severity,
		Filter: rules.Filter{Streams: in.Streams, Actions: trimmed(in.Actions), Sources: trimmed(in.Sources)},
	}
	if in.Outcome != nil {
		r.Filter.Outcome = *in.Outcome
	}
	if in.WindowMinutes != nil {
		if *in.WindowMinutes < 0 || *in.WindowMinutes > 1_000_000 {
			return r, fault.Field("windowMinutes", "choose how many minutes to look at")
		}
		r.Window = time.Duration(*in.WindowMinutes) * time.Minute
	}
	if in.Count != nil {
		r.Count = *in.Count
	}
	if in.Hours != nil {
		hours, err := in.Hours.hours()
		if err != nil {
			return r, err
		}
		r.Hours = hours
	}
	return r, r.Validate()
}

func (in *RuleHours) hours() (*rules.Hours, error) {
	h := &rules.Hours{}
	if len(in.Weekdays) > 7 {
		return nil, fault.Field("hours.weekdays", "name each day once, from 1 (Monday) to 7 (Sunday)")
	}
	for _, day := range in.Weekdays {
		if day < 1 || day > 7 {
			return nil, fault.Field("hours.weekdays", "name each day once, from 1 (Monday) to 7 (Sunday)")
		}
		h.Weekdays = append(h.Weekdays, time.Weekday(day%7))
	}
	var ok bool
	if h.From, ok = localtime.Minutes(in.From); !ok {
		return nil, fault.Field("hours.from", "write the time as HH:MM")
	}
	if h.To, ok = localtime.Minutes(in.To); !ok {
		return nil, fault.Field("hours.to", "write the time as HH:MM")
	}
	return h, nil
}

func trimmed(texts []string) []string {
	kept := make([]string, 0, len(texts))
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			kept = append(kept, text)
		}
	}
	return kept
}

func checkText(field, text string, least, most int) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	if n := utf8.RuneCountInString(text); n < least || n > most || !utf8.ValidString(text) {
		return "", fault.Field(field, "write %d to %d characters", least, most)
	}
	return text, nil
}

// CustomRules keeps the rules that admins make, and applies them.
type CustomRules struct {
	alerts *Service
	looks  Looks
	zone   *time.Location
	log    *slog.Logger
	follower
}

// Looks records that somebody looks at logs, and for which purpose ("" for none).
type Looks interface {
	Looked(ctx context.Context, actor *access.Actor, view string, filter map[string]any, purpose string) error
}

// NewCustomRules makes the rules of a service; working hours are of zone's clocks. Run must be running for them to find
// anything.
func NewCustomRules(s *Service, looks Looks, zone *time.Location, log *slog.Logger) *CustomRules {
	return &CustomRules{alerts: s, looks: looks, zone: zone, log: log, follower: follower{live: map[id.ID]*liveRule{}, remembered: maxRemembered}}
}

// requireAll demands the right to handle all alerts: a rule may look at everything.
func (r *CustomRules) requireAll(ctx context.Context, actor *access.Actor) error {
	return r.alerts.requireAll(ctx, actor)
}

// List gives the rules, the oldest first; none to whoever's right does not reach all alerts, since a rule may be about anybody.
func (r *CustomRules) List(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*CustomRule], error) {
	var none page.Page[*CustomRule]
	scope, err := r.alerts.access.Require(ctx, actor, access.AlertsView)
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil || scope != access.All {
		return none, err
	}
	rows, err := r.readPage(ctx, w)
	if err != nil {
		return none, err
	}
	found := make([]*CustomRule, len(rows))
	for i := range rows {
		if found[i], err = r.open(ctx, r.alerts.db, &rows[i]); err != nil {
			return none, err
		}
	}
	return page.Cut(w, found, (*CustomRule).Cursor), r.alerts.ledger.AwaitRead(ctx)
}
