package access

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectRolesOf = "SELECT role FROM role_member WHERE person = ? ORDER BY role"
	lockPolicy    = "SELECT role FROM role_policy ORDER BY role, permission FOR UPDATE"
	reloadTimeout = 5 * time.Second
)

// RolesOf gives the roles that a person has, by name, as q sees them.
func (s *Service) RolesOf(ctx context.Context, q mysql.Querier, person id.ID) ([]string, error) {
	return selectRoles(ctx, q, person)
}

func selectRoles(ctx context.Context, q mysql.Querier, person id.ID) ([]string, error) {
	roles := []string{}
	err := q.Select(ctx, &roles, selectRolesOf, person)
	return roles, err
}

// SetRoles makes roles the ones that a person has, and records what changed (access.roles_changed) in the
// same transaction. The caller has required access.manage of by. BAD_USER_INPUT names a role there is not.
func (s *Service) SetRoles(ctx context.Context, tx *mysql.Tx, by *Actor, person id.ID, roles []string) error {
	wanted, err := s.checkRoles(roles)
	if err != nil {
		return err
	}
	if err := lockRoleChanges(ctx, tx); err != nil {
		return err
	}
	before, err := selectRoles(ctx, tx, person)
	if err != nil {
		return err
	}
	gained, lost := lines(person, wanted, before), lines(person, before, wanted)
	if len(gained)+len(lost) == 0 {
		return nil
	}
	if err := storeMembers(ctx, tx, gained, lost); err != nil {
		return err
	}
	draft := by.Draft(ledger.StreamSystem, ledger.AccessRolesChanged, s.now())
	draft.Person = person
	draft.Entity = ledger.Entity{Type: "person", ID: person.String()}
	draft.Details = map[string]any{"added": roleNames(gained), "removed": roleNames(lost)}
	if _, err := s.ledger.Append(ctx, tx, draft); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.reloadPerson(ctx, person) })
	return nil
}

// The roles of tokens.
const (
	RoleIntegrator = "integrator"
	RoleScreen     = "screen"
	RoleWall       = "wall" // of a display that was paired
	// RoleWorkstation is a program's that reports for one workstation only.
	RoleWorkstation = "workstation"
)

// TokenRoles lists the roles that tokens have and people cannot.
func TokenRoles() []string { return []string{RoleIntegrator, RoleScreen, RoleWall, RoleWorkstation} }

func (s *Service) checkRoles(roles []string) ([]string, error) {
	wanted := slices.Clone(roles)
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	for _, role := range wanted {
		if !s.policy.knows(role) {
			return nil, fault.Field("roles", "there is no role %.40q", role)
		}
		if slices.Contains(TokenRoles(), role) {
			return nil, fault.Field("roles", "%s is a role of tokens: people cannot have it", role)
		}
	}
	return wanted, nil
}

// lockRoleChanges lets role changes happen one after the other: two at once could leave a person with both.
func lockRoleChanges(ctx context.Context, tx *mysql.Tx) error {
	var roles []string
	return tx.Select(ctx, &roles, lockPolicy)
}

func storeMembers(ctx context.Context, tx *mysql.Tx, gained, lost [][]string) error {
	store := adapter{ctx, tx}
	for _, line := range gained {
		if err := store.AddPolicy(memberLine, memberLine, line); err != nil {
			return err
		}
	}
	for _, line := range lost {
		if err := store.RemovePolicy(memberLine, memberLine, line); err != nil {
			return err
		}
	}
	return nil
}

func roleNames(lines [][]string) []any {
	names := make([]any, len(lines))
	for i, line := range lines {
		names[i] = line[1]
	}
	return names
}

// Reload reads a person's roles anew, for one who may have got them from another process just now.
func (s *Service) Reload(ctx context.Context, person id.ID) error {
	return s.policy.loadPerson(ctx, s.db, person)
}

// reloadPerson lets a committed change count in this process at once. Should the database be away just then,
// following the ledger brings the change as soon as it is back.
func (s *Service) reloadPerson(ctx context.Context, person id.ID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reloadTimeout)
	defer cancel()
	if err := s.Reload(ctx, person); err != nil {
		s.log.Warn("roles will be read again", "person", person, "error", err)
	}
}

// KnowsRole reports whether there is a role of this name.
func (s *Service) KnowsRole(role string) bool { return s.policy.knows(role) }
