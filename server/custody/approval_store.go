package custody

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	approvalColumns = "a.id, a.holder, a.department, a.requested_by, a.requested_at, a.expires_at, a.due_at, a.due_default," +
		" a.may_override, a.source, a.state, a.decided_by, a.decided_at, a.request_seq, a.decision_seq"
	selectApprovalRows   = "SELECT " + approvalColumns + " FROM approval a"
	selectApproval       = selectApprovalRows + " WHERE a.id = ?"
	selectApprovalLocked = selectApproval + " FOR UPDATE"
	selectApprovalsByID  = selectApprovalRows + " WHERE a.id IN (?)"
	selectApprovalKeys   = "SELECT approval, key_id, loan FROM approval_key WHERE approval IN (?) ORDER BY approval, place"
	insertApproval       = "INSERT INTO approval (id, holder, department, requested_by, requested_at, expires_at, due_at, due_default," +
		" may_override, source, state, request_seq) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
	insertApprovalKeys = "INSERT INTO approval_key (approval, place, key_id) VALUES "
	updateApproval     = "UPDATE approval SET state = ?, decided_by = ?, decided_at = ?, decision_seq = ? WHERE id = ?"
	updateApprovalLoan = "UPDATE approval_key SET loan = ? WHERE approval = ? AND key_id = ?"
	insertApprovalLoan = "INSERT INTO approval_key (approval, place, key_id, loan) VALUES (?,?,?,?)"
)

func storeApproval(ctx context.Context, tx *mysql.Tx, a *Approval) error {
	if err := keepPeople(ctx, tx, a.HolderID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, insertApproval, a.ID, a.HolderID, a.Department, a.RequestedByID, a.RequestedAt, a.ExpiresAt, a.DueAt,
		a.DueDefault, a.MayOverride, a.Source, ApprovalPending.code(), a.RequestSeq)
	if err != nil {
		return err
	}
	args := make([]any, 0, 3*len(a.KeyIDs))
	for i, key := range a.KeyIDs {
		args = append(args, a.ID, i, key)
	}
	_, err = tx.Exec(ctx, insertApprovalKeys+strings.Repeat("(?,?,?),", len(a.KeyIDs)-1)+"(?,?,?)", args...)
	return err
}

// storeApprovalLoans notes the loans that came of an approval; those of keys that came on a ring meanwhile are added.
func storeApprovalLoans(ctx context.Context, tx *mysql.Tx, a *Approval, loans []*Loan) error {
	for _, l := range loans {
		a.LoanIDs = append(a.LoanIDs, l.ID)
		changed, err := tx.Exec(ctx, updateApprovalLoan, l.ID, a.ID, l.KeyID)
		if err != nil {
			return err
		}
		if n, err := changed.RowsAffected(); err != nil || n > 0 {
			if err != nil {
				return err
			}
			continue
		}
		if _, err := tx.Exec(ctx, insertApprovalLoan, a.ID, len(a.KeyIDs), l.KeyID, l.ID); err != nil {
			return err
		}
		a.KeyIDs = append(a.KeyIDs, l.KeyID)
	}
	return nil
}

// findApproval gives one approval with its keys; NOT_FOUND when there is none.
func findApproval(ctx context.Context, q mysql.Querier, query string, one id.ID, now time.Time) (*Approval, error) {
	var a Approval
	err := q.Get(ctx, &a, query, one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noSuchApproval()
	}
	if err != nil {
		return nil, err
	}
	return &a, loadApprovalKeys(ctx, q, []*Approval{a.asOf(now)})
}

func noSuchApproval() error { return fault.New(fault.NotFound, "There is no such approval.") }

func selectApprovals(ctx context.Context, q mysql.Querier, ids []id.ID, now time.Time) (map[id.ID]*Approval, error) {
	var rows []*Approval
	if err := selectIn(ctx, q, &rows, selectApprovalsByID, ids); err != nil {
		return nil, err
	}
	found := make(map[id.ID]*Approval, len(rows))
	for _, a := range rows {
		found[a.ID] = a.asOf(now)
	}
	return found, loadApprovalKeys(ctx, q, rows)
}

func loadApprovalKeys(ctx context.Context, q mysql.Querier, approvals []*Approval) error {
	byID := make(map[id.ID]*Approval, len(approvals))
	ids := make([]id.ID, len(approvals))
	for i, a := range approvals {
		ids[i], byID[a.ID] = a.ID, a
	}
	var rows []struct {
		Approval id.ID `db:"approval"`
		Key      id.ID `db:"key_id"`
		Loan     id.ID `db:"loan"`
	}
	if err := selectIn(ctx, q, &rows, selectApprovalKeys, ids); err != nil {
		return err
	}
	for _, r := range rows {
		a := byID[r.Approval]
		if a.KeyIDs = append(a.KeyIDs, r.Key); !r.Loan.IsZero() {
			a.LoanIDs = append(a.LoanIDs, r.Loan)
		}
	}
	return nil
}
