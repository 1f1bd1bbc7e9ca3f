package alerts

import (
	"context"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const forgetPlacesOf = "DELETE FROM alert_place WHERE account IN (?)"

// Forget deletes from where accounts were signed in to.
func (s *Service) Forget(ctx context.Context, tx *mysql.Tx, accounts []id.ID) error {
	if len(accounts) == 0 {
		return nil
	}
	query, args, err := mysql.In(forgetPlacesOf, accounts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, query, args...)
	return err
}
