package graph

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

func (r *approvalResolver) Keys(ctx context.Context, obj *custody.Approval) ([]*custody.Key, error) {
	return keysNamed(ctx, obj.KeyIDs)
}

func (r *approvalResolver) Holder(ctx context.Context, obj *custody.Approval) (*people.Person, error) {
	return r.someone(ctx, obj.HolderID), nil
}

func (r *approvalResolver) RequestedBy(ctx context.Context, obj *custody.Approval) (*people.Person, error) {
	return r.someone(ctx, obj.RequestedByID), nil
}

func (r *approvalResolver) DecidedBy(ctx context.Context, obj *custody.Approval) (*people.Person, error) {
	return r.someone(ctx, obj.DecidedByID), nil
}

func (r *approvalResolver) Loans(ctx context.Context, obj *custody.Approval) ([]*custody.Loan, error) {
	return allOf(ctx, loadersOf(ctx).bookings.loans, obj.LoanIDs)
}

func (r *mutationResolver) ReserveKeys(ctx context.Context, input custody.ReserveInput) (*model.ReserveKeysPayload, error) {
	return r.reserveKeys(ctx, input)
}

func (r *mutationResolver) CancelReservation(ctx context.Context, input custody.CancelReservationInput) (*model.CancelReservationPayload, error) {
	return r.cancelReservation(ctx, input)
}

func (r *mutationResolver) DecideApproval(ctx context.Context, input custody.DecideInput) (*model.DecideApprovalPayload, error) {
	return r.decideApproval(ctx, input)
}

func (r *mutationResolver) CancelApproval(ctx context.Context, input model.CancelApprovalInput) (*model.CancelApprovalPayload, error) {
	return r.cancelApproval(ctx, input)
}

func (r *queryResolver) Reservations(ctx context.Context, filter *custody.ReservationFilter, first *int, after *string, last *int, before *string) (*model.ReservationConnection, error) {
	found, err := r.Custody.Reservations(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return reservationConnection(found), err
}

func (r *queryResolver) ReservableKeys(ctx context.Context, from time.Time, to time.Time, holder *id.ID, search *string) ([]*custody.Key, error) {
	return r.Custody.Reservable(ctx, request.Actor(ctx), custody.ReservableRequest{Holder: value(holder), From: from, To: to, Search: value(search)})
}

func (r *queryResolver) Approvals(ctx context.Context, filter *custody.ApprovalFilter, first *int, after *string, last *int, before *string) (*model.ApprovalConnection, error) {
	found, err := r.Custody.Approvals(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return approvalConnection(found), err
}

func (r *queryResolver) Approval(ctx context.Context, id id.ID) (*custody.Approval, error) {
	return r.Custody.Approval(ctx, request.Actor(ctx), id)
}

func (r *reservationResolver) Key(ctx context.Context, obj *custody.Reservation) (*custody.Key, error) {
	return loadersOf(ctx).keys.load(ctx, obj.KeyID)
}

func (r *reservationResolver) Holder(ctx context.Context, obj *custody.Reservation) (*people.Person, error) {
	return r.someone(ctx, obj.HolderID), nil
}

func (r *reservationResolver) ReservedBy(ctx context.Context, obj *custody.Reservation) (*people.Person, error) {
	return r.someone(ctx, obj.ReservedByID), nil
}

func (r *reservationResolver) CancelledBy(ctx context.Context, obj *custody.Reservation) (*people.Person, error) {
	return r.someone(ctx, obj.CancelledByID), nil
}

func (r *reservationResolver) Loan(ctx context.Context, obj *custody.Reservation) (*custody.Loan, error) {
	return loadersOf(ctx).bookings.loans.load(ctx, obj.LoanID)
}

func (r *subscriptionResolver) ApprovalFeed(ctx context.Context) (<-chan *custody.Approval, error) {
	return feed(ctx, func(recheck feeds.Recheck, send func(*custody.Approval) bool) error {
		return r.Custody.FollowApprovals(ctx, request.Actor(ctx), recheck, send)
	}, r.stillValid), nil
}

func (r *Resolver) Approval() generated.ApprovalResolver { return &approvalResolver{r} }

func (r *Resolver) Reservation() generated.ReservationResolver { return &reservationResolver{r} }

type (
	approvalResolver    struct{ *Resolver }
	reservationResolver struct{ *Resolver }
)
