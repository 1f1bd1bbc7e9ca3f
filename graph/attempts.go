package graph

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	// attemptsPerSecond and attemptsAtOnce bound the sign-ins from one address. They are wide, since a whole
	// office may share one; names are protected one by one in signin.
	attemptsPerSecond = 5
	attemptsAtOnce    = 100
	addressesKept     = 10_000
)

// attempts slows down whoever tries to sign in again and again from one address.
type attempts struct {
	addresses *lru.Cache[string, *rate.Limiter]
	now       func() time.Time
}

func newAttempts(now func() time.Time) *attempts {
	addresses, err := lru.New[string, *rate.Limiter](addressesKept)
	if err != nil {
		panic(err) // only a size of zero can cause this
	}
	return &attempts{addresses: addresses, now: now}
}

// allow counts an attempt. RATE_LIMITED says when to try again.
func (a *attempts) allow(address string) error {
	limiter := rate.NewLimiter(attemptsPerSecond, attemptsAtOnce)
	if known, ok, _ := a.addresses.PeekOrAdd(address, limiter); ok {
		limiter = known
	}
	now := a.now()
	if limiter.AllowN(now, 1) {
		return nil
	}
	slow := fault.New(fault.RateLimited, "Too many sign-ins from this address. Wait a moment, then try again.")
	slow.RetryAfter = time.Second
	return slow
}
