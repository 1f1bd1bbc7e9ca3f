package workhours

import (
	"context"

	"github.com/keytrail/keytrail/server/id"
)

// forgetRows is how many rows are deleted at a time.
const forgetRows = 1000

// Forget deletes the hours, reports, workstations and corrections of a person who was erased, or of a user who was he, a
// thousand rows at a time. It may be called again. The entries of the ledger stay.
func (s *Service) Forget(ctx context.Context, person id.ID) error {
	for _, query := range []string{
		"DELETE FROM work_dirty WHERE person = ? LIMIT ?", "DELETE FROM work_correction WHERE person = ? LIMIT ?",
		"DELETE FROM work_report WHERE subject = ? LIMIT ?", "DELETE FROM work_last WHERE person = ? LIMIT ?",
		"DELETE FROM work_span WHERE person = ? LIMIT ?", "DELETE FROM work_day WHERE person = ? LIMIT ?",
		"DELETE FROM work_person WHERE person = ? LIMIT ?",
	} {
		for {
			deleted, err := s.db.Exec(ctx, query, person, forgetRows)
			if err != nil {
				return err
			}
			if n, err := deleted.RowsAffected(); err != nil {
				return err
			} else if n < forgetRows {
				break
			}
		}
	}
	return nil
}
