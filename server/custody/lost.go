package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	updateKeyLost  = "UPDATE physical_key SET lost_at = ? WHERE id = ?"
	updateKeyFound = "UPDATE physical_key SET lost_at = NULL, found_at = ? WHERE id = ?"
)

// ReportInput says that a key is lost or found.
type ReportInput struct {
	Key id.ID
	// Comment has at most 2,000 characters; it is kept sealed.
	Comment string
	// OccurredAt is set when it is recorded afterwards; then Reason is needed.
	OccurredAt     *time.Time
	Reason         string
	IdempotencyKey string
}

func (in ReportInput) checked() (ReportInput, error) {
	var err error
	if in.Comment, err = prose("comment", in.Comment, MaxComment); err != nil {
		return in, err
	}
	if in.Reason, err = prose("reason", in.Reason, MaxReason); err != nil {
		return in, err
	}
	in.OccurredAt = inUTC(in.OccurredAt)
	return in, moment{in.OccurredAt, in.Reason}.check()
}

// Report is a key that was reported lost or found.
type Report struct {
	Key *Key
	// Loan is the one that ended with the loss, nil when there was none.
	Loan  *Loan
	Entry ledger.Entry
}

// ReportLost says that a key is lost. Whoever may issue keys may, all of them for a key that is in; and its holder.
// CONFLICT when it is lost already or retired; NOT_FOUND for a key that the actor cannot see.
func (s *Service) ReportLost(ctx context.Context, actor *access.Actor, in ReportInput) (*Report, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysView); err != nil {
		return nil, err
	}
	made, err := s.report(ctx, actor, "reportKeyLost", in, s.lose)
	return made, s.refusal(ctx, actor, err)
}

// ReportFound says that a lost key is there again. CONFLICT when it is not lost.
func (s *Service) ReportFound(ctx context.Context, actor *access.Actor, in ReportInput) (*Report, error) {
	if err := s.requireAll(ctx, actor, access.KeysIssue); err != nil {
		return nil, err
	}
	return s.report(ctx, actor, "reportKeyFound", in, s.find)
}

// reported changes a key, and gives what changed and the entry that says so.
type reported func(ctx context.Context, tx *mysql.Tx, actor *access.Actor, in ReportInput) (*Report, *movement, error)

func (s *Service) report(ctx context.Context, actor *access.Actor, name string, in ReportInput, do reported) (*Report, error) {
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	var made *Report
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{name: in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayReport(ctx, tx, claim)
			return err
		}
		var m *movement
		if made, m, err = do(ctx, tx, actor, in); err != nil {
			return err
		}
		entries, err := s.finish(ctx, tx, claim, []ledger.Draft{m.draft(actor)})
		if err != nil {
			return err
		}
		made.Entry = entries[0]
		made.Key, err = s.oneKey(ctx, tx, in.Key)
		return err
	})
	return made, err
}

func (s *Service) lose(ctx context.Context, tx *mysql.Tx, actor *access.Actor, in ReportInput) (*Report, *movement, error) {
	p, err := s.lockPlace(ctx, tx, in.Key)
	if err != nil {
		return nil, nil, err
	}
	if err := s.mayLose(actor, p); err != nil {
		return nil, nil, err
	}
	at, err := p.decideLost(in, s.instant().In(s.zone))
	if err != nil {
		return nil, nil, err
	}
	cancelled, err := cancelPending(ctx, tx, []id.ID{in.Key}, s.instant(), actor.Person)
	if err != nil {
		return nil, nil, err
	}
	if _, err := tx.Exec(ctx, updateKeyLost, at, in.Key); err != nil {
		return nil, nil, err
	}
	m := &movement{
		action: ledger.KeyLost, entry: id.New(), key: p.key, at: at, comment: in.Comment, reason: in.Reason,
		refs: cancelled.refs(in.Key),
	}
	if p.open == nil {
		return &Report{}, m, nil
	}
	last, err := s.people.Lookup(ctx, p.open.HolderID)
	if err != nil {
		return nil, nil, err
	}
	p.open.close(EndLost, at, actor.Person, m.entry)
	m.loan, m.holder = p.open, holderOf(last)
	return &Report{Loan: p.open}, m, closeLoan(ctx, tx, p.open)
}

// mayLose demands that the actor holds the key or may issue it. Whoever does not see the key is told that there is none.
func (s *Service) mayLose(actor *access.Actor, p *place) error {
	var person, department id.ID
	if p.open != nil {
		person, department = p.open.HolderID, p.open.Department
	}
	switch {
	case holds(actor, p.open), s.access.ScopeOf(actor, access.KeysIssue).Reaches(actor, person, department):
		return nil
	case !s.access.ScopeOf(actor, access.KeysView).Reaches(actor, person, department):
		return noSuchKey()
	}
	return notReached()
}

// decideLost gives when the key was lost, or why it cannot be reported.
func (p *place) decideLost(in ReportInput, now time.Time) (time.Time, error) {
	if p.key.RetiredAt != nil {
		return time.Time{}, fault.New(fault.Conflict, "Key %s was retired: it can no longer be lost.", p.key.Number)
	}
	if p.key.LostAt != nil {
		return time.Time{}, fault.New(fault.Conflict, "Key %s is lost already, since %s.", p.key.Number, shown(*p.key.LostAt, now))
	}
	earliest := p.freeSince()
	if p.open != nil {
		earliest = p.open.IssuedAt
	}
	return moment{in.OccurredAt, in.Reason}.when(now, earliest, p.key.Number)
}

func (s *Service) find(ctx context.Context, tx *mysql.Tx, _ *access.Actor, in ReportInput) (*Report, *movement, error) {
	p, err := s.lockPlace(ctx, tx, in.Key)
	if err != nil {
		return nil, nil, err
	}
	if p.key.RetiredAt != nil {
		return nil, nil, fault.New(fault.Conflict, "Key %s was retired: add it anew if it is to be used again.", p.key.Number)
	}
	if p.key.LostAt == nil {
		return nil, nil, fault.New(fault.Conflict, "Key %s is not lost, so it cannot be found.", p.key.Number)
	}
	at, err := moment{in.OccurredAt, in.Reason}.when(s.instant().In(s.zone), *p.key.LostAt, p.key.Number)
	if err != nil {
		return nil, nil, err
	}
	_, err = tx.Exec(ctx, updateKeyFound, at, in.Key)
	return &Report{}, &movement{
		action: ledger.KeyFound, entry: id.New(), key: p.key, at: at, comment: in.Comment, reason: in.Reason,
	}, err
}

// replayReport gives what a repeated request reported the first time, the key as it is now.
func (s *Service) replayReport(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim) (*Report, error) {
	entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	made := &Report{Entry: entries[0]}
	key, err := id.Parse(entries[0].Entity.ID)
	if err != nil {
		return nil, err
	}
	if made.Key, err = s.oneKey(ctx, tx, key); err != nil {
		return nil, err
	}
	loan, err := id.Parse(entries[0].Ref(RefLoan))
	if err != nil {
		return made, nil // the key was not out
	}
	loans, err := selectLoans(ctx, tx, []id.ID{loan}, s.instant())
	made.Loan = loans[loan]
	return made, err
}
