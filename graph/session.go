package graph

import (
	"context"
	"errors"
	"time"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/signin"
)

func (r *Resolver) signIn(ctx context.Context, input signin.SignInInput) (*model.SignInPayload, error) {
	if err := needsCookie(ctx); err != nil {
		return nil, err
	}
	actor, err := r.Signin.SignIn(ctx, input, request.From(ctx).Origin)
	if errors.Is(err, signin.ErrCodeNeeded) {
		return &model.SignInPayload{SecondFactorRequired: true}, nil
	}
	if err != nil {
		return nil, err
	}
	request.Become(ctx, actor)
	return &model.SignInPayload{Viewer: actor}, nil
}

func (r *Resolver) changePassword(ctx context.Context, input model.ChangePasswordInput) (*model.ChangePasswordPayload, error) {
	actor, err := r.Signin.ChangePassword(ctx, request.Actor(ctx), input.Current, input.New)
	if err != nil {
		return nil, err
	}
	request.Become(ctx, actor)
	return &model.ChangePasswordPayload{Viewer: actor}, nil
}

func (r *Resolver) signOut(ctx context.Context) (bool, error) {
	if err := needsCookie(ctx); err != nil {
		return false, err
	}
	err := r.Signin.SignOut(ctx, request.Actor(ctx))
	return err == nil, err
}

// needsCookie refuses on sockets and streams what changes the session, since no cookie can travel there.
func needsCookie(ctx context.Context) error {
	if request.From(ctx).KeepsSession {
		return nil
	}
	return fault.New(fault.BadInput, "Sign in and out with POST: a session cookie cannot be sent here.")
}

func (s ServerInfo) at(now time.Time) *model.Server {
	return &model.Server{
		Version: s.Version, TimeZone: s.Zone.String(), Time: now, Sample: s.SampleAccounts != nil, SampleAccounts: s.SampleAccounts,
		SignInProvider: s.SignInProvider,
	}
}
