package signin

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	listColumns    = "SELECT id, person, username_index, username, must_change, disabled_at, signed_in_at FROM account"
	accountsBefore = listColumns + " WHERE id < ? ORDER BY id DESC LIMIT ?"
	accountsAfter  = listColumns + " WHERE id > ? ORDER BY id LIMIT ?"
	lockedNames    = "SELECT username_index, locked_until FROM sign_in_failure WHERE username_index IN (?) AND locked_until > ?"
	withFactor     = "SELECT account FROM second_factor WHERE account IN (?) AND confirmed_at IS NOT NULL"
	lockedThere    = "SELECT username_index, locked_until FROM sign_in_address WHERE username_index IN (?) AND locked_until > ?"

	maxAccountSearch = 200
	// searchBatch is how many accounts are opened at once while one of them is looked for.
	searchBatch = 500
)

type listRow struct {
	ID         id.ID        `db:"id"`
	Person     id.ID        `db:"person"`
	Index      []byte       `db:"username_index"`
	Username   []byte       `db:"username"` // sealed
	MustChange bool         `db:"must_change"`
	DisabledAt sql.NullTime `db:"disabled_at"`
	SignedInAt sql.NullTime `db:"signed_in_at"`
	name       string
}

// Accounts gives a page of all accounts, the newest first. search is part of the user name, or words that are all
// part of the person's name or badge.
func (s *Service) Accounts(ctx context.Context, actor *access.Actor, search string, request page.Request) (page.Page[*Account], error) {
	var none page.Page[*Account]
	if _, err := s.access.Require(ctx, actor, access.AccessManage); err != nil {
		return none, err
	}
	window, err := request.Window()
	if err != nil {
		return none, err
	}
	if utf8.RuneCountInString(search) > maxAccountSearch {
		return none, fault.Field("search", "the search is too long; at most %d characters are allowed", maxAccountSearch)
	}
	rows, err := s.findAccounts(ctx, strings.TrimSpace(search), window)
	if err != nil {
		return none, err
	}
	accounts, err := s.accountsOf(ctx, rows)
	return page.Cut(window, accounts, func(a *Account) string { return page.Encode(a.ID[:]) }), err
}

// findAccounts reads accounts from the window's cursor on, a batch at a time, until the window is full: user names
// are sealed, so that the database cannot look for them.
func (s *Service) findAccounts(ctx context.Context, search string, w page.Window) ([]listRow, error) {
	at, err := accountCursor(w)
	if err != nil {
		return nil, err
	}
	query, batch := accountsBefore, w.Limit+1
	if w.Backward {
		query = accountsAfter
	}
	if search != "" {
		batch = searchBatch
	}
	var found []listRow
	for {
		var rows []listRow
		if err := s.db.Select(ctx, &rows, query, at[:], batch); err != nil {
			return nil, err
		}
		fitting, err := s.fitting(ctx, rows, search)
		if err != nil {
			return nil, err
		}
		found = append(found, fitting...)
		if len(found) > w.Limit || len(rows) < batch {
			return found[:min(len(found), w.Limit+1)], nil
		}
		at = rows[len(rows)-1].ID
	}
}

func accountCursor(w page.Window) (id.ID, error) {
	var at id.ID
	field := "before"
	if !w.Backward {
		field = "after"
		for i := range at {
			at[i] = 0xff
		}
	}
	if w.Cursor == "" {
		return at, nil
	}
	payload, err := page.Decode(field, w.Cursor)
	if err != nil || len(payload) != len(at) {
		return at, fault.Field(field, "this is not a cursor of this list: use one that a page gave")
	}
	copy(at[:], payload)
	return at, nil
}

// fitting opens the names of accounts and gives those that a search finds.
func (s *Service) fitting(ctx context.Context, rows []listRow, search string) ([]listRow, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	subjects, persons := make([]seal.Subject, len(rows)), make([]id.ID, len(rows))
	for i := range rows {
		subjects[i], persons[i] = seal.Person(rows[i].Person), rows[i].Person
	}
	if err := s.seal.Preload(ctx, s.db, subjects); err != nil {
		return nil, err
	}
	named := make(map[id.ID]bool)
	for _, person := range s.people.NamedAmong(persons, search) {
		named[person] = true
	}
	var found []listRow
	for _, row := range rows {
		var err error
		if row.name, err = s.nameOf(ctx, &row); err != nil {
			return nil, err
		}
		if search == "" || named[row.Person] || strings.Contains(foldUsername(row.name), foldUsername(search)) {
			found = append(found, row)
		}
	}
	return found, nil
}

// nameOf opens a user name; "" when the person was erased.
func (s *Service) nameOf(ctx context.Context, row *listRow) (string, error) {
	name, err := s.openUsername(ctx, row.ID, row.Person, row.Username)
	if errors.Is(err, seal.ErrDestroyed) {
		return "", nil
	}
	return name, err
}

func (s *Service) accountsOf(ctx context.Context, rows []listRow) ([]*Account, error) {
	locked, err := s.lockedUntil(ctx, rows)
	if err != nil {
		return nil, err
	}
	guarded, err := s.withSecondFactor(ctx, rows)
	if err != nil {
		return nil, err
	}
	accounts := make([]*Account, len(rows))
	for i, row := range rows {
		accounts[i] = &Account{
			ID: row.ID, Person: row.Person, Username: row.name, MustChangePassword: row.MustChange, SecondFactor: slices.Contains(guarded, row.ID),
			DisabledAt: timeOrNil(row.DisabledAt), SignedInAt: timeOrNil(row.SignedInAt),
		}
		if until, waits := locked[string(row.Index)]; waits {
			accounts[i].LockedUntil = &until
		}
	}
	return accounts, nil
}

// withSecondFactor gives which accounts have a second factor.
func (s *Service) withSecondFactor(ctx context.Context, rows []listRow) (guarded []id.ID, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	accounts := make([]id.ID, len(rows))
	for i := range rows {
		accounts[i] = rows[i].ID
	}
	query, args, err := mysql.In(withFactor, accounts)
	if err != nil {
		return nil, err
	}
	err = s.db.Select(ctx, &guarded, query, args...)
	return guarded, err
}

// lockedUntil gives when the longest wait of each name ends, by the name's index.
func (s *Service) lockedUntil(ctx context.Context, rows []listRow) (map[string]time.Time, error) {
	longest := make(map[string]time.Time)
	if len(rows) == 0 {
		return longest, nil
	}
	indexes := make([][]byte, len(rows))
	for i := range rows {
		indexes[i] = rows[i].Index
	}
	for _, one := range []string{lockedNames, lockedThere} {
		query, args, err := mysql.In(one, indexes, s.moment())
		if err != nil {
			return nil, err
		}
		var waits []struct {
			Index []byte    `db:"username_index"`
			Until time.Time `db:"locked_until"`
		}
		if err := s.db.Select(ctx, &waits, query, args...); err != nil {
			return nil, err
		}
		for _, w := range waits {
			if w.Until.After(longest[string(w.Index)]) {
				longest[string(w.Index)] = w.Until
			}
		}
	}
	return longest, nil
}
