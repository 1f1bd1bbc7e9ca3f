package exports

import (
	"context"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// Cancel ends one of the caller's files and removes what was made of it, also when it is done or has failed. NOT_FOUND as for
// Job.
func (s *Service) Cancel(ctx context.Context, actor *access.Actor, job id.ID) (*Job, error) {
	found, err := s.Job(ctx, actor, job)
	if err != nil {
		return nil, err
	}
	if _, err := s.db.Exec(ctx, cancelJob, s.moment(), job, actor.Person); err != nil {
		return nil, err
	}
	if err := s.empty(ctx, job); err != nil {
		return nil, err
	}
	found.State, found.Problem, found.Size, found.chunks = Cancelled, nil, 0, 0
	return found, nil
}

// ForgetAll removes every finished file and begins those that are being made anew: for whoever erases a person, after
// which no file may have his name.
func (s *Service) ForgetAll(ctx context.Context) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		for _, text := range []string{forgetDone, forgetRunning} {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.sweep(ctx, s.moment())
}

// sweep removes what is kept no longer, until nothing is left of it.
func (s *Service) sweep(ctx context.Context, now time.Time) error {
	for {
		var stale []id.ID
		if err := s.db.Select(ctx, &stale, selectStale, now); err != nil || len(stale) == 0 {
			return err
		}
		for _, job := range stale {
			if err := s.empty(ctx, job); err != nil {
				return err
			}
			if _, err := s.db.Exec(ctx, deleteJob, job, now); err != nil {
				return err
			}
		}
	}
}

// empty removes the chunks of a file that has ended, a few a statement.
func (s *Service) empty(ctx context.Context, job id.ID) error {
	if err := s.dropChunks(ctx, job); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, emptyJob, job)
	return err
}

func (s *Service) dropChunks(ctx context.Context, job id.ID) error {
	for {
		result, err := s.db.Exec(ctx, deleteChunks, job)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ctx.Err())
		}
	}
}
