package privacy

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/turn"
)

const (
	// finishInterval is how often erasures are looked for that another process left unfinished.
	finishInterval = time.Minute
	// finishAtOnce bounds the erasures that one replacement of the master key completes.
	finishAtOnce = 100

	selectErasing   = selectRequest + " WHERE state = ? ORDER BY id LIMIT ?"
	updateCompleted = "UPDATE privacy_request SET state = ?, completed_at = ? WHERE id = ? AND state = ?"
)

func (s *Service) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run completes erasures, at once after an approval and every minute what was left by whichever process, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	ticks := time.NewTicker(finishInterval)
	defer ticks.Stop()
	for {
		if _, err := s.Finish(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("an erasure cannot be completed yet", "error", err, "nextAttemptIn", finishInterval)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		case <-ticks.C:
		}
	}
}

// Finish completes the erasures that were approved, at most 100, and gives how many: what is derived from their work
// is deleted, their addresses cannot be looked for, files that were exported are removed, and the master key is replaced, so that no file of the database
// opens what was theirs. Each step may be done again, so whoever comes after a kill goes on. Of several servers one does it.
func (s *Service) Finish(ctx context.Context) (completed int, err error) {
	var left []*Request
	if err := s.db.Select(ctx, &left, selectErasing, Erasing.code(), finishAtOnce); err != nil || len(left) == 0 {
		return 0, err
	}
	mine := turn.New(s.db, turnName)
	if taken, err := mine.Take(ctx, s.now()); err != nil || !taken {
		return 0, err
	}
	defer func() { _ = mine.Leave(ctx) }() // a turn that is not left ends by itself
	if err := mine.While(ctx, s.now, func(ctx context.Context) error { return s.clean(ctx, left) }); err != nil {
		return 0, err
	}
	for _, r := range left {
		if err := s.complete(ctx, mine, r); err != nil {
			return completed, err
		}
		completed++
		s.Reached("completed")
	}
	return completed, nil
}

// clean removes what is left of people whose keys are destroyed, and what would open it.
func (s *Service) clean(ctx context.Context, left []*Request) error {
	for _, r := range left {
		for _, person := range s.People.Same(r.PersonID) {
			if err := s.Work.Forget(ctx, person); err != nil {
				return err
			}
			s.Reached("hours forgotten")
		}
	}
	if err := s.Ledger.FinishForgetting(ctx); err != nil {
		return err
	}
	s.Reached("addresses forgotten")
	if err := s.Exports.ForgetAll(ctx); err != nil {
		return err
	}
	s.Reached("files removed")
	// A rotation that began before the keys were destroyed does not count, and nothing tells when one began.
	_, err := s.Ledger.RotateMasterKey(ctx)
	s.Reached("master key replaced")
	return err
}

func (s *Service) complete(ctx context.Context, mine *turn.Turn, r *Request) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := mine.Keep(ctx, tx, s.now()); err != nil {
			return err
		}
		defer s.Reached("completion recorded") // not yet committed
		changed, err := tx.Exec(ctx, updateCompleted, Erased.code(), s.moment(), r.ID, Erasing.code())
		if err != nil {
			return err
		}
		if n, err := changed.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = s.Ledger.Append(ctx, tx, s.draft(access.System(), ledger.PrivacyErasureCompleted, r))
		return err
	})
}
