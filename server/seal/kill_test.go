package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// killed is what a process dies of: nothing after it runs but what the kernel does.
type killed struct{ step string }

func (b *bed) rotateUntil(s *Service, reached func(step string)) (dead bool) {
	b.t.Helper()
	defer func() {
		if cause := recover(); cause != nil {
			if _, dead = cause.(killed); !dead {
				panic(cause)
			}
		}
	}()
	always := func(context.Context, *fence) (bool, error) { return true, nil }
	if _, err := s.rotate(b.t.Context(), always, b.record, 3, reached); err != nil {
		b.t.Fatal(err)
	}
	return false
}

// steps are the places where a rotation can be killed, each with how often it was reached by then.
func steps() []string {
	return []string{
		"turn taken 1", "master adopted 1", "written 1", "linked 1", "renamed 1", "wiped 1", "fence moved 1",
		"chunk rewrapped 1", "chunk rewrapped 2", "rewrapped 1", "written 2", "linked 2", "renamed 2", "wiped 2", "recorded 1",
	}
}

// killer ends the process at a step and notes the steps before.
func killer(at string, seen map[string]bool) func(step string) {
	times := map[string]int{}
	return func(step string) {
		times[step]++
		reached := fmt.Sprint(step, " ", times[step])
		seen[reached] = true
		if reached == at {
			panic(killed{at})
		}
	}
}

func TestARotationKilledAfterAnyStepIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	warm := b.process()
	b.sealMany(warm, 8)
	seen := map[string]bool{}
	for _, step := range steps() {
		old := b.file()
		if !b.rotateUntil(b.process(), killer(step, seen)) {
			t.Fatalf("%q was not reached", step)
		}
		b.sealMany(warm, 1)
		b.sealMany(b.process(), 1)
		cold := b.process()
		for subject := range b.boxes {
			if err := errors.Join(b.open(cold, subject), b.open(warm, subject)); err != nil {
				t.Fatalf("killed at %q: %s: %v", step, subject, err)
			}
		}
		b.clock.forward(turnLease + time.Second)
		if _, err := b.process().FinishRotation(t.Context(), b.record); err != nil {
			t.Fatalf("killed at %q: %v", step, err)
		}
		if bytes.Equal(old, b.file()) {
			b.requireWhole() // killed before it had begun
		} else {
			b.requireWhole(old)
		}
		if t.Failed() {
			t.Fatalf("killed at %q", step)
		}
	}
	for step := range seen {
		if !slices.Contains(steps(), step) && !strings.HasPrefix(step, "chunk") { // there are more chunks than two
			t.Errorf("nobody was killed at %q", step)
		}
	}
	b.requireRecordedOnce()
}

// requireRecordedOnce demands that every rotation was recorded, and once.
func (b *bed) requireRecordedOnce() {
	b.t.Helper()
	for i, r := range b.records {
		if r.Generation != uint64(i+1) {
			b.t.Fatalf("recorded %v: not each rotation once", b.records)
		}
	}
	f, err := readFence(b.t.Context(), b.db, selectFence)
	if err != nil || f.Generation != uint64(len(b.records)) {
		b.t.Fatalf("%d rotations were recorded of %d: %v", len(b.records), f.Generation, err)
	}
}

func TestARotationThatIsKilledAgainAndAgainWhileItIsFinishedEndsWell(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.sealMany(b.process(), 8)
	old := b.file()
	seen := map[string]bool{}
	for _, step := range []string{"renamed 1", "turn taken 1", "fence moved 1", "chunk rewrapped 1", "chunk rewrapped 2", "linked 1"} {
		if !b.rotateUntil(b.process(), killer(step, seen)) {
			t.Fatalf("%q was not reached", step)
		}
		b.clock.forward(turnLease + time.Second)
	}
	if _, err := b.process().FinishRotation(t.Context(), b.record); err != nil {
		t.Fatal(err)
	}
	b.requireWhole(old)
	b.requireRecordedOnce()
	if len(b.records) != 1 || b.records[0].Rewrapped != len(b.boxes) {
		t.Errorf("recorded %v for %d keys", b.records, len(b.boxes))
	}
}
