package backup

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/localtime"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/turn"
)

// Plan says when backups are made by themselves, and how.
type Plan struct {
	// Dir is the directory of the backups. It is made when it is needed.
	Dir string
	// At is the time of day in Zone.
	At   time.Duration
	Zone *time.Location
	// Keep is how many are kept, 1 or more.
	Keep int
	// Write makes the backup of a name, without a directory, in Dir.
	Write func(ctx context.Context, name string) (*Written, error)
	// Remove deletes what Write made beside the file; nil for nothing.
	Remove func(name string) error
}

// Schedule makes backups by itself, of several servers one at a time. It is for one goroutine.
type Schedule struct {
	db     *mysql.DB
	ledger *ledger.Ledger
	plan   Plan
	turn   *turn.Turn
	now    func() time.Time
	log    *slog.Logger
}

// NewSchedule makes the schedule on a migrated database.
func NewSchedule(db *mysql.DB, l *ledger.Ledger, p Plan, now func() time.Time, log *slog.Logger) *Schedule {
	return &Schedule{db: db, ledger: l, plan: p, turn: turn.New(db, "backup"), now: now, log: log}
}

const (
	scheduleInterval = time.Minute
	// retryAfter is how long a backup that failed is left alone.
	retryAfter = 10 * time.Minute

	selectRun = "SELECT state, started_at FROM backup_run WHERE due = ?"
	beginRun  = "INSERT INTO backup_run (due, state, started_at, file, entries, checkpoint, bytes, problem) VALUES (?, 1, ?, ?, 0, 0, 0, '')" +
		" ON DUPLICATE KEY UPDATE state = 1, started_at = VALUES(started_at), file = VALUES(file)"
	doneRun     = "UPDATE backup_run SET state = 2, ended_at = ?, entries = ?, checkpoint = ?, bytes = ?, problem = '' WHERE due = ? AND state = 1 AND file = ?"
	failRun     = "UPDATE backup_run SET state = 3, ended_at = ?, problem = ? WHERE due = ? AND state = 1 AND file = ?"
	selectOlder = "SELECT due, file FROM backup_run WHERE state = 2 ORDER BY due DESC LIMIT ? OFFSET ?"
	dropRun     = "UPDATE backup_run SET state = 4 WHERE due = ?"
	dropAtOnce  = 100
)

// The states of backup_run.
const (
	runBegun  = 1
	runDone   = 2
	runFailed = 3
)

// Run makes backups when they are due, also one that was missed, until ctx ends.
func (s *Schedule) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := s.Tick(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("no backup could be made; it is tried again", "error", err)
		}
		rest(ctx, scheduleInterval)
	}
	return nil
}

// Tick makes the backup that was due last, unless it is made, another server makes it, or it failed a moment ago.
func (s *Schedule) Tick(ctx context.Context) (err error) {
	now := s.now()
	mine, err := s.turn.Take(ctx, now)
	if err != nil || !mine {
		return err
	}
	defer func() { err = errors.Join(err, s.turn.Leave(ctx)) }()
	due := s.plan.lastDue(now)
	var was struct {
		State     int       `db:"state"`
		StartedAt time.Time `db:"started_at"`
	}
	err = s.db.Get(ctx, &was, selectRun, due)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if was.State > runBegun && was.State != runFailed || was.State == runFailed && now.Sub(was.StartedAt) < retryAfter {
		return nil
	}
	return s.turn.While(ctx, s.now, func(ctx context.Context) error { return s.make(ctx, due, was.State) })
}

// lastDue gives the newest time of a backup that is not after now.
func (p Plan) lastDue(now time.Time) time.Time {
	local := now.In(p.Zone)
	for day := 0; ; day-- {
		at := localtime.At(time.Date(local.Year(), local.Month(), local.Day()+day, int(p.At.Hours()), int(p.At.Minutes())%60, 0, 0, time.UTC), p.Zone)
		if !at.After(now) {
			return at.UTC()
		}
	}
}

// make makes the backup of a time. was is its state: one that was cut off is made anew, under another name, since a file that
// is there is whole, and may be the only one: that of a keytrail that was restored, for instance.
func (s *Schedule) make(ctx context.Context, due time.Time, was int) error {
	unique := id.New()
	name := "keytrail-" + due.Format("20060102T150405Z") + "-" + hex.EncodeToString(unique[len(unique)-4:]) + Suffix
	if _, err := s.db.Exec(ctx, beginRun, due, s.now().UTC(), name); err != nil {
		return err
	}
	made, failed := s.write(ctx, name)
	if failed != nil && ctx.Err() != nil {
		return failed // the server stops, or lost its turn: whoever has it next makes the backup
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.turn.Keep(ctx, tx, s.now()); err != nil {
			return err
		}
		if err := s.settle(ctx, tx, due, name, made, failed); err != nil || failed != nil && was == runFailed { // which is on record
			return err
		}
		_, err := s.ledger.Append(ctx, tx, Draft(name, made, failed))
		return err
	})
	if failed != nil || err != nil {
		return errors.Join(failed, err)
	}
	s.log.Info("a backup was made", "file", name, "entries", made.Entries, "bytes", made.Bytes)
	return s.dropOlder(ctx)
}

// settle stores how a backup ended.
func (s *Schedule) settle(ctx context.Context, tx *mysql.Tx, due time.Time, name string, made *Written, failed error) error {
	var query string
	var args []any
	if failed == nil {
		query, args = doneRun, []any{s.now().UTC(), made.Entries, made.Size, made.Bytes, due, name}
	} else {
		query, args = failRun, []any{s.now().UTC(), Problem(failed), due, name}
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

func (s *Schedule) write(ctx context.Context, name string) (*Written, error) {
	if err := os.MkdirAll(s.plan.Dir, 0o700); err != nil {
		return nil, unwritable(s.plan.Dir, err)
	}
	if err := s.sweep(); err != nil {
		return nil, err
	}
	return s.plan.Write(ctx, name)
}

// partialKept is how long an unfinished file is left alone: another may be writing it.
const partialKept = 48 * time.Hour

// sweep deletes what backups of this schedule left that were cut off.
func (s *Schedule) sweep() error {
	left, err := filepath.Glob(filepath.Join(s.plan.Dir, "keytrail-*"+Suffix+".*"+partial))
	if err != nil {
		return err
	}
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && s.now().Sub(info.ModTime()) > partialKept {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return unwritable(path, err)
			}
		}
	}
	return nil
}

func (s *Schedule) remove(name string) error {
	path := filepath.Join(s.plan.Dir, name)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unwritable(path, err)
	}
	if s.plan.Remove == nil {
		return nil
	}
	return s.plan.Remove(name)
}

// dropOlder deletes backups of this schedule beyond those that are kept.
func (s *Schedule) dropOlder(ctx context.Context) error {
	var older []struct {
		Due  time.Time `db:"due"`
		File string    `db:"file"`
	}
	if err := s.db.Select(ctx, &older, selectOlder, dropAtOnce, s.plan.Keep); err != nil {
		return err
	}
	for _, o := range older {
		if err := s.remove(o.File); err != nil {
			return err
		}
		if _, err := s.db.Exec(ctx, dropRun, o.Due); err != nil {
			return err
		}
	}
	return nil
}
