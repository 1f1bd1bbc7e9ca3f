package people

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const loadBatch = 1000

// load reads everybody, a batch at a time, and opens batches on all cores.
func (s *Service) load(ctx context.Context) error {
	if err := s.reloadDepartments(ctx); err != nil {
		return err
	}
	group, inGroup := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	var batches [][]*record
	for last := (id.ID{}); ; {
		var rows []row
		if err := s.db.Select(ctx, &rows, selectPage, last[:], loadBatch); err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		last = rows[len(rows)-1].ID
		batch := make([]*record, len(rows))
		batches = append(batches, batch)
		group.Go(func() error { return s.open(inGroup, rows, batch) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	var all []*record
	for _, batch := range batches {
		all = append(all, batch...)
	}
	s.directory.put(all)
	return nil
}

// open decrypts rows into records.
func (s *Service) open(ctx context.Context, rows []row, records []*record) error {
	subjects := make([]seal.Subject, len(rows))
	for i := range rows {
		subjects[i] = seal.Person(rows[i].ID)
	}
	if err := s.seal.Preload(ctx, s.db, subjects); err != nil {
		return err
	}
	for i := range rows {
		p, err := s.read(ctx, s.db, &rows[i])
		if err != nil {
			return err
		}
		records[i] = newRecord(p, s.names)
	}
	return nil
}

// reload reads these persons anew, with those who turned out to be they and whom they turned out to be; there is no
// harm in an id that is nobody's.
func (s *Service) reload(ctx context.Context, persons []id.ID) error {
	if len(persons) == 0 {
		return nil
	}
	persons, err := s.withMerged(ctx, persons)
	if err != nil {
		return err
	}
	for start := 0; start < len(persons); start += loadBatch {
		query, args, err := mysql.In(selectByIDs, persons[start:min(start+loadBatch, len(persons))])
		if err != nil {
			return err
		}
		var rows []row
		if err := s.db.Select(ctx, &rows, query, args...); err != nil {
			return err
		}
		records := make([]*record, len(rows))
		if err := s.open(ctx, rows, records); err != nil {
			return err
		}
		if err := s.learnDepartments(ctx, rows); err != nil {
			return err
		}
		s.directory.put(records)
	}
	return nil
}

// learnDepartments reads the departments when one of the rows names one that is not known yet.
func (s *Service) learnDepartments(ctx context.Context, rows []row) error {
	for i := range rows {
		if _, known := s.directory.department(rows[i].Department); !known && !rows[i].Department.IsZero() {
			return s.reloadDepartments(ctx)
		}
	}
	return nil
}

func (s *Service) reloadDepartments(ctx context.Context) error {
	var all []Department
	if err := s.db.Select(ctx, &all, selectDepartments); err != nil {
		return err
	}
	s.directory.putDepartments(all)
	return nil
}
