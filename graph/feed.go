package graph

import (
	"context"
	"errors"

	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/request"
)

// feed runs follow until its reader is gone or its right, and gives what follow sends. Nothing is dropped: follow
// waits for a slow reader, and goes on where it stood.
func feed[T any](ctx context.Context, follow func(feeds.Recheck, func(T) bool) error, recheck feeds.Recheck) <-chan T {
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

// entryFeed is feed for entries of the ledger, which many read at once: the transport follows it, and asks the
// resolver again for one entry at a time, but not for each reader (see wire.Feed). The entry that it asks for was
// let through to the caller by the feed.
func entryFeed[T any](ctx context.Context, r *Resolver, follow func(feeds.Recheck, logbook.Send[T]) error) (<-chan T, error) {
	results := make(chan T, 1)
	defer close(results)
	if event, ok := wire.EventOf(ctx); ok {
		entry, err := event.(logbook.Delivery[T]).Open(ctx)
		if err != nil {
			return nil, endOf(err)
		}
		results <- entry
		return results, nil
	}
	return results, wire.Offer(ctx, wire.Feed{
		Follow: func(send wire.Send) error {
			var events []wire.Event
			return endOf(follow(r.stillValid, func(some []logbook.Delivery[T]) (taken int, more bool) {
				events = events[:0]
				defer func() { clear(events) }() // so that an idle feed keeps no entry
				for _, d := range some {
					events = append(events, wire.Event{Seq: d.Entry.Seq, Sight: d.Sight(), Value: d, Cursor: d.Cursor})
				}
				return send(events)
			}))
		},
		Sight: func() access.Sight { return r.Access.Sight(request.Actor(ctx)) },
	})
}

// endOf says of a feed that broke off because the database is away that it can be resumed. Any other error is a
// defect and goes to the log as one.
func endOf(err error) error {
	if _, ok := fault.As(err); err != nil && !ok && (mysql.IsGone(err) || errors.Is(err, context.DeadlineExceeded)) {
		return fault.Wrap(err, fault.Unavailable, "The feed broke off. Resume it behind the last cursor.")
	}
	return err
}
