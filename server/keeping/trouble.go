package keeping

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

const (
	selectNewestRun = selectRun + " ORDER BY id DESC LIMIT 1"
	selectDamaged   = "SELECT id, pruned_by, verified_at FROM archive WHERE state = 3 AND damage <> '' AND verified_at IS NOT NULL ORDER BY id LIMIT ?"
	// late is how long after its hour a run that did not begin is missed.
	late = 24 * time.Hour
)

// Trouble says how it stands with deleting what was kept for long enough.
type Trouble struct {
	// Since is when it went wrong, nil when it did not.
	Since *time.Time
	// Run is the run that failed or cannot go on, zero when one did not begin.
	Run id.ID
	// Unsettled says that a run is under way which did not fail yet: whether what was wrong before is over shows at its end.
	Unsettled bool
}

// Trouble tells whether runs fail, stand still or do not begin. It asks for no right.
func (s *Service) Trouble(ctx context.Context, now time.Time) (Trouble, error) {
	var rows []runRow
	if err := s.db.Select(ctx, &rows, selectNewestRun); err != nil {
		return Trouble{}, err
	}
	if len(rows) > 0 {
		switch run := rows[0].record(); {
		case run.State == Failed && run.EndedAt != nil:
			return Trouble{Since: run.EndedAt, Run: run.ID}, nil
		case run.State == Running && rows[0].Problem != "":
			return Trouble{Since: &run.AsOf, Run: run.ID}, nil
		case run.State == Running:
			return Trouble{Unsettled: true}, nil
		}
	}
	due, err := s.nextDue(ctx)
	if err != nil || due == nil || now.Sub(*due) < late {
		return Trouble{}, err
	}
	return Trouble{Since: due}, nil
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
