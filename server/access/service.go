package access

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// Service answers what an actor may do, from memory. It is safe for concurrent use.
type Service struct {
	db       *mysql.DB
	ledger   *ledger.Ledger
	now      func() time.Time
	log      *slog.Logger
	policy   *policy
	refusals *Throttle[refusal, ledger.Draft]
	from     uint64 // the first entry that the policy as loaded may not contain
}

// New loads the policy. Run must be running for changes made by other processes to arrive.
func New(ctx context.Context, db *mysql.DB, l *ledger.Ledger, now func() time.Time, log *slog.Logger) (*Service, error) {
	p, err := newPolicy()
	if err != nil {
		return nil, err
	}
	s := &Service{
		db: db, ledger: l, now: now, log: log, policy: p,
		refusals: NewThrottle[refusal, ledger.Draft](refusalWindow, refusalsKept, OfMany),
	}
	if _, s.from, err = l.LastRecorded(ctx); err != nil {
		return nil, err
	}
	if err := p.load(ctx, db); err != nil {
		return nil, err
	}
	return s, l.AwaitRead(ctx)
}

// Run follows changes of other processes and records refusals that were held back, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		s.ledger.Consume(ctx, s.from, s.apply)
		return nil
	})
	group.Go(func() error { return s.recordHeldBack(ctx) })
	return group.Wait()
}

// Require gives how far the actor holds a permission. UNAUTHENTICATED for nobody; FORBIDDEN, which is
// recorded, when the permission is missing. Ask before the transaction begins, not inside it.
func (s *Service) Require(ctx context.Context, actor *Actor, p Permission) (Scope, error) {
	if actor == nil {
		return None, fault.New(fault.Unauthenticated, "Sign in first.")
	}
	if scope := s.ScopeOf(actor, p); scope != None {
		return scope, nil
	}
	if actor.MustChangePassword {
		s.refused(ctx, actor, p, reasonFirstPassword)
		return None, fault.New(fault.Forbidden, "Change your first password before you go on.")
	}
	s.refused(ctx, actor, p, reasonMissing)
	return None, fault.New(fault.Forbidden,
		"You may not %s: your roles do not hold the right %s. Somebody with the right %s, such as an admin, can give you a role that does.",
		p.allows(), p, AccessManage).With("permission", string(p))
}

// ScopeOf gives how far the actor holds a permission, None when not at all. It records nothing.
func (s *Service) ScopeOf(actor *Actor, p Permission) Scope {
	switch {
	case actor == nil || actor.MustChangePassword:
		return None
	case actor.system:
		return All
	}
	return s.policy.scope(s.held(actor), p)
}

// ScopesOf gives each scope in which a role of the actor grants a permission, the widest last. Where scopes do not lie
// within each other, as keys and department, what they reach counts together. It records nothing.
func (s *Service) ScopesOf(actor *Actor, p Permission) []Scope {
	if widest := s.ScopeOf(actor, p); widest == None || widest == All {
		return slices.DeleteFunc([]Scope{widest}, func(one Scope) bool { return one == None })
	}
	var held []Scope
	for _, role := range s.held(actor) {
		if one := s.policy.scope([]string{role}, p); one != None && !slices.Contains(held, one) {
			held = append(held, one)
		}
	}
	slices.SortFunc(held, func(a, b Scope) int { return slices.Index(scopes(), a) - slices.Index(scopes(), b) })
	return held
}

// Grants lists what the actor holds.
func (s *Service) Grants(actor *Actor) []Grant {
	if actor == nil || actor.MustChangePassword {
		return nil
	}
	held := s.held(actor)
	var grants []Grant
	for _, m := range meanings() {
		scope := All
		if !actor.system {
			scope = s.policy.scope(held, m.permission)
		}
		if scope != None {
			grants = append(grants, Grant{m.permission, scope})
		}
	}
	return grants
}

// held gives the roles that count for the actor now.
func (s *Service) held(actor *Actor) []string {
	if actor.Account.IsZero() {
		return actor.Roles
	}
	return s.Roles(actor.Person)
}

// Roles gives the roles that a person has, by name, from memory.
func (s *Service) Roles(person id.ID) []string {
	roles, err := s.policy.roles(person)
	if err != nil { // no rule of the model can cause this
		s.log.Error("roles cannot be read from the policy", "person", person, "error", err)
		return nil
	}
	slices.Sort(roles)
	return roles
}
