package signin

import (
	"context"
	"database/sql"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

const selectStanding = "SELECT id AS account, person, username, must_change, disabled_at FROM account WHERE id = ?"

// ActorOfAccount gives somebody as he is now, without a session: for what goes on after he asked for it.
// UNAUTHENTICATED when the account is gone or disabled.
func (s *Service) ActorOfAccount(ctx context.Context, account id.ID) (*access.Actor, error) {
	var row actorRow
	err := s.db.Get(ctx, &row, selectStanding, account)
	if errors.Is(err, sql.ErrNoRows) || err == nil && row.DisabledAt.Valid {
		return nil, fault.New(fault.Unauthenticated, "The account is disabled: somebody who manages accounts can enable it again.")
	}
	if err != nil {
		return nil, err
	}
	username, err := s.openUsername(ctx, row.Account, row.Person, row.Username)
	if err != nil {
		return nil, err
	}
	if _, err := s.people.Lookup(ctx, row.Person); err != nil { // so that the department is known
		return nil, err
	}
	return s.actor(row, username, s.access.Roles(row.Person), ledger.Origin{}), nil
}
