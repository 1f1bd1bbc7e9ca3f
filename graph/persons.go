package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

// someone gives a person who stands in a loan or an entry, as the caller may see him; nil for nobody. Everybody
// sees himself, and whoever is not in the directory still has his id.
func (r *Resolver) someone(ctx context.Context, person id.ID) *people.Person {
	if person.IsZero() {
		return nil
	}
	actor := request.Actor(ctx)
	if self, ok := r.Persons.Find(person); ok && actor != nil && actor.Is(person) {
		return onlyForHim(ctx, self)
	}
	if seen, ok := r.Persons.As(ctx, actor, person); ok {
		return onlyForHim(ctx, seen)
	}
	wire.Personal(ctx)
	return &people.Person{ID: person, Name: r.Persons.Mask(ctx, actor, person), Language: "en"}
}

// onlyForHim marks an answer with an erased person, for whom everybody but himself sees a mask of their own.
func onlyForHim(ctx context.Context, p *people.Person) *people.Person {
	if p.Erased {
		wire.Personal(ctx)
	}
	return p
}

// rolesOf gives a person's roles to whoever may see the person in the directory.
func (r *Resolver) rolesOf(ctx context.Context, person *people.Person) []string {
	actor := request.Actor(ctx)
	if r.Access.ScopeOf(actor, access.PeopleView) == access.None || !r.Persons.Visible(actor, person.ID) {
		return []string{}
	}
	return r.Access.Roles(person.ID)
}

// personUpdate tells absent fields, which stay, from null, which empties.
func personUpdate(in model.UpdatePersonInput) people.UpdateInput {
	return people.UpdateInput{
		ID: in.ID, Name: in.Name, Language: in.Language, Version: in.Version, IdempotencyKey: value(in.IdempotencyKey),
		Department: emptied(in.Department), EmployeeNumber: emptied(in.EmployeeNumber), Email: emptied(in.Email),
		Phone: emptied(in.Phone), Company: emptied(in.Company), Badge: emptied(in.Badge), ValidUntil: emptied(in.ValidUntil),
		ExternalNames: replacedNames(in.ExternalNames),
	}
}

// replacedNames gives the names that take the place of all, nil where the field is absent.
func replacedNames(field graphql.Omittable[[]*people.ExternalName]) *[]people.ExternalName {
	given, set := field.ValueOK()
	if !set {
		return nil
	}
	names := make([]people.ExternalName, len(given))
	for i, n := range given {
		names[i] = *n
	}
	return &names
}

func emptied[T any](field graphql.Omittable[*T]) *T {
	given, set := field.ValueOK()
	if set && given == nil {
		return new(T)
	}
	return given
}

// mergedFrom gives the ids of duplicates to whoever may see the person in the directory.
func (r *Resolver) mergedFrom(ctx context.Context, person id.ID) []id.ID {
	actor := request.Actor(ctx)
	if r.Access.ScopeOf(actor, access.PeopleView) == access.None || !r.Persons.Visible(actor, person) {
		return []id.ID{}
	}
	return append([]id.ID{}, r.Persons.MergedFrom(person)...)
}
