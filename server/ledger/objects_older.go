package ledger

import (
	"context"
	"math"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// Entries that are older than entry_object get their rows after the upgrade, while everything goes on. Newer ones have
// them from the start.

const objectsTask = "objects"

const (
	// olderRows is how many rows go into a transaction, and more only for the last entry in it: others wait for its lock.
	olderRows = 10_000
	// olderRest is how long those who wait have between two transactions, and olderPause how long the next try waits
	// after one that failed.
	olderRest  = 5 * time.Millisecond
	olderPause = 10 * time.Second
)

// IndexOlderObjects makes older entries findable by the things that they touched, until all are or ctx ends. Several
// processes may do it at once.
func (l *Ledger) IndexOlderObjects(ctx context.Context) error {
	for ctx.Err() == nil {
		left, err := l.olderObjects(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			l.log.Warn("older entries are not all found by what they touched yet", "error", err)
			rest(ctx, olderPause)
		case err == nil && !left:
			return nil
		default:
			rest(ctx, olderRest)
		}
	}
	return nil
}

// olderObjects adds the objects of the next run of entries.
func (l *Ledger) olderObjects(ctx context.Context) (left bool, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		left = false
		next, err := olderObjectsEnd(ctx, tx)
		if err != nil || next == math.MaxUint64 {
			return err
		}
		h, err := readHead(ctx, tx, selectHead)
		if err != nil {
			return err
		}
		if next >= h.Size {
			_, err = tx.Exec(ctx, dropTask, objectsTask)
			return err
		}
		left = true
		rows, end, err := objectsOf(ctx, tx, next, h.Size)
		if err != nil {
			return err
		}
		if err := insertRows(ctx, tx, insertObjects, keepObjects, objectColumns, rows); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, moveTask, end, objectsTask)
		return err
	})
	return left, err
}

// olderObjectsEnd gives the first entry that was not gone through yet, math.MaxUint64 when all were, and keeps others
// from going through more. Whoever prunes or rebuilds locks the row of the words first, as it does, so that no row is
// added for an entry that goes.
func olderObjectsEnd(ctx context.Context, tx *mysql.Tx) (uint64, error) {
	if _, err := lockedTask(ctx, tx, wordsTask); err != nil {
		return 0, err
	}
	task, err := lockedTask(ctx, tx, objectsTask)
	if err != nil || task == nil {
		return math.MaxUint64, err
	}
	return task.NextSeq, nil
}

// objectsOf gives the rows of some entries from next on, and where those end. Entries that cannot be read are left out:
// verification tells of them.
func objectsOf(ctx context.Context, tx *mysql.Tx, next, size uint64) (rows []any, end uint64, err error) {
	run, err := boundedRun(ctx, tx, next, size)
	if err != nil {
		return nil, 0, err
	}
	var bodies []row
	if err := tx.Select(ctx, &bodies, selectRange, run.From, run.To); err != nil {
		return nil, 0, err
	}
	for _, r := range bodies {
		if b, err := Decode(r.Body); err == nil {
			rows = appendObjects(rows, r.Seq, b)
		}
		if len(rows) >= olderRows*objectColumns {
			return rows, r.Seq + 1, nil
		}
	}
	return rows, run.To, nil
}
