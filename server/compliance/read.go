package compliance

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	// Both go along the index of actions and read nothing but it.
	selectPlaces = "SELECT seq, occurred_at FROM entry_index FORCE INDEX (action_time)" +
		" WHERE action = ? AND occurred_at >= ? AND occurred_at < ? ORDER BY occurred_at, seq LIMIT ?"
	selectPlacesBehind = "SELECT seq, occurred_at FROM entry_index FORCE INDEX (action_time)" +
		" WHERE action = ? AND occurred_at >= ? AND (occurred_at > ? OR seq > ?) ORDER BY occurred_at, seq LIMIT ?"
	// pageSize is how many entries are in memory at a time.
	pageSize = 500
	// maxEver is how many entries of one action are read to the end, 32 bytes each.
	maxEver = 200_000
	// readAtOnce is how many bodies are read at a time; some have a megabyte.
	readAtOnce = 32
	// maxRanges is how many ranges of deleted entries a report names of one deletion.
	maxRanges = 100
)

// reading makes a report from one state of the database.
type reading struct {
	*Service
	q      mysql.Querier
	actor  *access.Actor
	in     language.Tag
	report *Report
}

type place struct {
	Seq uint64    `db:"seq"`
	At  time.Time `db:"occurred_at"`
}

func (a place) compare(b place) int {
	if d := a.At.Compare(b.At); d != 0 {
		return d
	}
	if a.Seq < b.Seq {
		return -1
	}
	return 1
}

// all reads every part.
func (r *reading) all(ctx context.Context) (err error) {
	if r.report.Ledger.Entries, err = r.Ledger.SizeIn(ctx, r.q); err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{r.rights, r.signIns, r.keeping, r.integrity} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// cut says of a list that it is not whole.
func (r *reading) cut(list string) {
	if !slices.Contains(r.report.Cut, list) {
		r.report.Cut = append(r.report.Cut, list)
	}
}

// each visits the entries of actions that occurred in the period, in the order of time. Where there are more than the list
// may have, it visits the first and says so.
func (r *reading) each(ctx context.Context, list string, visit func(*ledger.Entry) error, actions ...string) error {
	var places []place
	for _, action := range actions {
		var some []place
		if err := r.q.Select(ctx, &some, selectPlaces, action, r.report.Period.Begins, r.report.Period.Ends, r.rows+1); err != nil {
			return err
		}
		places = append(places, some...)
	}
	slices.SortFunc(places, place.compare)
	if len(places) > r.rows {
		places = places[:r.rows]
		r.cut(list)
	}
	return r.visit(ctx, places, visit)
}

func (r *reading) visit(ctx context.Context, places []place, visit func(*ledger.Entry) error) error {
	for some := range slices.Chunk(places, readAtOnce) {
		seqs := make([]uint64, len(some))
		for i, one := range some {
			seqs[i] = one.Seq
		}
		entries, err := r.Ledger.ReadSeqs(ctx, r.q, seqs)
		if err != nil {
			return err
		}
		if len(entries) != len(some) { // both go together when they are deleted as they should be
			return fault.New(fault.Unavailable, "Entries that the index names are missing, so no report is made: run keytrail verify.")
		}
		for i := range entries {
			if err := visit(&entries[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// ever visits the entries of an action that there are, whenever they occurred, in the order in which they were recorded:
// clocks may go back. Where there are more than maxEver, it visits those that occurred first, and says so
// of the list and by cut.
func (r *reading) ever(ctx context.Context, list, action string, visit func(*ledger.Entry) error) (cut bool, err error) {
	var places []place
	last := place{At: time.Unix(0, 0).UTC()} // MySQL 8 refuses the year 1
	for more := true; more; {
		var some []place
		if err := r.q.Select(ctx, &some, selectPlacesBehind, action, last.At, last.At, last.Seq, pageSize); err != nil {
			return false, err
		}
		places = append(places, some...)
		if more = len(some) == pageSize; more {
			last = some[len(some)-1]
		}
		if cut = len(places) > r.everRows; cut {
			r.cut(list)
			places, more = places[:r.everRows], false
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.Seq, b.Seq) })
	return cut, r.visit(ctx, places, visit)
}

// events lists the entries of actions.
func (r *reading) events(ctx context.Context, list string, actions ...string) ([]Event, error) {
	found := []Event{}
	err := r.each(ctx, list, func(e *ledger.Entry) error {
		one, err := r.event(ctx, e)
		found = append(found, one)
		return err
	}, actions...)
	return found, err
}

func (r *reading) event(ctx context.Context, e *ledger.Entry) (Event, error) {
	one := Event{
		Entry: e.Seq, At: e.OccurredAt, Action: e.Action, Outcome: string(e.Outcome), By: r.by(e), Person: r.person(e.Person), Details: e.Details,
	}
	if one.Details == nil {
		one.Details = map[string]any{}
	}
	one.Details = withFewRanges(one.Details)
	if e.Entity != (ledger.Entity{}) {
		one.About = &Thing{e.Entity.Type, e.Entity.ID, e.Entity.Label}
	}
	var err error
	one.Reason, err = r.reason(ctx, e)
	return one, err
}

// withFewRanges keeps the first of very many ranges of entries, and says how many there are: the entry has them all.
func withFewRanges(details map[string]any) map[string]any {
	ranges, _ := details["ranges"].([]any)
	if len(ranges) <= maxRanges {
		return details
	}
	shorter := maps.Clone(details)
	shorter["ranges"], shorter["rangesInAll"] = ranges[:maxRanges], len(ranges)
	return shorter
}

// by says who did what an entry tells.
func (r *reading) by(e *ledger.Entry) Who {
	if e.Actor == ledger.ActorSystem {
		return Who{ID: ledger.ActorSystem, Name: ledger.SourceKeytrail}
	}
	if who := r.person(e.ActorID()); who != nil {
		return *who
	}
	if e.Source != ledger.SourceKeytrail {
		return Who{Name: e.Source}
	}
	return Who{}
}

// person names somebody, nil for nobody.
func (r *reading) person(who id.ID) *Who {
	if who.IsZero() {
		return nil
	}
	return &Who{ID: who.String(), Name: r.People.DisplayNameIn(r.in, r.actor, who)}
}

// reasons are the names of the parts of entries that say why something was done.
func reasons() []string { return []string{ledger.FieldComment, "reason", "note"} }

// reason opens what was given as the reason of what an entry tells.
func (r *reading) reason(ctx context.Context, e *ledger.Entry) (string, error) {
	for _, field := range reasons() {
		var text string
		found, err := r.Ledger.Unseal(ctx, e, field, &text)
		if errors.Is(err, seal.ErrDestroyed) {
			return "", nil
		}
		if err != nil || found {
			return strings.TrimSpace(text), err
		}
	}
	return "", nil
}
