package tokens

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

const selectInForce = "SELECT " + columns + " FROM api_token WHERE created_at < ? AND (revoked_at IS NULL OR revoked_at >= ?)" +
	" AND (expires_at IS NULL OR expires_at >= ?) ORDER BY created_at, id LIMIT ?"

// InForce gives the tokens that could be used at a moment, the oldest first and at most limit, as q sees them. State and
// use are as of now, and nothing says from where they were used. The caller has asked for a right.
func (s *Service) InForce(ctx context.Context, q mysql.Querier, at time.Time, limit int) ([]*Token, error) {
	var rows []*row
	if err := q.Select(ctx, &rows, selectInForce, at, at, at, limit); err != nil {
		return nil, err
	}
	found := make([]*Token, len(rows))
	for i, r := range rows {
		found[i] = &Token{
			ID: r.ID, Name: r.Name, Role: r.Role, Source: r.Source, Networks: r.networks(), State: r.state(s.moment()),
			CreatedAt: r.CreatedAt, CreatedByID: r.CreatedBy, ExpiresAt: timeOrNil(r.ExpiresAt), RevokedAt: timeOrNil(r.RevokedAt),
		}
	}
	return found, nil
}
