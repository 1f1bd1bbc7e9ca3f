package seal

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// Rotated says what a rotation of the master key did.
type Rotated struct {
	// Generation counts the rotations of a database, from 1.
	Generation uint64
	// Rewrapped is how many keys were wrapped anew.
	Rewrapped int
}

// Recorder puts a rotation on record, in the transaction that marks it as complete.
type Recorder func(ctx context.Context, tx *mysql.Tx, r Rotated) error

// Rotate replaces the master key by a new one, wraps every key anew and destroys the old master key, while this and
// other processes go on sealing and unsealing. Copies of the file from before open nothing here any more; only a backup
// of the database from before still needs the one of its time.
//
// It may be killed at any point: the next call, or FinishRotation, goes on from there. UNAVAILABLE when another
// process rotates and does not end.
func (s *Service) Rotate(ctx context.Context, record Recorder) (*Rotated, error) {
	always := func(context.Context, *fence) (bool, error) { return true, nil }
	return s.rotate(ctx, always, record, rewrapChunk, func(string) {})
}

// FinishRotation completes a rotation that was interrupted. It gives nil when there was none.
func (s *Service) FinishRotation(ctx context.Context, record Recorder) (*Rotated, error) {
	never := func(context.Context, *fence) (bool, error) { return false, nil }
	if idle, err := s.idle(ctx, never); err != nil || idle {
		return nil, err
	}
	return s.rotate(ctx, never, record, rewrapChunk, func(string) {})
}

// RotateIfDue rotates when a key was destroyed since the last rotation or that is more than 90 days ago, unless
// somebody has rotated since the given time. Either way it finishes what was interrupted, and gives nil when it had
// nothing to do.
func (s *Service) RotateIfDue(ctx context.Context, since time.Time, record Recorder) (*Rotated, error) {
	due := func(ctx context.Context, f *fence) (bool, error) { return s.due(ctx, f, since) }
	if idle, err := s.idle(ctx, due); err != nil || idle {
		return nil, err
	}
	return s.rotate(ctx, due, record, rewrapChunk, func(string) {})
}

const (
	// rewrapChunk is how many keys are wrapped anew in one transaction.
	rewrapChunk = 500
	// longestUse is how long a master key is used.
	longestUse = 90 * 24 * time.Hour
	// clockTolerance is how much the clocks of servers may differ: what was destroyed so shortly before a rotation
	// may have been destroyed after it.
	clockTolerance = 5 * time.Minute

	selectDestroyed = "SELECT COUNT(*) FROM (SELECT 1 FROM seal_key WHERE destroyed_at >= ? LIMIT 1) AS some"
	selectOldest    = "SELECT MIN(created_at) FROM seal_key"
	selectOthers    = "SELECT subject, wrapped FROM seal_key WHERE subject > ? AND destroyed_at IS NULL AND LEFT(wrapped, 5) <> ?" +
		" ORDER BY subject LIMIT ?"
	// A key that was destroyed meanwhile has other bytes, none, and stays destroyed.
	rewrapKey = "UPDATE seal_key SET wrapped = ? WHERE subject = ? AND wrapped = ?"
)

func (s *Service) due(ctx context.Context, f *fence, since time.Time) (bool, error) {
	last := time.Unix(0, 0).UTC() // when it never was
	if f.RotatedAt.Valid {
		last = f.RotatedAt.Time
	}
	if f.RotatedAt.Valid && !last.Before(since) {
		return false, nil
	}
	var destroyed int
	if err := s.db.Get(ctx, &destroyed, selectDestroyed, last.Add(-clockTolerance)); err != nil || destroyed > 0 {
		return destroyed > 0, err
	}
	if f.RotatedAt.Valid {
		return s.now().Sub(last) > longestUse, nil
	}
	var oldest sql.NullTime
	err := s.db.Get(ctx, &oldest, selectOldest)
	return oldest.Valid && s.now().Sub(oldest.Time) > longestUse, err
}

// idle reports whether there is nothing to finish and no rotation wanted. It writes nothing, since the file's directory
// need not be writable until there is.
func (s *Service) idle(ctx context.Context, wanted func(context.Context, *fence) (bool, error)) (bool, error) {
	left, err := leftBeside(s.master.path)
	if err != nil || left {
		return false, err
	}
	ring, err := s.master.reload()
	if err != nil {
		return false, err
	}
	f, err := readFence(ctx, s.db, selectFence)
	if err != nil {
		return false, err
	}
	p, err := readProgress(ctx, s.db)
	if err != nil || len(ring.keys) != 1 || f.MasterKey != 0 && !ring.has(f.MasterKey) || p.Generation != f.Generation {
		return false, err
	}
	yes, err := wanted(ctx, f)
	return !yes, err
}

// rotation is one process's turn at the master key. These steps are each durable before the next begins, so that
// whoever comes after a kill sees from file and fence what is left:
//
//	the file holds one key, which the fence names     nothing to do, but perhaps to record it
//	the file holds two, and the fence names the old   move the fence
//	the file holds two, and the fence names the new   wrap every key anew, then reduce the file to the new
//
// Keys are wrapped only with the master key that the fence names. So once the fence has moved, which waits for those
// who are storing keys, nothing new comes under the old one.
type rotation struct {
	*turn
	file    *masterFile
	record  Recorder
	chunk   int
	reached func(step string) // tests stop here
}

func (s *Service) rotate(ctx context.Context, wanted func(context.Context, *fence) (bool, error), record Recorder,
	chunk int, reached func(step string)) (_ *Rotated, err error) {
	file, turn, err := s.awaitTurn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.close()) }()
	r := &rotation{turn: turn, file: file, record: record, chunk: chunk, reached: reached}
	done, err := r.run(ctx, wanted)
	return done, errors.Join(err, turn.leave(ctx))
}

func (r *rotation) run(ctx context.Context, wanted func(context.Context, *fence) (bool, error)) (*Rotated, error) {
	r.reached("turn taken")
	if err := r.file.tidy(); err != nil {
		return nil, err
	}
	finished, err := r.finish(ctx)
	if err != nil {
		return nil, err
	}
	f, err := readFence(ctx, r.s.db, selectFence)
	if err != nil {
		return nil, err
	}
	if yes, err := wanted(ctx, f); err != nil || !yes {
		return finished, err
	}
	if err := r.begin(ctx, f); err != nil {
		return nil, err
	}
	return r.finish(ctx)
}

// begin puts a new key beside the old one into the file.
func (r *rotation) begin(ctx context.Context, f *fence) error {
	ring, err := r.s.master.reload()
	if err != nil {
		return err
	}
	if f.MasterKey == 0 { // the first rotation: from now on, which of two keys is in use is a question
		if err := r.adopt(ctx, ring); err != nil {
			return err
		}
	}
	both, err := ring.extended()
	if err != nil {
		return err
	}
	return r.replace(ring, both)
}

// adopt names the master key in the fence, if it is the one under which all keys are.
func (r *rotation) adopt(ctx context.Context, ring *keyring) error {
	var others []wrappedKey
	if err := r.s.db.Select(ctx, &others, selectOthers, "", prefix(ring.primary), 1); err != nil {
		return err
	}
	if len(others) > 0 {
		return wrongMaster(r.file.path)
	}
	err := r.changeFence(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := tx.Exec(ctx, adoptMaster, ring.primary)
		return err
	})
	if err == nil {
		r.reached("master adopted")
	}
	return err
}

func (r *rotation) replace(was, next *keyring) error {
	if err := r.file.replace(was, next, r.reached); err != nil {
		return err
	}
	_, err := r.s.master.reload()
	return err
}

// finish does what is left of a rotation that was begun. It gives nil when none was.
func (r *rotation) finish(ctx context.Context) (*Rotated, error) {
	ring, err := r.s.master.reload()
	if err != nil {
		return nil, err
	}
	f, err := readFence(ctx, r.s.db, selectFence)
	if err != nil {
		return nil, err
	}
	if !ring.has(f.MasterKey) || f.MasterKey == 0 && len(ring.keys) > 1 {
		return nil, wrongMaster(r.file.path)
	}
	if len(ring.keys) > 1 {
		if f.MasterKey != ring.primary {
			if err := r.moveFence(ctx, ring.primary); err != nil {
				return nil, err
			}
		}
		if err := r.reduce(ctx, ring); err != nil {
			return nil, err
		}
	}
	return r.complete(ctx)
}

func (r *rotation) moveFence(ctx context.Context, key uint32) error {
	err := r.changeFence(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := tx.Exec(ctx, bumpFence, key, r.s.now().UTC())
		return err
	})
	if err == nil {
		r.reached("fence moved")
	}
	return err
}

// changeFence locks the fence and has change change it. It never waits for the lock while it is in a transaction:
// a transaction that stored a person's key may need a month's key, too, which is stored on another connection, and
// a queued exclusive lock would keep that one waiting for ever, seen by no deadlock detector. So it asks, and comes
// again. While the lock is held nothing else is waited for.
func (r *rotation) changeFence(ctx context.Context, change func(ctx context.Context, tx *mysql.Tx) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, fencePatience,
		fault.New(fault.Unavailable, "so many keys are being made that the master key cannot be rotated now: try again in a quieter hour"))
	defer cancel()
	for {
		err := r.s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
			if err := r.keep(ctx, tx, 0); err != nil {
				return err
			}
			if _, err := readFence(ctx, tx, selectFence+" FOR UPDATE NOWAIT"); err != nil {
				return err
			}
			return change(ctx, tx)
		})
		if err == nil || ctx.Err() == nil && !mysql.IsRetryable(err) {
			return err
		}
		r.reached("fence busy")
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// reduce wraps every key anew and lets go of the old master key.
func (r *rotation) reduce(ctx context.Context, ring *keyring) error {
	for {
		n, err := r.rewrapAll(ctx, ring)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	r.reached("rewrapped")
	single, err := ring.reduced()
	if err != nil {
		return err
	}
	return r.replace(ring, single)
}

// wrappedKey is a row of seal_key.
type wrappedKey struct {
	Subject Subject `db:"subject"`
	Wrapped []byte  `db:"wrapped"`
}

// rewrapAll goes once through the keys and gives how many were not under the new master key.
func (r *rotation) rewrapAll(ctx context.Context, ring *keyring) (int, error) {
	total, last := 0, Subject("")
	for {
		var keys []wrappedKey
		if err := r.s.db.Select(ctx, &keys, selectOthers, last, prefix(ring.primary), r.chunk); err != nil {
			return 0, err
		}
		if len(keys) == 0 {
			return total, nil
		}
		if err := r.rewrap(ctx, ring, keys); err != nil {
			return 0, err
		}
		r.reached("chunk rewrapped")
		total, last = total+len(keys), keys[len(keys)-1].Subject
	}
}

func (r *rotation) rewrap(ctx context.Context, ring *keyring, keys []wrappedKey) error {
	fresh := make([][]byte, len(keys))
	for i, key := range keys {
		raw, err := ring.unwrap(key.Subject, key.Wrapped)
		if err != nil {
			return fault.Wrap(err, fault.Internal,
				"the master key is not rotated further, because the stored key of %s cannot be opened: put it back from a backup, or destroy it", key.Subject)
		}
		if fresh[i], err = ring.wrap(ring.primary, key.Subject, raw); err != nil {
			return err
		}
	}
	return r.s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		changed := 0
		for i, key := range keys {
			result, err := tx.Exec(ctx, rewrapKey, fresh[i], key.Subject, key.Wrapped)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return err
			}
			changed += int(n)
		}
		return r.keep(ctx, tx, changed)
	})
}

// complete puts the newest rotation on record, once.
func (r *rotation) complete(ctx context.Context) (*Rotated, error) {
	f, err := readFence(ctx, r.s.db, selectFence)
	if err != nil {
		return nil, err
	}
	p, err := readProgress(ctx, r.s.db)
	if err != nil || p.Generation == f.Generation {
		return nil, err
	}
	done := Rotated{Generation: f.Generation, Rewrapped: p.Rewrapped}
	err = r.s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := r.record(ctx, tx, done); err != nil {
			return err
		}
		return r.turn.done(ctx, tx, f.Generation)
	})
	if err != nil {
		return nil, err
	}
	r.reached("recorded")
	return &done, nil
}
