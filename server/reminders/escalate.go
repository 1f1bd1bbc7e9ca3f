package reminders

import (
	"context"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// Urgent gives the outbox an e-mail about alerts that became urgent, to each of those who take care of them, in the
// transaction that says so. It names no person: who it is stands in the app. What does not fit into the outbox is left
// out, since an alert must not wait for it.
func (s *Service) Urgent(ctx context.Context, tx *mysql.Tx, urgent []alerts.Urgent) error {
	if !s.mail.Enabled() {
		return nil
	}
	for _, to := range s.config.AlertMail {
		m, err := s.texts.alert(s.config.AlertLanguage, to, urgent)
		if err != nil {
			return err
		}
		_, err = s.mail.Add(ctx, tx, topicAlert, id.ID{}, m)
		if fault.Is(err, fault.Unavailable) { // a transaction that is lost fails all the same
			s.log.Warn("nobody is written to about an alert", "alerts", len(urgent), "error", err)
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
