package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/signin"
)

func (r *accountResolver) Person(ctx context.Context, obj *signin.Account) (*people.Person, error) {
	return r.someone(ctx, obj.Person), nil
}

func (r *accountResolver) Roles(ctx context.Context, obj *signin.Account) ([]string, error) {
	return r.accountRoles(ctx, obj), nil
}

func (r *mutationResolver) SignIn(ctx context.Context, input signin.SignInInput) (*model.SignInPayload, error) {
	return r.signIn(ctx, input)
}

func (r *mutationResolver) EnrolTotp(ctx context.Context) (*signin.TotpEnrolment, error) {
	return r.Signin.EnrolTotp(ctx, request.Actor(ctx))
}

func (r *mutationResolver) ConfirmTotp(ctx context.Context, input model.ConfirmTotpInput) (*model.ConfirmTotpPayload, error) {
	return r.confirmTotp(ctx, input)
}

func (r *mutationResolver) RemoveTotp(ctx context.Context, input signin.Proof) (*model.RemoveTotpPayload, error) {
	return r.removeTotp(ctx, input)
}

func (r *mutationResolver) RegenerateRecoveryCodes(ctx context.Context, input signin.Proof) (*model.RegenerateRecoveryCodesPayload, error) {
	return r.regenerateRecoveryCodes(ctx, input)
}

func (r *mutationResolver) RemoveSecondFactor(ctx context.Context, account id.ID) (bool, error) {
	err := r.Signin.RemoveSecondFactor(ctx, request.Actor(ctx), account)
	return err == nil, err
}

func (r *mutationResolver) UnlockAccount(ctx context.Context, account id.ID) (bool, error) {
	err := r.Signin.UnlockAccount(ctx, request.Actor(ctx), account)
	return err == nil, err
}

func (r *mutationResolver) SignOut(ctx context.Context) (bool, error) {
	return r.signOut(ctx)
}

func (r *mutationResolver) ChangePassword(ctx context.Context, input model.ChangePasswordInput) (*model.ChangePasswordPayload, error) {
	return r.changePassword(ctx, input)
}

func (r *mutationResolver) CreateAccount(ctx context.Context, input signin.OpenAccountInput) (*model.CreateAccountPayload, error) {
	account, link, err := r.Signin.OpenAccount(ctx, request.Actor(ctx), input)
	return &model.CreateAccountPayload{Account: account, SetupLink: link}, err
}

func (r *mutationResolver) ResetPassword(ctx context.Context, input model.ResetPasswordInput) (*model.ResetPasswordPayload, error) {
	return r.resetPassword(ctx, input.Account)
}

func (r *mutationResolver) SetPassword(ctx context.Context, input model.SetPasswordInput) (*model.SetPasswordPayload, error) {
	username, err := r.Signin.SetPassword(ctx, input.Link, input.Password, request.From(ctx).Origin)
	return &model.SetPasswordPayload{Username: username}, err
}

func (r *mutationResolver) DisableAccount(ctx context.Context, input model.DisableAccountInput) (*model.DisableAccountPayload, error) {
	account, err := r.Signin.DisableAccount(ctx, request.Actor(ctx), input.Account)
	return &model.DisableAccountPayload{Account: account}, err
}

func (r *mutationResolver) EnableAccount(ctx context.Context, input model.EnableAccountInput) (*model.EnableAccountPayload, error) {
	account, err := r.Signin.EnableAccount(ctx, request.Actor(ctx), input.Account)
	return &model.EnableAccountPayload{Account: account}, err
}

func (r *mutationResolver) ConfirmPassword(ctx context.Context, input model.ConfirmPasswordInput) (*model.ConfirmPasswordPayload, error) {
	until, err := r.Signin.ConfirmPassword(ctx, request.Actor(ctx), input.Password)
	return &model.ConfirmPasswordPayload{ConfirmedUntil: until}, err
}

func (r *mutationResolver) RevokeSession(ctx context.Context, input model.RevokeSessionInput) (*model.RevokeSessionPayload, error) {
	err := r.Signin.RevokeSession(ctx, request.Actor(ctx), input.Session)
	return &model.RevokeSessionPayload{Session: input.Session}, err
}

func (r *mutationResolver) EndSessions(ctx context.Context, input model.EndSessionsInput) (*model.EndSessionsPayload, error) {
	ended, err := r.Signin.EndSessions(ctx, request.Actor(ctx), value(input.Account))
	return &model.EndSessionsPayload{Ended: ended}, err
}

func (r *queryResolver) Accounts(ctx context.Context, search *string, first *int, after *string, last *int, before *string) (*model.AccountConnection, error) {
	found, err := r.Signin.Accounts(ctx, request.Actor(ctx), value(search), pageRequest(first, after, last, before))
	return accountConnection(found), err
}

func (r *queryResolver) Sessions(ctx context.Context, account *id.ID, first *int, after *string, last *int, before *string) (*model.SessionConnection, error) {
	found, err := r.Signin.ListSessions(ctx, request.Actor(ctx), value(account), pageRequest(first, after, last, before))
	return sessionConnection(found), err
}

func (r *Resolver) Account() generated.AccountResolver { return &accountResolver{r} }

type accountResolver struct{ *Resolver }
