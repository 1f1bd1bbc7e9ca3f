package logbook

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// keyOf says under which key an entry is counted, in UTC.
func keyOf(e *ledger.Entry, by CountBy) string {
	switch by {
	case ByHour:
		return e.OccurredAt.Truncate(time.Hour).Format(time.RFC3339)
	case ByDay:
		return e.OccurredAt.Format(time.DateOnly)
	case ByPerson:
		if e.ActorID().IsZero() {
			return ""
		}
		return e.ActorID().String()
	case ByModule:
		return e.Module
	case ByAction:
		return e.Action
	}
	return string(e.Outcome)
}

func TestCountsAreThoseOfTheEntriesThatATimelineLists(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	f.seed(w, 300)
	all := must[[]ledger.Entry](t)(f.Ledger.Read(t.Context(), f.DB, 0, 10_000))
	kept := 0
	number := 0
	rapid.Check(t, func(rt *rapid.T) {
		actor, _ := w.actor(rt)
		actor.Roles = []string{rapid.SampledFrom([]string{"auditor", "auditor", "manager", "member"}).Draw(rt, "role")}
		filter := w.filter(rt)
		filter.Streams, filter.IP, filter.Module = nil, "", "" // spaces at the end are one with none in a GROUP BY
		filter.From, filter.To = ptr(w.begin.Truncate(24*time.Hour)), ptr(w.begin.Add(time.Duration(rapid.IntRange(60, 3000).Draw(rt, "to"))*time.Minute))
		if rapid.Bool().Draw(rt, "by time alone?") {
			filter = Filter{Action: filter.Action, Department: filter.Department, From: filter.From, To: ptr(filter.To.Truncate(15 * time.Minute))}
		}
		by := rapid.SampledFrom([]CountBy{ByHour, ByDay, ByPerson, ByAction, ByOutcome}).Draw(rt, "by")
		if number++; number%500 == 0 { // which a viewer may have recorded within ten minutes
			f.Clock.Advance(20 * time.Minute)
		}
		c, err := f.book.LogCounts(t.Context(), actor, filter, by, "UTC")
		if err != nil {
			rt.Fatal(err)
		}
		spans, err := f.book.spans(t.Context(), actor, timelineStream().parts, filter)
		if err != nil {
			rt.Fatal(err)
		}
		q, err := f.book.newQuery(t.Context(), actor, spans, filter)
		if err != nil {
			rt.Fatal(err)
		}
		window, err := f.book.countWindow(&filter, by, "UTC")
		if err != nil {
			rt.Fatal(err)
		}
		if q.isKept(by, window) {
			kept++
		}
		want, total := map[string]int{}, 0
		for i := range all {
			if e := &all[i]; q.takesIn(e) && q.matches(e) {
				key := keyOf(e, by)
				if by == ByPerson && key != "" {
					key = f.People.True(e.ActorID()).String()
				}
				want[key]++
				total++
			}
		}
		if c.Total != total || c.Others != 0 || c.Truncated {
			rt.Fatalf("%s %+v: %d, want %d", by, filter, c.Total, total)
		}
		for _, one := range c.Counts {
			if one.Total != want[one.Key] || by == ByPerson && (one.Key == "") != one.PersonID.IsZero() {
				rt.Fatalf("%s: %d under %q, want %d", by, one.Total, one.Key, want[one.Key])
			}
			delete(want, one.Key)
		}
		if len(want) > 0 {
			rt.Fatalf("%s: %v are not counted", by, want)
		}
	})
	if kept == 0 {
		t.Fatal("no kept count was asked")
	}
}

func TestHoursAndDaysAreThoseOfTheZone(t *testing.T) {
	t.Parallel()
	f := open(t)
	auditor := f.Actor(f.Person("Zane", ""), "auditor")
	from, to := time.Date(2026, 10, 24, 21, 0, 0, 0, time.UTC), time.Date(2026, 10, 26, 22, 0, 0, 0, time.UTC) // clocks go back in between
	filter := Filter{From: &from, To: &to}
	days := must[*LogCounts](t)(f.book.LogCounts(t.Context(), auditor, filter, ByDay, "Europe/Riga"))
	hours := must[*LogCounts](t)(f.book.LogCounts(t.Context(), auditor, filter, ByHour, "Europe/Riga"))
	if len(days.Counts) != 2 || days.Counts[0].Key != "2026-10-25" || !days.Counts[1].At.Equal(from.Add(25*time.Hour)) || len(hours.Counts) != 49 {
		t.Errorf("%+v, and %d hours", days.Counts, len(hours.Counts))
	}
	for by, filter := range map[CountBy]Filter{
		ByHour:   {From: ptr(to.AddDate(0, -2, 0)), To: &to},
		ByDay:    {From: ptr(to.AddDate(-2, 0, 0)), To: &to},
		ByAction: {From: &to, To: &from},
	} {
		if _, err := f.book.LogCounts(t.Context(), auditor, filter, by, ""); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", by, err)
		}
	}
	if _, err := f.book.LogCounts(t.Context(), f.Actor(f.Person("Nora", ""), "nothing"), Filter{}, ByDay, ""); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestWhatIsTooMuchToNameIsCountedTogether(t *testing.T) {
	t.Parallel()
	f := open(t)
	auditor := f.Actor(f.Person("Zane", ""), "auditor")
	for i := range countsShown + 5 {
		f.append(ledger.Draft{Stream: ledger.StreamActivity, Action: "a.b", Source: "till", Module: "m" + strconv.Itoa(i), Outcome: ledger.Success, OccurredAt: f.Clock.Now()})
	}
	c := must[*LogCounts](t)(f.book.LogCounts(t.Context(), auditor, Filter{Streams: []ledger.Stream{ledger.StreamActivity}}, ByModule, ""))
	if len(c.Counts) != countsShown || c.Others != 5 || c.Total != countsShown+5 {
		t.Errorf("%d are named, %d others, %d in all", len(c.Counts), c.Others, c.Total)
	}
}

func TestSpacesBehindAnActionBreakNoCount(t *testing.T) {
	t.Parallel()
	f := open(t)
	auditor := f.Actor(f.Person("Zane", ""), "auditor")
	f.Key("101")
	for _, by := range []CountBy{ByAction, ByDay, ByOutcome} { // the first two are kept
		c, err := f.book.LogCounts(t.Context(), auditor, Filter{Action: ledger.KeyCreated + " "}, by, "")
		if err != nil || c.Total != 1 {
			t.Errorf("%s: %+v, %v", by, c, err)
		}
	}
}
