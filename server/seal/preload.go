package seal

import (
	"context"
	"errors"

	"github.com/keytrail/keytrail/server/mysql"
)

// Preload reads the keys of many subjects at once, so that unsealing what belongs to them asks the database
// no more. Subjects without a key are passed over.
func (s *Service) Preload(ctx context.Context, q mysql.Querier, subjects []Subject) error {
	missing := make([]Subject, 0, len(subjects))
	for _, subject := range subjects {
		if !s.cache.keys.Contains(subject) {
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
	count := s.cache.count()
	var rows []struct {
		Subject Subject `db:"subject"`
		Wrapped []byte  `db:"wrapped"`
	}
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return err
	}
	for _, r := range rows {
		key, err := s.unwrap(r.Subject, r.Wrapped)
		if errors.Is(err, errOtherMaster) { // wrapped anew since, or by a master key that we do not have
			key, err = s.readKey(ctx, q, r.Subject)
		}
		if errors.Is(err, ErrDestroyed) {
			continue
		}
		if err != nil {
			return err
		}
		s.cache.add(r.Subject, key, count)
	}
	return nil
}
