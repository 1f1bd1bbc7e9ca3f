package ledger

import "testing"

func promisedPlan(size uint64) *plan { return &plan{after: &edge{size: size}} }

func TestABatchBuildsOnlyOnAPromiseThatMayStillHold(t *testing.T) {
	t.Parallel()
	s := newPromises()
	if p, _ := s.last(); p != nil {
		t.Fatal("there is a promise before any was given")
	}
	first := s.give(promisedPlan(10), nil, false)
	if p, least := s.last(); p != first || least != aheadEntries {
		t.Fatalf("the batch that holds the lock: %v, from %d entries on", p, least)
	}
	second := s.give(promisedPlan(20), nil, true)
	if p, least := s.last(); p != second || least != 1 {
		t.Fatalf("behind a batch that is written ahead comes everybody: %v, from %d entries on", p, least)
	}
	s.settle(first, true)
	s.settle(second, false)
	s.settle(second, true)
	if p, _ := s.last(); p != nil || second.kept {
		t.Fatal("a promise that was not kept is built on")
	}
	s.stands(promisedPlan(11))
	if p, least := s.last(); p == nil || p.after.size != 11 || least != aheadEntries {
		t.Fatalf("behind what a transaction left: %v, %d", p, least)
	}
	s.stands(promisedPlan(5))
	if p, _ := s.last(); p.after.size != 11 {
		t.Fatal("what was committed before came after it")
	}
	s.settle(nil, true)
	if len(s.open) != 0 {
		t.Fatalf("%d promises are open", len(s.open))
	}
}

func TestBrokenPromisesHaveEverLongerPauses(t *testing.T) {
	t.Parallel()
	s := newPromises()
	s.stands(promisedPlan(1))
	for _, want := range []int{firstAheadPause, 2 * firstAheadPause, 4 * firstAheadPause} {
		s.broke()
		for n := range want {
			if p, _ := s.last(); p != nil {
				t.Fatalf("a batch is written ahead after %d of %d", n, want)
			}
			s.passed()
		}
		if p, _ := s.last(); p == nil {
			t.Fatalf("no batch is written ahead after %d", want)
		}
	}
	for range 20 {
		s.broke()
	}
	if s.pause != longestAheadPause {
		t.Fatalf("a pause of %d", s.pause)
	}
	s.settle(s.give(promisedPlan(2), nil, true), true)
	if s.broke(); s.pause != firstAheadPause {
		t.Fatalf("a pause of %d after a promise that was kept", s.pause)
	}
}

func TestKeysAreUnderWayUntilTheirBatchHasEnded(t *testing.T) {
	t.Parallel()
	s := newPromises()
	mine := map[claimKey]known{{1}: {}, {2}: {}}
	p := s.give(promisedPlan(2), map[claimKey]known{{2}: {}, {3}: {}}, true)
	if !s.underWay(mine) {
		t.Fatal("a key of an open batch")
	}
	s.settle(p, true)
	if s.underWay(mine) {
		t.Fatal("a key of a batch that has ended")
	}
}
