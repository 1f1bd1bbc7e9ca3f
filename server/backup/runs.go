package backup

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/turn"
)

const (
	lockOpen  = "SELECT id, due, state, asked_by, started_at FROM backup_run WHERE unfinished = 1 FOR UPDATE"
	lockDue   = "SELECT id, due, state, asked_by, started_at FROM backup_run WHERE due = ? FOR UPDATE"
	insertRun = "INSERT INTO backup_run (id, due, unfinished, state, asked_by, started_at, file, entries, checkpoint, bytes, problem)" +
		" VALUES (?, ?, 1, 1, ?, ?, '', 0, 0, 0, '')"
	beginRun = "UPDATE backup_run SET unfinished = 1, state = 1, started_at = ?, ended_at = NULL, file = ?, problem = '' WHERE id = ?"
	doneRun  = "UPDATE backup_run SET unfinished = NULL, state = 2, ended_at = ?, verified_at = ?, entries = ?, checkpoint = ?, bytes = ? WHERE id = ? AND unfinished = 1 AND file = ?"
	failRun  = "UPDATE backup_run SET unfinished = NULL, state = 3, ended_at = ?, problem = ? WHERE id = ? AND unfinished = 1 AND file = ?"
	stopRun  = "UPDATE backup_run SET unfinished = NULL, state = 3, ended_at = ?, problem = ? WHERE id = ?"

	selectOlder = "SELECT id, file FROM backup_run WHERE state = 2 ORDER BY ended_at DESC LIMIT ? OFFSET ?"
	dropRun     = "UPDATE backup_run SET state = 4 WHERE id = ?"
	dropAtOnce  = 100
)

// begun is a backup that is being made.
type begun struct {
	id   id.ID
	file string
	by   id.ID
	// again is true for one that failed before.
	again bool
}

type openRow struct {
	ID        id.ID        `db:"id"`
	Due       sql.NullTime `db:"due"`
	State     State        `db:"state"`
	AskedBy   id.ID        `db:"asked_by"`
	StartedAt time.Time    `db:"started_at"`
}

// begin gives the backup that is to be made now, nil when there is none.
func (s *Schedule) begin(ctx context.Context, now time.Time) (run *begun, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.turn.Keep(ctx, tx, now); err != nil {
			return err
		}
		row, err := s.toMake(ctx, tx, now)
		if err != nil || row == nil {
			run = nil
			return err
		}
		run = &begun{id: row.ID, file: fileOf(row, now), by: row.AskedBy, again: row.State == Failed}
		_, err = tx.Exec(ctx, beginRun, s.moment(), run.file, run.id)
		return err
	})
	if mysql.IsDuplicate(err) { // somebody asked for one at this moment
		return nil, nil
	}
	return run, err
}

// toMake gives the row of what is to be made now: what is not over or, when nothing is, what was due last.
func (s *Schedule) toMake(ctx context.Context, tx *mysql.Tx, now time.Time) (*openRow, error) {
	due := s.plan.lastDue(now)
	open, err := rowOf(ctx, tx, lockOpen)
	if err != nil {
		return nil, err
	}
	if open != nil && (!open.Due.Valid || open.Due.Time.Equal(due)) {
		return open, nil
	}
	if open != nil { // a newer one is due
		if _, err := tx.Exec(ctx, stopRun, s.moment(), cutOff().Stored(maxStored), open.ID); err != nil {
			return nil, err
		}
	}
	was, err := rowOf(ctx, tx, lockDue, due)
	switch {
	case err != nil:
		return nil, err
	case was == nil:
		fresh := &openRow{ID: id.New(), Due: sql.NullTime{Time: due, Valid: true}, State: Running}
		_, err := tx.Exec(ctx, insertRun, fresh.ID, due, id.ID{}, s.moment())
		return fresh, err
	case was.State != Failed, now.Sub(was.StartedAt) < retryAfter:
		return nil, nil
	}
	return was, nil
}

func rowOf(ctx context.Context, tx *mysql.Tx, query string, args ...any) (*openRow, error) {
	var row openRow
	err := tx.Get(ctx, &row, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &row, err
}

// fileOf names the file of a backup. One that was cut off is made anew, under another name, since a file that is there is whole,
// and may be the only one: that of a keytrail that was restored, for instance.
func fileOf(row *openRow, now time.Time) string {
	at, unique := now.UTC(), id.New()
	if row.Due.Valid {
		at = row.Due.Time
	}
	return "keytrail-" + at.Format("20060102T150405Z") + "-" + hex.EncodeToString(unique[len(unique)-4:]) + Suffix
}

// settle stores how a backup ended.
func (s *Schedule) settle(ctx context.Context, tx *mysql.Tx, run *begun, made *Written, failed error) error {
	query, args := failRun, []any{s.moment(), shown(failed).Stored(maxStored), run.id, run.file}
	if failed == nil {
		query, args = doneRun, []any{s.moment(), s.moment(), made.Entries, made.Size, made.Bytes, run.id, run.file}
	}
	result, err := tx.Exec(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return turn.ErrTaken // another began it anew
}

// dropOlder deletes backups of this schedule beyond those that are kept.
func (s *Schedule) dropOlder(ctx context.Context) error {
	var older []struct {
		ID   id.ID  `db:"id"`
		File string `db:"file"`
	}
	if err := s.db.Select(ctx, &older, selectOlder, dropAtOnce, s.plan.Keep); err != nil {
		return err
	}
	for _, o := range older {
		if err := s.remove(o.File); err != nil {
			return err
		}
		if _, err := s.db.Exec(ctx, dropRun, o.ID); err != nil {
			return err
		}
	}
	return nil
}

// maxStored bounds what is kept of why a backup failed, in bytes.
const maxStored = 2000

func cutOff() fault.Text {
	return fault.Say("It was cut off: the server was stopped, or the database was restored from this very backup.")
}

// shown says why a backup failed in words that may be shown.
func shown(failed error) fault.Text {
	if f, ok := fault.As(failed); ok {
		return f.Text()
	}
	if failed == nil {
		return fault.Text{}
	}
	return fault.Say("It stopped for a reason that is in the server's log. It is tried again.")
}
