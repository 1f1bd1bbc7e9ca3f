package graph

import (
	"context"
	"sync"
	"time"
)

const (
	// gatherTime is how long a loader waits for more keys. Fields of one list ask within microseconds.
	gatherTime = 500 * time.Microsecond
	maxBatch   = 500
)

// loader fetches values that many fields of one answer ask for one by one, together. It remembers them, so it
// lives no longer than one answer.
type loader[K comparable, V any] struct {
	fetch func(context.Context, []K) (map[K]V, error)

	mu      sync.Mutex
	known   map[K]*batch[K, V]
	waiting *batch[K, V]
}

// batch is keys that are fetched together. Its results are set before done is closed.
type batch[K comparable, V any] struct {
	keys  []K
	done  chan struct{}
	found map[K]V
	err   error
}

func newLoader[K comparable, V any](fetch func(context.Context, []K) (map[K]V, error)) *loader[K, V] {
	return &loader[K, V]{fetch: fetch, known: map[K]*batch[K, V]{}}
}

// load gives the value of a key, and the zero value when there is none.
func (l *loader[K, V]) load(ctx context.Context, key K) (V, error) {
	b := l.join(ctx, key)
	select {
	case <-b.done:
		return b.found[key], b.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

func (l *loader[K, V]) join(ctx context.Context, key K) *batch[K, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.known[key]; b != nil {
		return b
	}
	b := l.waiting
	if b == nil {
		b = &batch[K, V]{done: make(chan struct{})}
		l.waiting = b
		time.AfterFunc(gatherTime, func() { l.run(ctx, b) })
	}
	b.keys = append(b.keys, key)
	l.known[key] = b
	if len(b.keys) == maxBatch {
		l.waiting = nil // it goes off with its own timer
	}
	return b
}

func (l *loader[K, V]) run(ctx context.Context, b *batch[K, V]) {
	l.mu.Lock()
	if l.waiting == b {
		l.waiting = nil
	}
	l.mu.Unlock()
	defer close(b.done)
	defer func() {
		if panicked := recover(); panicked != nil {
			b.err = recovered(panicked)
		}
	}()
	b.found, b.err = l.fetch(ctx, b.keys)
}
