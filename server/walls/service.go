// Package walls shows what hangs out on displays in corridors and control rooms. A display shows a code, an admin
// approves it, and from then on the cookie of that browser is a token of the role wall, which sees this page and
// nothing else: never a token in an address.
package walls

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/tokens"
)

// Service pairs displays and shows them what they may show. It is safe for concurrent use.
type Service struct {
	db      *mysql.DB
	seal    *seal.Service
	ledger  *ledger.Ledger
	access  *access.Service
	people  *people.Service
	tokens  *tokens.Service
	custody *custody.Service
	logbook *logbook.Service
	now     func() time.Time
	rhythm  rhythm
}

// New makes the service on a migrated database.
func New(db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, acc *access.Service, persons *people.Service,
	programs *tokens.Service, keys *custody.Service, book *logbook.Service, now func() time.Time) *Service {
	return &Service{
		db: db, seal: sealer, ledger: l, access: acc, people: persons, tokens: programs, custody: keys, logbook: book,
		now: now, rhythm: defaultRhythm(),
	}
}

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// settings are what a display may show.
type settings struct {
	Token     id.ID `db:"token"`
	ShowNames bool  `db:"show_names"`
	ShowRooms bool  `db:"show_rooms"`
	groups    []id.ID
}

const (
	insertWall   = "INSERT INTO wall (token, show_names, show_rooms) VALUES (?, ?, ?)"
	insertGroup  = "INSERT INTO wall_group (token, key_group) VALUES (?, ?)"
	selectWall   = "SELECT token, show_names, show_rooms FROM wall WHERE token = ?"
	selectGroups = "SELECT key_group FROM wall_group WHERE token = ?"
)

// settingsOf gives what the actor's display may show. NOT_FOUND when he is none.
func (s *Service) settingsOf(ctx context.Context, actor *access.Actor) (*settings, error) {
	if _, err := s.access.Require(ctx, actor, access.WallsView); err != nil {
		return nil, err
	}
	var found settings
	err := s.db.Get(ctx, &found, selectWall, actor.Token)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "This is no paired display: open the page of the wall there and have its code approved.")
	}
	if err != nil {
		return nil, err
	}
	return &found, s.db.Select(ctx, &found.groups, selectGroups, actor.Token)
}
