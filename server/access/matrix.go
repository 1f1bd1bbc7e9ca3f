package access

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// Role is a named set of rights.
type Role struct {
	Name   string
	Grants []Grant
	// Assignable says that people can be given the role; the others are for the first account and for programs.
	Assignable bool
}

// notForPeople lists the roles that setRoles does not give: root is made at the first start, and the rest are for tokens.
func notForPeople() []string { return []string{"root", "integrator", "screen", "wall", "workstation"} }

// Matrix lists every role with what it allows, the widest first. Whoever may not manage access is refused.
func (s *Service) Matrix(ctx context.Context, actor *Actor) ([]Role, error) {
	if _, err := s.Require(ctx, actor, AccessManage); err != nil {
		return nil, err
	}
	return s.AllRoles(), nil
}

// AllRoles is Matrix for callers that have asked for a right of their own.
func (s *Service) AllRoles() []Role {
	decided := *s.policy.decided.Load()
	roles := make([]Role, 0, len(decided))
	for name := range decided {
		role := Role{Name: name, Assignable: !slices.Contains(notForPeople(), name)}
		for _, m := range meanings() {
			if scope := decided[name][m.permission]; scope != None {
				role.Grants = append(role.Grants, Grant{m.permission, scope})
			}
		}
		roles = append(roles, role)
	}
	slices.SortFunc(roles, func(a, b Role) int {
		if d := len(b.Grants) - len(a.Grants); d != 0 {
			return d
		}
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return roles
}

// Allowed is something that a person may do, and why.
type Allowed struct {
	Permission Permission
	Scope      Scope
	// Allows says in English what the permission allows, to follow "may".
	Allows string
	// Because names each role that grants it, with how far.
	Because []Because
}

// Because is a role that grants a permission.
type Because struct {
	Role  string
	Scope Scope
}

// Why lists what a person may do and which roles grant it. Everybody may ask about himself; FORBIDDEN otherwise
// for whoever may not manage access.
func (s *Service) Why(ctx context.Context, actor *Actor, person id.ID) ([]Allowed, error) {
	if actor == nil || actor.Person != person || actor.MustChangePassword {
		if _, err := s.Require(ctx, actor, AccessManage); err != nil {
			return nil, err
		}
	}
	roles, decided := s.Roles(person), *s.policy.decided.Load()
	var all []Allowed
	for _, m := range meanings() {
		one := Allowed{Permission: m.permission, Scope: s.policy.scope(roles, m.permission), Allows: m.allows}
		for _, role := range roles {
			if scope := decided[role][m.permission]; scope != None {
				one.Because = append(one.Because, Because{role, scope})
			}
		}
		if one.Scope != None {
			all = append(all, one)
		}
	}
	return all, nil
}

const lockMembers = "SELECT person, role FROM role_member WHERE role IN (?) ORDER BY person, role FOR UPDATE"

// LockHolders gives the persons whose roles grant a permission, and keeps anybody from changing roles until tx ends.
func (s *Service) LockHolders(ctx context.Context, tx *mysql.Tx, p Permission) ([]id.ID, error) {
	if err := lockRoleChanges(ctx, tx); err != nil {
		return nil, err
	}
	var roles []string
	for role, granted := range *s.policy.decided.Load() {
		if granted[p] != None {
			roles = append(roles, role)
		}
	}
	if len(roles) == 0 {
		return nil, nil
	}
	query, args, err := mysql.In(lockMembers, roles)
	if err != nil {
		return nil, err
	}
	var members []member
	if err := tx.Select(ctx, &members, query, args...); err != nil {
		return nil, err
	}
	var persons []id.ID
	for _, m := range members {
		if !slices.Contains(persons, m.Person) {
			persons = append(persons, m.Person)
		}
	}
	return persons, nil
}

// Gained gives which of the roles a person does not hold yet, as q sees it.
func (s *Service) Gained(ctx context.Context, q mysql.Querier, person id.ID, roles []string) ([]string, error) {
	held, err := selectRoles(ctx, q, person)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(roles), func(role string) bool { return slices.Contains(held, role) }), nil
}

// CheckAssignable refuses, as BAD_USER_INPUT, roles that are not for people.
func CheckAssignable(roles []string) error {
	for _, role := range roles {
		if slices.Contains(notForPeople(), role) {
			return fault.Field("roles", "the role %s is not given to people", role)
		}
	}
	return nil
}

// Refuse records that an actor tried what he may not do although he holds the permission, and gives FORBIDDEN with
// the message. Ask outside a transaction.
func (s *Service) Refuse(ctx context.Context, actor *Actor, p Permission, reason string, message fault.Text) error {
	s.refused(ctx, actor, p, reason)
	return fault.New(fault.Forbidden, "%s", message).With("permission", string(p))
}
