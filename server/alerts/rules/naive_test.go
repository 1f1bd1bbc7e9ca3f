package rules_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/alerts/rules"
)

// naive looks at all that came before with each entry.
func naive(rule *rules.Rule, events []rules.Event, i int) bool {
	e := &events[i]
	groupOf := func(e *rules.Event) string {
		if rule.Group == rules.ByActor {
			return e.Actor.String()
		}
		return ""
	}
	at := func(e *rules.Event) time.Time {
		if e.OccurredAt.After(e.RecordedAt) {
			return e.RecordedAt
		}
		return e.OccurredAt
	}
	late := func(e *rules.Event) bool { return e.RecordedAt.Sub(e.OccurredAt) > 24*time.Hour }
	if !rule.Filter.Matches(e) || late(e) || rule.Group == rules.ByActor && e.Actor.IsZero() {
		return false
	}
	switch rule.Kind {
	case rules.OutsideHours:
		return at(e).Weekday() != time.Thursday || at(e).Hour() < 8 || at(e).Hour() >= 17
	case rules.FirstSeen:
		for j := range events[:i] {
			b := &events[j]
			if rule.Filter.Matches(b) && groupOf(b) == groupOf(e) && at(e).Sub(at(b)) <= rule.Window {
				return false
			}
		}
		return true
	}
	var newest time.Time
	var counted []*rules.Event
	for j := range events[:i+1] {
		b := &events[j]
		if rule.Filter.Matches(b) && !late(b) && groupOf(b) == groupOf(e) {
			counted = append(counted, b)
			if at(b).After(newest) {
				newest = at(b)
			}
		}
	}
	things := map[string]time.Time{}
	mine := ""
	for _, b := range counted {
		thing := fmt.Sprint("entry ", b.Seq)
		if rule.Kind == rules.Volume && b.EntityID != "" {
			thing = b.EntityID
		}
		if b == e {
			mine = thing
		}
		if !at(b).Before(things[thing]) {
			things[thing] = at(b)
		}
	}
	within, newer := 0, 0
	for _, last := range things {
		if last.After(newest.Add(-rule.Window)) {
			within++
		}
		if last.After(things[mine]) {
			newer++
		}
	}
	// An entry adds to what there is if it is its thing's newest, in the window and among the newest that are enough.
	if within >= rule.Count && things[mine].Equal(at(e)) && at(e).After(newest.Add(-rule.Window)) && newer < rule.Count {
		return true
	}
	return naiveBehind(rule, counted, at)
}

// naiveBehind looks for a window with the last of the entries in which enough lie together, among what is remembered: all
// that came behind the window of their time, and of the others the newest of each thing in the window, as many as are enough.
func naiveBehind(rule *rules.Rule, counted []*rules.Event, at func(*rules.Event) time.Time) bool {
	thingOf := func(e *rules.Event) string {
		if rule.Kind == rules.Volume && e.EntityID != "" {
			return e.EntityID
		}
		return fmt.Sprint("entry ", e.Seq)
	}
	var behind, ahead []*rules.Event
	var newest time.Time
	for _, e := range counted {
		if !newest.IsZero() && !at(e).After(newest.Add(-rule.Window)) {
			behind = append(behind, e)
			continue
		}
		if at(e).After(newest) {
			newest = at(e)
		}
		older := slices.ContainsFunc(ahead, func(b *rules.Event) bool { return thingOf(b) == thingOf(e) && at(e).Before(at(b)) })
		if !older {
			ahead = append(slices.DeleteFunc(ahead, func(b *rules.Event) bool { return thingOf(b) == thingOf(e) }), e)
		}
		slices.SortStableFunc(ahead, func(a, b *rules.Event) int { return at(a).Compare(at(b)) })
		ahead = slices.DeleteFunc(ahead, func(b *rules.Event) bool { return !at(b).After(newest.Add(-rule.Window)) })
		ahead = ahead[max(0, len(ahead)-rule.Count):]
	}
	remembered := slices.Concat(behind, ahead)
	last := counted[len(counted)-1]
	if len(behind) == 0 || !slices.Contains(remembered, last) {
		return false
	}
	for _, end := range remembered {
		things, mine := map[string]bool{}, false
		for _, e := range remembered {
			if !at(e).After(at(end)) && at(e).After(at(end).Add(-rule.Window)) {
				things[thingOf(e)], mine = true, mine || e == last
			}
		}
		if mine && len(things) >= rule.Count {
			return true
		}
	}
	return false
}

func TestARuleFindsWhatLookingAtEverythingFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, rule := history(t), ruleOf(t)
		if rule.Kind == rules.Silence {
			return
		}
		v := rules.NewEvaluator(rule, time.UTC, noon())
		for i := range events {
			f := v.Observe(&events[i])
			if want := naive(&rule, events, i); want != (f != nil) {
				t.Fatalf("entry %d: want %v, got %v", i, want, f)
			}
			if f != nil && (len(f.Evidence) == 0 || rule.Count > 0 && len(f.Evidence) != rule.Count) {
				t.Fatalf("entry %d: the evidence is %v", i, f.Evidence)
			}
		}
	})
}
