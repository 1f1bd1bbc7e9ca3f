package seal

import (
	"context"

	"github.com/keytrail/keytrail/server/mysql"
)

const selectKeys = "SELECT subject, wrapped FROM seal_key WHERE destroyed_at IS NULL AND subject IN (?)"

// Preload reads the keys of many subjects at once, so that unsealing what belongs to them asks the database
// no more. Subjects without a key are passed over.
func (s *Service) Preload(ctx context.Context, q mysql.Querier, subjects []Subject) error {
	missing := make([]Subject, 0, len(subjects))
	for _, subject := range subjects {
		if !s.cache.Contains(subject) {
			missing = append(missing, subject)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	query, args, err := mysql.In(selectKeys, missing)
	if err != nil {
		return err
	}
	var rows []struct {
		Subject Subject `db:"subject"`
		Wrapped []byte  `db:"wrapped"`
	}
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return err
	}
	for _, r := range rows {
		key, err := s.unwrap(r.Subject, r.Wrapped)
		if err != nil {
			return err
		}
		s.cache.Add(r.Subject, key)
	}
	return nil
}
