package compliance

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// rights reads who could do what, and what changed.
func (r *reading) rights(ctx context.Context) (err error) {
	a := &r.report.Access
	a.Roles = rolesOf(r.Access.AllRoles())
	if err := r.held(ctx, a); err != nil {
		return err
	}
	if a.Tokens, err = r.tokens(ctx); err != nil {
		return err
	}
	if a.Changes, err = r.events(ctx, "access.changes", ledger.AccessRolesChanged); err != nil {
		return err
	}
	a.Accounts, err = r.events(ctx, "access.accounts", ledger.AuthRootInitialised, ledger.AccessAccountCreated, ledger.AccessAccountDisabled,
		ledger.AccessAccountEnabled, ledger.AccessAccountMoved, ledger.AccessAccountUnlocked, ledger.AccessPasswordReset)
	if err != nil {
		return err
	}
	a.TokenChanges, err = r.events(ctx, "access.tokenChanges", ledger.AuthTokenCreated, ledger.AuthTokenRevoked, ledger.AuthTokenExpired)
	return err
}

func rolesOf(all []access.Role) []Role {
	roles := make([]Role, len(all))
	for i, one := range all {
		roles[i] = Role{Name: one.Name, Grants: []Grant{}}
		for _, grant := range one.Grants {
			roles[i].Grants = append(roles[i].Grants, Grant(grant))
		}
	}
	return roles
}

// given is an entry that gave somebody a role.
type given struct {
	at    time.Time
	entry uint64
}

// history is what the entries say about who has which role: at the end of the period, and what came next.
type history struct {
	held map[access.Membership]given
	// gained and lost are what the first change behind the period was.
	gained, lost map[access.Membership]bool
	// cut says that not all entries were read.
	cut bool
}

// held reads who had which role when the period ended: who has one now, without what was changed since. What entries say
// by themselves is held against that, but is not it: the oldest may have been deleted.
func (r *reading) held(ctx context.Context, a *Access) error {
	h, err := r.history(ctx)
	if err != nil {
		return err
	}
	inForce, err := r.inForce(ctx, h)
	if err != nil {
		return err
	}
	a.Held, a.Differences = make([]Held, 0, len(inForce)), []Difference{}
	for one := range inForce {
		_, department := r.People.DepartmentOf(one.Person)
		had := Held{Person: *r.person(one.Person), Department: department, Role: one.Role}
		if by, told := h.held[one]; told {
			had.Since, had.Entry = &by.at, &by.entry
		} else if !h.cut {
			a.Differences = append(a.Differences, Difference{had.Person, one.Role, Unrecorded})
		}
		a.Held = append(a.Held, had)
	}
	for one := range h.held {
		if !inForce[one] && !slices.Contains(r.report.Cut, listHeld) {
			a.Differences = append(a.Differences, Difference{*r.person(one.Person), one.Role, NotInForce})
		}
	}
	slices.SortFunc(a.Held, func(a, b Held) int { return compareHeld(a.Person, b.Person, a.Role, b.Role) })
	slices.SortFunc(a.Differences, func(a, b Difference) int { return compareHeld(a.Person, b.Person, a.Role, b.Role) })
	if len(a.Differences) > r.rows {
		a.Differences = a.Differences[:r.rows]
		r.cut("access.differences")
	}
	return nil
}

const listHeld = "access.held"

func compareHeld(a, b Who, roleA, roleB string) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID), cmp.Compare(roleA, roleB))
}

// history reads every change of roles that is on record.
func (r *reading) history(ctx context.Context) (h history, err error) {
	h = history{held: map[access.Membership]given{}, gained: map[access.Membership]bool{}, lost: map[access.Membership]bool{}}
	h.cut, err = r.ever(ctx, listHeld, ledger.AccessRolesChanged, func(e *ledger.Entry) error {
		behind := !e.OccurredAt.Before(r.report.Period.Ends)
		for _, role := range textsOf(e.Details["removed"]) {
			h.take(access.Membership{Person: e.Person, Role: role}, behind)
		}
		for _, role := range textsOf(e.Details["added"]) {
			h.give(access.Membership{Person: e.Person, Role: role}, behind, e)
		}
		return nil
	})
	return h, err
}

func (h history) take(one access.Membership, behind bool) {
	switch {
	case !behind:
		delete(h.held, one)
	case !h.gained[one]:
		h.lost[one] = true
	}
}

func (h history) give(one access.Membership, behind bool, e *ledger.Entry) {
	switch {
	case !behind:
		h.held[one] = given{e.OccurredAt, e.Seq}
	case !h.lost[one]:
		h.gained[one] = true
	}
}

// inForce gives who had which role when the period ended, MaxHeld at most.
func (r *reading) inForce(ctx context.Context, h history) (map[access.Membership]bool, error) {
	inForce := map[access.Membership]bool{}
	for one := range h.lost {
		inForce[one] = true
	}
	var last id.ID
	for more := true; more; {
		var members []access.Membership
		var err error
		if members, more, err = r.Access.Members(ctx, r.q, last, pageSize); err != nil {
			return nil, err
		}
		for _, one := range members {
			last = one.Person
			if !h.gained[one] {
				inForce[one] = true
			}
		}
		if len(inForce) > MaxHeld {
			r.cut(listHeld)
			return inForce, nil
		}
	}
	return inForce, nil
}

// asOf is the end of the period, or now where that is still to come.
func (r *reading) asOf() time.Time {
	if ends := r.report.Period.Ends; ends.Before(r.report.Made.At) {
		return ends
	}
	return r.report.Made.At
}

func (r *reading) tokens(ctx context.Context) ([]Token, error) {
	found, err := r.Tokens.InForce(ctx, r.q, r.asOf(), r.rows+1)
	if err != nil {
		return nil, err
	}
	if len(found) > r.rows {
		found = found[:r.rows]
		r.cut("access.tokens")
	}
	all := make([]Token, len(found))
	for i, t := range found {
		all[i] = Token{ID: t.ID.String(), Name: t.Name, Role: t.Role, Source: t.Source, Networks: t.Networks, CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt}
		if by := r.person(t.CreatedByID); by != nil {
			all[i].CreatedBy = *by
		}
	}
	return all, nil
}

// textsOf reads a list of texts from an entry's details.
func textsOf(value any) []string {
	list, _ := value.([]any)
	texts := make([]string, 0, len(list))
	for _, one := range list {
		if text, ok := one.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
