package signin

import (
	"context"
	"errors"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	// triesPerSecond and triesAtOnce bound the sign-ins of one network. They are wide, since a whole office may
	// share an address; names are protected one by one.
	triesPerSecond = 1
	triesAtOnce    = 100
	networksKept   = 10_000

	refusedWindow = time.Minute
	refusedKept   = 4096
)

// pace slows down whoever tries to sign in again and again, whatever the names. It bounds both the work and the
// entries that one network can cause.
type pace struct {
	networks *lru.Cache[string, *rate.Limiter]
	// refused are refusals without a look at the password, which cost next to nothing and could fill the ledger.
	refused *access.Throttle[refusedAt, ledger.Draft]
}

// refusedAt is what is refused alike: a name everywhere, a name at one network, or all of a network.
type refusedAt struct{ reason, name, network string }

func newPace() (*pace, error) {
	networks, err := lru.New[string, *rate.Limiter](networksKept)
	return &pace{networks, access.NewThrottle[refusedAt, ledger.Draft](refusedWindow, refusedKept, access.OfMany)}, err
}

// wait counts a try and gives zero, or says how long to wait first.
func (p *pace) wait(network string, now time.Time) time.Duration {
	limiter, known := p.networks.Get(network)
	if !known {
		limiter = rate.NewLimiter(triesPerSecond, triesAtOnce)
		if other, meanwhile, _ := p.networks.PeekOrAdd(network, limiter); meanwhile {
			limiter = other
		}
	}
	if limiter.AllowN(now, 1) {
		return 0
	}
	return time.Second / triesPerSecond
}

// keepPace refuses a try with RATE_LIMITED, before any work is done for it, when too many came from its network.
func (s *Service) keepPace(ctx context.Context, a *attempt) error {
	network := a.place() // a trusted browser keeps a pace of its own
	wait := s.pace.wait(network, s.moment())
	if wait == 0 {
		return nil
	}
	if err := s.recordRefused(ctx, refusedAt{reason: ReasonTooOften, network: network}, s.failed(a, ReasonTooOften)[0]); err != nil {
		return err
	}
	slow := fault.New(fault.RateLimited, "Too many sign-ins from this address. Wait a moment, then try again.")
	slow.RetryAfter = wait
	return slow
}

// recordRefused records a refusal at once, and those that follow within a minute as one.
func (s *Service) recordRefused(ctx context.Context, at refusedAt, draft ledger.Draft) error {
	times, pass := s.pace.refused.Pass(at, s.moment(), draft)
	if !pass {
		return nil
	}
	return s.recordTimes(ctx, draft, times)
}

func (s *Service) recordHeldRefusals(ctx context.Context, now time.Time) error {
	var failed error
	for _, held := range s.pace.refused.Drain(now) {
		failed = errors.Join(failed, s.recordTimes(ctx, held.Last, held.Times))
	}
	return failed
}
