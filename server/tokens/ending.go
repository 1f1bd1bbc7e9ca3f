package tokens

import (
	"context"
	"time"

	"golang.org/x/time/rate"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// Why a presented token is invalid, in an entry's details under "reason".
const (
	reasonMalformed = "malformed_token"
	reasonUnknown   = "unknown_token"
	reasonRevoked   = "revoked_token"
	reasonExpired   = "expired_token"
	reasonNetwork   = "other_network"
)

const (
	invalidWindow = time.Minute
	invalidKept   = 4096
	// invalidPerSecond and invalidBurst bound the entries that strangers at many addresses can cause.
	invalidPerSecond = 0.2
	invalidBurst     = 20
	recordTimeout    = 5 * time.Second

	sweepInterval = 30 * time.Second
	sweepBatch    = 100 // as in lockExpired
)

// invalid bounds how often invalid tokens are recorded: per network, reason and token once a minute, and in all.
type invalid struct {
	perNetwork *access.Throttle[presented, ledger.Draft]
	inAll      *rate.Limiter
}

type presented struct {
	network, reason string
	token           id.ID
}

func newInvalid() *invalid {
	return &invalid{
		perNetwork: access.NewThrottle[presented, ledger.Draft](invalidWindow, invalidKept, access.OfMany),
		inAll:      rate.NewLimiter(invalidPerSecond, invalidBurst),
	}
}

// refuse records, within bounds, that a token was presented that cannot be used, and gives the error that says so.
func (s *Service) refuse(ctx context.Context, reason string, r *row, origin ledger.Origin) error {
	now := s.moment()
	draft := ledger.Draft{
		Stream: ledger.StreamAuth, Action: ledger.AuthTokenInvalid, Outcome: ledger.Denied,
		Details: map[string]any{"reason": reason},
	}
	key := presented{network: origin.Network(), reason: reason}
	if r != nil {
		draft, key.token = about(draft, r.ID, r.Name), r.ID
	}
	if !origin.IsZero() {
		draft.Parts = []ledger.Part{ledger.OriginPart(id.ID{}, now, origin)}
	}
	if times, pass := s.invalid.perNetwork.Pass(key, now, draft); pass && s.invalid.inAll.AllowN(now, 1) {
		s.recordTimes(ctx, draft, times)
	}
	return fault.New(fault.Unauthenticated,
		"This token cannot be used: it is unknown, was revoked, has expired, or is not for this address. Ask an admin for another.")
}

// recordTimes appends an entry that stands for a number of times. The token is refused all the same when it cannot.
func (s *Service) recordTimes(ctx context.Context, draft ledger.Draft, times int) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	draft.Details["times"] = times
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, draft)
		return err
	})
	if err != nil {
		s.log.Error("an invalid token could not be recorded", "reason", draft.Details["reason"], "error", err)
	}
}

func (s *Service) recordHeldBack(ctx context.Context, now time.Time) {
	for _, held := range s.invalid.perNetwork.Drain(now) {
		if s.invalid.inAll.AllowN(s.moment(), 1) {
			s.recordTimes(ctx, held.Last, held.Times)
		}
	}
}

// Sweep records which tokens have expired, and the invalid ones that were only counted. Run calls it.
func (s *Service) Sweep(ctx context.Context) error {
	for n := sweepBatch; n == sweepBatch; {
		err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
			n, err = s.recordExpired(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	s.recordHeldBack(ctx, s.moment())
	return nil
}

// recordExpired records up to sweepBatch expiries and gives how many there were. Of several processes, whichever finds
// a token first locks its row.
func (s *Service) recordExpired(ctx context.Context, tx *mysql.Tx) (int, error) {
	var expired []row
	if err := tx.Select(ctx, &expired, lockExpired, s.moment()); err != nil || len(expired) == 0 {
		return 0, err
	}
	ids := make([]id.ID, len(expired))
	drafts := make([]ledger.Draft, len(expired))
	for i, r := range expired {
		ids[i] = r.ID
		drafts[i] = about(ledger.Draft{
			Stream: ledger.StreamAuth, Action: ledger.AuthTokenExpired, System: true, OccurredAt: r.ExpiresAt.Time,
		}, r.ID, r.Name)
	}
	query, args, err := mysql.In(expiryWritten, ids)
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, query, args...); err != nil {
		return 0, err
	}
	_, err = s.ledger.Append(ctx, tx, drafts...)
	return len(expired), err
}

// Run sweeps at intervals until ctx ends, and records then what was only counted.
func (s *Service) Run(ctx context.Context) error {
	ticks := time.NewTicker(sweepInterval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			s.recordHeldBack(context.WithoutCancel(ctx), s.moment().Add(invalidWindow))
			return nil
		case <-ticks.C:
		}
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("expired tokens cannot be recorded yet", "error", err)
		}
	}
}
