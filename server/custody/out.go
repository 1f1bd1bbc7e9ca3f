package custody

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

// Out is a key that is out, or was, for those who watch the clock. They act for nobody, so no scope applies.
type Out struct {
	LoanID     id.ID     `db:"id"`
	KeyID      id.ID     `db:"key_id"`
	HolderID   id.ID     `db:"holder"`
	Department id.ID     `db:"department"`
	IssuedAt   time.Time `db:"issued_at"`
	// DueAt is nil for a loan until further notice.
	DueAt *time.Time `db:"due_at"`
	// ReturnedAt is when the loan ended, nil while the key is out, and EndedAs how: RETURNED, HANDED_OVER, LOST, VOIDED or,
	// where it is not known, nil.
	ReturnedAt    *time.Time `db:"returned_at"`
	EndedAs       *string    `db:"ended_as"`
	IssuedEntry   id.ID      `db:"issued_entry"`
	ReturnedEntry id.ID      `db:"returned_entry"`
	Number        string     `db:"number"`
	Building      string     `db:"building"`
	Cabinet       string     `db:"cabinet"`
	Hook          string     `db:"hook"`
}

const (
	selectOut = "SELECT l.id, l.key_id, l.holder, l.department, l.issued_at, l.due_at, l.returned_at, l.ended_as, l.issued_entry," +
		" l.returned_entry, k.number, k.building, k.cabinet, k.hook FROM loan l JOIN physical_key k ON k.id = l.key_id"
	selectOutByLoan  = selectOut + " WHERE l.id IN (?)"
	lockLoans        = "SELECT id FROM loan FORCE INDEX (PRIMARY) WHERE id IN (?) ORDER BY id FOR UPDATE"
	selectOutOverdue = selectOut + " WHERE l.returned_at IS NULL AND l.due_at <= ? AND (l.due_at > ? OR l.due_at = ? AND l.id > ?)" +
		" ORDER BY l.due_at, l.id LIMIT ?"
	selectOutDue = selectOut + " WHERE l.returned_at IS NULL AND l.due_at <= ? AND (l.holder > ? OR l.holder = ? AND l.id > ?)" +
		" ORDER BY l.holder, l.id LIMIT ?"
	selectOutOfGroup = selectOut + " JOIN key_group_key m ON m.key_id = l.key_id WHERE m.key_group = ? AND l.open_key = m.key_id" +
		" AND l.issued_at <= ? ORDER BY l.issued_at, l.id LIMIT ?"
	selectOutOfPerson = selectOut + " WHERE l.holder IN (?) AND l.open_key IS NOT NULL ORDER BY l.issued_at, l.id LIMIT ?"
	selectLeavers     = "SELECT DISTINCT p.id, p.valid_until FROM loan l JOIN person h ON h.id = l.holder" +
		" JOIN person p ON p.id = COALESCE(h.merged_into, h.id)" +
		" WHERE l.open_key IS NOT NULL AND p.valid_until < ? AND p.id > ? ORDER BY p.id LIMIT ?"
	selectLastDay = "SELECT valid_until FROM person WHERE id = ?"
	selectCurfew  = "SELECT id, name, curfew FROM key_group WHERE id = ? AND curfew IS NOT NULL"
	selectCurfews = "SELECT id, name, curfew FROM key_group WHERE curfew IS NOT NULL AND id > ? ORDER BY id LIMIT ?"
)

// OutByLoan gives loans by their ids, open or not.
func (s *Service) OutByLoan(ctx context.Context, q mysql.Querier, loans []id.ID) (map[id.ID]Out, error) {
	var rows []Out
	if err := selectIn(ctx, q, &rows, selectOutByLoan, loans); err != nil {
		return nil, err
	}
	found := make(map[id.ID]Out, len(rows))
	for _, one := range rows {
		found[one.LoanID] = one
	}
	return found, nil
}

// LockOut is OutByLoan that keeps the loans as they are until tx ends. It locks no keys, which whoever moves one locks first.
func (s *Service) LockOut(ctx context.Context, tx *mysql.Tx, loans []id.ID) (map[id.ID]Out, error) {
	var locked []id.ID
	if err := selectIn(ctx, tx, &locked, lockLoans, loans); err != nil {
		return nil, err
	}
	return s.OutByLoan(ctx, tx, locked)
}

// OverdueOut gives open loans whose due time has come, the longest overdue first, behind the last of the page before; nil
// for the first page.
func (s *Service) OverdueOut(ctx context.Context, q mysql.Querier, now time.Time, last *Out, limit int) ([]Out, error) {
	due, loan := time.Unix(0, 0), id.ID{}
	if last != nil {
		due, loan = *last.DueAt, last.LoanID
	}
	var rows []Out
	return rows, q.Select(ctx, &rows, selectOutOverdue, now.UTC(), due.UTC(), due.UTC(), loan[:], limit)
}

// DueOut gives open loans that are due until an instant, holder by holder, behind the last of the page before.
func (s *Service) DueOut(ctx context.Context, q mysql.Querier, until time.Time, last *Out, limit int) ([]Out, error) {
	var holder, loan id.ID
	if last != nil {
		holder, loan = last.HolderID, last.LoanID
	}
	var rows []Out
	return rows, q.Select(ctx, &rows, selectOutDue, until.UTC(), holder[:], holder[:], loan[:], limit)
}

// OutOfGroup gives the keys of a group that are out since an instant or longer, the longest first.
func (s *Service) OutOfGroup(ctx context.Context, q mysql.Querier, group id.ID, since time.Time, limit int) ([]Out, error) {
	var rows []Out
	return rows, q.Select(ctx, &rows, selectOutOfGroup, group, since.UTC(), limit)
}

// OutOfPerson gives what a person holds, under whichever of his ids, the longest first.
func (s *Service) OutOfPerson(ctx context.Context, q mysql.Querier, person id.ID, limit int) ([]Out, error) {
	var rows []Out
	return rows, selectExpanded(ctx, q, &rows, selectOutOfPerson, s.people.Same(person), limit)
}

// Leaver is somebody who holds keys although his last day is over.
type Leaver struct {
	Person id.ID     `db:"id"`
	Until  time.Time `db:"valid_until"`
}

// Leavers gives those whose last day was before a day and who hold keys, under whichever of their ids, by id, behind a person; zero for the first page.
func (s *Service) Leavers(ctx context.Context, q mysql.Querier, before people.Date, last id.ID, limit int) ([]Leaver, error) {
	var rows []Leaver
	return rows, q.Select(ctx, &rows, selectLeavers, string(before), last[:], limit)
}

// Curfew is a group whose keys have to be back each day at a local time, HH:MM.
type Curfew struct {
	Group id.ID  `db:"id"`
	Name  string `db:"name"`
	At    string `db:"curfew"`
}

// Curfews gives the groups that have one, by id, behind a group; zero for the first page.
func (s *Service) Curfews(ctx context.Context, q mysql.Querier, last id.ID, limit int) ([]Curfew, error) {
	var rows []Curfew
	return rows, q.Select(ctx, &rows, selectCurfews, last[:], limit)
}

// CurfewOf gives a group's curfew, nil when it has none.
func (s *Service) CurfewOf(ctx context.Context, q mysql.Querier, group id.ID) (*Curfew, error) {
	var found Curfew
	err := q.Get(ctx, &found, selectCurfew, group)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &found, err
}

// LastDay gives the last day on which a person belongs here, nil where that is open.
func (s *Service) LastDay(ctx context.Context, q mysql.Querier, person id.ID) (*time.Time, error) {
	var until *time.Time
	err := q.Get(ctx, &until, selectLastDay, person)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return until, err
}

const selectGroupNames = "SELECT id, name FROM key_group WHERE id IN (?)"

// GroupNames gives the names of groups, for joins; none to whoever may not see keys.
func (s *Service) GroupNames(ctx context.Context, actor *access.Actor, groups []id.ID) (map[id.ID]string, error) {
	if s.access.ScopeOf(actor, access.KeysView) == access.None {
		return nil, nil
	}
	var rows []struct {
		ID   id.ID  `db:"id"`
		Name string `db:"name"`
	}
	if err := selectIn(ctx, s.db, &rows, selectGroupNames, groups); err != nil {
		return nil, err
	}
	names := make(map[id.ID]string, len(rows))
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	return names, s.ledger.AwaitRead(ctx)
}

const selectIssuedOut = "SELECT issued_entry FROM loan WHERE open_key IS NOT NULL"

// IssuedEntriesOut gives the ids of the entries that say who has each key that is out, 16 bytes a key.
func (s *Service) IssuedEntriesOut(ctx context.Context) (map[id.ID]bool, error) {
	var entries []id.ID
	if err := s.db.Select(ctx, &entries, selectIssuedOut); err != nil {
		return nil, err
	}
	out := make(map[id.ID]bool, len(entries))
	for _, entry := range entries {
		out[entry] = true
	}
	return out, nil
}
