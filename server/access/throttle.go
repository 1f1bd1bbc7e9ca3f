package access

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"
)

// Throttle bounds how often something that a stranger can cause is recorded: per key once in a window, and
// the rest is counted. It remembers a bounded number of keys and is safe for concurrent use.
type Throttle[K comparable, V any] struct {
	window time.Duration
	mu     sync.Mutex
	keys   *lru.LRU[K, *throttled[V]]
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

// NewThrottle makes a Throttle that lets a key pass once in a window and remembers the last keys.
func NewThrottle[K comparable, V any](window time.Duration, keys int) *Throttle[K, V] {
	remembered, err := lru.NewLRU[K, *throttled[V]](keys, nil)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &Throttle[K, V]{window: window, keys: remembered}
}

// Pass reports whether the key may pass now, and for how many times it then stands: itself and those held
// back since it passed last.
func (t *Throttle[K, V]) Pass(key K, now time.Time, value V) (times int, pass bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	state, known := t.keys.Get(key)
	if known && now.Sub(state.passed) < t.window {
		state.held++
		state.last = value
		return 0, false
	}
	if !known {
		state = &throttled[V]{}
		t.keys.Add(key, state)
	}
	times = state.held + 1
	state.passed, state.held = now, 0
	return times, true
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
	return due
}
