// Package reminders reminds the holders of keys by e-mail, and writes to those who take care of alerts when one becomes
// urgent.
package reminders

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/turn"
)

// Config says when who is written to.
type Config struct {
	// Zone is what times are shown in, and where mornings are.
	Zone *time.Location
	// Before is how long before the due time holders are reminded, 0 for not at all.
	Before time.Duration
	// AlertMail is whom urgent alerts are written to, and AlertLanguage how: en or lv.
	AlertMail     []string
	AlertLanguage string
}

const (
	topicReminder = "reminder"
	topicAlert    = "alert"

	interval = 20 * time.Second
	// tickTimeout bounds one look.
	tickTimeout = 5 * time.Minute
	pageSize    = 200
	// kept is how long it is remembered what was given to the outbox, longer than any reminder may be late.
	kept = 60 * 24 * time.Hour
)

// Service reminds. It is safe for concurrent use.
type Service struct {
	db     *mysql.DB
	ledger *ledger.Ledger
	people *people.Service
	loans  *custody.Service
	mail   *mail.Service
	config Config
	texts  *texts
	turn   *turn.Turn
	now    func() time.Time
	log    *slog.Logger
}

// New makes the service, which handles the e-mails that it gives to the outbox. Run must be running for anybody to be
// reminded.
func New(db *mysql.DB, l *ledger.Ledger, persons *people.Service, loans *custody.Service, m *mail.Service, c Config,
	now func() time.Time, log *slog.Logger,
) (*Service, error) {
	t, err := newTexts(c.Zone)
	if err != nil {
		return nil, err
	}
	s := &Service{
		db: db, ledger: l, people: persons, loans: loans, mail: m, config: c, texts: t, turn: turn.New(db, "reminders"), now: now, log: log,
	}
	m.Handle(topicReminder, s)
	return s, nil
}

// Run reminds at intervals until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if !s.mail.Enabled() {
		return nil
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		if err := s.tickOnce(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("nobody could be reminded; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

func (s *Service) tickOnce(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tickTimeout)
	defer cancel()
	return s.Tick(ctx, s.now())
}

// Tick gives the outbox every reminder whose time has come: each once, however often it is called and by however many
// servers. It does nothing while another server has the turn.
func (s *Service) Tick(ctx context.Context, now time.Time) (err error) {
	if !s.mail.Enabled() {
		return nil
	}
	now = now.UTC().Truncate(time.Microsecond)
	mine, err := s.turn.Take(ctx, now)
	if err != nil || !mine {
		return err
	}
	defer func() { err = errors.Join(err, s.turn.Leave(ctx)) }()
	if _, err := s.db.Exec(ctx, forgetReminders, now.Add(-kept)); err != nil {
		return err
	}
	var last *custody.Out
	var held []custody.Out // by the one holder that is being read
	for {
		page, err := s.loans.DueOut(ctx, s.db, now.Add(s.config.Before), last, pageSize)
		if err != nil {
			return err
		}
		for i := range page {
			if len(held) > 0 && (held[0].HolderID != page[i].HolderID || len(held) >= pageSize) {
				if err := s.remind(ctx, held, now); err != nil {
					return err
				}
				held = nil
			}
			held = append(held, page[i])
		}
		if len(page) < pageSize {
			return s.remind(ctx, held, now)
		}
		last = &page[len(page)-1]
	}
}

// remind gives the outbox what a holder is to be reminded of, one e-mail for each kind.
func (s *Service) remind(ctx context.Context, held []custody.Out, now time.Time) error {
	fresh, err := s.ungiven(ctx, s.db, s.asking(held, now))
	if err != nil || len(fresh) == 0 {
		return err
	}
	holder, known := s.people.Find(fresh[0].out.HolderID)
	if !known || holder.Erased || holder.Email == "" {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.turn.Keep(ctx, tx, now); err != nil {
			return err
		}
		locked, err := s.loans.LockOut(ctx, tx, loansOf(fresh)) // so that none is returned meanwhile
		if err != nil {
			return err
		}
		still := make([]custody.Out, 0, len(fresh))
		for _, a := range fresh {
			still = append(still, locked[a.out.LoanID])
		}
		asked, err := s.ungiven(ctx, tx, s.asking(still, now))
		if err != nil {
			return err
		}
		for _, kind := range []Kind{Before, Overdue, Daily} {
			if err := s.give(ctx, tx, holder, kind, asked); err != nil {
				return err
			}
		}
		return nil
	})
}

// asked is a loan with the reminder that it asks for.
type asked struct {
	out custody.Out
	reminder
}

// asking gives which of some loans ask for a reminder.
func (s *Service) asking(held []custody.Out, now time.Time) []asked {
	var found []asked
	for _, out := range held {
		if r, ok := s.reminderOf(out, now); ok {
			found = append(found, asked{out, r})
		}
	}
	return found
}

func (s *Service) reminderOf(out custody.Out, now time.Time) (reminder, bool) {
	if out.ReturnedAt != nil || out.DueAt == nil {
		return reminder{}, false
	}
	return reminderAt(out.IssuedAt, *out.DueAt, now, s.config.Before, s.config.Zone)
}

func loansOf(all []asked) []id.ID {
	loans := make([]id.ID, len(all))
	for i := range all {
		loans[i] = all[i].out.LoanID
	}
	return loans
}

// give stores the e-mail of one kind, and that it was given.
func (s *Service) give(ctx context.Context, tx *mysql.Tx, holder *people.Person, kind Kind, all []asked) error {
	var outs []custody.Out
	for _, a := range all {
		if a.kind == kind {
			outs = append(outs, a.out)
		}
	}
	if len(outs) == 0 {
		return nil
	}
	m, err := s.texts.reminder(holder, kind, outs)
	if err != nil {
		return err
	}
	one, err := s.mail.Add(ctx, tx, topicReminder, holder.ID, m)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.kind != kind {
			continue
		}
		if _, err := tx.Exec(ctx, insertReminder, a.out.LoanID, a.kind, a.moment.UTC(), one); err != nil {
			return err
		}
	}
	return nil
}
