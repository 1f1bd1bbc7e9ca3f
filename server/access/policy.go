package access

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// policy answers from memory what a role allows and who has it.
type policy struct {
	enforcer *casbin.SyncedEnforcer
	// decided holds what Casbin says about each role and permission, asked once whenever the policy is
	// loaded: one answer takes it tens of microseconds, and a page of people needs hundreds.
	decided atomic.Pointer[decisions]
	// changing is held from reading the database until the enforcer knows, so that a later reading wins.
	changing sync.Mutex
}

type decisions map[string]map[Permission]Scope

func newPolicy() (*policy, error) {
	m, err := model.NewModelFromString(policyModel)
	if err != nil {
		return nil, fmt.Errorf("access: read the model: %w", err)
	}
	enforcer, err := casbin.NewSyncedEnforcer(m)
	if err != nil {
		return nil, fmt.Errorf("access: use the model: %w", err)
	}
	enforcer.AddFunction("covers", func(args ...any) (any, error) {
		wide, narrow := args[0].(string), args[1].(string)
		return Scope(wide).Covers(Scope(narrow)), nil
	})
	enforcer.EnableAutoSave(false) // lines are stored in the transaction of the change, see SetRoles
	return &policy{enforcer: enforcer}, nil
}

// load reads all lines anew.
func (p *policy) load(ctx context.Context, q mysql.Querier) error {
	p.changing.Lock()
	defer p.changing.Unlock()
	p.enforcer.SetAdapter(adapter{ctx, q})
	if err := p.enforcer.LoadPolicy(); err != nil {
		return err
	}
	lines, err := p.enforcer.GetPolicy()
	if err != nil {
		return err
	}
	decided := decisions{}
	for _, line := range lines {
		role := line[0]
		if _, done := decided[role]; done {
			continue
		}
		if decided[role], err = p.decide(role); err != nil {
			return err
		}
	}
	p.decided.Store(&decided)
	return nil
}

func (p *policy) decide(role string) (map[Permission]Scope, error) {
	granted := make(map[Permission]Scope)
	lines, err := p.enforcer.GetImplicitPermissionsForUser(role)
	if err != nil {
		return nil, err
	}
	for _, permission := range Permissions() {
		named := func(line []string) bool { return line[1] == string(permission) }
		if !slices.ContainsFunc(lines, named) { // Casbin would look at every line to say no
			continue
		}
		for _, scope := range scopes() {
			allowed, err := p.enforcer.Enforce(role, string(permission), string(scope))
			if err != nil {
				return nil, err
			}
			if !allowed {
				break // what does not reach so far does not reach farther
			}
			granted[permission] = scope
		}
	}
	return granted, nil
}

// loadPerson reads one person's roles anew.
func (p *policy) loadPerson(ctx context.Context, q mysql.Querier, person id.ID) error {
	p.changing.Lock()
	defer p.changing.Unlock()
	now, err := selectRoles(ctx, q, person)
	if err != nil {
		return err
	}
	before, err := p.roles(person)
	if err != nil {
		return err
	}
	if gained := lines(person, now, before); len(gained) > 0 {
		if _, err := p.enforcer.AddGroupingPolicies(gained); err != nil {
			return err
		}
	}
	if lost := lines(person, before, now); len(lost) > 0 {
		if _, err := p.enforcer.RemoveGroupingPolicies(lost); err != nil {
			return err
		}
	}
	return nil
}

// lines gives a person's Casbin lines for the roles that are in some and not in others.
func lines(person id.ID, some, others []string) [][]string {
	var found [][]string
	for _, role := range some {
		if !slices.Contains(others, role) {
			found = append(found, []string{person.String(), role})
		}
	}
	return found
}

// roles gives the roles that a person has now.
func (p *policy) roles(person id.ID) ([]string, error) {
	return p.enforcer.GetRolesForUser(person.String())
}

// scope gives the widest scope that any of the roles allows.
func (p *policy) scope(roles []string, permission Permission) Scope {
	decided := *p.decided.Load()
	widest := None
	for _, role := range roles {
		if s := decided[role][permission]; s.Covers(widest) {
			widest = s
		}
	}
	return widest
}

// knows reports whether there is such a role.
func (p *policy) knows(role string) bool {
	_, known := (*p.decided.Load())[role]
	return known
}
