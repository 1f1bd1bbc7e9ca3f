package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/casbin/casbin/v2/model"
	"github.com/casbin/casbin/v2/persist"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// adapter lets Casbin read and write its lines in role_policy and role_member. Casbin's interface carries no
// context, so an adapter is made for one call: on the database to read, on a transaction to change.
type adapter struct {
	ctx context.Context
	q   mysql.Querier
}

var _ persist.Adapter = adapter{}

// The types of Casbin's lines.
const (
	policyLine = "p"
	memberLine = "g"
)

const (
	selectPolicy  = "SELECT role, permission, scope FROM role_policy ORDER BY role, permission"
	selectMembers = "SELECT person, role FROM role_member ORDER BY person, role"
	insertPolicy  = "INSERT INTO role_policy (role, permission, scope) VALUES (?, ?, ?)"
	deletePolicy  = "DELETE FROM role_policy WHERE role = ? AND permission = ? AND scope = ?"
	insertMember  = "INSERT INTO role_member (person, role) VALUES (?, ?)"
	deleteMember  = "DELETE FROM role_member WHERE person = ? AND role = ?"
)

// LoadPolicy implements persist.Adapter.
func (a adapter) LoadPolicy(m model.Model) error {
	if err := a.loadPolicies(m); err != nil {
		return err
	}
	return a.loadMembers(m)
}

func (a adapter) loadPolicies(m model.Model) error {
	var rows []struct {
		Role       string `db:"role"`
		Permission string `db:"permission"`
		Scope      string `db:"scope"`
	}
	if err := a.q.Select(a.ctx, &rows, selectPolicy); err != nil {
		return err
	}
	for _, r := range rows {
		if err := m.AddPolicy(policyLine, policyLine, []string{r.Role, r.Permission, r.Scope}); err != nil {
			return err
		}
	}
	return nil
}

func (a adapter) loadMembers(m model.Model) error {
	var rows []member
	if err := a.q.Select(a.ctx, &rows, selectMembers); err != nil {
		return err
	}
	for _, r := range rows {
		if err := m.AddPolicy(memberLine, memberLine, []string{r.Person.String(), r.Role}); err != nil {
			return err
		}
	}
	return nil
}

type member struct {
	Person id.ID  `db:"person"`
	Role   string `db:"role"`
}

// AddPolicy implements persist.Adapter.
func (a adapter) AddPolicy(section, _ string, line []string) error {
	return a.change(section, line, insertPolicy, insertMember)
}

// RemovePolicy implements persist.Adapter.
func (a adapter) RemovePolicy(section, _ string, line []string) error {
	return a.change(section, line, deletePolicy, deleteMember)
}

func (a adapter) change(section string, line []string, onPolicy, onMember string) error {
	switch {
	case section == policyLine && len(line) == 3:
		_, err := a.q.Exec(a.ctx, onPolicy, line[0], line[1], line[2])
		return err
	case section == memberLine && len(line) == 2:
		person, err := id.Parse(line[0])
		if err != nil {
			return err
		}
		_, err = a.q.Exec(a.ctx, onMember, person, line[1])
		return err
	}
	return fmt.Errorf("access: a %q line of %d fields cannot be stored", section, len(line))
}

var errWholesale = errors.New("access: the policy is changed line by line, so that each change is recorded")

// SavePolicy implements persist.Adapter and always refuses.
func (adapter) SavePolicy(model.Model) error { return errWholesale }

// RemoveFilteredPolicy implements persist.Adapter and always refuses.
func (adapter) RemoveFilteredPolicy(string, string, int, ...string) error { return errWholesale }
