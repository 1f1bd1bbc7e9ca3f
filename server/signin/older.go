package signin

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

// ReasonFirstPassword is why an older program's sign-in failed: the password must be changed first.
const ReasonFirstPassword = "first_password"

// RoleMember is the role of those whom AddMember adds.
const RoleMember = "member"

// refuseFirstPassword records that an account whose password must be changed was tried where it cannot be.
func (s *Service) refuseFirstPassword(ctx context.Context, a *attempt) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, s.failed(a, ReasonFirstPassword)...)
		return err
	})
	return orElse(err, fault.New(fault.Forbidden, "Change your first password in the keytrail app, then sign in here."))
}

// withOlder marks the entry of a sign-in at the older systems' endpoints.
func withOlder(details map[string]any) map[string]any {
	if details == nil {
		details = map[string]any{}
	}
	details["olderEndpoints"] = true
	return details
}

// AddMember adds a person who is called as his user name, with an account and the role member, both or neither.
// BAD_USER_INPUT for a name or password that cannot be; CONFLICT when the name is taken; FORBIDDEN for whoever manages
// the people of one department only, since the new person belongs to none.
func (s *Service) AddMember(ctx context.Context, actor *access.Actor, username, password string) (*Account, error) {
	scope, err := s.access.Require(ctx, actor, access.PeopleManage)
	if err != nil {
		return nil, err
	}
	if scope != access.All {
		return nil, s.access.Refuse(ctx, actor, access.PeopleManage, "other_department",
			fault.Say("You may add people of your own department only, and this address knows no departments. Add the person in the app."))
	}
	if username, err = newUsername(username); err != nil {
		return nil, err
	}
	if password == "" {
		return nil, fault.Field("password", "the password is missing")
	}
	hash, _, err := s.firstPassword(ctx, username, password)
	if err != nil {
		return nil, err
	}
	var account *Account
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		made, err := s.people.Insert(ctx, tx, actor, time.Time{}, []people.CreateInput{{Name: username}})
		if err != nil {
			return err
		}
		account, err = s.insertAccount(ctx, tx, actor, CreateAccountInput{
			Person: made[0].ID, Username: username, Roles: []string{RoleMember},
		}, hash)
		return err
	})
	return account, err
}
