package keeping

import (
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
)

// about is what decides how long an entry is kept.
type about struct {
	Stream     ledger.Stream
	Source     string
	EntityType string
	Action     string
	OccurredAt time.Time
	RecordedAt time.Time
}

// age is the instant from which an entry's age counts: a source that dates ahead cannot keep it for good.
func (a *about) age() time.Time {
	if a.RecordedAt.Before(a.OccurredAt) {
		return a.RecordedAt
	}
	return a.OccurredAt
}

// place is what a policy is for.
type place struct {
	stream     ledger.Stream
	source     string
	entityType string
}

// rules are policies as of an instant.
type rules struct {
	asOf time.Time
	// recorded is the instant before which an entry must have been recorded to go, whatever the policies say: what
	// somebody backdates, or floods a stream with, is there to be seen for a while.
	recorded time.Time
	// before is from when on entries are kept, the zero time for good.
	before map[place]time.Time
	// limited is from when on a stream's limits let entries be kept.
	limited map[ledger.Stream]time.Time
}

func rulesOf(policies []*Policy, asOf time.Time, grace time.Duration) *rules {
	r := &rules{asOf: asOf, recorded: asOf.Add(-grace), before: map[place]time.Time{}, limited: map[ledger.Stream]time.Time{}}
	for _, p := range policies {
		var before time.Time
		if p.KeepDays != nil {
			before = asOf.AddDate(0, 0, -*p.KeepDays)
		}
		r.before[place{p.Stream, p.Source, p.EntityType}] = before
	}
	return r
}

// goes reports whether an entry's time is over. Where several policies fit, the narrowest decides: one for the program and
// the type, then for the type, then for the program, then for the stream. A stream's limit counts for all of it.
func (r *rules) goes(a *about) bool {
	if slices.Contains(ledger.Staying(), a.Action) || a.RecordedAt.After(r.recorded) {
		return false
	}
	age := a.age()
	return age.Before(r.limited[a.Stream]) || age.Before(r.beforeOf(a))
}

func (r *rules) beforeOf(a *about) time.Time {
	for _, p := range []place{
		{a.Stream, a.Source, a.EntityType}, {a.Stream, "", a.EntityType}, {a.Stream, a.Source, ""}, {a.Stream, "", ""},
	} {
		if before, found := r.before[p]; found {
			return before
		}
	}
	return time.Time{}
}

// latest is an instant that everything that goes is older than, the zero time when nothing goes.
func (r *rules) latest() time.Time {
	var latest time.Time
	for _, before := range r.before {
		if before.After(latest) {
			latest = before
		}
	}
	for _, before := range r.limited {
		if before.After(latest) {
			latest = before
		}
	}
	return latest
}

// hour is what a stream holds of one hour: hours since 1970, entries, and bytes of their bodies.
type hour struct {
	Hour    int64  `db:"hour"`
	Entries uint64 `db:"entries"`
	Bytes   uint64 `db:"bytes"`
}

// limitOf gives from when on entries are kept so that a stream stays within its limits, whole hours at a time; the zero
// time when it is within them.
func limitOf(hours []hour, maxEntries, maxBytes *uint64) time.Time {
	slices.SortFunc(hours, func(a, b hour) int { return int(b.Hour - a.Hour) })
	var entries, bytes uint64
	for _, h := range hours {
		entries, bytes = entries+h.Entries, bytes+h.Bytes
		if maxEntries != nil && entries > *maxEntries || maxBytes != nil && bytes > *maxBytes {
			return time.Unix((h.Hour+1)*3600, 0).UTC()
		}
	}
	return time.Time{}
}
