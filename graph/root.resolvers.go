package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/signin"
)

func (r *queryResolver) Viewer(ctx context.Context) (*access.Actor, error) {
	return viewer(ctx), nil
}

func (r *queryResolver) Server(ctx context.Context) (*model.Server, error) {
	return r.Info.at(r.Now()), nil
}

func (r *viewerResolver) Person(ctx context.Context, obj *access.Actor) (*people.Person, error) {
	return r.someone(ctx, obj.Person), nil
}

func (r *viewerResolver) Account(ctx context.Context, obj *access.Actor) (*signin.Account, error) {
	return r.Signin.Account(ctx, obj)
}

func (r *viewerResolver) Roles(ctx context.Context, obj *access.Actor) ([]string, error) {
	return r.Access.Roles(obj.Person), nil
}

func (r *viewerResolver) Permissions(ctx context.Context, obj *access.Actor) ([]*access.Grant, error) {
	return pointers(r.Access.Grants(obj)), nil
}

func (r *viewerResolver) SecondFactor(ctx context.Context, obj *access.Actor) (*signin.SecondFactor, error) {
	return r.Signin.SecondFactor(ctx, obj)
}

func (r *Resolver) Mutation() generated.MutationResolver { return &mutationResolver{r} }

func (r *Resolver) Query() generated.QueryResolver { return &queryResolver{r} }

func (r *Resolver) Subscription() generated.SubscriptionResolver { return &subscriptionResolver{r} }

func (r *Resolver) Viewer() generated.ViewerResolver { return &viewerResolver{r} }

type (
	mutationResolver     struct{ *Resolver }
	queryResolver        struct{ *Resolver }
	subscriptionResolver struct{ *Resolver }
	viewerResolver       struct{ *Resolver }
)
