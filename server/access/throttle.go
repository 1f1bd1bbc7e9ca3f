package access

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/keytrail/keytrail/server/ledger"
)

// Throttle bounds how often something that a stranger can cause is recorded: per key once in a window, and
// the rest is counted. It tells a bounded number of keys apart; what comes under further ones while all of these are
// within their window is counted together, and told of once in a window, so that nobody gets past by using many keys
// and no count is lost. It is safe for concurrent use.
type Throttle[K comparable, V any] struct {
	window time.Duration
	most   int
	ofMany func(V) V
	mu     sync.Mutex
	// keys begin with the one that passed longest ago.
	keys *lru.LRU[K, *throttled[V]]
	// others are the keys that found no place; passed is when the first of them came since they were drained.
	others throttled[V]
}

type throttled[V any] struct {
	passed time.Time
	held   int
	last   V
}

// HeldBack is what a Throttle did not let pass: how often, and the last value given with it.
type HeldBack[V any] struct {
	Times int
	Last  V
}

// NewThrottle makes a Throttle that lets a key pass once in a window and tells a number of keys apart. ofMany gives
// what of a value holds for the keys that found no place, whichever they are.
func NewThrottle[K comparable, V any](window time.Duration, keys int, ofMany func(V) V) *Throttle[K, V] {
	remembered, err := lru.NewLRU[K, *throttled[V]](keys, nil)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &Throttle[K, V]{window: window, most: keys, ofMany: ofMany, keys: remembered}
}

// Pass reports whether the key may pass now, and for how many times it then stands: itself and those held
// back since it passed last.
func (t *Throttle[K, V]) Pass(key K, now time.Time, value V) (times int, pass bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	state, known := t.keys.Peek(key)
	if known && now.Sub(state.passed) < t.window {
		state.held++
		state.last = value
		return 0, false
	}
	if !known {
		if !t.makeRoom(now) {
			t.countAmongOthers(now, value)
			return 0, false
		}
		state = &throttled[V]{}
	}
	t.keys.Remove(key)
	t.keys.Add(key, state) // behind all that passed before
	times = state.held + 1
	state.passed, state.held = now, 0
	return times, true
}

// makeRoom reports whether a further key finds a place, after forgetting one whose window is over and whose count was
// told.
func (t *Throttle[K, V]) makeRoom(now time.Time) bool {
	if t.keys.Len() < t.most {
		return true
	}
	_, oldest, _ := t.keys.GetOldest()
	if now.Sub(oldest.passed) < t.window || oldest.held > 0 {
		return false
	}
	t.keys.RemoveOldest()
	return true
}

func (t *Throttle[K, V]) countAmongOthers(now time.Time, value V) {
	if t.others.held == 0 {
		t.others.passed = now
	}
	t.others.held++
	t.others.last = t.ofMany(value)
}

// Drain gives and forgets what was held back and has waited for a window since its key passed.
func (t *Throttle[K, V]) Drain(now time.Time) []HeldBack[V] {
	t.mu.Lock()
	defer t.mu.Unlock()
	var due []HeldBack[V]
	for _, key := range t.keys.Keys() {
		state, _ := t.keys.Peek(key)
		if now.Sub(state.passed) < t.window {
			continue
		}
		if state.held > 0 {
			due = append(due, HeldBack[V]{state.held, state.last})
		}
		t.keys.Remove(key)
	}
	if t.others.held > 0 && now.Sub(t.others.passed) >= t.window {
		due = append(due, HeldBack[V]{t.others.held, t.others.last})
		t.others = throttled[V]{}
	}
	return due
}

// OfMany gives the draft of what more callers were refused than are told apart: what happened, and nothing of whom it
// happened to.
func OfMany(d ledger.Draft) ledger.Draft {
	return ledger.Draft{
		Stream: d.Stream, Action: d.Action, Outcome: d.Outcome, OccurredAt: d.OccurredAt,
		Details: map[string]any{"reason": ReasonManyCallers},
	}
}
