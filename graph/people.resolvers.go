package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

func (r *importedPersonResolver) Person(ctx context.Context, obj *people.ImportRow) (*id.ID, error) {
	if obj.Person.IsZero() {
		return nil, nil
	}
	return &obj.Person, nil
}

func (r *importedPersonResolver) Problem(ctx context.Context, obj *people.ImportRow) (*string, error) {
	return optional(obj.Problem.In(fault.Language(ctx))), nil
}

func (r *mutationResolver) CreatePerson(ctx context.Context, input people.CreateInput) (*model.CreatePersonPayload, error) {
	person, err := r.Persons.Create(ctx, request.Actor(ctx), input)
	return &model.CreatePersonPayload{Person: person}, err
}

func (r *mutationResolver) UpdatePerson(ctx context.Context, input model.UpdatePersonInput) (*model.UpdatePersonPayload, error) {
	person, err := r.Persons.Update(ctx, request.Actor(ctx), personUpdate(input))
	return &model.UpdatePersonPayload{Person: person}, err
}

func (r *mutationResolver) MergePersons(ctx context.Context, input people.MergeInput) (*model.MergePersonsPayload, error) {
	person, err := r.Signin.MergePersons(ctx, request.Actor(ctx), input)
	return &model.MergePersonsPayload{Person: person}, err
}

func (r *mutationResolver) ImportPeople(ctx context.Context, input people.ImportInput) (*people.Import, error) {
	return r.Persons.ImportCSV(ctx, request.Actor(ctx), input)
}

func (r *personResolver) Department(ctx context.Context, obj *people.Person) (*people.Department, error) {
	department, ok := r.Persons.Department(obj.Department)
	return present(department, ok), nil
}

func (r *personResolver) EmployeeNumber(ctx context.Context, obj *people.Person) (*string, error) {
	return optional(obj.EmployeeNumber), nil
}

func (r *personResolver) Email(ctx context.Context, obj *people.Person) (*string, error) {
	return optional(obj.Email), nil
}

func (r *personResolver) Phone(ctx context.Context, obj *people.Person) (*string, error) {
	return optional(obj.Phone), nil
}

func (r *personResolver) Company(ctx context.Context, obj *people.Person) (*string, error) {
	return optional(obj.Company), nil
}

func (r *personResolver) Badge(ctx context.Context, obj *people.Person) (*string, error) {
	return optional(obj.Badge), nil
}

func (r *personResolver) Roles(ctx context.Context, obj *people.Person) ([]string, error) {
	return r.rolesOf(ctx, obj), nil
}

func (r *personResolver) OpenLoans(ctx context.Context, obj *people.Person) ([]*custody.Loan, error) {
	return loadersOf(ctx).held.load(ctx, obj.ID)
}

func (r *personResolver) MergedFrom(ctx context.Context, obj *people.Person) ([]id.ID, error) {
	return r.mergedFrom(ctx, obj.ID), nil
}

func (r *queryResolver) People(ctx context.Context, search *string, filter *custody.PeopleFilter, first *int, after *string, last *int, before *string) (*model.PersonConnection, error) {
	found, total, err := r.Custody.People(ctx, request.Actor(ctx), value(search), value(filter).On(r.Info.Today(r.Now())), pageRequest(first, after, last, before))
	return personConnection(found, total), err
}

func (r *queryResolver) Person(ctx context.Context, id id.ID) (*people.Person, error) {
	return r.Persons.Get(ctx, request.Actor(ctx), id)
}

func (r *queryResolver) PersonsByBadge(ctx context.Context, badge string) ([]*people.Person, error) {
	return r.Persons.ByBadge(ctx, request.Actor(ctx), badge)
}

func (r *queryResolver) Departments(ctx context.Context) ([]*people.Department, error) {
	departments, err := r.Persons.Departments(ctx, request.Actor(ctx))
	return pointers(departments), err
}

func (r *Resolver) ImportedPerson() generated.ImportedPersonResolver {
	return &importedPersonResolver{r}
}

func (r *Resolver) Person() generated.PersonResolver { return &personResolver{r} }

type (
	importedPersonResolver struct{ *Resolver }
	personResolver         struct{ *Resolver }
)
