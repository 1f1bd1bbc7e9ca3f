package people

import (
	"context"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// Run follows the ledger, so that what other processes change appears here within a second, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	s.ledger.Consume(ctx, s.from, s.apply)
	return nil
}

func (s *Service) apply(ctx context.Context, entries []ledger.Entry) error {
	var changed []id.ID
	departments := false
	for i := range entries {
		switch e := &entries[i]; e.Action {
		case ledger.AccessPersonCreated, ledger.AccessPersonUpdated:
			if !s.knows(e) {
				changed = append(changed, e.Person)
			}
		case ledger.AccessPersonMerged:
			changed = append(changed, e.Person) // and with him those who turned out to be he
		case ledger.PrivacyKeyDestroyed:
			if !e.Person.IsZero() {
				changed = append(changed, e.Person) // nothing of him can be read any more
			}
		case ledger.AccessDepartmentCreated:
			departments = true
		}
	}
	if departments {
		if err := s.reloadDepartments(ctx); err != nil {
			return err
		}
	}
	return s.reload(ctx, changed)
}

// knows reports whether the directory holds the version that an entry tells of, as after a change made here.
func (s *Service) knows(e *ledger.Entry) bool {
	version, stated := e.Details["version"].(float64)
	return stated && s.directory.version(e.Person) >= int(version)
}
