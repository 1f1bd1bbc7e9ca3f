package access

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
)

// follow applies role and policy changes as they appear in the ledger, from whichever process.
func (s *Service) follow(ctx context.Context) error {
	follower := s.ledger.Follow(s.from)
	for {
		entries, err := follower.Next(ctx)
		if err == nil {
			err = s.applyAll(ctx, entries)
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			s.log.Warn("the ledger cannot be followed for role changes", "error", err)
			pause(ctx)
		}
	}
}

// applyAll does not return before every change is applied: a change that were skipped would never come again.
func (s *Service) applyAll(ctx context.Context, entries []ledger.Entry) error {
	for i := range entries {
		if entries[i].Action != ledger.AccessRolesChanged {
			continue
		}
		for err := s.apply(ctx, &entries[i]); err != nil; err = s.apply(ctx, &entries[i]) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			s.log.Warn("a role change cannot be applied yet", "seq", entries[i].Seq, "error", err)
			pause(ctx)
		}
	}
	return nil
}

func (s *Service) apply(ctx context.Context, e *ledger.Entry) error {
	ctx, cancel := context.WithTimeout(ctx, reloadTimeout)
	defer cancel()
	if e.Person.IsZero() { // what a role may do has changed
		return s.policy.load(ctx, s.db)
	}
	return s.policy.loadPerson(ctx, s.db, e.Person)
}

func pause(ctx context.Context) {
	timer := time.NewTimer(retryAfterError)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
