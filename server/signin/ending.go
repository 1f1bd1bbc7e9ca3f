package signin

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	lockSessions   = "SELECT " + sessionColumns + " FROM session WHERE "
	inExpiryOrder  = " ORDER BY expires_at, token LIMIT 100 FOR UPDATE"
	deleteSessions = "DELETE FROM session WHERE token IN (?)"

	sweepBatch    = 100 // as in inExpiryOrder
	longestSweep  = 30 * time.Second
	shortestSweep = time.Second
)

// Why a session expired, in an entry's details under "reason".
const (
	reasonIdle     = "session_timed_out"
	reasonLifetime = "session_lifetime_over"
)

// ending is a session that ends.
type ending struct {
	Token     string    `db:"token"`
	ID        id.ID     `db:"id"`
	Account   id.ID     `db:"account"`
	CreatedAt time.Time `db:"created_at"`
	ExpiresAt time.Time `db:"expires_at"`
	person    id.ID
}

// endSessions deletes sessions, at most sweepBatch, and records each in the same transaction: whichever process
// finds a session first locks its row, and the others find it gone. It gives how many there were.
func (s *Service) endSessions(ctx context.Context, tx *mysql.Tx, where string, args []any, entry func(ending) ledger.Draft) (int, error) {
	var ended []ending
	if err := tx.Select(ctx, &ended, lockSessions+where+inExpiryOrder, args...); err != nil || len(ended) == 0 {
		return 0, err
	}
	if err := s.nameOwners(ctx, tx, ended); err != nil {
		return 0, err
	}
	tokens := make([]string, len(ended))
	drafts := make([]ledger.Draft, len(ended))
	for i, e := range ended {
		tokens[i] = e.Token
		drafts[i] = entry(e)
		drafts[i].Refs = []ledger.Ref{sessionRef(e.ID)}
	}
	query, in, err := mysql.In(deleteSessions, tokens)
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, query, in...); err != nil {
		return 0, err
	}
	_, err = s.ledger.Append(ctx, tx, drafts...)
	return len(ended), err
}

func (s *Service) nameOwners(ctx context.Context, q mysql.Querier, ended []ending) error {
	accounts := make([]id.ID, len(ended))
	for i, e := range ended {
		accounts[i] = e.Account
	}
	query, args, err := mysql.In(selectOwners, accounts)
	if err != nil {
		return err
	}
	var owners []struct {
		ID     id.ID `db:"id"`
		Person id.ID `db:"person"`
	}
	if err := q.Select(ctx, &owners, query, args...); err != nil {
		return err
	}
	persons := make(map[id.ID]id.ID, len(owners))
	for _, o := range owners {
		persons[o.ID] = o.Person
	}
	for i := range ended {
		ended[i].person = persons[ended[i].Account]
	}
	return nil
}

func (s *Service) expired(e ending) ledger.Draft {
	d := s.concerning(ledger.AuthSessionExpired, e.Account, e.person)
	d.System = true
	d.OccurredAt = e.ExpiresAt
	reason := reasonIdle
	if !e.ExpiresAt.Before(e.CreatedAt.Add(s.config.SessionLifetime)) {
		reason = reasonLifetime
	}
	d.Details = map[string]any{"reason": reason}
	return d
}

func (s *Service) expirePresented(ctx context.Context, tokenHash string) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.endSessions(ctx, tx, "token = ? AND expires_at <= ?", []any{tokenHash, s.moment()}, s.expired)
		return err
	})
}

// Sweep ends the sessions that have expired, forgets failures of long ago, and records invalid sessions and
// refusals that were only counted. Run calls it.
func (s *Service) Sweep(ctx context.Context) error {
	for n := sweepBatch; n == sweepBatch; {
		err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
			var err error
			n, err = s.endSessions(ctx, tx, "expires_at <= ?", []any{s.moment()}, s.expired)
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := s.forgetFailures(ctx); err != nil {
		return err
	}
	if err := s.forgetLinks(ctx); err != nil {
		return err
	}
	return s.recordHeldBack(ctx, s.moment())
}

// Run sweeps at intervals until ctx ends, and records then what was only counted.
func (s *Service) Run(ctx context.Context) error {
	ticks := time.NewTicker(max(shortestSweep, min(longestSweep, s.config.grain())))
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			if err := s.recordHeldBack(ctx, s.moment().Add(refusedWindow)); err != nil {
				s.log.Error("refused sign-ins that were counted could not be recorded", "error", err)
			}
			return nil
		case <-ticks.C:
		}
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("expired sessions cannot be ended yet", "error", err)
		}
	}
}
