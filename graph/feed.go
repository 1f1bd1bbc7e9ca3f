package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/logbook"
)

// feed runs follow until its reader is gone or its right, and gives what follow sends. Nothing is dropped: follow
// waits for a slow reader, and goes on where it stood.
func feed[T any](ctx context.Context, follow func(logbook.Recheck, func(T) bool) error, recheck logbook.Recheck) <-chan T {
	values := make(chan T)
	go func() {
		defer close(values)
		defer func() {
			if panicked := recover(); panicked != nil {
				wire.EndFeed(ctx, recovered(panicked))
			}
		}()
		err := follow(recheck, func(value T) bool {
			select {
			case values <- value:
				return true
			case <-ctx.Done():
				return false
			}
		})
		if err != nil {
			wire.EndFeed(ctx, endOf(err))
		}
	}()
	return values
}

// endOf says of a feed that broke off for no fault of its reader that it can be resumed.
func endOf(err error) error {
	if f, ok := fault.As(err); ok && f.Kind != fault.Internal {
		return err
	}
	return fault.Wrap(err, fault.Unavailable, "The feed broke off. Resume it behind the last cursor.")
}
