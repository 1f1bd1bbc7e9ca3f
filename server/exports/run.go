package exports

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/paper"
	"github.com/keytrail/keytrail/server/turn"
)

const (
	// lookInterval is how often a server looks for files that others were asked for, or left behind.
	lookInterval = 2 * time.Second
	jobTimeout   = 2 * time.Hour
	// tellInterval is how often it is stored how far a file is.
	tellInterval = 500 * time.Millisecond
)

// Maker writes the file of an order that is on record already, and tells how many rows it wrote each time that it wrote
// some.
type Maker func(ctx context.Context, actor *access.Actor, o *Order, to io.Writer, wrote func(rows int) error) error

// Run makes files, one at a time and by one server's turn, and removes what is kept no longer, until ctx ends.
func (s *Service) Run(ctx context.Context, make Maker) error {
	ticker := time.NewTicker(lookInterval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if err := s.Tick(ctx, make); err != nil && ctx.Err() == nil {
			s.log.Warn("exports could not be made; they are tried again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-s.woken:
		case <-ticker.C:
		}
	}
	return nil
}

// Tick makes the files that wait, unless another server does.
func (s *Service) Tick(ctx context.Context, make Maker) (err error) {
	next, err := s.next(ctx)
	if err != nil {
		return err
	}
	if next == nil {
		return s.sweep(ctx, s.moment())
	}
	mine, err := s.turn.Take(ctx, s.now())
	if err != nil || !mine {
		return err
	}
	defer func() { err = errors.Join(err, s.turn.Leave(ctx)) }()
	for mine {
		if next, err = s.next(ctx); err != nil || next == nil {
			break
		}
		if err := s.run(ctx, next, make); err != nil {
			return err
		}
		if mine, err = s.turn.Take(ctx, s.now()); err != nil {
			return err
		}
	}
	return errors.Join(err, s.sweep(ctx, s.moment()))
}

// next gives the file that comes next, nil for none. One that is running when it is somebody's turn was cut off.
func (s *Service) next(ctx context.Context) (*jobRow, error) {
	var row jobRow
	err := s.db.Get(ctx, &row, selectWork, s.moment())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &row, err
}

// run makes a file from its beginning.
func (s *Service) run(ctx context.Context, job *jobRow, make Maker) error {
	run := id.New()
	if begun, err := s.begin(ctx, job, run); err != nil || !begun {
		return err
	}
	p := &progress{s: s, job: job.ID, run: run}
	if job.Attempts >= MaxAttempts {
		return s.end(ctx, p, Failed, CutOff)
	}
	err := s.whileMine(ctx, func(ctx context.Context) error { return s.write(ctx, job, p, make) })
	switch {
	case ctx.Err() != nil: // whoever comes next begins it again
		return ctx.Err()
	case err == nil:
		return s.end(ctx, p, Done, "")
	case errors.Is(err, errTaken), errors.Is(err, turn.ErrTaken):
		return nil
	case errors.Is(err, errLarge), errors.Is(err, paper.ErrTooLong):
		return s.end(ctx, p, Failed, TooLarge)
	case fault.Is(err, fault.Forbidden), fault.Is(err, fault.Unauthenticated):
		return s.end(ctx, p, Failed, Refused)
	}
	s.log.Error("an export failed", "job", job.ID, "error", err)
	return s.end(ctx, p, Failed, Broken)
}

// begin names whoever makes a file, and removes what another made of it; false when it has ended meanwhile.
func (s *Service) begin(ctx context.Context, job *jobRow, run id.ID) (begun bool, err error) {
	result, err := s.db.Exec(ctx, beginJob, run, s.moment(), job.ID)
	if err != nil {
		return false, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	return true, s.dropChunks(ctx, job.ID)
}

// whileMine works for as long as the turn is this server's.
func (s *Service) whileMine(ctx context.Context, work func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, jobTimeout)
	defer cancel()
	return s.turn.While(ctx, s.now, work)
}

// write makes a file in the name of whoever ordered it, by the rights that he has now.
func (s *Service) write(ctx context.Context, job *jobRow, p *progress, make Maker) error {
	o, actor, err := s.orderOf(ctx, job)
	if err != nil {
		return err
	}
	if err := s.count(ctx, p, actor, o); err != nil {
		return err
	}
	w, err := s.newFileWriter(ctx, p.run, job)
	if err != nil {
		return err
	}
	if err := make(ctx, actor, o, w, func(rows int) error { return p.add(ctx, rows) }); err != nil {
		return err
	}
	if _, _, err := s.orderOf(ctx, job); err != nil { // his rights may have changed meanwhile
		return err
	}
	return w.flush()
}

func (s *Service) orderOf(ctx context.Context, job *jobRow) (*Order, *access.Actor, error) {
	actor, err := s.ActorOf(ctx, job.Account)
	if err != nil {
		return nil, nil, err
	}
	if _, err := s.Access.Require(ctx, actor, access.LogsExport); err != nil {
		return nil, nil, err
	}
	before, err := s.opened(ctx, s.db, job)
	if err != nil {
		return nil, nil, err
	}
	return &before.Order, actor, s.sameSight(actor, before)
}

// count stores how many rows there are to be. How many hours there are is known only once they were read.
func (s *Service) count(ctx context.Context, p *progress, actor *access.Actor, o *Order) error {
	if o.List == ListHours {
		return nil
	}
	total, err := s.Logbook.CountTakeOut(ctx, actor, o.List, o.Log)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, totalRun, total, p.job, p.run)
	return err
}

// progress is how far a file is.
type progress struct {
	s        *Service
	job, run id.ID
	rows     int
	told     time.Time
}

// add counts rows and stores now and then how many there are. errTaken when somebody ended the file.
func (p *progress) add(ctx context.Context, rows int) error {
	p.rows += rows
	now := p.s.moment()
	if now.Sub(p.told) < tellInterval {
		return nil
	}
	p.told = now
	return p.s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := lockRunOf(ctx, tx, p.job, p.run); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, seenRun, p.rows, now, p.job, p.run)
		return err
	})
}

// end says how a file ended, unless somebody ended it otherwise.
func (s *Service) end(ctx context.Context, p *progress, state State, problem Problem) error {
	_, err := s.db.Exec(ctx, endRun, state, problem, p.rows, s.moment(), p.job, p.run)
	return err
}
