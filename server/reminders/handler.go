package reminders

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	insertReminder  = "INSERT INTO reminder (loan, kind, moment, mail, sent_at) VALUES (?, ?, ?, ?, NULL)"
	selectGiven     = "SELECT loan, kind, moment FROM reminder WHERE loan IN (?)"
	selectOfMail    = "SELECT loan, kind, moment FROM reminder WHERE mail = ? ORDER BY loan"
	forgetGiven     = "DELETE FROM reminder WHERE mail = ? AND loan = ?"
	dropReminder    = "UPDATE reminder SET mail = NULL WHERE mail = ? AND loan = ?"
	noteSent        = "UPDATE reminder SET sent_at = ? WHERE mail = ?"
	forgetReminders = "DELETE FROM reminder WHERE moment < ? LIMIT 1000"
)

type given struct {
	Loan   id.ID     `db:"loan"`
	Kind   Kind      `db:"kind"`
	Moment time.Time `db:"moment"`
}

func (g given) is(r reminder) bool { return g.Kind == r.kind && g.Moment.Equal(r.moment) }

// ungiven leaves out what was given to the outbox before.
func (s *Service) ungiven(ctx context.Context, q mysql.Querier, all []asked) ([]asked, error) {
	if len(all) == 0 {
		return nil, nil
	}
	query, args, err := mysql.In(selectGiven, loansOf(all))
	if err != nil {
		return nil, err
	}
	var rows []given
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	byLoan := make(map[id.ID][]given, len(rows))
	for _, g := range rows {
		byLoan[g.Loan] = append(byLoan[g.Loan], g)
	}
	var fresh []asked
	for _, a := range all {
		before := false
		for _, g := range byLoan[a.out.LoanID] {
			before = before || g.is(a.reminder)
		}
		if !before {
			fresh = append(fresh, a)
		}
	}
	return fresh, nil
}

// Renew implements mail.Handler: a reminder is written anew as things are by now, about the keys that are still out on the
// same terms with whom it goes to, and is not wanted when there is none or when a later reminder has taken its place.
func (s *Service) Renew(ctx context.Context, one id.ID, was mail.Message) (mail.Message, bool, error) {
	var rows []given
	if err := s.db.Select(ctx, &rows, selectOfMail, one); err != nil || len(rows) == 0 {
		return mail.Message{}, false, err
	}
	loans := make([]id.ID, len(rows))
	for i := range rows {
		loans[i] = rows[i].Loan
	}
	outs, err := s.loans.OutByLoan(ctx, s.db, loans)
	if err != nil {
		return mail.Message{}, false, err
	}
	now := s.now()
	var still []custody.Out
	for _, g := range rows {
		if r, ok := s.reminderOf(outs[g.Loan], now); ok && g.is(r) {
			still = append(still, outs[g.Loan])
		} else if _, err := s.db.Exec(ctx, dropReminder, one, g.Loan); err != nil {
			return mail.Message{}, false, err
		}
	}
	if len(still) == 0 {
		return mail.Message{}, false, nil
	}
	if still, err = s.ofReceiver(ctx, one, was, still); err != nil {
		return mail.Message{}, false, err
	}
	holder, known := s.people.Find(still[0].HolderID)
	if !known || holder.Erased || holder.Email == "" {
		return mail.Message{}, false, nil
	}
	m, err := s.texts.reminder(holder, rows[0].Kind, still)
	return m, err == nil, err
}

// ofReceiver leaves out the keys that turned out to be with somebody else, so that he is reminded of them by himself.
func (s *Service) ofReceiver(ctx context.Context, one id.ID, was mail.Message, still []custody.Out) ([]custody.Out, error) {
	receiver := s.people.True(still[0].HolderID)
	for _, out := range still {
		if p, known := s.people.Find(out.HolderID); known && p.Email == was.To {
			receiver = p.ID
			break
		}
	}
	var his []custody.Out
	for _, out := range still {
		if s.people.True(out.HolderID) == receiver {
			his = append(his, out)
		} else if _, err := s.db.Exec(ctx, forgetGiven, one, out.LoanID); err != nil {
			return nil, err
		}
	}
	return his, nil
}

// Sent implements mail.Handler: each key of which its holder was reminded gets an entry (key.reminder_sent), which says
// nothing of the address.
func (s *Service) Sent(ctx context.Context, tx *mysql.Tx, one id.ID, at time.Time) error {
	var rows []given
	if err := tx.Select(ctx, &rows, selectOfMail, one); err != nil || len(rows) == 0 {
		return err
	}
	loans := make([]id.ID, len(rows))
	for i := range rows {
		loans[i] = rows[i].Loan
	}
	outs, err := s.loans.OutByLoan(ctx, tx, loans)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, noteSent, at.UTC(), one); err != nil {
		return err
	}
	drafts := make([]ledger.Draft, 0, len(rows))
	for _, g := range rows {
		if out, ok := outs[g.Loan]; ok {
			drafts = append(drafts, sentDraft(g, out, one))
		}
	}
	_, err = s.ledger.Append(ctx, tx, drafts...)
	return err
}

func sentDraft(g given, out custody.Out, one id.ID) ledger.Draft {
	d := ledger.Draft{
		Stream: ledger.StreamKey, System: true, Action: ledger.KeyReminderSent, Person: out.HolderID, Department: out.Department,
		Entity:  ledger.Entity{Type: custody.EntityKey, ID: out.KeyID.String(), Label: out.Number},
		Refs:    []ledger.Ref{{Role: custody.RefLoan, Type: custody.RefLoan, ID: out.LoanID.String()}, {Role: "mail", Type: "mail", ID: one.String()}},
		Details: map[string]any{"kind": string(g.Kind)},
	}
	if out.DueAt != nil {
		d.Details["dueAt"] = *out.DueAt
	}
	return d
}
