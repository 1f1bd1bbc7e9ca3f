package mail

import (
	"context"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const forgetOf = "DELETE FROM mail WHERE person IN (?)"

// Forget takes what waits to be sent about persons, or could not be sent, out of the outbox.
func (s *Service) Forget(ctx context.Context, tx *mysql.Tx, persons []id.ID) error {
	query, args, err := mysql.In(forgetOf, persons)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, query, args...)
	return err
}
