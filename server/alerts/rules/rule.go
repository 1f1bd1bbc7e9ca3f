// Package rules decides, without I/O, what the alert rules that admins make find in entries of the ledger. The same
// Evaluator serves rules that follow the ledger and the preview of one that is being written.
package rules

import (
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// Kind is what a rule looks for.
type Kind string

// The kinds.
const (
	// Threshold finds Count entries or more within Window.
	Threshold Kind = "threshold"
	// FirstSeen finds a group that no entry belonged to for Window, or ever.
	FirstSeen Kind = "first_seen"
	// OutsideHours finds each entry that occurred outside of Hours.
	OutsideHours Kind = "outside_hours"
	// Volume finds entries about Count different things or more within Window.
	Volume Kind = "volume"
	// Silence finds that no entry came for Window.
	Silence Kind = "silence"
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{Threshold, FirstSeen, OutsideHours, Volume, Silence} }

// Group is what entries are told apart by: each group is counted, and alerted, by itself.
type Group string

// The groups.
const (
	ByNone   Group = "none"
	ByActor  Group = "actor"
	ByPerson Group = "person"
	BySource Group = "source"
	ByAction Group = "action"
	ByEntity Group = "entity"
)

// Groups lists every group.
func Groups() []Group { return []Group{ByNone, ByActor, ByPerson, BySource, ByAction, ByEntity} }

// Filter says which entries a rule looks at. What is empty is no condition; all others must hold.
type Filter struct {
	Streams []ledger.Stream `json:"streams,omitempty"`
	// Actions are codes, or beginnings of codes that end in ".*".
	Actions []string       `json:"actions,omitempty"`
	Outcome ledger.Outcome `json:"outcome,omitempty"`
	Sources []string       `json:"sources,omitempty"`
}

// Hours are when people are at work, by the clocks of the display zone.
type Hours struct {
	Weekdays []time.Weekday `json:"weekdays"`
	// From and To are minutes since midnight; work that ends at or before it begins ends on the next day.
	From int `json:"from"`
	To   int `json:"to"`
}

// Rule is what an admin wants to be told of.
type Rule struct {
	Kind   Kind   `json:"kind"`
	Filter Filter `json:"filter"`
	// Window is 0 for OutsideHours.
	Window time.Duration `json:"window"`
	// Count is 0 for kinds that count nothing.
	Count    int             `json:"count"`
	Group    Group           `json:"group"`
	Hours    *Hours          `json:"hours,omitempty"` // of OutsideHours only
	Severity ledger.Severity `json:"severity"`
}

// FindsAs reports whether a rule finds exactly what another does. How urgent that is makes no difference.
func (r *Rule) FindsAs(other *Rule) bool {
	return r.Kind == other.Kind && r.Window == other.Window && r.Count == other.Count && r.Group == other.Group && r.Hours.equal(other.Hours) &&
		slices.Equal(r.Filter.Streams, other.Filter.Streams) && slices.Equal(r.Filter.Actions, other.Filter.Actions) &&
		slices.Equal(r.Filter.Sources, other.Filter.Sources) && r.Filter.Outcome == other.Filter.Outcome
}

// Late is how long after it occurred an entry may be recorded to count. What is recorded later, such as imported history,
// raises nothing: it says nothing of what goes on now.
const Late = 24 * time.Hour

// Lookback is how long before a moment entries may have occurred for an evaluator to depend on them from then on.
func (r *Rule) Lookback() time.Duration { return r.Window + Late }

// Event is what rules look at of an entry: only what is stored in plain.
type Event struct {
	Seq                       uint64
	Stream                    ledger.Stream
	OccurredAt, RecordedAt    time.Time
	Action, Source            string
	Outcome                   ledger.Outcome
	Actor, Person, Department id.ID
	EntityType, EntityID      string
}

// EventOf gives the event of an entry.
func EventOf(e *ledger.Entry) Event {
	return Event{
		Seq: e.Seq, Stream: e.Stream, OccurredAt: e.OccurredAt, RecordedAt: e.RecordedAt, Action: e.Action, Source: e.Source,
		Outcome: e.Outcome, Actor: e.ActorID(), Person: e.Person, Department: e.Department, EntityType: e.Entity.Type, EntityID: e.Entity.ID,
	}
}

// at is when the event counts: a program's clock that is ahead does not carry a window into the future.
func (e *Event) at() time.Time {
	if e.OccurredAt.After(e.RecordedAt) {
		return e.RecordedAt
	}
	return e.OccurredAt
}

// IsLate reports whether the event was recorded too long after it happened to count.
func (e *Event) IsLate() bool { return e.RecordedAt.Sub(e.OccurredAt) > Late }

// alertPrefix begins what alerts themselves record. No rule looks at that: it would find itself.
const alertPrefix = "alert."

// Matches reports whether a rule looks at an event. That somebody looked at entries, such as those of an alert, counts only
// where it is named.
func (f *Filter) Matches(e *Event) bool {
	return !strings.HasPrefix(e.Action, alertPrefix) && (e.Action != ledger.LogViewed || slices.Contains(f.Actions, e.Action)) &&
		(len(f.Streams) == 0 || slices.Contains(f.Streams, e.Stream)) &&
		(len(f.Sources) == 0 || slices.Contains(f.Sources, e.Source)) &&
		(f.Outcome == "" || e.Outcome == f.Outcome) &&
		(len(f.Actions) == 0 || slices.ContainsFunc(f.Actions, func(one string) bool { return covers(one, e.Action) }))
}

func covers(wanted, action string) bool {
	if prefix, ok := Prefix(wanted); ok {
		return strings.HasPrefix(action, prefix)
	}
	return wanted == action
}

// Prefix gives the beginning that an action of a filter stands for, dot included; ok is false where it is one code.
func Prefix(action string) (prefix string, ok bool) {
	prefix, ok = strings.CutSuffix(action, "*")
	return prefix, ok
}

// groupOf names the group of an event; ok is false where it belongs to none, such as an entry that nobody acted in.
func (g Group) groupOf(e *Event) (name string, ok bool) {
	switch g {
	case ByActor:
		return e.Actor.String(), !e.Actor.IsZero()
	case ByPerson:
		return e.Person.String(), !e.Person.IsZero()
	case BySource:
		return e.Source, e.Source != ""
	case ByAction:
		return e.Action, true
	case ByEntity:
		return e.EntityType + "\x00" + e.EntityID, e.EntityID != ""
	}
	return "", true
}
