package custody

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// PastLoan is a loan that happened before it was recorded here: in an older system, or in sample data.
type PastLoan struct {
	Key    id.ID
	Holder id.ID
	// IssuedBy and ReturnedBy are who performed the movements; zero means the importing actor.
	IssuedBy   id.ID
	IssuedAt   time.Time
	DueAt      *time.Time
	Comment    string
	ReturnedBy id.ID
	// ReturnedAt is nil for a loan that is still open.
	ReturnedAt    *time.Time
	ReturnComment string
	// IssueKey and ReturnKey are permanent idempotency keys of the two movements, for ImportOnce.
	IssueKey  string
	ReturnKey string
	// ReturnInferred says that nobody noted the return, and that it follows from the next issue.
	ReturnInferred bool
}

// loansPerBatch keeps a batch at about 500 entries, so that the ledger's head is never locked for long.
const loansPerBatch = 250

// ImportMovements records loans of the past with their entries, oldest first, in batches that are each stored
// whole. It gives how many loans were stored: all, or those before the batch that failed.
// BAD_USER_INPUT or CONFLICT, with the place in the input, for an unknown key or holder, times in disorder, or
// two loans of one key that overlap.
func (s *Service) ImportMovements(ctx context.Context, actor *access.Actor, past []PastLoan) (int, error) {
	for _, p := range []access.Permission{access.KeysManage, access.KeysIssue} {
		if _, err := s.access.Require(ctx, actor, p); err != nil {
			return 0, err
		}
	}
	rows, err := s.orderPast(past)
	if err != nil {
		return 0, err
	}
	stored := 0
	for batch := range slices.Chunk(rows, loansPerBatch) {
		err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error { return s.importBatch(ctx, tx, actor, batch) })
		if err != nil {
			return stored, err
		}
		stored += len(batch)
	}
	return stored, nil
}

// pastRow is a loan of the input, its place there, and its holder.
type pastRow struct {
	PastLoan
	place  int
	holder holder
}

// orderPast checks the input by itself and gives it oldest first.
func (s *Service) orderPast(past []PastLoan) ([]pastRow, error) {
	now := s.instant()
	rows := make([]pastRow, len(past))
	for i, p := range past {
		p.IssuedAt, p.ReturnedAt, p.DueAt = *inUTC(&p.IssuedAt), inUTC(p.ReturnedAt), inUTC(p.DueAt)
		h, ok := s.people.Find(p.Holder)
		switch {
		case !ok || h.Erased:
			return nil, member("movements", i, "there is no such holder: %s", p.Holder)
		case p.IssuedAt.After(now) || p.ReturnedAt != nil && p.ReturnedAt.After(now):
			return nil, member("movements", i, "it lies in the future")
		case p.ReturnedAt != nil && p.ReturnedAt.Before(p.IssuedAt):
			return nil, member("movements", i, "it was returned before it was issued")
		}
		rows[i] = pastRow{PastLoan: p, place: i, holder: holderOf(h)}
	}
	slices.SortStableFunc(rows, func(a, b pastRow) int { return a.IssuedAt.Compare(b.IssuedAt) })
	last := map[id.ID]*pastRow{}
	for i := range rows {
		if before := last[rows[i].Key]; before != nil && overlaps(before.ReturnedAt, rows[i].IssuedAt) {
			return nil, overlapping(rows[i].place)
		}
		last[rows[i].Key] = &rows[i]
	}
	return rows, nil
}

// overlaps reports whether a loan that was returned then, or not at all, reaches into one issued at that time.
func overlaps(returned *time.Time, issued time.Time) bool {
	return returned == nil || issued.Before(*returned)
}

func overlapping(place int) error {
	f := fault.New(fault.Conflict, "Loan %d of the import overlaps another loan of the same key: one key has one holder at a time.", place)
	f.Field = memberOf("movements", place)
	return f
}

func (s *Service) importBatch(ctx context.Context, tx *mysql.Tx, actor *access.Actor, batch []pastRow) error {
	keys, err := s.lockForImport(ctx, tx, batch)
	if err != nil {
		return err
	}
	loans := make([]*Loan, len(batch))
	moves := make([]ledger.Draft, 0, 2*len(batch))
	for i := range batch {
		row := &batch[i]
		loans[i] = row.loan(actor)
		issued, returned := row.movements(loans[i], keys[row.Key])
		moves = append(moves, issued.draft(by(actor, loans[i].IssuedByID)))
		if returned != nil {
			moves = append(moves, returned.draft(by(actor, loans[i].ReturnedByID)))
		}
	}
	slices.SortStableFunc(moves, func(a, b ledger.Draft) int { return a.OccurredAt.Compare(b.OccurredAt) })
	if err := insertLoans(ctx, tx, loans); err != nil {
		return err
	}
	_, err = s.ledger.Append(ctx, tx, moves...)
	return err
}

func (row *pastRow) loan(actor *access.Actor) *Loan {
	l := &Loan{
		ID: id.NewAt(row.IssuedAt), KeyID: row.Key, HolderID: row.Holder, Department: row.holder.department,
		IssuedByID: cmp.Or(row.IssuedBy, actor.Person), IssuedAt: row.IssuedAt, DueAt: row.DueAt,
		ReturnedAt: row.ReturnedAt, IssuedEntry: id.NewAt(row.IssuedAt),
	}
	if row.ReturnedAt != nil {
		l.close(EndReturned, *row.ReturnedAt, cmp.Or(row.ReturnedBy, actor.Person), id.NewAt(*row.ReturnedAt))
	}
	return l
}

func (row *pastRow) movements(l *Loan, key *Key) (issued movement, returned *movement) {
	issued = movement{
		action: ledger.KeyIssued, entry: l.IssuedEntry, key: key, loan: l, holder: row.holder,
		at: row.IssuedAt, comment: row.Comment, imported: row.IssueKey != "",
	}
	if row.ReturnedAt != nil {
		returned = &movement{
			action: ledger.KeyReturned, entry: l.ReturnedEntry, key: key, loan: l, holder: row.holder,
			at: *row.ReturnedAt, comment: row.ReturnComment, imported: row.ReturnKey != "", inferred: row.ReturnInferred,
		}
	}
	return issued, returned
}

// by gives the importing actor acting for whoever performed a movement. From where is known of himself only.
func by(actor *access.Actor, person id.ID) *access.Actor {
	if person == actor.Person {
		return actor
	}
	return &access.Actor{Person: person, Source: actor.Source}
}

const selectLoansBetween = selectLoanRows + " WHERE l.key_id IN (?) AND l.issued_at < ?" +
	" AND (l.returned_at IS NULL OR l.returned_at > ?) AND (l.ended_as IS NULL OR l.ended_as <> 'VOIDED')"

// lockForImport locks the batch's keys and refuses what overlaps loans that are there already.
func (s *Service) lockForImport(ctx context.Context, tx *mysql.Tx, batch []pastRow) (map[id.ID]*Key, error) {
	ids := keysOf(batch)
	keys, err := lockKeys(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	known, err := loansBetween(ctx, tx, ids, batch)
	if err != nil {
		return nil, err
	}
	for _, row := range batch {
		if keys[row.Key] == nil {
			return nil, member("movements", row.place, "there is no such key: %s", row.Key)
		}
		if keys[row.Key].RetiredAt != nil && row.ReturnedAt == nil {
			return nil, member("movements", row.place, "key %s was retired and cannot be out", keys[row.Key].Number)
		}
		for _, other := range known[row.Key] {
			if overlaps(other.ReturnedAt, row.IssuedAt) && overlaps(row.ReturnedAt, other.IssuedAt) {
				return nil, overlapping(row.place)
			}
		}
	}
	return keys, nil
}

// keysOf gives the ids of a batch's keys, each once and in order.
func keysOf(batch []pastRow) []id.ID {
	ids := make([]id.ID, len(batch))
	for i, row := range batch {
		ids[i] = row.Key
	}
	slices.SortFunc(ids, func(a, b id.ID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

// loansBetween gives the loans of keys that reach into the time of a batch.
func loansBetween(ctx context.Context, tx *mysql.Tx, ids []id.ID, batch []pastRow) (map[id.ID][]*Loan, error) {
	first, last := batch[0].IssuedAt, batch[len(batch)-1].IssuedAt
	for _, row := range batch {
		if row.ReturnedAt == nil {
			last = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
			break
		}
		if row.ReturnedAt.After(last) {
			last = *row.ReturnedAt
		}
	}
	query, args, err := mysql.In(selectLoansBetween, ids, last, first)
	if err != nil {
		return nil, err
	}
	var rows []*Loan
	if err := tx.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	loans := make(map[id.ID][]*Loan, len(ids))
	for _, l := range rows {
		loans[l.KeyID] = append(loans[l.KeyID], l)
	}
	return loans, nil
}
