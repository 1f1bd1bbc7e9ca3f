package workhours

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	// perAddress and perServer are how many reports a second nobody vouches for: from one address, where many people may
	// work, and in all.
	perAddress, burstPerAddress = 10, 200
	perServer, burstPerServer   = 200, 1000
	addressesKept               = 4096
	// answerStep is in what steps of time a report that nobody vouches for is answered, so that how long it takes tells
	// no stranger whether it was stored, and thus whether its user is known.
	answerStep = 25 * time.Millisecond
)

// ReportUnverified records a report for which nobody vouches: without a token, from a network that the operator named.
// UNAUTHENTICATED from any other, and RATE_LIMITED for too many; otherwise as Report, except that a report of an
// unknown user for whom there is no room is answered as if it were kept, and as late, so that strangers do not learn who
// is known.
func (s *Service) ReportUnverified(ctx context.Context, origin ledger.Origin, in *ReportInput) error {
	if !s.listed(origin.IP) {
		return fault.New(fault.Unauthenticated, "Reports from this address need a token (Authorization: Bearer).")
	}
	if err := s.requirePurpose(); err != nil {
		return err
	}
	if err := s.pace.take(origin.Network(), s.now()); err != nil {
		return err
	}
	from, begin := intake{source: SourceWorkstation, origin: ledger.Origin{IP: origin.IP}, unverified: true}, time.Now()
	_, err := s.record(ctx, from, []*ReportInput{in}, false)
	if errors.Is(err, errListFull) {
		s.drop()
		err = nil
	}
	if err != nil {
		return unnumbered(err)
	}
	return awaitStep(ctx, time.Since(begin))
}

// awaitStep waits until a whole number of steps has passed since a report came.
func awaitStep(ctx context.Context, passed time.Duration) error {
	timer := time.NewTimer(answerStep - passed%answerStep)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// errListFull is what a report that nobody vouches for meets when no more unknown users may wait for review.
var errListFull = errors.New("too many unknown users wait for review")

// drop counts a report that was not kept, and says so in the log the first time.
func (s *Service) drop() {
	if s.dropped.Add(1) == 1 {
		s.log.Warn("Reports without a token of users whom nobody knows are not kept: too many such users wait for review. Add them to people as external names.", "most", MaxUnknown)
	}
}

// Dropped is how many reports of unknown users were answered but not kept since the process began.
func (s *Service) Dropped() uint64 { return s.dropped.Load() }

// unnumbered names the field of a report that came alone.
func unnumbered(err error) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.BadInput {
		return err
	}
	return fault.New(f.Kind, "%s", f.Text())
}

func (s *Service) listed(ip string) bool {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return false
	}
	address = address.Unmap().WithZone("")
	for _, network := range s.config.Networks {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// pace bounds reports that nobody vouches for. It is safe for concurrent use.
type pace struct {
	mu   sync.Mutex
	all  *rate.Limiter
	each *lru.LRU[string, *rate.Limiter]
}

func newPace() *pace {
	each, err := lru.NewLRU[string, *rate.Limiter](addressesKept, nil)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &pace{all: rate.NewLimiter(perServer, burstPerServer), each: each}
}

func (p *pace) take(network string, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	own, ok := p.each.Get(network)
	if !ok {
		own = rate.NewLimiter(perAddress, burstPerAddress)
		p.each.Add(network, own)
	}
	if own.AllowN(now, 1) && p.all.AllowN(now, 1) {
		return nil
	}
	f := fault.New(fault.RateLimited, "Too many reports come from here. Try again in a minute.")
	f.RetryAfter = time.Minute
	return f
}
