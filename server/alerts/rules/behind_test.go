package rules_test

import (
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/alerts/rules"
)

func TestABurstThatComesLateIsFoundThoughSomethingNewerCameFirst(t *testing.T) {
	t.Parallel()
	rule := rules.Rule{Kind: rules.Threshold, Filter: rules.Filter{Actions: []string{"order.deleted"}}, Window: 10 * time.Minute, Count: 5, Group: rules.ByActor}
	v := rules.NewEvaluator(rule, time.UTC, noon())
	see := func(seq int, ago time.Duration) *rules.Finding {
		return v.Observe(&rules.Event{Seq: uint64(seq), Action: "order.deleted", Actor: somebody(1), RecordedAt: noon(), OccurredAt: noon().Add(-ago)})
	}
	for i, ago := range []time.Duration{0, 40, 39, 12, 8} { // minutes; no five in ten of them
		if f := see(i, ago*time.Minute); f != nil {
			t.Fatalf("it found %v", *f)
		}
	}
	for i, want := range []bool{false, false, true, true} { // with those of 40 and 39 minutes ago, four to six
		f := see(5+i, 38*time.Minute)
		if want != (f != nil) || f != nil && (len(f.Evidence) != 5 || !slices.Contains(f.Evidence, uint64(5+i)) || !f.At.Equal(noon().Add(-38*time.Minute))) {
			t.Errorf("with %d: %v", 3+i, f)
		}
	}
	if see(9, 13*time.Minute) != nil || see(10, 9*time.Minute) != nil {
		t.Error("four that lie together are taken for enough")
	}
	if f := see(11, 5*time.Minute); f == nil || !slices.Equal(f.Evidence, []uint64{9, 3, 10, 4, 11}) {
		t.Errorf("13, 12, 9, 8 and 5 minutes ago: %v", f)
	}
}
