package custody

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// PeopleFilter says which people. Conditions that are zero do not count; all others must hold.
type PeopleFilter struct {
	// LeftWithKeys asks for those whose last day is over and who hold keys.
	LeftWithKeys bool
	// Today decides which last days are over.
	Today people.Date
}

// On gives the filter as of a day.
func (f PeopleFilter) On(today people.Date) PeopleFilter {
	f.Today = today
	return f
}

const selectHoldersReached = "SELECT DISTINCT l.holder FROM loan l"

// People lists people as people.List does, of those whom the filter lets through.
func (s *Service) People(ctx context.Context, actor *access.Actor, search string, f PeopleFilter, request page.Request) (page.Page[*people.Person], int, error) {
	which := people.Filter{Search: search}
	if f.LeftWithKeys {
		holders, err := s.holdersReached(ctx, actor)
		if err != nil {
			return page.Page[*people.Person]{}, 0, err
		}
		which.Among, which.LeftBefore = holders, f.Today
	}
	return s.people.List(ctx, actor, which, request)
}

// holdersReached gives those who hold keys now, as far as the actor may see keys. There are never more than keys.
func (s *Service) holdersReached(ctx context.Context, actor *access.Actor) ([]id.ID, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return nil, err
	}
	where := &mysql.Where{}
	where.And("l.open_key IS NOT NULL")
	loansInScope(where, actor, scope)
	holders := []id.ID{}
	if err := selectExpanded(ctx, s.db, &holders, selectHoldersReached+where.SQL(), where.Args()...); err != nil {
		return nil, err
	}
	for i := range holders {
		holders[i] = s.people.True(holders[i])
	}
	return holders, s.ledger.AwaitRead(ctx)
}
