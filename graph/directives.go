package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
)

// directives enforce at the edge what the schema says. The services check again, with the caller's scope.
func (r *Resolver) directives() generated.DirectiveRoot {
	return generated.DirectiveRoot{Can: r.can, SignedIn: signedIn, Public: public}
}

func (r *Resolver) can(ctx context.Context, _ any, next graphql.Resolver, do access.Permission) (any, error) {
	if _, err := r.Access.Require(ctx, request.Actor(ctx), do); err != nil {
		return nil, err
	}
	return next(ctx)
}

func signedIn(ctx context.Context, _ any, next graphql.Resolver, tokens bool) (any, error) {
	actor := request.Actor(ctx)
	if actor == nil {
		return nil, fault.New(fault.Unauthenticated, "Sign in first.")
	}
	if !actor.Token.IsZero() && !tokens {
		return nil, fault.New(fault.Forbidden, "This is for people who have signed in, and not for a token.")
	}
	if actor.MustChangePassword && graphql.GetFieldContext(ctx).Field.Name != "changePassword" {
		return nil, fault.New(fault.Forbidden, "Change your first password before you go on.")
	}
	return next(ctx)
}

func public(ctx context.Context, _ any, next graphql.Resolver) (any, error) { return next(ctx) }
