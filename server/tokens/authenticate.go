package tokens

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// useGrain is how far a token's last use may lie behind what the database says, so that not every request writes.
const useGrain = time.Minute

// Authenticate gives the actor whom a token stands for. UNAUTHENTICATED, with one message for every reason, when it
// cannot be used; that is recorded within bounds.
func (s *Service) Authenticate(ctx context.Context, secret string, origin ledger.Origin) (*access.Actor, error) {
	if !wellFormed(secret) {
		return nil, s.refuse(ctx, reasonMalformed, nil, origin)
	}
	found, err := s.byHash.Get(ctx, string(hashOf(secret)))
	if err != nil {
		return nil, err
	}
	return s.admit(ctx, found, origin)
}

// admit gives the actor of a token that was found, nil for an unknown one.
func (s *Service) admit(ctx context.Context, found *row, origin ledger.Origin) (*access.Actor, error) {
	if reason := found.unusable(s.moment(), origin.IP); reason != "" {
		return nil, s.refuse(ctx, reason, found, origin)
	}
	origin.Name = found.Name
	actor := &access.Actor{Token: found.ID, Roles: []string{found.Role}, Source: found.Source, Origin: origin}
	return actor, s.used(ctx, found, actor)
}

// unusable says why a token cannot be used from an address, "" when it can. A nil row is an unknown token.
func (r *row) unusable(now time.Time, ip string) string {
	switch {
	case r == nil:
		return reasonUnknown
	case r.state(now) == Revoked:
		return reasonRevoked
	case r.state(now) == Expired:
		return reasonExpired
	case !allows(r.networks(), ip):
		return reasonNetwork
	}
	return ""
}

// used notes that a token was used, once in useGrain, and records the first time. That the first use is not recorded
// fails the request; a later one is only not noted.
func (s *Service) used(ctx context.Context, r *row, actor *access.Actor) error {
	now := s.moment()
	if r.UsedAt.Valid && now.Sub(r.UsedAt.Time) < useGrain {
		return nil
	}
	from, err := s.sealAddress(ctx, r.ID, r.Source, actor.Origin.IP, now)
	if err == nil && !r.UsedAt.Valid {
		return s.usedFirst(ctx, r, actor, from, now)
	}
	if err == nil {
		_, err = s.db.Exec(ctx, setUse, now, from, r.ID, now.Add(-useGrain))
	}
	if err != nil {
		s.log.WarnContext(ctx, "the use of a token could not be noted", "token", r.ID, "error", err)
	}
	return nil
}

func (s *Service) usedFirst(ctx context.Context, r *row, actor *access.Actor, from []byte, now time.Time) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		result, err := tx.Exec(ctx, setFirstUse, now, from, r.ID)
		if err != nil {
			return err
		}
		if first, err := result.RowsAffected(); err != nil || first == 0 {
			return err // another request was first
		}
		_, err = s.ledger.Append(ctx, tx, about(actor.Draft(ledger.StreamAuth, ledger.AuthTokenFirstUsed, now), r.ID, r.Name))
		return err
	})
}

const (
	// validFor is how long a token that was found good is not asked for again by open feeds.
	validFor = 400 * time.Millisecond
	// checkTimeout bounds a check that several feeds wait for.
	checkTimeout = 10 * time.Second
)

// StillValid gives, for a feed or socket that stays open, the actor as he is now. UNAUTHENTICATED when his token was
// revoked or has expired. changed says that something about it was recorded just now: nothing that is remembered
// counts then.
func (s *Service) StillValid(ctx context.Context, actor *access.Actor, changed bool) (*access.Actor, error) {
	at, known := s.checked.Get(actor.Token)
	if known && !changed && s.now().Sub(at) < validFor {
		return actor, nil
	}
	good, err := s.isGood(ctx, actor.Token, changed)
	if err != nil {
		return nil, err
	}
	if !good {
		s.checked.Remove(actor.Token)
		return nil, fault.New(fault.Unauthenticated, "This token was revoked or has expired. Ask an admin for another.")
	}
	s.checked.Add(actor.Token, s.now())
	return actor, nil
}

// isGood reports whether a token is neither revoked nor expired. A token's feeds, which ask at the same time, share the
// answer; alone is for one that must not be older than the question.
func (s *Service) isGood(ctx context.Context, token id.ID, alone bool) (bool, error) {
	if alone {
		return s.readGood(ctx, token)
	}
	found := s.checking.DoChan(token.String(), func() (any, error) {
		// Others share this call: it must not end because its first caller leaves.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTimeout)
		defer cancel()
		return s.readGood(ctx, token)
	})
	select {
	case one := <-found:
		good, _ := one.Val.(bool)
		return good, one.Err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

func (s *Service) readGood(ctx context.Context, token id.ID) (bool, error) {
	found, err := one(ctx, s.db, selectByID, token)
	return found != nil && found.state(s.moment()) == Active, err
}
