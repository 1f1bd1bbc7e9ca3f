package wire

import (
	"context"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	// burstSeconds is how many seconds' worth of operations may come at once after a rest.
	burstSeconds = 4
	// pacedCallers bounds how many callers are remembered; one who is forgotten begins with a full burst, and the
	// limit for all together holds all the same.
	pacedCallers = 8192
)

// Pace bounds how many operations begin in a second, of each caller and in all, over whatever transport they come. An
// event of a feed is no operation. It is safe for concurrent use.
type Pace struct {
	caller  rate.Limit
	callers *lru.Cache[string, *rate.Limiter]
	all     *rate.Limiter
}

// NewPace makes a pace of so many operations a second.
func NewPace(caller, all int) *Pace {
	callers, err := lru.New[string, *rate.Limiter](pacedCallers)
	if err != nil {
		panic(err) // only for a size that is not above zero
	}
	return &Pace{caller: rate.Limit(caller), callers: callers, all: rate.NewLimiter(rate.Limit(all), burstSeconds*all)}
}

// Take lets an operation of ctx's caller begin. RATE_LIMITED with the time to wait when it may not: what is refused
// counts nothing.
func (p *Pace) Take(ctx context.Context) error {
	caller := callerOf(ctx)
	limiter, known := p.callers.Get(caller)
	if !known {
		fresh := rate.NewLimiter(p.caller, burstSeconds*int(p.caller))
		if former, had, _ := p.callers.PeekOrAdd(caller, fresh); had {
			limiter = former
		} else {
			limiter = fresh
		}
	}
	own := limiter.Reserve()
	if wait := own.Delay(); wait > 0 {
		own.Cancel()
		return tooFast(wait, fault.Say("You ask too often: wait a moment, then go on more slowly."))
	}
	common := p.all.Reserve()
	if wait := common.Delay(); wait > 0 {
		common.Cancel()
		own.Cancel()
		return tooFast(wait, fault.Say("The server is asked too often just now: wait a moment, then try again."))
	}
	return nil
}

func tooFast(wait time.Duration, message fault.Text) error {
	f := fault.New(fault.RateLimited, "%s", message)
	f.RetryAfter = max(wait, time.Second)
	return f
}
