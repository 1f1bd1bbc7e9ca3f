package workhours

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// The stored zone is "" while nothing is counted: at first, and while what was counted by dates of another is taken away.
const (
	selectZone  = "SELECT zone FROM work_reader WHERE id = 1"
	keepZone    = selectZone + " LOCK IN SHARE MODE"
	leaveZone   = "UPDATE work_reader SET zone = '' WHERE id = 1"
	takeZone    = "UPDATE work_reader SET zone = ? WHERE id = 1 AND zone = ''"
	deleteDays  = "DELETE FROM work_day LIMIT 10000"
	selectWhole = "SELECT person FROM work_person WHERE person > ? ORDER BY person LIMIT 500"
)

// StoredZone is the display zone by which hours were computed last, "" when none were.
func StoredZone(ctx context.Context, q mysql.Querier) (zone string, err error) {
	if err := q.Get(ctx, &zone, selectZone); !errors.Is(err, sql.ErrNoRows) {
		return zone, err
	}
	return "", nil
}

// givesWayFor is how long a process whose zone another has replaced leaves hours to that one: if it was a command that ended, they
// are counted again after that.
const givesWayFor = 24 * time.Hour

// heedZone has all hours be computed anew after the display zone was changed. Of two processes with different zones, which
// would undo each other's work for ever, the one that has counted by its own before gives way.
func (s *Service) heedZone(ctx context.Context) error {
	var stored string
	for range 3 { // others may begin at the same time
		var err error
		if stored, err = StoredZone(ctx, s.db); err != nil {
			return err
		}
		if stored == s.config.Zone.String() {
			now := s.now()
			s.counted.Store(&now)
			return nil
		}
		if last := s.counted.Load(); last != nil && s.now().Sub(*last) < givesWayFor {
			break
		}
		if err := s.changeZone(ctx); err != nil {
			return err
		}
	}
	return s.otherZone(stored)
}

// changeZone takes away what was counted, and marks all to be counted. The zone is left first, so that nothing is counted
// by its dates meanwhile, and taken last, so that a change that is cut off is made up for.
func (s *Service) changeZone(ctx context.Context) error {
	if _, err := s.db.Exec(ctx, leaveZone); err != nil {
		return err
	}
	if err := s.dropDays(ctx); err != nil {
		return err
	}
	if err := s.markAll(ctx); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, takeZone, s.config.Zone.String())
	return err
}

// keepZone demands that hours are counted by this process's zone, and keeps it so until tx ends.
func (s *Service) keepZone(ctx context.Context, tx *mysql.Tx) error {
	var stored string
	if err := tx.Get(ctx, &stored, keepZone); err != nil || stored == s.config.Zone.String() {
		return err
	}
	return s.otherZone(stored)
}

func (s *Service) otherZone(stored string) error {
	if stored == "" {
		return fault.New(fault.Conflict, "Working hours are being counted by the dates of another time zone just now. Try again in a few minutes.")
	}
	return fault.New(fault.Conflict,
		"Another keytrail with this database counts working hours by the dates of %s, this one by those of %s: start all with the same KEYTRAIL_TIME_ZONE.",
		stored, s.config.Zone)
}

// dropDays deletes what was counted by dates of another zone.
func (s *Service) dropDays(ctx context.Context) error {
	for {
		result, err := s.db.Exec(ctx, deleteDays)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
}

func (s *Service) markAll(ctx context.Context) error {
	for after := (id.ID{}); ; {
		var persons []id.ID
		if err := s.db.Select(ctx, &persons, selectWhole, after[:]); err != nil || len(persons) == 0 {
			return err
		}
		for _, person := range persons {
			for _, query := range []string{dirtyReports, dirtyCorrections} {
				if _, err := s.db.Exec(ctx, query, person); err != nil {
					return err
				}
			}
		}
		after = persons[len(persons)-1]
	}
}
