package main

import (
	"context"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// pruningInterval is how often prunings are looked for that were interrupted.
	pruningInterval = time.Hour
	// pruningPause is how long an interrupted pruning that cannot go on is left alone.
	pruningPause = time.Minute
	// forgettingInterval is how often work is looked for that was left by the destruction of a key.
	forgettingInterval = time.Minute
)

// openRetention gives a way to open the store with the account that prunes.
func (s *store) openRetention(c config.Store) func(ctx context.Context) (*mysql.DB, error) {
	return func(ctx context.Context) (*mysql.DB, error) {
		return mysql.OpenRetention(ctx, databaseAccess(c, s.private, s.log))
	}
}

// finishPruning goes on with what an earlier process began to prune, and looks again every hour: a server beside this
// one may have been killed. It lasts until ctx ends.
func (s *services) finishPruning(ctx context.Context) error {
	for ctx.Err() == nil {
		next := pruningInterval
		if err := s.resumePruning(ctx); err != nil && ctx.Err() == nil {
			next = pruningPause
			s.log.Warn("an interrupted pruning cannot be finished yet", "error", err, "nextAttemptIn", next)
		}
		rest(ctx, next)
	}
	return nil
}

// finishForgetting deletes what keys that were destroyed leave behind, until ctx ends.
func (s *services) finishForgetting(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := s.ledger.FinishForgetting(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("addresses of erased people cannot be deleted yet", "error", err, "nextAttemptIn", forgettingInterval)
		}
		rest(ctx, forgettingInterval)
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
