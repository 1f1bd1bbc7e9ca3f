package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

func (r *handoverResolver) Key(ctx context.Context, obj *custody.Handover) (*custody.Key, error) {
	return loadersOf(ctx).keys.load(ctx, obj.KeyID)
}

func (r *handoverResolver) Loan(ctx context.Context, obj *custody.Handover) (*custody.Loan, error) {
	return loanOf(ctx, obj.LoanID)
}

func (r *handoverResolver) From(ctx context.Context, obj *custody.Handover) (*people.Person, error) {
	return r.party(ctx, obj.FromID, obj.ToID, true), nil
}

func (r *handoverResolver) To(ctx context.Context, obj *custody.Handover) (*people.Person, error) {
	return r.party(ctx, obj.ToID, obj.FromID, obj.State == custody.HandoverAccepted), nil
}

func (r *handoverResolver) RequestedBy(ctx context.Context, obj *custody.Handover) (*people.Person, error) {
	return r.someone(ctx, obj.RequestedByID), nil
}

func (r *handoverResolver) DecidedBy(ctx context.Context, obj *custody.Handover) (*people.Person, error) {
	return r.someone(ctx, obj.DecidedByID), nil
}

func (r *handoverResolver) NewLoan(ctx context.Context, obj *custody.Handover) (*custody.Loan, error) {
	return loanOf(ctx, obj.NewLoanID)
}

func (r *mutationResolver) HandOverKeys(ctx context.Context, input custody.HandOverInput) (*model.HandOverKeysPayload, error) {
	return r.handOverKeys(ctx, input)
}

func (r *mutationResolver) AcceptHandover(ctx context.Context, input custody.AcceptInput) (*model.AcceptHandoverPayload, error) {
	return r.acceptHandover(ctx, input)
}

func (r *mutationResolver) CancelHandover(ctx context.Context, input custody.CancelInput) (*model.CancelHandoverPayload, error) {
	return r.cancelHandover(ctx, input)
}

func (r *queryResolver) Handovers(ctx context.Context, filter *custody.HandoverFilter, first *int, after *string, last *int, before *string) (*model.HandoverConnection, error) {
	found, err := r.Custody.Handovers(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return handoverConnection(found), err
}

func (r *Resolver) Handover() generated.HandoverResolver { return &handoverResolver{r} }

type handoverResolver struct{ *Resolver }
