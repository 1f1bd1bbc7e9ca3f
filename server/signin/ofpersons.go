package signin

import (
	"context"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// AccountsOf gives the accounts of somebody, who is on record under these ids, whoever asks.
func (s *Service) AccountsOf(ctx context.Context, persons []id.ID) ([]*Account, error) {
	query, args, err := mysql.In(listColumns+" WHERE person IN (?) ORDER BY id", persons)
	if err != nil {
		return nil, err
	}
	var rows []listRow
	if err := s.db.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	opened, err := s.fitting(ctx, rows, "")
	if err != nil {
		return nil, err
	}
	return s.accountsOf(ctx, opened)
}
