package custody

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// The unique indexes whose violations mean something to a caller.
const (
	openKeyIndex   = "loan_open_key"
	numberIndex    = "key_active_number"
	groupNameIndex = "key_group_name"
	keyColumns     = "k.id, k.number, k.label, k.category, k.building, k.floor, k.room, k.cabinet, k.hook, k.kind, k.copy_of, k.approval, k.ring, k.version, k.created_at, k.updated_at, k.lost_at, k.found_at, k.retired_at"
	loanColumns    = "l.id, l.key_id, l.holder, l.department, l.issued_by, l.issued_at, l.due_at, l.returned_by, l.returned_at, l.ended_as, l.issued_entry, l.returned_entry"
	// keysWithLoans joins the open loan and the reservation that covers a moment: its two values are now, twice.
	keysWithLoans = " FROM physical_key k LEFT JOIN loan l ON l.open_key = k.id" +
		" LEFT JOIN reservation r ON r.held_key = k.id AND r.from_at <= ? AND r.to_at > ?"
	selectKeyRows = "SELECT " + keyColumns + ", l.id AS loan_id, l.due_at AS loan_due, l.holder AS loan_holder, l.department AS loan_department," +
		" r.id AS held_id, r.holder AS held_for, r.department AS held_department" + keysWithLoans
	selectKeysByID   = selectKeyRows + " WHERE k.id IN (?)"
	selectKeysLocked = "SELECT " + keyColumns + " FROM physical_key k FORCE INDEX (PRIMARY) WHERE k.id IN (?) ORDER BY k.id FOR UPDATE"
	selectLoanRows   = "SELECT " + loanColumns + " FROM loan l"
	selectLoansByID  = selectLoanRows + " WHERE l.id IN (?)"
	selectOpenByKey  = selectLoanRows + " WHERE l.open_key IN (?)"
	selectLastReturn = "(SELECT key_id, returned_at FROM loan WHERE key_id = ? AND (ended_as IS NULL OR ended_as <> 'VOIDED') ORDER BY issued_at DESC, returned_at DESC LIMIT 1)"

	insertKey = "INSERT INTO physical_key (id, number, active_number, number_order, label, category, building, floor, room," +
		" cabinet, hook, kind, copy_of, approval, version, created_at, updated_at) VALUES "
	updateKey = "UPDATE physical_key SET number = ?, active_number = ?, number_order = ?, label = ?, category = ?, building = ?," +
		" floor = ?, room = ?, cabinet = ?, hook = ?, version = ?, updated_at = ? WHERE id = ?"
	retireKey  = "UPDATE physical_key SET active_number = NULL, ring = NULL, retired_at = ?, updated_at = ?, version = ? WHERE id = ?"
	insertLoan = "INSERT INTO loan (id, key_id, open_key, holder, department, issued_by, issued_at, due_at, returned_at," +
		" returned_by, ended_as, issued_entry, returned_entry) VALUES "
	updateLoanClosed = "UPDATE loan SET open_key = NULL, returned_at = ?, returned_by = ?, ended_as = ?, returned_entry = ? WHERE id = ?"
)

// keyRow is a key with what its state is derived from.
type keyRow struct {
	Key
	LoanID         id.ID      `db:"loan_id"`
	LoanDue        *time.Time `db:"loan_due"`
	LoanHolder     id.ID      `db:"loan_holder"`
	LoanDepartment id.ID      `db:"loan_department"`
	HeldID         id.ID      `db:"held_id"`
	HeldFor        id.ID      `db:"held_for"`
	HeldDepartment id.ID      `db:"held_department"`
}

func (r *keyRow) at(now time.Time) *Key {
	r.State = stateOf(&r.Key, !r.LoanID.IsZero(), r.LoanDue, now)
	if r.State == Available && !r.HeldID.IsZero() {
		r.State = Reserved
	}
	return &r.Key
}

// seenFrom forgets the open loan and the reservation where the scope does not reach them.
func (r *keyRow) seenFrom(actor *access.Actor, scope access.Scope) {
	if scope == access.None || !scope.Reaches(actor, r.LoanHolder, r.LoanDepartment) {
		r.LoanID, r.LoanDue = id.ID{}, nil
	}
	if scope == access.None || !scope.Reaches(actor, r.HeldFor, r.HeldDepartment) {
		r.HeldID = id.ID{}
	}
}

func selectKeys(ctx context.Context, q mysql.Querier, ids []id.ID, now time.Time) (map[id.ID]*Key, error) {
	rows, err := selectKeyRowsByID(ctx, q, ids, now)
	return keysAt(rows, now), err
}

func selectKeyRowsByID(ctx context.Context, q mysql.Querier, ids []id.ID, now time.Time) ([]keyRow, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	query, args, err := mysql.In(selectKeysByID, now, now, ids)
	if err != nil {
		return nil, err
	}
	var rows []keyRow
	return rows, q.Select(ctx, &rows, query, args...)
}

func keysAt(rows []keyRow, now time.Time) map[id.ID]*Key {
	keys := make(map[id.ID]*Key, len(rows))
	for i := range rows {
		keys[rows[i].ID] = rows[i].at(now)
	}
	return keys
}

// lockKeys gives the keys without their state.
func lockKeys(ctx context.Context, tx *mysql.Tx, ids []id.ID) (map[id.ID]*Key, error) {
	var rows []*Key
	if err := selectIn(ctx, tx, &rows, selectKeysLocked, ids); err != nil {
		return nil, err
	}
	keys := make(map[id.ID]*Key, len(rows))
	for _, k := range rows {
		keys[k.ID] = k
	}
	return keys, nil
}

func selectLoans(ctx context.Context, q mysql.Querier, ids []id.ID, now time.Time) (map[id.ID]*Loan, error) {
	var rows []*Loan
	if err := selectIn(ctx, q, &rows, selectLoansByID, ids); err != nil {
		return nil, err
	}
	loans := make(map[id.ID]*Loan, len(rows))
	for _, l := range rows {
		loans[l.ID] = l.asOf(now)
	}
	return loans, nil
}

// asOf fills in what depends on the moment.
func (l *Loan) asOf(now time.Time) *Loan {
	l.Overdue = l.Open() && overdue(l.DueAt, now)
	return l
}

func selectOpenLoans(ctx context.Context, q mysql.Querier, keys []id.ID) (map[id.ID]*Loan, error) {
	var rows []*Loan
	if err := selectIn(ctx, q, &rows, selectOpenByKey, keys); err != nil {
		return nil, err
	}
	loans := make(map[id.ID]*Loan, len(rows))
	for _, l := range rows {
		loans[l.KeyID] = l
	}
	return loans, nil
}

// selectLastReturns gives when each key last came back. Loans of a key do not overlap, so its last one tells.
func selectLastReturns(ctx context.Context, q mysql.Querier, keys []id.ID) (map[id.ID]time.Time, error) {
	var rows []struct {
		Key      id.ID      `db:"key_id"`
		Returned *time.Time `db:"returned_at"`
	}
	if err := q.Select(ctx, &rows, eachKey(selectLastReturn, keys), keyArgs(keys)...); err != nil {
		return nil, err
	}
	last := make(map[id.ID]time.Time, len(rows))
	for _, r := range rows {
		if r.Returned != nil {
			last[r.Key] = *r.Returned
		}
	}
	return last, nil
}

// eachKey asks one question of each of the keys; keyArgs are its values. The last key is asked for again up to a
// power of two, so that few different statements are prepared.
func eachKey(question string, keys []id.ID) string {
	return strings.Repeat(question+" UNION ALL ", len(keyArgs(keys))-1) + question
}

func keyArgs(keys []id.ID) []any {
	n := 1
	for n < len(keys) {
		n *= 2
	}
	args := make([]any, n)
	for i := range args {
		args[i] = keys[min(i, len(keys)-1)]
	}
	return args
}

// insertKeys writes keys a batch at a time.
func insertKeys(ctx context.Context, tx *mysql.Tx, keys []*Key) error {
	const row = "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
	for some := range slices.Chunk(keys, 64) {
		args := make([]any, 0, len(some)*17)
		for _, k := range some {
			args = append(args, k.ID, k.Number, k.Number, orderOf(k.Number), k.Label, k.Category, k.Building, k.Floor, k.Room,
				k.Cabinet, k.Hook, k.Kind, k.CopyOfID, k.ApprovalRequired, k.Version, k.CreatedAt, k.UpdatedAt)
		}
		if _, err := tx.Exec(ctx, insertKey+strings.Repeat(row+",", len(some)-1)+row, args...); err != nil {
			return err
		}
	}
	return nil
}

// insertLoans writes loans a batch at a time, in few different sizes, so that each statement is prepared once.
func insertLoans(ctx context.Context, tx *mysql.Tx, loans []*Loan) error {
	var holders []id.ID
	for _, l := range loans {
		if l.Open() {
			holders = append(holders, l.HolderID)
		}
	}
	if err := keepPeople(ctx, tx, holders...); err != nil {
		return err
	}
	for len(loans) > 0 {
		n := 1
		for _, size := range []int{64, 16, 4} {
			if len(loans) >= size {
				n = size
				break
			}
		}
		args := make([]any, 0, n*13)
		for _, l := range loans[:n] {
			args = append(args, l.ID, l.KeyID, openKey(l), l.HolderID, l.Department, l.IssuedByID, l.IssuedAt, l.DueAt,
				l.ReturnedAt, l.ReturnedByID, l.End, l.IssuedEntry, l.ReturnedEntry)
		}
		const row = "(?,?,?,?,?,?,?,?,?,?,?,?,?)"
		if _, err := tx.Exec(ctx, insertLoan+strings.Repeat(row+",", n-1)+row, args...); err != nil {
			return err
		}
		loans = loans[n:]
	}
	return nil
}

func openKey(l *Loan) id.ID {
	if l.Open() {
		return l.KeyID
	}
	return id.ID{}
}

func closeLoan(ctx context.Context, tx *mysql.Tx, l *Loan) error {
	_, err := tx.Exec(ctx, updateLoanClosed, l.ReturnedAt, l.ReturnedByID, l.End, l.ReturnedEntry, l.ID)
	return err
}

// selectIn runs a query whose one value is a list of ids. No ids give no rows.
func selectIn(ctx context.Context, q mysql.Querier, dest any, query string, ids []id.ID) error {
	if len(ids) == 0 {
		return nil
	}
	query, args, err := mysql.In(query, ids)
	if err != nil {
		return err
	}
	return q.Select(ctx, dest, query, args...)
}

// selectExpanded selects with values of which slices stand for IN (?).
func selectExpanded(ctx context.Context, q mysql.Querier, dest any, query string, args ...any) error {
	query, args, err := mysql.In(query, args...)
	if err != nil {
		return err
	}
	return q.Select(ctx, dest, query, args...)
}
