package signin

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
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

// sessionsTogether is how many sessions are read at a time.
const sessionsTogether = 200

// EachSession gives each the sessions of somebody that still count, who is on record under these ids, whoever asks: by account,
// the oldest first.
func (s *Service) EachSession(ctx context.Context, persons []id.ID, each func(*Session) error) error {
	accounts, err := s.AccountsOf(ctx, persons)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if err := s.eachOf(ctx, a.ID, each); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) eachOf(ctx context.Context, account id.ID, each func(*Session) error) error {
	for last := (id.ID{}); ; {
		var rows []sessionRow
		if err := s.db.Select(ctx, &rows, sessionsAfter, account, s.moment(), last[:], sessionsTogether); err != nil || len(rows) == 0 {
			return err
		}
		sessions, err := s.openSessions(ctx, &access.Actor{}, account, rows)
		if err != nil {
			return err
		}
		for _, one := range sessions {
			if err := each(one); err != nil {
				return err
			}
		}
		last = rows[len(rows)-1].ID
	}
}
