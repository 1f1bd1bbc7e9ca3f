package custody

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// Imported is what ImportOnce did with the loans that it was given.
type Imported struct {
	// Stored is how many loans are new, Closed how many that were imported open have come back since, and Repeated how
	// many were there already.
	Stored, Closed, Repeated int
	// Refused are loans that do not fit what is here, by their place in the input.
	Refused []Refused
}

// Refused is a loan that was not imported, and why.
type Refused struct {
	Place int
	Why   string
}

// ImportOnce records loans of the past with their entries, oldest first, as ImportMovements does, in batches that are
// each stored whole. Every loan has an IssueKey, and a ReturnKey when it has come back: what was recorded under a key
// is not recorded again. A loan that overlaps another one of its key is refused and the rest goes on. progress, if it
// is not nil, is told after each batch how many loans are done. The errors are those of ImportMovements.
func (s *Service) ImportOnce(ctx context.Context, actor *access.Actor, past []PastLoan, progress func(done int)) (Imported, error) {
	var all Imported
	for _, p := range []access.Permission{access.KeysManage, access.KeysIssue} {
		if _, err := s.access.Require(ctx, actor, p); err != nil {
			return all, err
		}
	}
	rows, err := s.orderPast(past)
	if err != nil {
		return all, err
	}
	done := 0
	for batch := range slices.Chunk(rows, loansPerBatch) {
		var part Imported
		err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
			part, err = s.importBatchOnce(ctx, tx, actor, batch)
			return err
		})
		if err != nil {
			return all, err
		}
		all.add(part)
		if done += len(batch); progress != nil {
			progress(done)
		}
	}
	return all, nil
}

func (i *Imported) add(part Imported) {
	i.Stored, i.Closed, i.Repeated = i.Stored+part.Stored, i.Closed+part.Closed, i.Repeated+part.Repeated
	i.Refused = append(i.Refused, part.Refused...)
}

// onceBatch is a batch on its way into the database.
type onceBatch struct {
	Imported
	s        *Service
	actor    *access.Actor
	keys     map[id.ID]*Key
	known    map[id.ID][]*Loan
	answered map[string]bool
	claims   []string
	opened   []*Loan
	closed   []*Loan
	moves    []ledger.Draft
	// ends are the moves that end loans of closed, in order.
	ends []int
}

func (s *Service) importBatchOnce(ctx context.Context, tx *mysql.Tx, actor *access.Actor, rows []pastRow) (Imported, error) {
	b, err := s.beginOnce(ctx, tx, actor, rows)
	if err != nil {
		return Imported{}, err
	}
	for i := range rows {
		b.take(&rows[i])
	}
	return b.Imported, b.store(ctx, tx)
}

// beginOnce locks the batch's keys and reads what is known of them.
func (s *Service) beginOnce(ctx context.Context, tx *mysql.Tx, actor *access.Actor, rows []pastRow) (*onceBatch, error) {
	b := &onceBatch{s: s, actor: actor}
	var used []string
	for _, row := range rows {
		used = append(used, row.IssueKey)
		if row.ReturnKey != "" {
			used = append(used, row.ReturnKey)
		}
	}
	ids := keysOf(rows)
	var err error
	if b.keys, err = lockKeys(ctx, tx, ids); err != nil {
		return nil, err
	}
	if b.answered, err = s.ledger.Answered(ctx, tx, actor.Caller(), used); err != nil {
		return nil, err
	}
	b.known, err = loansBetween(ctx, tx, ids, rows)
	return b, err
}

// take decides about one loan: it is new, or has come back since, or was there, or cannot be.
func (b *onceBatch) take(row *pastRow) {
	issued, returned := b.answered[row.IssueKey], row.ReturnKey != "" && b.answered[row.ReturnKey]
	switch {
	case issued && (returned || row.ReturnedAt == nil):
		b.Repeated++
	case issued:
		b.close(row)
	default:
		b.open(row)
	}
}

// close ends a loan that an earlier import left open.
func (b *onceBatch) close(row *pastRow) {
	for _, l := range b.known[row.Key] {
		if !l.Open() || !l.IssuedAt.Equal(row.IssuedAt) || b.s.people.True(l.HolderID) != row.holder.id {
			continue
		}
		l.close(EndReturned, *row.ReturnedAt, b.actor.Person, id.NewAt(*row.ReturnedAt))
		_, returned := row.movements(l, b.keys[row.Key])
		b.ends = append(b.ends, len(b.moves))
		b.moves = append(b.moves, returned.draft(b.actor))
		b.closed = append(b.closed, l)
		b.claims = append(b.claims, row.ReturnKey)
		b.Closed++
		return
	}
	b.Repeated++ // it came back here
}

func (b *onceBatch) open(row *pastRow) {
	if why := b.unfit(row); why != "" {
		b.Refused = append(b.Refused, Refused{row.place, why})
		return
	}
	l := row.loan(b.actor)
	issued, returned := row.movements(l, b.keys[row.Key])
	b.moves = append(b.moves, issued.draft(b.actor))
	b.claims = append(b.claims, row.IssueKey)
	if returned != nil {
		b.moves = append(b.moves, returned.draft(b.actor))
		b.claims = append(b.claims, row.ReturnKey)
	}
	b.opened = append(b.opened, l)
	b.known[row.Key] = append(b.known[row.Key], l)
	b.Stored++
}

// unfit says why a loan cannot have been, "" when it can.
func (b *onceBatch) unfit(row *pastRow) string {
	key := b.keys[row.Key]
	switch {
	case key == nil:
		return "there is no such key here any more"
	case key.RetiredAt != nil && row.ReturnedAt == nil:
		return "the key was retired here and cannot be out"
	case key.LostAt != nil && row.ReturnedAt == nil:
		return "the key is lost here and cannot be out"
	}
	for _, other := range b.known[row.Key] {
		if overlaps(other.ReturnedAt, row.IssuedAt) && overlaps(row.ReturnedAt, other.IssuedAt) {
			return "it overlaps another loan of the same key that is here"
		}
	}
	return ""
}

// store writes what was decided: what came back first, since a key has one open loan at most, and the entries last.
func (b *onceBatch) store(ctx context.Context, tx *mysql.Tx) error {
	for _, key := range b.claims {
		claim, err := b.s.ledger.Claim(ctx, tx, b.actor.Caller(), key, map[string]any{"importMovement": key})
		if err != nil {
			return err
		}
		if err := claim.Settle(ctx, tx, nil); err != nil {
			return err
		}
	}
	if err := b.storeClosed(ctx, tx); err != nil {
		return err
	}
	if err := insertLoans(ctx, tx, b.opened); err != nil {
		return err
	}
	if len(b.moves) == 0 {
		return nil
	}
	slices.SortStableFunc(b.moves, func(x, y ledger.Draft) int { return x.OccurredAt.Compare(y.OccurredAt) })
	_, err := b.s.ledger.Append(ctx, tx, b.moves...)
	return err
}

// storeClosed ends loans, and with them what waits of their keys.
func (b *onceBatch) storeClosed(ctx context.Context, tx *mysql.Tx) error {
	keys := make([]id.ID, len(b.closed))
	for i, l := range b.closed {
		keys[i] = l.KeyID
	}
	cancelled, err := cancelPending(ctx, tx, keys, b.s.instant(), b.actor.Person)
	if err != nil {
		return err
	}
	for i, l := range b.closed {
		move := &b.moves[b.ends[i]]
		move.Refs = append(move.Refs, cancelled.refs(l.KeyID)...)
		if err := closeLoan(ctx, tx, l); err != nil {
			return err
		}
	}
	return nil
}
