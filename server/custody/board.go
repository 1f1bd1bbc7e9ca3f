package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// MaxBoardLoans bounds how many loans a board names; it counts them all.
	MaxBoardLoans = 200
	// MaxBoardGroups bounds how many groups a board lists.
	MaxBoardGroups = 24
)

// Board is what is out at one moment, for a display on a wall. Groups that are asked for bound all of it.
type Board struct {
	// Groups are by name.
	Groups []BoardGroup
	// Loans are the open ones, those that are due first in front, until further notice at the end.
	Loans   []BoardLoan
	Out     int
	Overdue int
}

// BoardGroup counts a group's keys in use.
type BoardGroup struct {
	ID      id.ID  `db:"id"`
	Name    string `db:"name"`
	Keys    int    `db:"total"`
	Out     int    `db:"gone"`
	Overdue int    `db:"overdue"`
}

// BoardLoan is a key that is out.
type BoardLoan struct {
	KeyID    id.ID      `db:"key_id"`
	Number   string     `db:"number"`
	Label    string     `db:"label"`
	Building string     `db:"building"`
	Room     string     `db:"room"`
	HolderID id.ID      `db:"holder"`
	IssuedAt time.Time  `db:"issued_at"`
	DueAt    *time.Time `db:"due_at"`
}

const (
	openLoansOf = " FROM loan l JOIN physical_key k ON k.id = l.key_id"
	boardLoans  = "SELECT l.key_id, k.number, k.label, k.building, k.room, l.holder, l.issued_at, l.due_at" + openLoansOf
	boardCounts = "SELECT COUNT(*) AS gone, COALESCE(SUM(l.due_at <= ?), 0) AS overdue" + openLoansOf
	boardGroups = "SELECT g.id, g.name, COUNT(k.id) AS total, COUNT(l.id) AS gone, COALESCE(SUM(l.due_at <= ?), 0) AS overdue" +
		" FROM key_group g LEFT JOIN key_group_key m ON m.key_group = g.id" +
		" LEFT JOIN physical_key k ON k.id = m.key_id AND k.retired_at IS NULL LEFT JOIN loan l ON l.open_key = k.id"
)

// Board reads what is out of some groups, of all keys when none is named. It asks for no right: its caller has.
func (s *Service) Board(ctx context.Context, groups []id.ID) (*Board, error) {
	now := s.instant()
	b := &Board{Groups: []BoardGroup{}, Loans: []BoardLoan{}}
	where := &mysql.Where{}
	if len(groups) > 0 {
		where.And("g.id IN (?)", groups)
	}
	err := selectExpanded(ctx, s.db, &b.Groups, boardGroups+where.SQL()+" GROUP BY g.id, g.name ORDER BY g.name, g.id LIMIT ?",
		append([]any{now}, where.Args(MaxBoardGroups)...)...)
	if err != nil {
		return nil, err
	}
	open := openIn(groups)
	err = selectExpanded(ctx, s.db, &b.Loans, boardLoans+open.SQL()+" ORDER BY l.due_at IS NULL, l.due_at, l.id LIMIT ?", open.Args(MaxBoardLoans)...)
	if err != nil {
		return nil, err
	}
	var counts []BoardGroup
	if err := selectExpanded(ctx, s.db, &counts, boardCounts+open.SQL(), append([]any{now}, open.Args()...)...); err != nil {
		return nil, err
	}
	b.Out, b.Overdue = counts[0].Out, counts[0].Overdue
	return b, nil
}

// openIn is the condition on open loans of keys in groups, of all keys when none is named.
func openIn(groups []id.ID) *mysql.Where {
	where := &mysql.Where{}
	where.And("l.returned_at IS NULL")
	keysIn(where, groups)
	return where
}

// keysIn lets through keys in groups, over k (physical_key), all keys when none is named.
func keysIn(where *mysql.Where, groups []id.ID) {
	if len(groups) > 0 {
		where.And("EXISTS (SELECT 1 FROM key_group_key m WHERE m.key_id = k.id AND m.key_group IN (?))", groups)
	}
}

// DueOnBoard is DueByDay for keys of groups, of all keys when none is named. It asks for no right: its caller has.
func (s *Service) DueOnBoard(ctx context.Context, groups []id.ID, bounds []time.Time) ([]int, error) {
	days := len(bounds) - 1
	where := openIn(groups)
	where.And("l.due_at >= ? AND l.due_at < ?", bounds[0], bounds[days])
	var due []time.Time
	if err := selectExpanded(ctx, s.db, &due, selectDue+where.SQL(), where.Args()...); err != nil {
		return nil, err
	}
	return perDay(due, bounds), nil
}

// KeysOfGroups gives the keys that are in one of the groups, each once.
func (s *Service) KeysOfGroups(ctx context.Context, groups []id.ID) ([]id.ID, error) {
	keys := []id.ID{}
	if len(groups) == 0 {
		return keys, nil
	}
	err := selectExpanded(ctx, s.db, &keys, "SELECT DISTINCT key_id FROM key_group_key WHERE key_group IN (?)", groups)
	return keys, err
}
