package logbook

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// Filter says which entries. Conditions that are zero do not count; all others must hold.
type Filter struct {
	// From and To bound when it occurred: from the one on, before the other.
	From *time.Time
	To   *time.Time
	// Person acted or is concerned.
	Person id.ID
	// Source is the program that sent the entry.
	Source     string
	Department id.ID
	EntityType string
	// Entity is the id of what the entry is about.
	Entity string
	Key    id.ID
	// KeyNumber finds the entries of the key in use and of earlier keys with that number.
	KeyNumber string
	// KeyGroup finds the entries of the keys that belong to the group today.
	KeyGroup id.ID
	Action   string
	Module   string
	Outcome  ledger.Outcome
}

// query is a filter on one stream for one actor, with its keys looked up.
type query struct {
	Filter
	stream ledger.Stream
	actor  *access.Actor
	scope  access.Scope
	// keys are the ids of the keys asked for, as entries name them; nil when no key was asked for.
	keys map[string]bool
}

// newQuery looks up which keys the filter means.
func (s *Service) newQuery(ctx context.Context, stream ledger.Stream, actor *access.Actor, scope access.Scope, f Filter) (*query, error) {
	q := &query{Filter: f, stream: stream, actor: actor, scope: scope}
	return q, s.lookUpKeys(ctx, q)
}

// lookUpKeys finds the keys that fulfil every condition on keys at this moment.
func (s *Service) lookUpKeys(ctx context.Context, q *query) error {
	q.keys = nil
	if !q.Key.IsZero() {
		q.restrict([]id.ID{q.Key})
	}
	if q.KeyNumber != "" {
		keys, err := s.custody.KeysWithNumber(ctx, q.KeyNumber)
		if err != nil {
			return err
		}
		q.restrict(keys)
	}
	if !q.KeyGroup.IsZero() {
		keys, err := s.custody.KeysOfGroup(ctx, q.KeyGroup)
		if err != nil {
			return err
		}
		q.restrict(keys)
	}
	return nil
}

// restrict keeps the keys that are among others, too.
func (q *query) restrict(others []id.ID) {
	kept := make(map[string]bool, len(others))
	for _, key := range others {
		if name := key.String(); q.keys == nil || q.keys[name] {
			kept[name] = true
		}
	}
	q.keys = kept
}

// keyIDs gives the keys asked for in a fixed order.
func (q *query) keyIDs() []string {
	ids := make([]string, 0, len(q.keys))
	for key := range q.keys {
		ids = append(ids, key)
	}
	slices.Sort(ids)
	return ids
}

// dependsOn reports whether an entry may change which keys the filter means.
func (q *query) dependsOn(e *ledger.Entry) bool {
	if q.KeyNumber == "" && q.KeyGroup.IsZero() {
		return false
	}
	switch e.Action {
	case ledger.KeyCreated, ledger.KeyUpdated, ledger.KeyGroupCreated, ledger.KeyGroupUpdated:
		return true
	}
	return false
}

// matches is the filter in memory: it lets through exactly what conditions in compile.go does.
func (q *query) matches(e *ledger.Entry) bool {
	return e.Stream == q.stream &&
		(q.From == nil || !e.OccurredAt.Before(*q.From)) &&
		(q.To == nil || e.OccurredAt.Before(*q.To)) &&
		(q.Person.IsZero() || e.Person == q.Person || e.ActorID() == q.Person) &&
		(q.Department.IsZero() || e.Department == q.Department) &&
		(q.Source == "" || same(e.Source, q.Source)) &&
		(q.EntityType == "" || same(e.Entity.Type, q.EntityType)) &&
		(q.Entity == "" || same(e.Entity.ID, q.Entity)) &&
		(q.keys == nil || e.Entity.Type == custody.EntityKey && q.keys[e.Entity.ID]) &&
		(q.Action == "" || same(e.Action, q.Action)) &&
		(q.Module == "" || same(e.Module, q.Module)) &&
		(q.Outcome == "" || e.Outcome == q.Outcome)
}

// same compares texts as the database does, which does not look at spaces at the end.
func same(a, b string) bool { return strings.TrimRight(a, " ") == strings.TrimRight(b, " ") }
