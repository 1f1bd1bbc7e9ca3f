package wire

import (
	"context"
	"sync"
)

// ending holds the error with which a feed ended: a channel of results can only be closed.
type ending struct {
	mu  sync.Mutex
	err error
}

type endingKey struct{}

func (e *ending) get() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// EndFeed leaves the error with which the feed of this context ends. Call it before closing the channel.
func EndFeed(ctx context.Context, err error) {
	if e, ok := ctx.Value(endingKey{}).(*ending); ok {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.err = err
	}
}
