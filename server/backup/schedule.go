package backup

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/keytrail/keytrail/server/access"
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

// Schedule makes backups by itself, of several servers one at a time, and when somebody asks for one. It is safe for
// concurrent use.
type Schedule struct {
	db     *mysql.DB
	ledger *ledger.Ledger
	access *access.Service
	plan   Plan
	turn   *turn.Turn
	wake   chan struct{}
	now    func() time.Time
	log    *slog.Logger
}

// NewSchedule makes the schedule on a migrated database. Without a directory in its plan it makes no backups.
func NewSchedule(db *mysql.DB, l *ledger.Ledger, acc *access.Service, p Plan, now func() time.Time, log *slog.Logger) *Schedule {
	return &Schedule{
		db: db, ledger: l, access: acc, plan: p, turn: turn.New(db, "backup"), wake: make(chan struct{}, 1), now: now, log: log,
	}
}

const (
	scheduleInterval = time.Minute
	// retryAfter is how long a backup that failed is left alone.
	retryAfter = 10 * time.Minute
)

// On reports whether backups are made.
func (s *Schedule) On() bool { return s.plan.Dir != "" }

func (s *Schedule) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// Run makes backups when they are due, also one that was missed, and when they are asked for, until ctx ends.
func (s *Schedule) Run(ctx context.Context) error {
	for s.On() && ctx.Err() == nil {
		if err := s.Tick(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("no backup could be made; it is tried again", "error", err)
		}
		timer := time.NewTimer(scheduleInterval)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-s.wake:
		}
		timer.Stop()
	}
	return nil
}

// Tick makes the backup that somebody asked for or that was due last, unless it is made, another server makes it, or it failed
// a moment ago.
func (s *Schedule) Tick(ctx context.Context) (err error) {
	now := s.now()
	mine, err := s.turn.Take(ctx, now)
	if err != nil || !mine {
		return err
	}
	defer func() { err = errors.Join(err, s.turn.Leave(ctx)) }()
	run, err := s.begin(ctx, now)
	if err != nil || run == nil {
		return err
	}
	return s.turn.While(ctx, s.now, func(ctx context.Context) error { return s.make(ctx, run) })
}

// lastDue gives the newest time of a backup that is not after now, in UTC.
func (p Plan) lastDue(now time.Time) time.Time {
	for day := 0; ; day-- {
		if at := p.at(now, day); !at.After(now) {
			return at
		}
	}
}

// nextDue gives the first time of a backup that is after now, in UTC.
func (p Plan) nextDue(now time.Time) time.Time {
	for day := 0; ; day++ {
		if at := p.at(now, day); at.After(now) {
			return at
		}
	}
}

// at gives the time of the backup so many days after the day of now.
func (p Plan) at(now time.Time, days int) time.Time {
	local := now.In(p.Zone)
	clock := time.Date(local.Year(), local.Month(), local.Day()+days, int(p.At.Hours()), int(p.At.Minutes())%60, 0, 0, time.UTC)
	return localtime.At(clock, p.Zone).UTC()
}

// make makes a backup that was begun.
func (s *Schedule) make(ctx context.Context, run *begun) error {
	made, failed := s.write(ctx, run.file)
	if failed != nil && ctx.Err() != nil {
		return failed // the server stops, or lost its turn: whoever has it next makes the backup
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.turn.Keep(ctx, tx, s.now()); err != nil {
			return err
		}
		if err := s.settle(ctx, tx, run, made, failed); err != nil || failed != nil && run.again { // which is on record
			return err
		}
		draft := Draft(run.file, made, failed)
		if !run.by.IsZero() {
			draft.System, draft.Actor = false, run.by
		}
		_, err := s.ledger.Append(ctx, tx, draft)
		return err
	})
	if failed != nil || err != nil {
		return errors.Join(failed, err)
	}
	s.log.Info("a backup was made", "file", run.file, "entries", made.Entries, "bytes", made.Bytes)
	return s.dropOlder(ctx)
}

func (s *Schedule) write(ctx context.Context, name string) (*Written, error) {
	if err := os.MkdirAll(s.plan.Dir, 0o700); err != nil {
		return nil, unwritable(s.plan.Dir, err)
	}
	if err := s.sweep(); err != nil {
		return nil, err
	}
	made, err := s.plan.Write(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := made.reread(ctx); err != nil {
		return nil, errors.Join(err, s.remove(name))
	}
	return made, nil
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
