package keeping

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

const (
	selectNewestRun = selectRun + " ORDER BY id DESC LIMIT 1"
	selectDamaged   = "SELECT id, pruned_by, verified_at FROM archive WHERE state = 3 AND damage <> '' AND verified_at IS NOT NULL ORDER BY id LIMIT ?"
	selectDoubted   = selectArchive + " WHERE damage <> '' AND verified_at <= ? ORDER BY verified_at, id LIMIT 1"
	// doubtFor is after how long an archive that was damaged is read again: its directory may only have been away.
	doubtFor = time.Hour
	// late is how long after its hour a run that did not begin is missed, and after its beginning one that does not come
	// further may hang.
	late = 24 * time.Hour
	// settling is how long nothing may move before that counts, as this process has seen it: the hour of a run also lies
	// far back when the machine was off, a backup was restored or the schedule was changed, and is then made up for.
	settling = 10 * time.Minute
	// hanging is the same for a run that is under way: each of its steps may take long.
	hanging = time.Hour
	// tries is how often a run may be gone on with in vain: what is mended by the next try is no trouble.
	tries = 3
	// selectAttempts counts the attempts since the run came further last.
	selectAttempts = "SELECT COALESCE((SELECT attempts FROM retention_attempt WHERE run = ?), 0)"
)

// Trouble says how it stands with deleting what was kept for long enough.
type Trouble struct {
	// Since is when it went wrong, nil when it did not.
	Since *time.Time
	// Run is the run that failed or cannot go on, zero when one did not begin.
	Run id.ID
	// Unsettled says that it does not show yet whether something is wrong, nor whether what was wrong before is over.
	Unsettled bool
}

// sight remembers since when one thing has looked the same. It is safe for concurrent use.
type sight struct {
	mu    sync.Mutex
	what  string
	since time.Time
}

// sameFor gives for how long a thing has looked like this.
func (s *sight) sameFor(what string, now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.what != what {
		s.what, s.since = what, now
	}
	return now.Sub(s.since)
}

// Trouble tells whether runs fail, stand still or do not begin. It is asked again and again, and asks for no right.
func (s *Service) Trouble(ctx context.Context, now time.Time) (Trouble, error) {
	var rows []runRow
	if err := s.db.Select(ctx, &rows, selectNewestRun); err != nil {
		return Trouble{}, err
	}
	if len(rows) > 0 {
		switch run := rows[0].record(); {
		case run.State == Failed && run.EndedAt != nil:
			return Trouble{Since: run.EndedAt, Run: run.ID}, nil
		case run.State == Running:
			stands, err := s.standsStill(ctx, run, now)
			if err != nil || !stands {
				return Trouble{Unsettled: true}, err
			}
			return Trouble{Since: &run.AsOf, Run: run.ID}, nil
		}
	}
	due, err := s.nextDue(ctx)
	if err != nil || due == nil || now.Sub(*due) < late {
		s.sight.sameFor("", now)
		return Trouble{}, err
	}
	if s.sight.sameFor("due "+due.String(), now) < settling {
		return Trouble{Unsettled: true}, nil
	}
	return Trouble{Since: due}, nil
}

// standsStill tells of a run that is under way whether it was tried in vain too often, also by processes that it killed, or
// hangs.
func (s *Service) standsStill(ctx context.Context, run *RunRecord, now time.Time) (bool, error) {
	var attempts int
	if err := s.db.Get(ctx, &attempts, selectAttempts, run.ID); err != nil {
		return false, err
	}
	same := s.sight.sameFor(fmt.Sprint("run ", run.ID, " ", run.next, " ", attempts), now)
	return attempts > tries || attempts == tries && run.Problem.String() != "" || now.Sub(run.AsOf) > late && same >= hanging, nil
}

// Damaged is an archive that was not as it was written when it was read last.
type Damaged struct {
	ID         id.ID     `db:"id"`
	PrunedBy   uint64    `db:"pruned_by"`
	VerifiedAt time.Time `db:"verified_at"`
}

// Damaged gives archives that are damaged, the oldest first and at most so many. It asks for no right.
func (s *Service) Damaged(ctx context.Context, most int) ([]Damaged, error) {
	var rows []Damaged
	return rows, s.db.Select(ctx, &rows, selectDamaged, most)
}

// verifyAgain reads the archive again whose damage was found longest ago, if that was long ago.
func (s *Service) verifyAgain(ctx context.Context, now time.Time) error {
	var rows []archiveRow
	if err := s.db.Select(ctx, &rows, selectDoubted, now.Add(-doubtFor)); err != nil || len(rows) == 0 {
		return err
	}
	return s.turn.While(ctx, s.now, func(ctx context.Context) error { return s.verify(ctx, rows[0].archive()) })
}
