package access

import (
	"context"

	"github.com/keytrail/keytrail/server/ledger"
)

// apply takes over role and policy changes as they appear in the ledger, from whichever process.
func (s *Service) apply(ctx context.Context, entries []ledger.Entry) error {
	for i := range entries {
		if entries[i].Action != ledger.AccessRolesChanged {
			continue
		}
		if err := s.applyChange(ctx, &entries[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) applyChange(ctx context.Context, e *ledger.Entry) error {
	if e.Person.IsZero() { // what a role may do has changed
		return s.policy.load(ctx, s.db)
	}
	return s.policy.loadPerson(ctx, s.db, e.Person)
}
