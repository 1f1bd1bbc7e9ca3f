package rules_test

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// noon is a Thursday.
func noon() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) }

func somebody(n int) id.ID {
	var one id.ID
	binary.BigEndian.PutUint64(one[8:], uint64(n))
	return one
}

// history draws entries in the ledger's order: some are recorded late, some by clocks that are ahead.
func history(t *rapid.T) []rules.Event {
	now := noon()
	events := make([]rules.Event, rapid.IntRange(0, 60).Draw(t, "events"))
	for i := range events {
		now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 2, 5, 20, 90, 2000}).Draw(t, "pause")) * time.Minute)
		lag := time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 3, 30, 600, 1440, 1441, 9000, -10}).Draw(t, "lag")) * time.Minute
		events[i] = rules.Event{
			Seq: uint64(i), Stream: ledger.StreamActivity, RecordedAt: now, OccurredAt: now.Add(-lag), Outcome: ledger.Success,
			Action: rapid.SampledFrom([]string{"order.deleted", "order.made", "alert.raised"}).Draw(t, "action"),
			Actor:  somebody(rapid.IntRange(0, 2).Draw(t, "actor")), Source: "shop",
			EntityID: rapid.SampledFrom([]string{"", "1", "2", "3", "4"}).Draw(t, "entity"), EntityType: "order",
		}
	}
	return events
}

func ruleOf(t *rapid.T) rules.Rule {
	r := rules.Rule{
		Kind: rapid.SampledFrom(rules.Kinds()).Draw(t, "kind"), Filter: rules.Filter{Actions: []string{"order.*"}},
		Window: time.Duration(rapid.IntRange(1, 120).Draw(t, "window")) * time.Minute, Severity: ledger.Warning,
		Group: rapid.SampledFrom([]rules.Group{rules.ByNone, rules.ByActor}).Draw(t, "group"),
	}
	switch r.Kind {
	case rules.Threshold, rules.Volume:
		r.Count = rapid.IntRange(2, 5).Draw(t, "count")
	case rules.OutsideHours:
		r.Hours, r.Window = &rules.Hours{Weekdays: []time.Weekday{time.Thursday}, From: 8 * 60, To: 17 * 60}, 0
	case rules.FirstSeen:
		r.Window, r.Group = r.Window*24, rules.ByActor
	case rules.Silence:
		r.Group = rules.ByNone
	}
	return r
}

func observe(v *rules.Evaluator, events []rules.Event) []*rules.Finding {
	var found []*rules.Finding
	for i := range events {
		if f := v.Observe(&events[i]); f != nil {
			found = append(found, f)
		}
	}
	return found
}

// A server that begins anew reads only what lies within the rule's lookback, and must find what the one before would have.
func TestWhoeverGoesOnFindsWhatTheOneBeforeWouldHave(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, rule := history(t), ruleOf(t)
		if len(events) == 0 {
			return
		}
		split := rapid.IntRange(0, len(events)-1).Draw(t, "split")
		going := rules.NewEvaluator(rule, time.UTC, noon())
		observe(going, events[:split])
		since := noon()
		if rule.Kind == rules.Silence { // what is known of it is stored
			for _, e := range events[:split] {
				at := e.OccurredAt
				if at.After(e.RecordedAt) {
					at = e.RecordedAt
				}
				if rule.Filter.Matches(&e) && e.RecordedAt.Sub(e.OccurredAt) <= rules.Late && at.After(since) {
					since = at
				}
			}
		}
		anew := rules.NewEvaluator(rule, time.UTC, since)
		from := events[split].RecordedAt.Add(-rule.Lookback())
		for i := range events[:split] {
			if rule.Kind != rules.Silence && !events[i].OccurredAt.Before(from) {
				anew.Observe(&events[i])
			}
		}
		want, got := observe(going, events[split:]), observe(anew, events[split:])
		if rule.Kind == rules.Silence { // which entry was heard last is not stored
			for _, f := range slices.Concat(want, got) {
				f.Evidence = nil
			}
		}
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("after %d: want %v, got %v", split, texts(want), texts(got))
		}
	})
}

func texts(found []*rules.Finding) (said []string) {
	for _, f := range found {
		said = append(said, fmt.Sprint(*f))
	}
	return said
}

func TestSilenceIsToldOnceAndCountsFromTheChangeOfTheRule(t *testing.T) {
	t.Parallel()
	rule := rules.Rule{Kind: rules.Silence, Filter: rules.Filter{Sources: []string{"shop"}}, Window: time.Hour, Group: rules.ByNone}
	v := rules.NewEvaluator(rule, time.UTC, noon())
	old := rules.Event{Seq: 1, Source: "shop", Action: "order.made", OccurredAt: noon().Add(-5 * time.Hour), RecordedAt: noon().Add(-5 * time.Hour)}
	if v.Observe(&old) != nil || v.Tick(noon().Add(time.Hour)) != nil {
		t.Error("silence from before the rule was told")
	}
	if f := v.Tick(noon().Add(61 * time.Minute)); f == nil || !f.At.Equal(noon().Add(time.Hour)) {
		t.Error(f)
	}
	if v.Tick(noon().Add(3*time.Hour)) != nil {
		t.Error("it was told twice")
	}
	alive := rules.Event{Seq: 9, Source: "shop", Action: "order.made", OccurredAt: noon().Add(4 * time.Hour), RecordedAt: noon().Add(4 * time.Hour)}
	if v.Observe(&alive) != nil || v.Tick(noon().Add(5*time.Hour)) != nil {
		t.Error("it spoke and was still silent")
	}
	if f := v.Tick(noon().Add(6 * time.Hour)); f == nil || !slices.Equal(f.Evidence, []uint64{9}) {
		t.Error(f)
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	t.Parallel()
	rule := rules.Rule{Kind: rules.Threshold, Filter: rules.Filter{Actions: []string{"order.made"}}, Window: time.Hour, Count: 2, Group: rules.ByEntity}
	v := rules.NewEvaluator(rule, time.UTC, noon())
	e := rules.Event{Action: "order.made", OccurredAt: noon(), RecordedAt: noon()}
	for i := range rules.MaxGroups + 7 {
		e.Seq, e.EntityID = uint64(i), fmt.Sprint(i)
		v.Observe(&e)
	}
	if v.Dropped() != 7 {
		t.Errorf("%d groups were dropped", v.Dropped())
	}
	e.Seq++
	if v.Observe(&e) == nil {
		t.Error("the newest group was forgotten")
	}
}

func TestWhatAllRulesRememberTogetherIsBoundedAndSmallOnesKeepTheirs(t *testing.T) {
	t.Parallel()
	rule := rules.Rule{Kind: rules.Threshold, Filter: rules.Filter{Actions: []string{"order.made"}}, Window: time.Hour, Count: 3, Group: rules.ByEntity}
	large, small := rules.NewEvaluator(rule, time.UTC, noon()), rules.NewEvaluator(rule, time.UTC, noon())
	e := rules.Event{Action: "order.made", OccurredAt: noon(), RecordedAt: noon()}
	for i := range 500 {
		e.Seq, e.EntityID = uint64(i), fmt.Sprint(i)
		if large.Observe(&e); i < 10 {
			small.Observe(&e)
		}
	}
	rules.Shrink([]*rules.Evaluator{large, small}, 200)
	if large.Remembered()+small.Remembered() > 200 || small.Dropped() != 0 || large.Dropped() != 410 {
		t.Errorf("%d and %d are remembered, %d and %d groups were dropped", large.Remembered(), small.Remembered(), large.Dropped(), small.Dropped())
	}
	rules.Shrink([]*rules.Evaluator{large, small}, 0)
	if large.Remembered() == 0 || small.Remembered() == 0 {
		t.Error("the newest group was forgotten")
	}
}

func TestJoiningManyFindingsCopiesNoneOfThemAgainAndAgain(t *testing.T) {
	t.Parallel()
	all, one := &rules.Finding{}, &rules.Finding{Evidence: []uint64{1}}
	if allocated := testing.Benchmark(func(b *testing.B) {
		for range b.N {
			all.Evidence = nil
			for range 4000 {
				all.Join(one)
			}
		}
	}).AllocedBytesPerOp(); allocated > 1<<20 {
		t.Errorf("%d bytes for 4000 entries", allocated)
	}
}

func TestHoursPastMidnightBelongToTheDayOnWhichTheyBegin(t *testing.T) {
	t.Parallel()
	riga, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	rule := rules.Rule{
		Kind: rules.OutsideHours, Filter: rules.Filter{Actions: []string{"order.made"}}, Group: rules.ByNone,
		Hours: &rules.Hours{Weekdays: []time.Weekday{time.Friday}, From: 22 * 60, To: 6 * 60},
	}
	v := rules.NewEvaluator(rule, riga, time.Time{})
	for wall, outside := range map[string]bool{
		"2026-11-27T21:59:00+02:00": true, "2026-11-27T22:00:00+02:00": false, "2026-11-28T05:59:00+02:00": false,
		"2026-11-28T06:00:00+02:00": true, "2026-11-27T03:00:00+02:00": true, "2026-11-28T22:30:00+02:00": true,
	} {
		at, err := time.Parse(time.RFC3339, wall)
		if err != nil {
			t.Fatal(err)
		}
		if f := v.Observe(&rules.Event{Action: "order.made", OccurredAt: at, RecordedAt: at}); (f != nil) != outside {
			t.Errorf("%s: %v", wall, f)
		}
	}
}

func TestOnlyWhatChangesWhatARuleFindsMakesItAnother(t *testing.T) {
	t.Parallel()
	of := func(change func(r *rules.Rule)) *rules.Rule {
		r := &rules.Rule{
			Kind: rules.OutsideHours, Filter: rules.Filter{Actions: []string{"order.*"}, Streams: []ledger.Stream{}}, Group: rules.ByActor,
			Hours: &rules.Hours{Weekdays: []time.Weekday{time.Monday}, From: 480, To: 1020}, Severity: ledger.Warning,
		}
		change(r)
		return r
	}
	is := of(func(*rules.Rule) {})
	if !is.FindsAs(of(func(r *rules.Rule) { r.Severity, r.Filter.Streams = ledger.Critical, nil })) {
		t.Error("it is taken for another because it is more urgent")
	}
	for name, change := range map[string]func(r *rules.Rule){
		"kind": func(r *rules.Rule) { r.Kind = rules.Threshold }, "window": func(r *rules.Rule) { r.Window = time.Hour },
		"count": func(r *rules.Rule) { r.Count = 2 }, "group": func(r *rules.Rule) { r.Group = rules.ByNone },
		"no hours": func(r *rules.Rule) { r.Hours = nil }, "hours": func(r *rules.Rule) { r.Hours.To = 1 },
		"days":    func(r *rules.Rule) { r.Hours.Weekdays = nil },
		"streams": func(r *rules.Rule) { r.Filter.Streams = []ledger.Stream{ledger.StreamKey} },
		"actions": func(r *rules.Rule) { r.Filter.Actions = nil }, "sources": func(r *rules.Rule) { r.Filter.Sources = []string{"shop"} },
		"outcome": func(r *rules.Rule) { r.Filter.Outcome = ledger.Denied },
	} {
		if other := of(change); is.FindsAs(other) || other.FindsAs(is) {
			t.Errorf("another %s makes no difference", name)
		}
	}
}

func TestARuleThatMakesNoSenseIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	good := func(change func(r *rules.Rule)) *rules.Rule {
		r := &rules.Rule{
			Kind: rules.Threshold, Filter: rules.Filter{Actions: []string{"order.*"}}, Window: time.Hour, Count: 3,
			Group: rules.ByActor, Severity: ledger.Warning,
		}
		change(r)
		return r
	}
	if err := good(func(*rules.Rule) {}).Validate(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		field  string
		change func(r *rules.Rule)
	}{
		{"kind", func(r *rules.Rule) { r.Kind = "guess" }},
		{"actions", func(r *rules.Rule) { r.Filter = rules.Filter{} }},
		{"actions", func(r *rules.Rule) { r.Filter.Actions = []string{"order*"} }},
		{"actions", func(r *rules.Rule) { r.Filter.Actions = []string{"Order"} }},
		{"actions", func(r *rules.Rule) { r.Filter.Actions = []string{"alert.*"} }},
		{"actions", func(r *rules.Rule) { r.Filter.Actions = []string{"alert.raised"} }},
		{"streams", func(r *rules.Rule) { r.Filter.Streams = []ledger.Stream{"river"} }},
		{"outcome", func(r *rules.Rule) { r.Filter.Outcome = "maybe" }},
		{"sources", func(r *rules.Rule) { r.Filter.Sources = []string{" "} }},
		{"sources", func(r *rules.Rule) {
			*r = rules.Rule{Kind: rules.Silence, Filter: rules.Filter{Streams: ledger.Streams()}}
		}},
		{"count", func(r *rules.Rule) { r.Count = 1 }},
		{"count", func(r *rules.Rule) { r.Kind = rules.FirstSeen }},
		{"windowMinutes", func(r *rules.Rule) { r.Window = 8 * 24 * time.Hour }},
		{"windowMinutes", func(r *rules.Rule) { r.Window = 90 * time.Second }},
		{"groupBy", func(r *rules.Rule) { r.Group = "mood" }},
		{"groupBy", func(r *rules.Rule) {
			r.Kind, r.Count, r.Window, r.Group = rules.FirstSeen, 0, 24*time.Hour, rules.ByNone
		}},
		{"groupBy", func(r *rules.Rule) { r.Kind, r.Group = rules.Volume, rules.ByEntity }},
		{"hours", func(r *rules.Rule) { r.Hours = &rules.Hours{} }},
		{"hours", func(r *rules.Rule) { r.Kind, r.Count, r.Window = rules.OutsideHours, 0, 0 }},
		{"hours.weekdays", func(r *rules.Rule) { r.Kind, r.Count, r.Window, r.Hours = rules.OutsideHours, 0, 0, &rules.Hours{} }},
		{"severity", func(r *rules.Rule) { r.Severity = ledger.Info }},
	} {
		if err, ok := fault.As(good(c.change).Validate()); !ok || err.Kind != fault.BadInput || err.Field != c.field {
			t.Errorf("%s: %v", c.field, err)
		}
	}
}
