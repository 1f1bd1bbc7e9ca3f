package savedviews

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// namePurpose is what the hashes of names are for.
const namePurpose = "saved_view"

// Service keeps views. It is safe for concurrent use.
type Service struct {
	db   *mysql.DB
	seal *seal.Service
	now  func() time.Time
}

// New makes the service on a migrated database.
func New(db *mysql.DB, sealer *seal.Service, now func() time.Time) *Service {
	return &Service{db: db, seal: sealer, now: now}
}

// List gives the actor's own views of a list, by name: at most MaxViews for each person who turned out to be he.
func (s *Service) List(ctx context.Context, actor *access.Actor, list List) ([]*View, error) {
	if err := isSomebody(actor); err != nil {
		return nil, err
	}
	return s.byName(ctx, selectOfList, actor.Persons(), list, MaxViews*len(actor.Persons()))
}

// OfPersons gives all views of somebody, who is on record under these ids, whoever asks.
func (s *Service) OfPersons(ctx context.Context, persons []id.ID) ([]*View, error) {
	return s.byName(ctx, selectAll, persons, MaxViews*len(persons))
}

func (s *Service) byName(ctx context.Context, query string, args ...any) ([]*View, error) {
	query, args, err := mysql.In(query, args...)
	if err != nil {
		return nil, err
	}
	var rows []row
	if err := s.db.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	views := make([]*View, 0, len(rows))
	for _, r := range rows {
		v, err := s.open(ctx, r)
		if errors.Is(err, seal.ErrDestroyed) {
			continue
		}
		if err != nil {
			return nil, err
		}
		views = append(views, v)
	}
	slices.SortFunc(views, func(a, b *View) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return views, nil
}

// Save keeps a view: one that has its id or, for a new one, its name is replaced. NOT_FOUND when the actor has none of that
// id; CONFLICT when another of the same list has that name; BAD_USER_INPUT when he keeps MaxViews already.
func (s *Service) Save(ctx context.Context, actor *access.Actor, in Input) (*View, error) {
	if err := isSomebody(actor); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	name, err := s.seal.BlindIndex(ctx, namePurpose, strings.ToLower(in.Name))
	if err != nil {
		return nil, err
	}
	v := &View{List: in.List, Name: in.Name, Search: in.Search, SavedAt: s.now().UTC().Truncate(time.Microsecond)}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		kept, err := lockOf(ctx, tx, actor)
		if err != nil {
			return err
		}
		former, err := formerOf(kept, in, name)
		if err != nil {
			return err
		}
		if former == nil {
			v.ID = id.New()
			return s.insert(ctx, tx, actor.Person, v, name)
		}
		v.ID = former.ID
		return s.update(ctx, tx, former.Person, v, name)
	})
	if mysql.IsDuplicate(err) { // saved twice at the same time
		err = fault.New(fault.Conflict, "You keep a view of that name already: choose another name.")
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// formerOf gives the view that an input replaces, nil when it is a new one that there is room for.
func formerOf(kept []row, in Input, name []byte) (*row, error) {
	var byID, byName *row
	for i := range kept {
		r := &kept[i]
		if r.ID == in.ID {
			byID = r
		}
		if r.List == in.List && slices.Equal(r.Name, name) {
			byName = r
		}
	}
	switch {
	case !in.ID.IsZero() && byID == nil:
		return nil, noSuchView()
	case byID != nil && byID.List != in.List:
		return nil, fault.Field("list", "a view stays with its list: %s", byID.List)
	case byID != nil && byName != nil && byID != byName:
		return nil, fault.New(fault.Conflict, "You keep a view of that name already: choose another name.")
	case byID != nil:
		return byID, nil
	case byName == nil && len(kept) >= MaxViews:
		return nil, fault.Field("name", "you keep %d views, which is as many as there can be: delete one first", MaxViews)
	}
	return byName, nil
}

// Delete forgets a view of the actor's own. NOT_FOUND when he has none of that id.
func (s *Service) Delete(ctx context.Context, actor *access.Actor, view id.ID) error {
	if err := isSomebody(actor); err != nil {
		return err
	}
	query, args, err := mysql.In(deleteOne, view, actor.Persons())
	if err != nil {
		return err
	}
	result, err := s.db.Exec(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, noSuchView())
	}
	return nil
}

// ForgetAll deletes every view of a person who is erased, in the transaction that erases him.
func ForgetAll(ctx context.Context, tx *mysql.Tx, person id.ID) error {
	_, err := tx.Exec(ctx, deleteAll, person)
	return err
}

func noSuchView() error { return fault.New(fault.NotFound, "You have no such view.") }

// isSomebody refuses programs, which have no views.
func isSomebody(actor *access.Actor) error {
	if actor == nil || actor.Person.IsZero() {
		return fault.New(fault.Forbidden, "Views are kept for people who are signed in.")
	}
	return nil
}
