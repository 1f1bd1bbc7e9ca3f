package seal

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectFence = "SELECT generation, master_key, rotated_at FROM seal_state WHERE id = 1"
	adoptMaster = "UPDATE seal_state SET master_key = ? WHERE id = 1"
	bumpFence   = "UPDATE seal_state SET generation = generation + 1, master_key = ?, rotated_at = ? WHERE id = 1"

	selectTurn = "SELECT generation, rewrapped FROM seal_state WHERE id = 2"
	takeTurn   = "UPDATE seal_state SET holder = ?, held_until = ? WHERE id = 2 AND (holder IS NULL OR held_until < ?)"
	keepTurn   = "UPDATE seal_state SET held_until = ?, rewrapped = rewrapped + ? WHERE id = 2 AND holder = ?"
	doneTurn   = "UPDATE seal_state SET generation = ?, rewrapped = 0 WHERE id = 2 AND holder = ?"
	leaveTurn  = "UPDATE seal_state SET holder = NULL, held_until = NULL WHERE id = 2 AND holder = ?"
)

const (
	// turnLease is how long a turn lasts after it was last kept. Clocks of servers may differ by a fraction of it.
	turnLease = time.Minute
	// turnPatience bounds the wait for a turn: somebody who was killed holds it for a lease.
	turnPatience = 2 * turnLease
	// fencePatience bounds the wait until no key is being stored.
	fencePatience = 2 * time.Minute
	pollPause     = 20 * time.Millisecond
)

// fence says with which master key data keys are wrapped now. Its row is locked shared by whoever stores a key,
// until his transaction ends, and exclusively for an instant by a rotation.
type fence struct {
	Generation uint64       `db:"generation"`
	MasterKey  uint32       `db:"master_key"`
	RotatedAt  sql.NullTime `db:"rotated_at"`
}

func readFence(ctx context.Context, q mysql.Querier, query string) (*fence, error) {
	var f fence
	return &f, q.Get(ctx, &f, query)
}

// turn is the right to rotate, of one process at a time. It is a row with an expiry, so that it neither depends on a
// connection nor stays with a process that was killed.
type turn struct {
	s      *Service
	holder id.ID
}

// tryTurn takes the turn; nil when another has it.
func (s *Service) tryTurn(ctx context.Context) (*turn, error) {
	t := &turn{s: s, holder: id.New()}
	now := s.now().UTC()
	result, err := s.db.Exec(ctx, takeTurn, t.holder, now.Add(turnLease), now)
	if err != nil {
		return nil, err
	}
	n, err := result.RowsAffected()
	if err != nil || n == 0 {
		return nil, err
	}
	return t, nil
}

// keep renews the turn in a transaction that changes something by virtue of it, so that the change is undone when
// another has taken the turn. rewrapped counts keys that were wrapped anew in the same transaction.
func (t *turn) keep(ctx context.Context, tx *mysql.Tx, rewrapped int) error {
	return held(tx.Exec(ctx, keepTurn, t.s.now().UTC().Add(turnLease), rewrapped, t.holder))
}

// done notes in the transaction that records a rotation that it is complete.
func (t *turn) done(ctx context.Context, tx *mysql.Tx, generation uint64) error {
	return held(tx.Exec(ctx, doneTurn, generation, t.holder))
}

// leave gives the turn back, also when ctx has ended.
func (t *turn) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), makingTimeout)
	defer cancel()
	_, err := t.s.db.Exec(ctx, leaveTurn, t.holder)
	return err
}

func held(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "another keytrail has taken over the rotation of the master key: it will finish it")
}

// progress says how far the newest rotation is.
type progress struct {
	// Generation is the newest one whose rotation is complete and recorded.
	Generation uint64 `db:"generation"`
	Rewrapped  int    `db:"rewrapped"`
}

func readProgress(ctx context.Context, q mysql.Querier) (*progress, error) {
	var p progress
	return &p, q.Get(ctx, &p, selectTurn)
}

// pause waits a moment, and gives the cause when ctx ends.
func pause(ctx context.Context) error {
	timer := time.NewTimer(pollPause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// awaitTurn takes the file and the turn, waiting for another process that has them.
func (s *Service) awaitTurn(ctx context.Context) (*masterFile, *turn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, turnPatience,
		fault.New(fault.Unavailable, "another keytrail is rotating the master key: wait until it is done"))
	defer cancel()
	for {
		file, t, err := s.tryBoth(ctx)
		if err != nil || t != nil {
			return file, t, err
		}
		if err := pause(ctx); err != nil {
			return nil, nil, err
		}
	}
}

func (s *Service) tryBoth(ctx context.Context) (*masterFile, *turn, error) {
	file, err := lockMaster(s.master.path)
	if err != nil || file == nil {
		return nil, nil, err
	}
	t, err := s.tryTurn(ctx)
	if err != nil || t == nil {
		return nil, nil, errors.Join(err, file.close())
	}
	return file, t, nil
}
