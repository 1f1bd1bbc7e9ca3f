package mail

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// Status says how the outbox does.
type Status struct {
	// Enabled is whether a server is set.
	Enabled bool
	Waiting int
	Dead    int
	// OldestAt is since when the longest waiting one waits, nil when none does.
	OldestAt *time.Time
	// Problem is why the longest waiting one did not go yet, nil where it was not tried.
	Problem *string
}

// Dead is an e-mail that was given up.
type Dead struct {
	ID        id.ID     `db:"id"`
	Topic     string    `db:"topic"`
	PersonID  id.ID     `db:"person"`
	Attempts  int       `db:"attempts"`
	Problem   string    `db:"problem"`
	CreatedAt time.Time `db:"created_at"`
	DeadAt    time.Time `db:"dead_at"`
}

const (
	countDead    = "SELECT COUNT(*) FROM mail WHERE dead_at IS NOT NULL"
	selectOldest = "SELECT created_at, problem FROM mail WHERE dead_at IS NULL ORDER BY id LIMIT 1"
	selectDead   = "SELECT id, topic, person, attempts, problem, created_at, dead_at FROM mail"
)

// Status tells whoever may change settings how the outbox does.
func (s *Service) Status(ctx context.Context, actor *access.Actor) (*Status, error) {
	if _, err := s.access.Require(ctx, actor, access.SystemConfigure); err != nil {
		return nil, err
	}
	status := &Status{Enabled: s.Enabled()}
	if err := s.db.Get(ctx, &status.Waiting, countWaiting); err != nil {
		return nil, err
	}
	if err := s.db.Get(ctx, &status.Dead, countDead); err != nil {
		return nil, err
	}
	var oldest []struct {
		CreatedAt time.Time `db:"created_at"`
		Problem   string    `db:"problem"`
	}
	if err := s.db.Select(ctx, &oldest, selectOldest); err != nil || len(oldest) == 0 {
		return status, err
	}
	status.OldestAt = &oldest[0].CreatedAt
	if oldest[0].Problem != "" {
		status.Problem = &oldest[0].Problem
	}
	return status, nil
}

// DeadLetters lists what was given up within 90 days, the newest first, for whoever may change settings. What they say and
// to whom stays sealed.
func (s *Service) DeadLetters(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*Dead], error) {
	var none page.Page[*Dead]
	if _, err := s.access.Require(ctx, actor, access.SystemConfigure); err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	where := &mysql.Where{}
	where.And("dead_at IS NOT NULL")
	order, err := window(w, where)
	if err != nil {
		return none, err
	}
	var rows []*Dead
	if err := s.db.Select(ctx, &rows, selectDead+where.SQL()+order, where.Args(w.Limit+1)...); err != nil {
		return none, err
	}
	return page.Cut(w, rows, func(d *Dead) string { return page.Encode(d.ID[:]) }), nil
}

func window(w page.Window, where *mysql.Where) (string, error) {
	beyond, order, field := "<", " ORDER BY id DESC LIMIT ?", "after"
	if w.Backward {
		beyond, order, field = ">", " ORDER BY id LIMIT ?", "before"
	}
	if w.Cursor == "" {
		return order, nil
	}
	payload, err := page.Decode(field, w.Cursor)
	if err != nil {
		return "", err
	}
	var last id.ID
	if len(payload) != len(last) {
		return "", fault.Field(field, "this is not a cursor of this list: use one that a page gave")
	}
	copy(last[:], payload)
	where.And("id "+beyond+" ?", last)
	return order, nil
}
