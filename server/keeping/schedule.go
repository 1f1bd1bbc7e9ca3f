package keeping

import (
	"context"
	"database/sql"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/localtime"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	lockSchedule   = "SELECT next_due FROM retention_schedule WHERE id = 1 FOR UPDATE"
	selectSchedule = "SELECT next_due FROM retention_schedule WHERE id = 1"
	moveSchedule   = "UPDATE retention_schedule SET next_due = ? WHERE id = 1"
	endOpenRun     = "UPDATE retention_run SET unfinished = NULL, state = 3, ended_at = ?, problem = ? WHERE unfinished = 1"
)

// askWhenDue makes a run when its hour has come, also one that was missed. The first server that ever looks only
// settles the first night, so that nothing goes before somebody could read the policies.
func (s *Service) askWhenDue(ctx context.Context, now time.Time) error {
	if s.config.Every == Off {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.turn.Keep(ctx, tx, now); err != nil {
			return err
		}
		var due sql.NullTime
		if err := tx.Get(ctx, &due, lockSchedule); err != nil {
			return err
		}
		if due.Valid && now.Before(due.Time) {
			return nil
		}
		if due.Valid {
			open, err := s.unfinished(ctx, tx)
			if err != nil || open != nil { // it does what this one would
				return err
			}
			if _, err := s.insertRun(ctx, tx, id.ID{}, now); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, moveSchedule, s.config.next(now).UTC())
		return err
	})
}

// Postpone is for a database that was restored from a backup, before it is served from: nothing is deleted before the next
// night of a run, since policies and legal holds are those of then, and whoever restored it may have to set some again.
func Postpone(ctx context.Context, tx *mysql.Tx, now time.Time) error {
	if _, err := tx.Exec(ctx, endOpenRun, now.UTC(), fault.Say("It was cut off: the database was restored from a backup.").Stored(maxProblem)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, moveSchedule, nil)
	return err
}

// next gives the next hour of a run after an instant.
func (c Config) next(now time.Time) time.Time {
	local := now.In(c.Zone)
	for day := 0; ; day++ {
		at := localtime.At(time.Date(local.Year(), local.Month(), local.Day()+day, c.Hour, 0, 0, 0, time.UTC), c.Zone)
		if at.After(now) && (c.Every != Weekly || at.In(c.Zone).Weekday() == time.Monday) {
			return at
		}
	}
}

// nextDue gives when the next run by itself begins, nil when there is none or no server has looked yet.
func (s *Service) nextDue(ctx context.Context) (*time.Time, error) {
	if s.config.Every == Off {
		return nil, nil
	}
	var due sql.NullTime
	if err := s.db.Get(ctx, &due, selectSchedule); err != nil || !due.Valid {
		return nil, err
	}
	return &due.Time, nil
}
