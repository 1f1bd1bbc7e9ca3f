package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/signin"
)

func (r *mutationResolver) SetRoles(ctx context.Context, input model.SetRolesInput) (*model.SetRolesPayload, error) {
	return r.setRoles(ctx, input)
}

func (r *personAccessResolver) Person(ctx context.Context, obj *signin.Access) (*people.Person, error) {
	return r.someone(ctx, obj.Person), nil
}

func (r *queryResolver) Roles(ctx context.Context) ([]*access.Role, error) {
	roles, err := r.Resolver.Access.Matrix(ctx, request.Actor(ctx))
	return pointers(roles), err
}

func (r *queryResolver) Access(ctx context.Context, person id.ID) (*signin.Access, error) {
	return r.Signin.AccessOf(ctx, request.Actor(ctx), person)
}

func (r *Resolver) PersonAccess() generated.PersonAccessResolver { return &personAccessResolver{r} }

type personAccessResolver struct{ *Resolver }
