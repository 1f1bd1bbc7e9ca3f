package signin

import (
	"context"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// errRaisesHimself is noticed inside a transaction and recorded outside of it.
var errRaisesHimself = errors.New("signin: nobody gives himself a role")

const reasonRaisesHimself = "raises_himself"

// SetRoles makes roles the ones that a person has. The entry (access.roles_changed) says which he gained and lost.
// FORBIDDEN, recorded, for giving oneself a role, and with required "confirmPassword" when the actor's password was
// not entered lately; CONFLICT when nobody would be left who can manage access; BAD_USER_INPUT for an unknown role or
// person.
func (s *Service) SetRoles(ctx context.Context, actor *access.Actor, person id.ID, roles []string) error {
	if err := s.requireRecent(ctx, actor, access.AccessManage); err != nil {
		return err
	}
	p, err := s.people.Lookup(ctx, person)
	if err != nil || p.Erased {
		return fault.Field("person", "there is no such person")
	}
	person = p.ID // of a duplicate that was merged, the person who stays
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		return s.setRoles(ctx, tx, actor, person, roles)
	})
	if errors.Is(err, errRaisesHimself) {
		return s.refuseRaise(ctx, actor)
	}
	return err
}

func (s *Service) setRoles(ctx context.Context, tx *mysql.Tx, actor *access.Actor, person id.ID, roles []string) error {
	before, err := s.access.LockHolders(ctx, tx, access.AccessManage)
	if err != nil {
		return err
	}
	gained, err := s.access.Gained(ctx, tx, person, roles)
	if err != nil {
		return err
	}
	if actor.Person == person && len(gained) > 0 {
		return errRaisesHimself
	}
	if err := access.CheckAssignable(gained); err != nil {
		return err
	}
	if err := s.access.SetRoles(ctx, tx, actor, person, roles); err != nil {
		return err
	}
	after, err := s.access.LockHolders(ctx, tx, access.AccessManage)
	if err != nil || len(after) >= len(before) {
		return err
	}
	return s.anAdminIsLeft(ctx, tx, after)
}

// mayGive refuses roles of a new account that the actor may not give.
func (s *Service) mayGive(ctx context.Context, actor *access.Actor, person id.ID, roles []string) error {
	gained, err := s.access.Gained(ctx, s.db, person, roles)
	if err != nil {
		return err
	}
	if actor.Person == person && len(gained) > 0 {
		return s.refuseRaise(ctx, actor)
	}
	return access.CheckAssignable(gained)
}

func (s *Service) refuseRaise(ctx context.Context, actor *access.Actor) error {
	return s.access.Refuse(ctx, actor, access.AccessManage, reasonRaisesHimself, fault.Say("You cannot give yourself a role. Ask another admin."))
}

// Access is what a person may do, and why.
type Access struct {
	Person  id.ID
	Roles   []string
	Allowed []access.Allowed
}

// AccessOf says what a person may do. Everybody may ask about himself; the errors are those of access.Why.
func (s *Service) AccessOf(ctx context.Context, actor *access.Actor, person id.ID) (*Access, error) {
	person = s.people.True(person)
	allowed, err := s.access.Why(ctx, actor, person)
	if err != nil {
		return nil, err
	}
	if _, err := s.people.Lookup(ctx, person); err != nil {
		return nil, err
	}
	return &Access{Person: person, Roles: s.access.Roles(person), Allowed: allowed}, nil
}
