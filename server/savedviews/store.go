package savedviews

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	columns      = "id, person, list, name, sealed, saved_at"
	selectOfList = "SELECT " + columns + " FROM saved_view WHERE person IN (?) AND list = ? LIMIT ?"
	selectAll    = "SELECT " + columns + " FROM saved_view WHERE person IN (?) LIMIT ?"
	lockAll      = selectAll + " FOR UPDATE"
	insertView   = "INSERT INTO saved_view (" + columns + ") VALUES (?, ?, ?, ?, ?, ?)"
	updateView   = "UPDATE saved_view SET name = ?, sealed = ?, saved_at = ? WHERE id = ?"
	deleteOne    = "DELETE FROM saved_view WHERE id = ? AND person IN (?)"
	deleteAll    = "DELETE FROM saved_view WHERE person = ?"
)

type row struct {
	ID      id.ID     `db:"id"`
	Person  id.ID     `db:"person"`
	List    List      `db:"list"`
	Name    []byte    `db:"name"` // hashed
	Sealed  []byte    `db:"sealed"`
	SavedAt time.Time `db:"saved_at"`
}

// content is what of a view is sealed.
type content struct {
	Name   string `json:"name"`
	Search string `json:"search"`
}

// lockOf locks all that an actor keeps; persons who were merged may keep more than MaxViews together.
func lockOf(ctx context.Context, tx *mysql.Tx, actor *access.Actor) ([]row, error) {
	query, args, err := mysql.In(lockAll, actor.Persons(), MaxViews*len(actor.Persons()))
	if err != nil {
		return nil, err
	}
	var rows []row
	return rows, tx.Select(ctx, &rows, query, args...)
}

func (s *Service) insert(ctx context.Context, tx *mysql.Tx, person id.ID, v *View, name []byte) error {
	sealed, err := s.sealed(ctx, tx, person, v)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertView, v.ID, person, v.List, name, sealed, v.SavedAt)
	return err
}

func (s *Service) update(ctx context.Context, tx *mysql.Tx, person id.ID, v *View, name []byte) error {
	sealed, err := s.sealed(ctx, tx, person, v)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, updateView, name, sealed, v.SavedAt, v.ID)
	return err
}

func (s *Service) sealed(ctx context.Context, q mysql.Querier, person id.ID, v *View) ([]byte, error) {
	var text bytes.Buffer
	written := json.NewEncoder(&text)
	written.SetEscapeHTML(false) // a filter is full of &, and its length in the table is bounded
	if err := written.Encode(content{Name: v.Name, Search: v.Search}); err != nil {
		return nil, err
	}
	return s.seal.Seal(ctx, q, seal.Person(person), boundTo(v.ID), text.Bytes())
}

func (s *Service) open(ctx context.Context, r row) (*View, error) {
	text, err := s.seal.Unseal(ctx, s.db, seal.Person(r.Person), boundTo(r.ID), r.Sealed)
	if err != nil {
		return nil, err
	}
	var c content
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, err
	}
	return &View{ID: r.ID, List: r.List, Name: c.Name, Search: c.Search, SavedAt: r.SavedAt}, nil
}

// boundTo is authenticated with what is sealed: the same bytes in another row do not open.
func boundTo(view id.ID) []byte { return []byte("saved_view\x00" + view.String()) }
