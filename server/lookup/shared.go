// Package lookup lets callers who look up the same thing at the same time share one reading of it.
package lookup

import (
	"context"
	"sync"
	"time"
)

// patience bounds a reading that several wait for.
const patience = 10 * time.Second

// Shared reads values by key. Callers who ask for a key while it is being read share the next reading of it: nobody gets an answer
// that was begun before he asked, so that whatever was committed before counts. Nothing is kept. It is safe for concurrent use.
type Shared[K comparable, V any] struct {
	read func(ctx context.Context, key K) (V, error)

	mu    sync.Mutex
	under map[K]*queue[V] // keys that are being read
}

// queue is a key that is being read. next is what those share who asked meanwhile, nil while nobody did.
type queue[V any] struct{ next *reading[V] }

// reading is one that is yet to begin. Its value stands once done is closed.
type reading[V any] struct {
	ctx   context.Context
	done  chan struct{}
	value V
	err   error
}

// New makes one that reads by read, whose value callers share: they must not change it.
func New[K comparable, V any](read func(ctx context.Context, key K) (V, error)) *Shared[K, V] {
	return &Shared[K, V]{read: read, under: map[K]*queue[V]{}}
}

// Get reads the value of a key. Its errors are those of reading, and ctx's when that ends first.
func (s *Shared[K, V]) Get(ctx context.Context, key K) (V, error) {
	next, alone := s.join(ctx, key)
	if alone != nil {
		defer s.handOver(key, alone)
		return s.read(ctx, key)
	}
	select {
	case <-next.done:
		return next.value, next.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

// join gives the reading to wait for or, where nobody reads the key, the queue of whoever is to read it now.
func (s *Shared[K, V]) join(ctx context.Context, key K) (*reading[V], *queue[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.under[key]
	if q == nil {
		q = &queue[V]{}
		s.under[key] = q
		return nil, q
	}
	if q.next == nil {
		q.next = &reading[V]{ctx: context.WithoutCancel(ctx), done: make(chan struct{})} // others share it
	}
	return q.next, nil
}

// handOver has the key read for those who asked meanwhile.
func (s *Shared[K, V]) handOver(key K, q *queue[V]) {
	if next := s.take(key, q); next != nil {
		go s.readOn(key, q, next)
	}
}

func (s *Shared[K, V]) readOn(key K, q *queue[V], next *reading[V]) {
	for ; next != nil; next = s.take(key, q) {
		ctx, cancel := context.WithTimeout(next.ctx, patience)
		next.value, next.err = s.read(ctx, key)
		cancel()
		close(next.done)
	}
}

// take gives the reading that is to begin now; with none the key is no longer being read.
func (s *Shared[K, V]) take(key K, q *queue[V]) *reading[V] {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := q.next
	if q.next = nil; next == nil {
		delete(s.under, key)
	}
	return next
}
