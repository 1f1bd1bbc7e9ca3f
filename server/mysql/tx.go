package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
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

// Tx is a transaction at READ COMMITTED. It is not safe for concurrent use, and rows that are being
// read must be closed before its next statement.
type Tx struct {
	*runner
	inner *sqlx.Tx
	hooks []func()
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
			return err
		}
		if attempt == maxAttempts {
			return contended(err)
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// attempt runs fn once, in one transaction.
func (db *DB) attempt(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	select {
	case db.transactions <- struct{}{}:
		defer func() { <-db.transactions }()
	case <-ctx.Done():
		return attributed(ctx, ctx.Err())
	}
	inner, err := db.pool.BeginTxx(ctx, nil)
	if err != nil {
		return Fault(attributed(ctx, err))
	}
	tx := newTx(db, inner)
	if err := tx.call(ctx, fn); err != nil {
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
	return &Tx{inner: inner, runner: &runner{on: inner, texts: db.texts, log: db.log, fate: &fate{}, compound: db.compound}}
}

// call runs fn, which fails also when it hid an error that dooms the transaction.
func (tx *Tx) call(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	returned := false
	defer func() {
		if !returned { // fn panicked
			_ = tx.inner.Rollback()
		}
	}()
	err := fn(ctx, tx)
	returned = true
	if doomed := tx.fate.doomed(); doomed != nil && !errors.Is(err, doomed) {
		return doomed // whatever fn decided after it, it decided on nothing
	}
	return err
}

func (tx *Tx) commit(ctx context.Context) error {
	err := tx.inner.Commit()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrTxDone), isContext(err): // database/sql rolled back when ctx ended
		return attributed(ctx, err)
	case errors.Is(err, driver.ErrBadConn): // the driver says that nothing was sent
		return Fault(err)
	case IsGone(err), hasNumber(err, queryInterrupted):
		return unknownCommit(err)
	}
	return err
}

// rollback ends the transaction because of err, and reports beside err when that failed as well. Without a
// connection there is nothing to roll back: the server does it.
func rollback(inner *sqlx.Tx, err error) error {
	failed := inner.Rollback()
	if failed == nil || errors.Is(failed, sql.ErrTxDone) || IsGone(failed) {
		return err
	}
	return fmt.Errorf("%w (and the rollback failed: %w)", err, failed)
}

// fate remembers the first error after which the server may have rolled a transaction back by itself. What ran
// after it would be stored at once and alone, so nothing may.
type fate struct{ err error }

func (f *fate) note(err error) {
	if f != nil && f.err == nil && (IsRetryable(err) || IsGone(err) || isContext(err)) {
		f.err = err
	}
}

func (f *fate) doomed() error {
	if f == nil {
		return nil
	}
	return f.err
}

func contended(err error) error {
	f := fault.Wrap(err, fault.Unavailable, "Too many changes to the same records are under way. Try again in a moment.")
	f.RetryAfter = time.Second
	return f
}

// pause waits before another attempt: longer each time, and at random so that rivals part.
func pause(ctx context.Context, attempt int) error {
	return sleep(ctx, time.Millisecond+rand.N(firstPause<<attempt))
}
