package ledger

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// Entries that are older than entry_object get their rows after the upgrade, while everything goes on. Newer ones have
// them from the start.

const objectsTask = "objects"

// olderPause is how long the next try waits when the database is away.
const olderPause = 10 * time.Second

// IndexOlderObjects makes older entries findable by the things that they touched, until all are or ctx ends. Several
// processes may do it at once.
func (l *Ledger) IndexOlderObjects(ctx context.Context) error {
	for ctx.Err() == nil {
		left, err := l.olderObjects(ctx)
		if err == nil && !left {
			break
		}
		if err != nil {
			rest(ctx, olderPause)
		}
	}
	return nil
}

// olderObjects adds the objects of the next run of entries. Whoever prunes locks the row of the words, too, so that no
// row is added for an entry that goes.
func (l *Ledger) olderObjects(ctx context.Context) (left bool, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		left = false
		if _, err := lockedTask(ctx, tx, wordsTask); err != nil {
			return err
		}
		task, err := lockedTask(ctx, tx, objectsTask)
		if err != nil || task == nil {
			return err
		}
		h, err := readHead(ctx, tx, selectHead)
		if err != nil {
			return err
		}
		if task.NextSeq >= h.Size {
			_, err = tx.Exec(ctx, dropTask, objectsTask)
			return err
		}
		left = true
		run, err := boundedRun(ctx, tx, task.NextSeq, h.Size)
		if err != nil {
			return err
		}
		rows, err := objectsOf(ctx, tx, run)
		if err != nil {
			return err
		}
		if err := insertRows(ctx, tx, insertObjects, keepObjects, objectColumns, rows); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, moveTask, run.To, objectsTask)
		return err
	})
	return left, err
}

// objectsOf gives the rows of a run of entries. Those that cannot be read are left out: verification tells of them.
func objectsOf(ctx context.Context, tx *mysql.Tx, run SeqRange) ([]any, error) {
	var bodies []row
	if err := tx.Select(ctx, &bodies, selectRange, run.From, run.To); err != nil {
		return nil, err
	}
	var rows []any
	for _, r := range bodies {
		if b, err := Decode(r.Body); err == nil {
			rows = appendObjects(rows, r.Seq, b)
		}
	}
	return rows, nil
}
