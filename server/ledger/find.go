package ledger

import (
	"context"
	"database/sql"
	"errors"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const findEntry = "SELECT seq FROM entry_index WHERE entity_type = ? AND entity_id = ? AND id = ? ORDER BY occurred_at DESC LIMIT 1"

// Find gives the number of an entry about an entity; ok is false where it was pruned or there is none.
func (l *Ledger) Find(ctx context.Context, q mysql.Querier, entityType string, entity, entry id.ID) (seq uint64, ok bool, err error) {
	err = q.Get(ctx, &seq, findEntry, entityType, entity.String(), entry)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return seq, err == nil, err
}
