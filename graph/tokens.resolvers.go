package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/tokens"
)

func (r *apiTokenResolver) CreatedBy(ctx context.Context, obj *tokens.Token) (*people.Person, error) {
	return r.someone(ctx, obj.CreatedByID), nil
}

func (r *mutationResolver) CreateAPIToken(ctx context.Context, input tokens.CreateInput) (*model.CreateAPITokenPayload, error) {
	secret, token, err := r.Tokens.Create(ctx, request.Actor(ctx), input)
	return &model.CreateAPITokenPayload{Token: secret, APIToken: token}, err
}

func (r *mutationResolver) RevokeAPIToken(ctx context.Context, input model.RevokeAPITokenInput) (*model.RevokeAPITokenPayload, error) {
	token, err := r.Tokens.Revoke(ctx, request.Actor(ctx), input.ID)
	return &model.RevokeAPITokenPayload{APIToken: token}, err
}

func (r *queryResolver) APITokens(ctx context.Context, first *int, after *string, last *int, before *string) (*model.APITokenConnection, error) {
	found, err := r.Tokens.List(ctx, request.Actor(ctx), pageRequest(first, after, last, before))
	return apiTokenConnection(found), err
}

func (r *Resolver) ApiToken() generated.ApiTokenResolver { return &apiTokenResolver{r} }

type apiTokenResolver struct{ *Resolver }
