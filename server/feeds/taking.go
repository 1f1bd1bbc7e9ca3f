package feeds

import (
	"context"
	"io"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
)

// TakingPace is how often it is asked, while something long is sent, whether its reader may still have it.
const TakingPace = time.Second

// Taking asks now and then, while something long is sent to a reader, whether he may still have it as he asked for it: his
// session goes on, and he would be shown the same. It is for one goroutine; a nil one never asks.
type Taking struct {
	access  *access.Service
	recheck Recheck
	pace    time.Duration
	before  string
	asked   time.Time
}

// Take begins to send something to an actor. Nothing is asked where there is no recheck.
func Take(a *access.Service, recheck Recheck, actor *access.Actor, pace time.Duration) *Taking {
	if recheck == nil || actor == nil {
		return nil
	}
	return &Taking{access: a, recheck: recheck, pace: pace, before: a.Sight(actor).Name(), asked: time.Now()}
}

// Allowed is an error once the reader may have no more.
func (t *Taking) Allowed(ctx context.Context) error {
	if t == nil || time.Since(t.asked) < t.pace {
		return nil
	}
	now, err := t.recheck(ctx, false)
	if err != nil {
		return err
	}
	if t.asked = time.Now(); t.access.Sight(now).Name() != t.before {
		return fault.New(fault.Forbidden, "Your rights have changed since you asked for this file. Start the export again.")
	}
	return nil
}

// Writer takes what is sent, as long as the reader may have it.
func (t *Taking) Writer(ctx context.Context, to io.Writer) io.Writer {
	if t == nil {
		return to
	}
	return takenWriter{ctx, t, to}
}

type takenWriter struct {
	ctx    context.Context
	taking *Taking
	to     io.Writer
}

// Write implements io.Writer.
func (w takenWriter) Write(part []byte) (int, error) {
	if err := w.taking.Allowed(w.ctx); err != nil {
		return 0, err
	}
	return w.to.Write(part)
}
