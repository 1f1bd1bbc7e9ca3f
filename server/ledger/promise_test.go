package ledger

import (
	"context"
	"testing"
)

func promisedPlan(size uint64) *plan { return &plan{after: &edge{size: size}} }

func given(t *testing.T, s *promises, size uint64, before *promise) *promise {
	t.Helper()
	p := newPromise(promisedPlan(size), nil, before)
	if !s.give(p, before) {
		t.Fatal("the promise was not taken")
	}
	return p
}

func TestABatchBuildsOnlyOnAPromiseThatMayStillHold(t *testing.T) {
	t.Parallel()
	s := newPromises()
	if s.last() != nil {
		t.Fatal("there is a promise before any was given")
	}
	first := given(t, s, 10, nil)
	second := given(t, s, 20, first)
	if s.last() != second {
		t.Fatal("the newest promise is not built on")
	}
	if s.give(newPromise(promisedPlan(30), nil, first), first) {
		t.Fatal("a promise was taken that builds on another than the newest")
	}
	s.settle(first, true)
	s.settle(second, false)
	s.settle(second, true)
	if s.last() != nil || second.kept {
		t.Fatal("a promise that was not kept is built on")
	}
	s.stands(promisedPlan(11))
	if p := s.last(); p == nil || p.after.size != 11 {
		t.Fatalf("behind what a transaction left: %v", p)
	}
	s.stands(promisedPlan(5))
	if p := s.last(); p.after.size != 11 {
		t.Fatal("what was committed before came after it")
	}
	s.forget()
	if s.settle(nil, true); s.last() != nil || len(s.open) != 0 {
		t.Fatalf("whoever holds the lock is forestalled, or %d promises are open", len(s.open))
	}
}

func TestWhoeverGoesForTheLockWaitsForWhatIsWrittenAheadAndNothingMoreBegins(t *testing.T) {
	t.Parallel()
	s := newPromises()
	locked := given(t, s, 10, nil)
	ahead := given(t, s, 20, locked)
	came := make(chan func(), 1)
	go func() {
		arrived, err := s.goForLock(context.Background())
		if err != nil {
			t.Error(err)
		}
		came <- arrived
	}()
	for s.last() != nil { // until he goes
		select {
		case <-came:
			t.Fatal("he did not wait")
		default:
		}
	}
	if s.give(newPromise(promisedPlan(30), nil, ahead), ahead) {
		t.Fatal("something more began")
	}
	s.settle(ahead, true)
	arrived := <-came
	if arrived(); s.last() != ahead {
		t.Fatal("nothing begins once he has arrived")
	}
	ended, end := context.WithCancel(t.Context())
	given(t, s, 30, ahead)
	end()
	if _, err := s.goForLock(ended); err == nil || s.going != 0 {
		t.Fatalf("whoever gave up waited on: %v, and %d go", err, s.going)
	}
}

func TestBrokenPromisesHaveEverLongerPauses(t *testing.T) {
	t.Parallel()
	s := newPromises()
	s.stands(promisedPlan(1))
	for _, want := range []int{firstAheadPause, 2 * firstAheadPause, 4 * firstAheadPause} {
		s.broke()
		for n := range want {
			if s.last() != nil {
				t.Fatalf("a batch is written ahead after %d of %d", n, want)
			}
			s.passed()
		}
		if s.last() == nil {
			t.Fatalf("no batch is written ahead after %d", want)
		}
	}
	for range 20 {
		s.broke()
	}
	if s.pause != longestAheadPause {
		t.Fatalf("a pause of %d", s.pause)
	}
	s.pause = 0
	s.settle(given(t, s, 2, s.newest), true)
	if s.broke(); s.pause != firstAheadPause {
		t.Fatalf("a pause of %d after a promise that was kept", s.pause)
	}
}

func TestKeysAreUnderWayUntilTheirBatchHasEnded(t *testing.T) {
	t.Parallel()
	s := newPromises()
	mine := map[claimKey]known{{1}: {}, {2}: {}}
	p := newPromise(promisedPlan(2), map[claimKey]known{{2}: {}, {3}: {}}, nil)
	if s.give(p, nil); !s.underWay(mine) {
		t.Fatal("a key of an open batch")
	}
	s.settle(p, true)
	if s.underWay(mine) {
		t.Fatal("a key of a batch that has ended")
	}
}
