package mysql

import (
	"context"
	"database/sql"
	"errors"
)

// Snapshot runs fn with the database as it was at one moment, that of its first statement, however long it reads. It is
// REPEATABLE READ and READ ONLY, takes no locks, and is not counted among the transactions that may run at once.
func (db *DB) Snapshot(ctx context.Context, fn func(ctx context.Context, q Querier) error) error {
	inner, err := db.pool.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return Fault(attributed(ctx, err))
	}
	err = fn(ctx, newTx(db, inner))
	if ended := inner.Rollback(); ended != nil && !errors.Is(ended, sql.ErrTxDone) && err == nil {
		return Fault(attributed(ctx, ended)) // what was read may not have been of one moment
	}
	return err
}
