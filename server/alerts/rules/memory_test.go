package rules_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/alerts/rules"
)

// meeting has an evaluator meet orders, each a group of its own, at a time.
func meeting(v *rules.Evaluator, at time.Time, orders ...int) (found int) {
	for _, order := range orders {
		e := rules.Event{Action: "order.made", EntityType: "order", EntityID: fmt.Sprint(order), OccurredAt: at, RecordedAt: at}
		if v.Observe(&e) != nil {
			found++
		}
	}
	return found
}

func byOrder(kind rules.Kind, window time.Duration) *rules.Evaluator {
	rule := rules.Rule{Kind: kind, Filter: rules.Filter{Actions: []string{"order.made"}}, Window: window, Group: rules.ByEntity}
	if kind == rules.Threshold {
		rule.Count = 2
	}
	return rules.NewEvaluator(rule, time.UTC, noon())
}

func TestGroupsThatExpiredTakeNoRoomAndAreNotCountedAsForgotten(t *testing.T) {
	t.Parallel()
	v := byOrder(rules.Threshold, time.Hour)
	at := noon()
	for order := range 3 * rules.MaxGroups {
		at = at.Add(time.Minute)
		meeting(v, at, order)
	}
	if v.Dropped() != 0 || v.Forgetful() || v.Remembered() > 2*(25*60+1) {
		t.Errorf("%d groups were dropped, %d are remembered", v.Dropped(), v.Remembered())
	}
	rules.Shrink([]*rules.Evaluator{v}, 200) // the last 100 minutes, of which an hour counts
	if v.Dropped() != 0 || v.Forgetful() || v.Remembered() > 200 {
		t.Errorf("%d groups that count no more were counted as dropped, %d are remembered", v.Dropped(), v.Remembered())
	}
	rules.Shrink([]*rules.Evaluator{v}, 100)
	if v.Dropped() == 0 || !v.Forgetful() {
		t.Error("groups that count were dropped without a word")
	}
	meeting(v, at.Add(time.Hour), 1)
	if v.Forgetful() {
		t.Error("what was dropped still counts once it would not be counted any more")
	}
}

func TestARuleOfWhatIsNewKeepsItsMemoryBeforeThoseThatCountAndFindsNothingWithoutIt(t *testing.T) {
	t.Parallel()
	fresh, counting := byOrder(rules.FirstSeen, 24*time.Hour), byOrder(rules.Threshold, time.Hour)
	meeting(fresh, noon(), 1, 2, 3, 4, 5, 6)
	meeting(counting, noon(), 1, 2)
	both := []*rules.Evaluator{fresh, counting}
	rules.Shrink(both, 8)
	if fresh.Dropped() != 0 || counting.Dropped() != 1 {
		t.Fatalf("of what is new %d groups were dropped, of what is counted %d", fresh.Dropped(), counting.Dropped())
	}
	rules.Shrink(both, 7)
	if fresh.Dropped() != 1 || !fresh.Forgetful() {
		t.Fatalf("%d groups were dropped", fresh.Dropped())
	}
	if n := meeting(fresh, noon().Add(time.Hour), 1, 7); n != 0 {
		t.Errorf("it took what it had to forget for new %d times", n)
	}
	later := noon().Add(49 * time.Hour) // what it forgot would be forgotten by now
	if n := meeting(fresh, later, 1, 8); n != 2 || fresh.Forgetful() {
		t.Errorf("it found %d of two that are new again", n)
	}
}
