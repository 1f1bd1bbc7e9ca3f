package main

import (
	"context"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// pruningPause is how long an interrupted pruning that cannot go on is left alone.
const pruningPause = time.Minute

// openRetention gives a way to open the store with the account that prunes.
func (s *store) openRetention(c config.Store) func(ctx context.Context) (*mysql.DB, error) {
	return func(ctx context.Context) (*mysql.DB, error) {
		return mysql.OpenRetention(ctx, databaseAccess(c, s.private, s.log))
	}
}

// finishPruning goes on with what an earlier process began to prune, until it is done or ctx ends.
func (s *services) finishPruning(ctx context.Context) error {
	for ctx.Err() == nil {
		err := s.resumePruning(ctx)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		s.log.Warn("an interrupted pruning cannot be finished yet", "error", err, "nextAttemptIn", pruningPause)
		timer := time.NewTimer(pruningPause)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

func (s *services) resumePruning(ctx context.Context) (err error) {
	unfinished, err := s.ledger.UnfinishedPrunings(ctx)
	if err != nil || len(unfinished) == 0 {
		return err
	}
	s.log.Info("finishing what was interrupted while it was pruned", "prunings", len(unfinished))
	db, err := s.retention(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return ledger.NewPruner(s.ledger, db, ledger.PruneOptions{}).Resume(ctx)
}
