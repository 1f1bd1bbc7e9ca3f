package signin

import (
	"context"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

// CreateNewcomer adds a person together with an account, both or neither, for whoever operates the server: nobody is
// asked for a right, and the entries say that the system did it. in.Person is ignored. The errors are those of
// CreateAccount and of people.Create.
func (s *Service) CreateNewcomer(ctx context.Context, person people.CreateInput, in CreateAccountInput) (account *Account, oneTime string, err error) {
	if in.Username, err = newUsername(in.Username); err != nil {
		return nil, "", err
	}
	hash, oneTime, err := s.firstPassword(ctx, in.Username, in.Password)
	if err != nil {
		return nil, "", err
	}
	in.MustChange = in.MustChange || oneTime != ""
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		account, err = s.insertNewcomer(ctx, tx, person, in, hash)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return account, oneTime, nil
}

func (s *Service) insertNewcomer(ctx context.Context, tx *mysql.Tx, person people.CreateInput, in CreateAccountInput, hash string) (*Account, error) {
	made, err := s.people.Insert(ctx, tx, access.System(), time.Time{}, []people.CreateInput{person})
	if err != nil {
		return nil, err
	}
	in.Person = made[0].ID
	return s.insertAccount(ctx, tx, access.System(), in, hash)
}

// EnsureRootWith is EnsureRoot with a one-time password that keep stores first: root never has a password that
// nobody knows. After a keep whose root was not created, what was kept is worth nothing.
func (s *Service) EnsureRootWith(ctx context.Context, keep func(oneTime string) error) (created bool, err error) {
	if exists, err := s.anyAccount(ctx, s.db); err != nil || exists {
		return false, err
	}
	hash, oneTime, err := s.firstPassword(ctx, RootUsername, "")
	if err != nil {
		return false, err
	}
	if err := keep(oneTime); err != nil {
		return false, err
	}
	in := CreateAccountInput{Username: RootUsername, Roles: []string{RoleRoot}, MustChange: true}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error { return s.insertRoot(ctx, tx, in, hash) })
	if fault.Is(err, fault.Conflict) {
		return false, nil
	}
	return err == nil, err
}

// IsRoot reports whether a user name, however it is spelt, is that of the first account.
func IsRoot(username string) bool {
	return foldUsername(strings.TrimSpace(username)) == foldUsername(RootUsername)
}
