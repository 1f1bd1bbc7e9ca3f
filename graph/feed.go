package graph

import (
	"context"
	"errors"

	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
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

// endOf says of a feed that broke off because the database is away that it can be resumed. Any other error is a
// defect and goes to the log as one.
func endOf(err error) error {
	if _, ok := fault.As(err); !ok && (mysql.IsGone(err) || errors.Is(err, context.DeadlineExceeded)) {
		return fault.Wrap(err, fault.Unavailable, "The feed broke off. Resume it behind the last cursor.")
	}
	return err
}
