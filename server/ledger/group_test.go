package ledger

import (
	"context"
	"testing"

	"github.com/keytrail/keytrail/server/fault"
)

// newTestCall makes a call of entries empty bodies.
func newTestCall(entries int) *call {
	return &call{items: make([]callItem, entries), done: make(chan struct{}), lead: make(chan struct{}, 1)}
}

func TestWhatWaitsIsBoundedAndTheRestIsToldToComeAgain(t *testing.T) {
	t.Parallel()
	g := &group{leaders: maxLeadersBeside}
	for range waitingEntries / batchEntries {
		if _, err := g.enter(newTestCall(batchEntries)); err != nil {
			t.Fatal(err)
		}
	}
	_, err := g.enter(newTestCall(1))
	busy, ok := fault.As(err)
	if !ok || busy.Kind != fault.Unavailable || busy.RetryAfter == 0 {
		t.Fatalf("a call beyond the bound: %v", err)
	}
	g.take(0, batchEntries)
	if _, err := g.enter(newTestCall(1)); err != nil {
		t.Fatalf("a call when there is room again: %v", err)
	}
}

func TestLeadershipPassesOnWhenTheCallerWhoWasAskedHasLeft(t *testing.T) {
	t.Parallel()
	g := &group{commit: func(context.Context, calls) {}, leaders: 1}
	gone, next := newTestCall(1), newTestCall(1)
	g.waiting = []*call{gone, next}
	g.mu.Lock()
	g.handOver()
	g.mu.Unlock()
	if !gone.promoted || next.promoted {
		t.Fatal("the first who waits is asked to lead")
	}
	g.leave(gone)
	if !next.promoted || g.leaders != 1 {
		t.Fatalf("leadership was lost: %+v, %d leaders", next.promoted, g.leaders)
	}
	<-next.lead
}

func TestABatchTakesWholeCallsUpToItsBounds(t *testing.T) {
	t.Parallel()
	g := &group{}
	for _, n := range []int{1000, 24, 1, 2000, 5} {
		g.waiting = append(g.waiting, newTestCall(n))
		g.entries += n
	}
	for _, want := range []int{2, 1, 1, 1} {
		if got := len(g.take(0, batchEntries)); got != want {
			t.Fatalf("a batch of %d calls; want %d", got, want)
		}
	}
	if g.entries != 0 || len(g.take(0, batchEntries)) != 0 {
		t.Fatalf("%d entries are left", g.entries)
	}
}
