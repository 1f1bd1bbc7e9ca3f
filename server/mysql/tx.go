package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	maxAttempts = 5
	firstPause  = 5 * time.Millisecond
)

// Tx is a transaction at READ COMMITTED. It is not safe for concurrent use.
type Tx struct {
	*runner
	inner *sqlx.Tx
	hooks []func()
	// doomed is the error of a statement after which the server may have rolled the transaction back:
	// nothing more may run in it, or it would run outside.
	doomed error
}

// AfterCommit has f called once the commit was acknowledged, in the order given. When the transaction
// fails or runs again, f is dropped.
func (tx *Tx) AfterCommit(f func()) { tx.hooks = append(tx.hooks, f) }

// InTx runs fn in a transaction, commits when fn returns nil and rolls back otherwise.
//
// After a deadlock, a lock timeout or a certification failure it runs fn again from the start, so fn must
// be re-runnable: it sets what it returns anew each time and acts on the world only in AfterCommit. A commit
// whose answer was lost is not repeated; its error has ErrCommitUnknown in its tree. A panic rolls back and goes on.
func (db *DB) InTx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := db.attempt(ctx, fn)
		if err == nil || !IsRetryable(err) {
			return Fault(err)
		}
		if attempt == maxAttempts {
			return contended(err)
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

func (db *DB) attempt(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) (err error) {
	inner, err := db.pool.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	tx := newTx(db, inner)
	finished := false
	defer func() {
		if !finished { // fn panicked
			_ = inner.Rollback()
		}
	}()
	err = fn(ctx, tx)
	if err == nil {
		err = tx.doomed
	}
	finished = true
	if err != nil {
		return rollback(inner, err)
	}
	if err := tx.commit(ctx); err != nil {
		return err
	}
	for _, hook := range tx.hooks {
		hook()
	}
	return nil
}

func newTx(db *DB, inner *sqlx.Tx) *Tx {
	tx := &Tx{inner: inner}
	tx.runner = &runner{on: inner, texts: db.texts, log: db.log, failed: tx.noteFailure}
	return tx
}

// noteFailure remembers an error that ended the transaction at the server.
func (tx *Tx) noteFailure(err error) error {
	if tx.doomed == nil && (IsRetryable(err) || IsGone(err)) {
		tx.doomed = err
	}
	return err
}

func (tx *Tx) commit(ctx context.Context) error {
	err := tx.inner.Commit()
	switch {
	case err == nil, isContext(err), IsRetryable(err):
		return err
	case IsGone(err), errors.Is(err, sql.ErrConnDone):
		return unknownCommit(err)
	case errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil:
		return ctx.Err()
	}
	return err
}

// rollback ends the transaction because of err, and reports beside err when that failed as well.
func rollback(inner *sqlx.Tx, err error) error {
	failed := inner.Rollback()
	if failed == nil || errors.Is(failed, sql.ErrTxDone) || IsGone(err) {
		return err
	}
	return fmt.Errorf("%w (and the rollback failed: %w)", err, failed)
}

func contended(err error) error {
	f := fault.Wrap(err, fault.Unavailable, "Too many changes to the same records are under way. Try again in a moment.")
	f.RetryAfter = time.Second
	return f
}

// pause waits before another attempt: longer each time, and at random so that rivals part.
func pause(ctx context.Context, attempt int) error {
	longest := firstPause << attempt
	timer := time.NewTimer(rand.N(longest) + time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
