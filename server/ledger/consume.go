package ledger

import (
	"context"
	"time"
)

const (
	applyTimeout = 10 * time.Second
	// maxApplyTimeout is what a batch is given at most, after it took too long again and again.
	maxApplyTimeout = 5 * time.Minute
	applyPause      = time.Second
)

// Consume gives every batch of entries from seq from on to apply, in order, until ctx ends. A batch whose apply
// fails is given again after a second, and with twice the time: it is for readers that must not miss anything.
func (l *Ledger) Consume(ctx context.Context, from uint64, apply func(ctx context.Context, entries []Entry) error) {
	follower := l.Follow(from)
	for ctx.Err() == nil {
		entries, err := follower.Next(ctx)
		if err == nil {
			l.applyUntilDone(ctx, entries, apply)
		} else if ctx.Err() == nil {
			l.log.Warn("entries cannot be read", "from", follower.Position(), "error", err)
			rest(ctx, applyPause)
		}
	}
}

func (l *Ledger) applyUntilDone(ctx context.Context, entries []Entry, apply func(ctx context.Context, entries []Entry) error) {
	for patience := applyTimeout; ctx.Err() == nil; patience = min(2*patience, maxApplyTimeout) {
		err := applyOnce(ctx, patience, entries, apply)
		if err == nil || ctx.Err() != nil {
			return
		}
		l.log.Warn("entries cannot be applied yet", "from", entries[0].Seq, "error", err)
		rest(ctx, applyPause)
	}
}

func applyOnce(ctx context.Context, patience time.Duration, entries []Entry, apply func(ctx context.Context, entries []Entry) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return apply(ctx, entries)
}

func rest(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
