package privacy

import (
	"context"
	"io"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/savedviews"
	"github.com/keytrail/keytrail/server/signin"
)

// table is a file of the rows of one kind that are a person's.
type table struct {
	name string
	take func(ctx context.Context, s *Service, to io.Writer, persons []id.ID) error
}

// takenTables lists the files of state, in order.
func takenTables() []table {
	return []table{
		{"accounts.ndjson", takeAccounts},
		{"sessions.ndjson", takeSessions},
		{"loans.ndjson", rowsOf("SELECT id, key_id, issued_at, due_at, returned_at, ended_as FROM loan FORCE INDEX (loan_of_holder) WHERE holder IN (?) AND id > ? ORDER BY id LIMIT ?",
			func(r takenLoan) id.ID { return r.ID })},
		{"reservations.ndjson", rowsOf("SELECT id, key_id, from_at, to_at, reserved_at, cancelled_at FROM reservation FORCE INDEX (reservation_of_holder) WHERE holder IN (?) AND id > ? ORDER BY id LIMIT ?",
			func(r takenReservation) id.ID { return r.ID })},
		{"saved-views.ndjson", takeViews},
		{"work-days.ndjson", takeDays},
		{"work-times.ndjson", takeTimes},
		{"work-machines.ndjson", takeMachines},
		{"consents.ndjson", rowsOf(selectConsents+" WHERE person IN (?) AND id > ? ORDER BY id LIMIT ?", func(r Consent) id.ID { return r.ID })},
	}
}

type takenLoan struct {
	ID         id.ID      `db:"id" json:"loan"`
	KeyID      id.ID      `db:"key_id" json:"key"`
	IssuedAt   time.Time  `db:"issued_at" json:"issuedAt"`
	DueAt      *time.Time `db:"due_at" json:"dueAt"`
	ReturnedAt *time.Time `db:"returned_at" json:"returnedAt"`
	EndedAs    *string    `db:"ended_as" json:"endedAs"`
}

type takenReservation struct {
	ID          id.ID      `db:"id" json:"reservation"`
	KeyID       id.ID      `db:"key_id" json:"key"`
	From        time.Time  `db:"from_at" json:"from"`
	To          time.Time  `db:"to_at" json:"to"`
	ReservedAt  time.Time  `db:"reserved_at" json:"reservedAt"`
	CancelledAt *time.Time `db:"cancelled_at" json:"cancelledAt"`
}

// rowsOf takes the rows of a query that gives those of persons behind an id, at most so many.
func rowsOf[T any](query string, key func(T) id.ID) func(context.Context, *Service, io.Writer, []id.ID) error {
	return func(ctx context.Context, s *Service, to io.Writer, persons []id.ID) error {
		last := make([]byte, len(id.ID{}))
		for {
			var rows []T
			if err := selectExpanded(ctx, s.db, &rows, query, persons, last, takePage); err != nil {
				return err
			}
			for i := range rows {
				if err := writeJSON(to, rows[i]); err != nil {
					return err
				}
			}
			if len(rows) < takePage {
				return nil
			}
			at := key(rows[len(rows)-1])
			last = at[:]
		}
	}
}

func takeAccounts(ctx context.Context, s *Service, to io.Writer, persons []id.ID) error {
	accounts, err := s.Signin.AccountsOf(ctx, persons)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if err := writeJSON(to, a); err != nil {
			return err
		}
	}
	return nil
}

// takenSession is a sign-in that still counts.
type takenSession struct {
	ID        id.ID         `json:"session"`
	Account   id.ID         `json:"account"`
	From      ledger.Origin `json:"from"`
	CreatedAt time.Time     `json:"createdAt"`
	SeenAt    time.Time     `json:"seenAt"`
	ExpiresAt time.Time     `json:"expiresAt"`
}

func takeSessions(ctx context.Context, s *Service, to io.Writer, persons []id.ID) error {
	return s.Signin.EachSession(ctx, persons, func(one *signin.Session) error {
		return writeJSON(to, takenSession{one.ID, one.Account, one.Origin, one.CreatedAt, one.SeenAt, one.ExpiresAt})
	})
}

// takenView is a filter that somebody keeps under a name of his own.
type takenView struct {
	ID      id.ID           `json:"view"`
	List    savedviews.List `json:"list"`
	Name    string          `json:"name"`
	Search  string          `json:"search"`
	SavedAt time.Time       `json:"savedAt"`
}

func takeViews(ctx context.Context, s *Service, to io.Writer, persons []id.ID) error {
	if s.Views == nil {
		return nil
	}
	views, err := s.Views.OfPersons(ctx, persons)
	if err != nil {
		return err
	}
	for _, v := range views {
		if err := writeJSON(to, takenView{v.ID, v.List, v.Name, v.Search, v.SavedAt}); err != nil {
			return err
		}
	}
	return nil
}
