package custody

import (
	"context"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	handoverColumns = "h.id, h.key_id, h.loan, h.giver, h.giver_department, h.receiver, h.receiver_department, h.due_at," +
		" h.requested_by, h.requested_at, h.expires_at, h.override_seq, h.state, h.decided_by, h.decided_at, h.new_loan"
	selectHandoverRows    = "SELECT " + handoverColumns + " FROM key_handover h"
	selectHandoversByID   = selectHandoverRows + " WHERE h.id IN (?)"
	selectPendingHandover = selectHandoverRows + " WHERE h.pending_key IN (?)"
	insertHandover        = "INSERT INTO key_handover (id, key_id, pending_key, loan, giver, giver_department, receiver," +
		" receiver_department, due_at, requested_by, requested_at, expires_at, override_seq, state) VALUES "
	updateHandoverDecided = "UPDATE key_handover SET pending_key = NULL, state = ?, decided_by = ?, decided_at = ?, new_loan = ? WHERE id = ?"
)

// cancelledHandovers are handovers that ended because their keys moved, by key.
type cancelledHandovers map[id.ID]*Handover

// refs gives what an entry about a key says of the handover that it ended.
func (c cancelledHandovers) refs(key id.ID) []ledger.Ref {
	h := c[key]
	if h == nil {
		return nil
	}
	return []ledger.Ref{{Role: "cancelledHandover", Type: RefHandover, ID: h.ID.String()}}
}

// cancelPending ends what waits for the keys, which the transaction has locked. Handovers that had expired stay so.
func cancelPending(ctx context.Context, tx *mysql.Tx, keys []id.ID, now time.Time, by id.ID) (cancelledHandovers, error) {
	var pending []*Handover
	if err := selectIn(ctx, tx, &pending, selectPendingHandover, keys); err != nil {
		return nil, err
	}
	cancelled := cancelledHandovers{}
	for _, h := range pending {
		if h.asOf(now); h.State == HandoverPending {
			h.decide(HandoverCancelled, now, by)
			cancelled[h.KeyID] = h
		}
		if err := updateHandover(ctx, tx, h); err != nil {
			return nil, err
		}
	}
	return cancelled, nil
}

// updateHandover stores how a handover ended. One that expired is stored as one that still waited then.
func updateHandover(ctx context.Context, tx *mysql.Tx, h *Handover) error {
	state := h.State
	if state == HandoverExpired {
		state = HandoverPending
	}
	_, err := tx.Exec(ctx, updateHandoverDecided, string(state), h.DecidedByID, h.DecidedAt, h.NewLoanID, h.ID)
	return err
}

func insertHandovers(ctx context.Context, tx *mysql.Tx, made []*Handover) error {
	receivers := make([]id.ID, len(made))
	for i, h := range made {
		receivers[i] = h.ToID
	}
	if err := keepPeople(ctx, tx, receivers...); err != nil {
		return err
	}
	args := make([]any, 0, len(made)*14)
	for _, h := range made {
		args = append(args, h.ID, h.KeyID, h.KeyID, h.LoanID, h.FromID, h.FromDepartment, h.ToID, h.ReceiverDepartment,
			h.DueAt, h.RequestedByID, h.RequestedAt, h.ExpiresAt, h.OverrideSeq, string(h.State))
	}
	const row = "(?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
	_, err := tx.Exec(ctx, insertHandover+strings.Repeat(row+",", len(made)-1)+row, args...)
	return err
}

func selectHandovers(ctx context.Context, q mysql.Querier, query string, ids []id.ID, now time.Time) ([]*Handover, error) {
	var rows []*Handover
	if err := selectIn(ctx, q, &rows, query, ids); err != nil {
		return nil, err
	}
	for _, h := range rows {
		h.asOf(now)
	}
	return rows, nil
}

// oneHandover gives a handover, nil when there is none.
func oneHandover(ctx context.Context, q mysql.Querier, handover id.ID, now time.Time) (*Handover, error) {
	rows, err := selectHandovers(ctx, q, selectHandoversByID, []id.ID{handover}, now)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// replayHandovers gives the handovers that a repeated request was about the first time, as they are now.
func (s *Service) replayHandovers(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim) (*Handovers, error) {
	entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	made := &Handovers{Loans: []*Loan{}, Entries: entries}
	ids, err := refsOf(entries, RefHandover)
	if err != nil {
		return nil, err
	}
	found, err := selectHandovers(ctx, tx, selectHandoversByID, ids, s.instant())
	if err != nil {
		return nil, err
	}
	byID := make(map[id.ID]*Handover, len(found))
	for _, h := range found {
		byID[h.ID] = h
	}
	made.Handovers = inOrder(ids, byID)
	if entries[0].Action != ledger.KeyHandedOver {
		return made, nil
	}
	var loans []id.ID
	for _, h := range made.Handovers {
		loans = append(loans, h.LoanID, h.NewLoanID)
	}
	known, err := selectLoans(ctx, tx, loans, s.instant())
	made.Loans = inOrder(loans, known)
	return made, err
}
