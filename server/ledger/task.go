package ledger

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// Tasks are work on the ledger that must not be forgotten, or not be done twice at once, whichever process does it.

const (
	pruneTasks  = "prune "
	rebuildTask = "rebuild"
)

const (
	insertTask = "INSERT INTO ledger_task (name, next_seq, holder, held_until) VALUES (?, ?, NULL, ?)"
	keepTask   = " ON DUPLICATE KEY UPDATE name = VALUES(name)"
	lockTask   = "SELECT next_seq, holder, held_until FROM ledger_task WHERE name = ? FOR UPDATE"
	moveTask   = "UPDATE ledger_task SET next_seq = ? WHERE name = ?"
	dropTask   = "DELETE FROM ledger_task WHERE name = ?"
	holdTask   = "UPDATE ledger_task SET next_seq = ?, holder = ?, held_until = ? WHERE name = ?"
	pruneNames = "SELECT name FROM ledger_task WHERE name LIKE 'prune %' ORDER BY name LIMIT 1000"
)

// taskRow is a task. NextSeq is where pruning and forgetting go on; a rebuild begins anew. HeldUntil is how long the
// holder has a rebuild unless he asks for longer, and the time after which forgetting may end.
type taskRow struct {
	NextSeq   uint64    `db:"next_seq"`
	Holder    []byte    `db:"holder"`
	HeldUntil time.Time `db:"held_until"`
}

func (t *taskRow) held(now time.Time) bool { return t.Holder != nil && t.HeldUntil.After(now) }

func (l *Ledger) startTask(ctx context.Context, q mysql.Querier, name string, next uint64) error {
	_, err := q.Exec(ctx, insertTask, name, next, l.now().UTC())
	return err
}

// ensureTask makes the row of a task that always has one.
func (l *Ledger) ensureTask(ctx context.Context, q mysql.Querier, name string) error {
	_, err := q.Exec(ctx, insertTask+keepTask, name, 0, l.now().UTC())
	return err
}

// lockedTask locks a task's row until the transaction ends; nil when there is no such task.
func lockedTask(ctx context.Context, tx *mysql.Tx, name string) (*taskRow, error) {
	var t taskRow
	err := tx.Get(ctx, &t, lockTask, name)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &t, err
}

// UnfinishedPrunings gives the numbers of log.pruned entries whose ranges still hold bodies that have to go.
func (l *Ledger) UnfinishedPrunings(ctx context.Context) ([]uint64, error) {
	var names []string
	if err := l.db.Select(ctx, &names, pruneNames); err != nil {
		return nil, err
	}
	seqs := make([]uint64, len(names))
	for i, name := range names {
		var err error
		if seqs[i], err = strconv.ParseUint(strings.TrimPrefix(name, pruneTasks), 10, 64); err != nil {
			return nil, err
		}
	}
	return seqs, nil
}
