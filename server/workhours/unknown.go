package workhours

import (
	"context"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	// MaxUnknown is how many users that belong to nobody may wait for review.
	MaxUnknown = 1000
	// unknownPage is how many of them are looked at together.
	unknownPage = 500
)

const selectRoom = "SELECT EXISTS (SELECT 1 FROM work_unknown WHERE subject = ?) AS listed, (SELECT COUNT(*) FROM work_unknown WHERE dismissed = 0) AS waiting"

// awaitReview lets a user through who belongs to nobody: one who waits for review already, or for whom there is room.
// Nobody is made a person by a report.
func (s *Service) awaitReview(ctx context.Context, source, user string) error {
	subject, err := s.userHash(ctx, source, user)
	if err != nil {
		return err
	}
	var room struct {
		Listed  bool `db:"listed"`
		Waiting int  `db:"waiting"`
	}
	if err := s.db.Get(ctx, &room, selectRoom, subject); err != nil || room.Listed || room.Waiting < MaxUnknown {
		return err
	}
	f := fault.New(fault.RateLimited, "The user is not known, and %d others wait for review already: add the user as an external name of source %s to a person.", room.Waiting, source)
	f.RetryAfter = time.Hour
	return f
}

// Unknown is a user that reports named and whom nobody is known by.
type Unknown struct {
	ID id.ID
	// Source and User are what to add to a person as an external name. User is "" where it was forgotten.
	Source, User    string
	FirstAt, LastAt time.Time
	Reports         uint64
}

const (
	selectUnknowns = "SELECT person, seq, first_at, last_at, reports FROM (SELECT subject AS person, seq, first_at, last_at, reports, dismissed FROM work_unknown) u"
	deleteUnknown  = "DELETE FROM work_unknown WHERE subject = ?"
)

type unknownRow struct {
	Subject id.ID     `db:"person"`
	Seq     uint64    `db:"seq"`
	FirstAt time.Time `db:"first_at"`
	LastAt  time.Time `db:"last_at"`
	Reports uint64    `db:"reports"`
}

// unknowns gives a page of them: of those who wait for review, or of all.
func (s *Service) unknowns(ctx context.Context, w page.Window, waiting bool) ([]Unknown, error) {
	where := &mysql.Where{}
	if waiting {
		where.And("dismissed = 0")
	}
	order, err := byPerson(where, among{all: true}, w)
	if err != nil {
		return nil, err
	}
	var rows []unknownRow
	if err := s.db.Select(ctx, &rows, selectUnknowns+where.SQL()+order, where.Args(w.Limit+1)...); err != nil {
		return nil, err
	}
	all := make([]Unknown, len(rows))
	for i, r := range rows {
		all[i] = Unknown{ID: r.Subject, FirstAt: r.FirstAt, LastAt: r.LastAt, Reports: r.Reports}
		entries, err := s.ledger.ReadSeqs(ctx, s.db, []uint64{r.Seq})
		if err != nil {
			return nil, err
		}
		if len(entries) == 0 {
			continue // pruned: the name is gone
		}
		all[i].Source = entries[0].Source
		if _, err := s.ledger.Unseal(ctx, &entries[0], ledger.FieldUsername, &all[i].User); err != nil && !errors.Is(err, seal.ErrDestroyed) {
			return nil, fault.Wrap(err, fault.Internal, "the user of entry %d cannot be read", r.Seq)
		}
	}
	return all, nil
}

// claimUnknown gives the reports of users that have become known since to the persons whom they name, and strikes users
// off the list whose names are gone: nobody could ever make them known. Of those who were erased the reports go, too.
func (s *Service) claimUnknown(ctx context.Context) error {
	w := page.Window{Limit: unknownPage}
	for {
		waiting, err := s.unknowns(ctx, w, false)
		if err != nil {
			return err
		}
		some := waiting[:min(len(waiting), w.Limit)]
		erased, err := s.erasedAmong(ctx, some)
		if err != nil {
			return err
		}
		for _, u := range some {
			if erased[u.name()] {
				err = s.forgetUnknown(ctx, u.ID)
			} else {
				err = s.claimOne(ctx, u)
			}
			if err != nil {
				return err
			}
			w.Cursor = page.Encode(u.ID[:])
		}
		if len(waiting) <= w.Limit {
			return nil
		}
	}
}

func (u *Unknown) name() people.ExternalName {
	return people.ExternalName{Source: u.Source, Name: u.User}
}

// erasedAmong gives the names of those users who were somebody that was erased.
func (s *Service) erasedAmong(ctx context.Context, users []Unknown) (map[people.ExternalName]bool, error) {
	var names []people.ExternalName
	for _, u := range users {
		if u.User != "" {
			names = append(names, u.name())
		}
	}
	return s.people.Gone(ctx, names)
}

// forgetUnknown deletes what is kept of a user who was erased.
func (s *Service) forgetUnknown(ctx context.Context, subject id.ID) error {
	if err := s.Forget(ctx, subject); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, deleteUnknown, subject)
	return err
}

// claimOne gives a user's reports to whom he is known as. Who was merged or erased meanwhile is asked of the database.
func (s *Service) claimOne(ctx context.Context, u Unknown) error {
	person, known := s.people.Known(u.Source, u.User)
	if u.User != "" && !known {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if u.User != "" {
			now, err := standing(ctx, tx, []id.ID{person})
			if err != nil || now[person].IsZero() {
				return err // he was erased: the next run, which has heard of it, forgets him
			}
			if err := move(ctx, tx, u.ID, now[person]); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, deleteUnknown, u.ID)
		return err
	})
}

// Unknown lists users that reports named and whom nobody is known by, for whoever may add them to people.
func (s *Service) Unknown(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*Unknown], error) {
	var none page.Page[*Unknown]
	scope, err := s.access.Require(ctx, actor, access.PeopleManage)
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	waiting, err := s.unknowns(ctx, w, true)
	if err != nil {
		return none, err
	}
	if scope != access.All { // whoever adds visitors is not shown who works
		waiting = nil
	}
	rows := make([]*Unknown, len(waiting))
	for i := range waiting {
		rows[i] = &waiting[i]
	}
	return page.Cut(w, rows, func(u *Unknown) string { return page.Encode(u.ID[:]) }), nil
}
