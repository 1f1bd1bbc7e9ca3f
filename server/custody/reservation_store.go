package custody

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	reservationColumns = "r.id, r.key_id, r.holder, r.department, r.from_at, r.to_at, r.reserved_by, r.reserved_at," +
		" r.cancelled_by, r.cancelled_at, r.loan, r.comment_seq"
	selectReservationRows = "SELECT " + reservationColumns + " FROM reservation r"
	selectReservations    = selectReservationRows + " WHERE r.id IN (?)"
	selectReservation     = selectReservationRows + " WHERE r.id = ?"
	// selectHeld gives the reservations of keys that count at one moment or later, in the order of time.
	selectHeld = selectReservationRows + " WHERE r.held_key IN (?) AND r.to_at > ? ORDER BY r.from_at, r.id"
	// selectHeldOfKeys gives at most as many for each key.
	selectHeldOfKeys = "SELECT " + reservationColumns + " FROM (SELECT h.*, ROW_NUMBER() OVER (PARTITION BY h.held_key ORDER BY h.from_at, h.id) AS place" +
		" FROM reservation h WHERE h.held_key IN (?) AND h.to_at > ? AND h.to_at > ? AND h.from_at < ?) r WHERE r.place <= ? ORDER BY r.from_at, r.id"
	insertReservation = "INSERT INTO reservation (id, key_id, held_key, holder, department, from_at, to_at, reserved_by, reserved_at, comment_seq) VALUES "
	updateUsed        = "UPDATE reservation SET held_key = NULL, loan = ? WHERE id = ?"
	updateCancelled   = "UPDATE reservation SET held_key = NULL, cancelled_by = ?, cancelled_at = ? WHERE id = ?"
)

// endOfTime is later than any time of a reservation.
func endOfTime() time.Time { return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC) }

// selectHeldByKey gives the reservations of keys that count at now or later, by key and in the order of time. Whoever
// decides by them holds the locks of the keys.
func selectHeldByKey(ctx context.Context, q mysql.Querier, keys []id.ID, now time.Time) (map[id.ID][]*Reservation, error) {
	query, args, err := mysql.In(selectHeld, keys, now)
	if err != nil {
		return nil, err
	}
	var rows []*Reservation
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	return byKey(rows, now), nil
}

func byKey(rows []*Reservation, now time.Time) map[id.ID][]*Reservation {
	held := map[id.ID][]*Reservation{}
	for _, r := range rows {
		held[r.KeyID] = append(held[r.KeyID], r.asOf(now))
	}
	return held
}

// insertReservations writes reservations whose entries begin at a place of the ledger, one each in order.
func insertReservations(ctx context.Context, tx *mysql.Tx, reservations []*Reservation) error {
	holders := make([]id.ID, len(reservations))
	for i, r := range reservations {
		holders[i] = r.HolderID
	}
	if err := keepPeople(ctx, tx, holders...); err != nil {
		return err
	}
	const row = "(?,?,?,?,?,?,?,?,?,?)"
	args := make([]any, 0, 10*len(reservations))
	for _, r := range reservations {
		args = append(args, r.ID, r.KeyID, r.KeyID, r.HolderID, r.Department, r.From, r.To, r.ReservedByID, r.ReservedAt, r.CommentSeq)
	}
	_, err := tx.Exec(ctx, insertReservation+strings.Repeat(row+",", len(reservations)-1)+row, args...)
	return err
}

// storeUsed notes the loans that reservations became.
func storeUsed(ctx context.Context, tx *mysql.Tx, used []*Reservation) error {
	for _, r := range used {
		if _, err := tx.Exec(ctx, updateUsed, r.LoanID, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// loadComments opens what was written with reservations.
func (s *Service) loadComments(ctx context.Context, q mysql.Querier, reservations []*Reservation) error {
	var seqs []uint64
	written := map[uint64]*Reservation{}
	for _, r := range reservations {
		if r.CommentSeq != nil {
			seqs = append(seqs, *r.CommentSeq)
			written[*r.CommentSeq] = r
		}
	}
	texts, err := s.openTexts(ctx, q, seqs, ledger.FieldComment)
	for seq, text := range texts {
		written[seq].Comment = &text
	}
	return err
}

// openTexts gives a sealed text of entries by their places, as far as they are there and were not forgotten.
func (s *Service) openTexts(ctx context.Context, q mysql.Querier, seqs []uint64, field string) (map[uint64]string, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	entries, err := s.ledger.ReadSeqs(ctx, q, seqs)
	if err != nil {
		return nil, err
	}
	texts := make(map[uint64]string, len(entries))
	for i := range entries {
		var text string
		found, err := s.ledger.Unseal(ctx, &entries[i], field, &text)
		switch {
		case errors.Is(err, seal.ErrDestroyed):
		case err != nil:
			return nil, err
		case found:
			texts[entries[i].Seq] = text
		}
	}
	return texts, nil
}
