package people

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const rereadTimeout = 5 * time.Second

// DestroyKeys destroys a person's key and those of everybody who turned out to be he, whichever of them is named: what
// is sealed under any of them is about him. It appends, so it belongs last in a transaction. by is the actor, zero for
// keytrail itself. The errors are those of ledger.DestroyKey, and NOT_FOUND when there is no such person.
func (s *Service) DestroyKeys(ctx context.Context, tx *mysql.Tx, person, by id.ID) ([]ledger.Entry, error) {
	own, err := s.Standing(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	if own != person { // so that nobody merges him or into him meanwhile
		if _, err := s.Standing(ctx, tx, own); err != nil {
			return nil, err
		}
	}
	var merged []id.ID
	if err := tx.Select(ctx, &merged, lockMerged, own); err != nil {
		return nil, err
	}
	var entries []ledger.Entry
	for _, one := range append([]id.ID{own}, merged...) {
		entry, err := s.ledger.DestroyKey(ctx, tx, seal.Person(one), by)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}
