package signin

import (
	"context"
	"errors"
	"time"

	"golang.org/x/time/rate"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// Why a presented session is invalid, in an entry's details under "reason".
const (
	reasonMalformed = "malformed"
	reasonUnknown   = "unknown"
)

const (
	invalidWindow = time.Minute
	invalidKept   = 4096
	// invalidPerSecond and invalidBurst bound the entries that strangers at many addresses can cause.
	invalidPerSecond = 0.2
	invalidBurst     = 20
)

// invalidSessions bounds how often invalid sessions are recorded: per network and reason once a minute, and in all.
type invalidSessions struct {
	perNetwork *access.Throttle[invalidFrom, ledger.Draft]
	inAll      *rate.Limiter
}

type invalidFrom struct{ network, reason string }

func newInvalidSessions() *invalidSessions {
	return &invalidSessions{
		perNetwork: access.NewThrottle[invalidFrom, ledger.Draft](invalidWindow, invalidKept, access.OfMany),
		inAll:      rate.NewLimiter(invalidPerSecond, invalidBurst),
	}
}

// presentedInvalid records, within bounds, that a malformed or unknown session was presented.
func (s *Service) presentedInvalid(ctx context.Context, reason string) {
	origin, now := s.config.OriginOf(ctx), s.moment()
	draft := ledger.Draft{
		Stream: ledger.StreamAuth, Action: ledger.AuthSessionInvalid, Outcome: ledger.Denied,
		Details: map[string]any{"reason": reason},
	}
	if !origin.IsZero() {
		draft.Parts = []ledger.Part{ledger.OriginPart(id.ID{}, now, origin)}
	}
	times, pass := s.invalid.perNetwork.Pass(invalidFrom{origin.Network(), reason}, now, draft)
	if !pass || !s.invalid.inAll.AllowN(now, 1) {
		return
	}
	if err := s.recordTimes(ctx, draft, times); err != nil { // the session is not accepted all the same
		s.log.Error("an invalid session could not be recorded", "reason", reason, "error", err)
	}
}

// recordTimes appends an entry that stands for a number of times.
func (s *Service) recordTimes(ctx context.Context, draft ledger.Draft, times int) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	draft.Details["times"] = times
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, draft)
		return err
	})
}

// recordHeldBack records what was only counted up to a window before now.
func (s *Service) recordHeldBack(ctx context.Context, now time.Time) error {
	failed := s.recordHeldRefusals(ctx, now)
	for _, held := range s.invalid.perNetwork.Drain(now) {
		if s.invalid.inAll.AllowN(s.moment(), 1) {
			failed = errors.Join(failed, s.recordTimes(ctx, held.Last, held.Times))
		}
	}
	return failed
}
