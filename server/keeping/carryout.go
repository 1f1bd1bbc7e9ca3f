package keeping

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/turn"
)

const (
	// maxRanges is the most ranges of one archive: one log.pruned entry names them.
	maxRanges = 15_000
	// maxGap is how many entries that stay may lie between two that go into the same archive: a line of each is in it.
	maxGap = 10_000
	// patience is after how long a run that cannot go on counts as failed, so that the next can begin.
	patience = 20 * time.Hour
	// maxProblem bounds what is kept of an error, in bytes.
	maxProblem = 480
)

var (
	errChanged = errors.New("keeping: a policy or a hold has changed since the plan was made")
	errNotMine = errors.New("keeping: another server has the turn")
)

// carryOut does a run, or what an interrupted one has left to do. When it cannot go on it says so in the run.
func (s *Service) carryOut(ctx context.Context, run *RunRecord) error {
	if _, err := s.db.Exec(ctx, beginAttempt, run.ID); err != nil {
		return err
	}
	err := s.attempt(ctx, run)
	if err == nil || errors.Is(err, errNotMine) || ctx.Err() != nil {
		return ctx.Err()
	}
	if _, blamed := s.db.Exec(ctx, blameRun, problemOf(err).Stored(maxProblem), run.ID); blamed != nil {
		return errors.Join(err, blamed)
	}
	// Where nothing can be taken back, each further attempt would leave one more copy that nobody needs.
	if s.moment().Sub(run.AsOf) > patience || errors.Is(err, objectstore.ErrKept) {
		return errors.Join(err, s.finish(ctx, run, Failed))
	}
	return err
}

// problemOf gives the part of an error that may be shown: its own words where it has some.
func problemOf(err error) fault.Text {
	if known, ok := fault.As(err); ok {
		return known.Text()
	}
	return fault.Say("It stopped for a reason that is in the server's log. It is tried again.")
}

func (s *Service) attempt(ctx context.Context, run *RunRecord) (err error) {
	db, err := s.retention(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	pruner := ledger.NewPruner(s.ledger, db, ledger.PruneOptions{})
	err = s.inTurn(ctx, func(ctx context.Context) error {
		if err := s.settleArchives(ctx); err != nil {
			return err
		}
		return pruner.Resume(ctx)
	})
	for err == nil {
		err = s.inTurn(ctx, func(ctx context.Context) error { return s.deleteAll(ctx, run, pruner) })
		switch {
		case err == nil:
			return s.finish(ctx, run, Done)
		case errors.Is(err, errChanged):
			err = nil
		}
	}
	return err
}

// inTurn works for as long as the turn is this server's.
func (s *Service) inTurn(ctx context.Context, work func(ctx context.Context) error) error {
	err := s.turn.While(ctx, s.now, work)
	if errors.Is(err, turn.ErrTaken) {
		return errors.Join(err, errNotMine)
	}
	return err
}

// deleteAll goes through the entries from where the run stands, an archive at a time.
func (s *Service) deleteAll(ctx context.Context, run *RunRecord, pruner *ledger.Pruner) error {
	p, err := s.planAsOf(ctx, run.AsOf)
	if err != nil {
		return err
	}
	b := &batch{}
	for from := run.next; from < p.end; {
		gone, to, err := p.next(ctx, from)
		if err != nil {
			return err
		}
		for i := range gone {
			if b.full(gone[i].seq, s.config.ArchiveEntries) {
				if err := s.deleteBatch(ctx, run, pruner, p, b); err != nil {
					return err
				}
				b = &batch{}
			}
			b.add(&gone[i])
		}
		from = to
	}
	if len(b.ranges) == 0 {
		return nil
	}
	return s.deleteBatch(ctx, run, pruner, p, b)
}

// batch is what goes into one archive.
type batch struct {
	ranges         []ledger.SeqRange
	entries        uint64
	streams        tally
	oldest, newest time.Time
}

// full reports whether an entry no longer belongs into the batch.
func (b *batch) full(seq, most uint64) bool {
	if len(b.ranges) == 0 {
		return false
	}
	last := b.ranges[len(b.ranges)-1].To
	return b.entries >= most || seq > last && len(b.ranges) >= maxRanges || seq > last+maxGap
}

func (b *batch) add(one *leaving) {
	if n := len(b.ranges); n > 0 && b.ranges[n-1].To == one.seq {
		b.ranges[n-1].To++
	} else {
		b.ranges = append(b.ranges, ledger.SeqRange{From: one.seq, To: one.seq + 1})
	}
	if b.entries == 0 || one.OccurredAt.Before(b.oldest) {
		b.oldest = one.OccurredAt
	}
	if b.entries == 0 || one.OccurredAt.After(b.newest) {
		b.newest = one.OccurredAt
	}
	b.entries++
	b.streams.add(one.Stream)
}

func (b *batch) from() uint64 { return b.ranges[0].From }
func (b *batch) to() uint64   { return b.ranges[len(b.ranges)-1].To }

// deleteBatch archives a batch and then deletes it. A kill between any two steps is settled by whoever comes next: an
// archive that no log.pruned entry names is thrown away, and what one names is finished.
func (s *Service) deleteBatch(ctx context.Context, run *RunRecord, pruner *ledger.Pruner, p *plan, b *batch) error {
	if mine, err := s.turn.Take(ctx, s.moment()); err != nil || !mine {
		return errors.Join(err, errNotMine)
	}
	a, err := s.writeArchive(ctx, run, b)
	if err != nil {
		return err
	}
	recorded, err := pruner.Prune(ctx, ledger.PruneRequest{
		Ranges: b.ranges, Manifest: a.Manifest, By: run.AskedByID,
		Reason: fmt.Sprintf("kept for as long as the policies of %s say", run.AsOf.Format(time.DateOnly)),
		Check: func(ctx context.Context, tx *mysql.Tx) error {
			if err := s.turn.Keep(ctx, tx, s.moment()); err != nil {
				return err
			}
			if changed, err := p.changed(ctx, tx); err != nil || changed {
				return errors.Join(err, errChanged)
			}
			return requireWritten(ctx, tx, a.ID)
		},
		Progress: func(done, total uint64) { s.reached("deleting") },
	})
	if errors.Is(err, errChanged) {
		if dropped := s.dropArchive(ctx, a.ID); dropped != nil && !errors.Is(dropped, objectstore.ErrKept) { // that is in the log
			return dropped
		}
		return err
	}
	if err != nil {
		return err
	}
	s.reached("deleted")
	if err := s.settle(ctx, run, a, recorded[0].Seq, b.to()); err != nil {
		return err
	}
	s.reached("settled")
	run.next = b.to()
	return nil
}

// settle notes that an archive's entries are gone and how far the run is.
func (s *Service) settle(ctx context.Context, run *RunRecord, a *Archive, by, next uint64) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := tx.Exec(ctx, settleArchive, by, a.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, moveRun, next, run.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, endAttempts, run.ID)
		return err
	})
}

// finish ends a run, and records it (log.retention_run).
func (s *Service) finish(ctx context.Context, run *RunRecord, state State) error {
	now := s.moment()
	code, outcome := 2, ledger.Success
	if state == Failed {
		code, outcome = 3, ledger.Failure
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		result, err := tx.Exec(ctx, endRun, code, now, run.ID)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err // another server was faster
		}
		if _, err := tx.Exec(ctx, endAttempts, run.ID); err != nil {
			return err
		}
		counted := *run
		if err := s.addGone(ctx, tx, []*RunRecord{&counted}); err != nil {
			return err
		}
		var sum tally
		for _, one := range counted.Streams {
			sum[one.Stream.Code()-1] = one.Entries
		}
		_, err = s.ledger.Append(ctx, tx, ledger.Draft{
			Stream: ledger.StreamSystem, System: run.AskedByID.IsZero(), Actor: run.AskedByID, Action: ledger.LogRetentionRun, Outcome: outcome,
			Refs: []ledger.Ref{{Role: "run", Type: "retentionRun", ID: run.ID.String()}},
			Details: map[string]any{
				"asOf": run.AsOf.UTC().Format(ledger.TimeFormat), "entries": int64(counted.Entries), "archives": counted.Archives, "streams": sum.details(),
			},
		})
		return err
	})
	if err == nil {
		s.reached("finished")
	}
	return err
}
