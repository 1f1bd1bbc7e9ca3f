package people

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	reloadTimeout   = 10 * time.Second
	retryAfterError = time.Second
)

// Run follows the ledger, so that what other processes change appears here within a second, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	follower := s.ledger.Follow(s.from)
	for {
		entries, err := follower.Next(ctx)
		for err == nil { // until applied: a change that were skipped would never come again
			if err = s.apply(ctx, entries); err == nil {
				break
			}
			if ctx.Err() != nil {
				return nil
			}
			s.log.Warn("changes of people cannot be read yet", "error", err)
			pause(ctx)
			err = nil
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			s.log.Warn("the ledger cannot be followed for changes of people", "error", err)
			pause(ctx)
		}
	}
}

func (s *Service) apply(ctx context.Context, entries []ledger.Entry) error {
	ctx, cancel := context.WithTimeout(ctx, reloadTimeout)
	defer cancel()
	var changed []id.ID
	departments := false
	for i := range entries {
		switch e := &entries[i]; e.Action {
		case ledger.AccessPersonCreated, ledger.AccessPersonUpdated:
			if !s.knows(e) {
				changed = append(changed, e.Person)
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
	p, ok := s.Find(e.Person)
	version, stated := e.Details["version"].(float64)
	return ok && stated && p.Version >= int(version)
}

func pause(ctx context.Context) {
	timer := time.NewTimer(retryAfterError)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
