package intake

import (
	"context"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

const (
	callersKept = 10_000
	gateRetry   = time.Second
)

// gate bounds the calls that run at once, and the pace of each caller. It is safe for concurrent use.
type gate struct {
	limits Limits
	paces  *lru.Cache[id.ID, *rate.Limiter]
	mu     sync.Mutex
	open   int
	of     map[id.ID]int
}

func newGate(limits Limits) (*gate, error) {
	paces, err := lru.New[id.ID, *rate.Limiter](callersKept)
	return &gate{limits: limits, paces: paces, of: map[id.ID]int{}}, err
}

func callerOf(actor *access.Actor) id.ID {
	if !actor.Token.IsZero() {
		return actor.Token
	}
	return actor.Person
}

// enter lets a call begin, until leave. RATE_LIMITED and UNAVAILABLE when too many run, of the caller or in all.
func (g *gate) enter(actor *access.Actor) (leave func(), err error) {
	caller := callerOf(actor)
	g.mu.Lock()
	defer g.mu.Unlock()
	var busy *fault.Error
	switch {
	case g.of[caller] >= g.limits.StreamsOfOne:
		busy = fault.New(fault.RateLimited, "You send in %d calls at once already: wait for one to end.", g.of[caller])
	case g.open >= g.limits.Streams:
		busy = fault.New(fault.Unavailable, "Too many programs send at once. Send it again in a moment.")
	}
	if busy != nil {
		busy.RetryAfter = gateRetry
		return nil, busy
	}
	g.open++
	g.of[caller]++
	return func() { g.leave(caller) }, nil
}

func (g *gate) leave(caller id.ID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open--
	if g.of[caller]--; g.of[caller] == 0 {
		delete(g.of, caller)
	}
}

// pace holds a caller back who sends more than he may.
func (g *gate) pace(ctx context.Context, actor *access.Actor, lines int) error {
	caller := callerOf(actor)
	limiter, known := g.paces.Get(caller)
	if !known {
		limiter = rate.NewLimiter(rate.Limit(g.limits.PerSecond), 4*g.limits.PerSecond)
		if other, meanwhile, _ := g.paces.PeekOrAdd(caller, limiter); meanwhile {
			limiter = other
		}
	}
	return limiter.WaitN(ctx, min(lines, limiter.Burst()))
}
