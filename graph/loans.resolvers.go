package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

func (r *loanResolver) Key(ctx context.Context, obj *custody.Loan) (*custody.Key, error) {
	return loadersOf(ctx).keys.load(ctx, obj.KeyID)
}

func (r *loanResolver) Holder(ctx context.Context, obj *custody.Loan) (*people.Person, error) {
	return r.someone(ctx, obj.HolderID), nil
}

func (r *loanResolver) IssuedBy(ctx context.Context, obj *custody.Loan) (*people.Person, error) {
	return r.someone(ctx, obj.IssuedByID), nil
}

func (r *loanResolver) ReturnedBy(ctx context.Context, obj *custody.Loan) (*people.Person, error) {
	return r.someone(ctx, obj.ReturnedByID), nil
}

func (r *loanResolver) Handover(ctx context.Context, obj *custody.Loan) (*custody.Handover, error) {
	return pendingOf(ctx, obj)
}

func (r *mutationResolver) IssueKeys(ctx context.Context, input model.IssueKeysInput) (*model.IssueKeysPayload, error) {
	return r.issueKeys(ctx, input)
}

func (r *mutationResolver) ReturnKeys(ctx context.Context, input custody.ReturnInput) (*model.ReturnKeysPayload, error) {
	made, err := r.Custody.Return(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entries, err := r.Logbook.KeyEntries(ctx, request.Actor(ctx), made.Entries)
	return &model.ReturnKeysPayload{Loans: made.Loans, Entries: entries}, err
}

func (r *mutationResolver) ExtendLoan(ctx context.Context, input custody.ExtendInput) (*model.ExtendLoanPayload, error) {
	return r.extendLoan(ctx, input)
}

func (r *mutationResolver) ReportKeyLost(ctx context.Context, input model.ReportKeyLostInput) (*model.ReportKeyLostPayload, error) {
	return r.reportKeyLost(ctx, input)
}

func (r *mutationResolver) ReportKeyFound(ctx context.Context, input model.ReportKeyFoundInput) (*model.ReportKeyFoundPayload, error) {
	return r.reportKeyFound(ctx, input)
}

func (r *mutationResolver) CorrectMovement(ctx context.Context, input custody.CorrectInput) (*model.CorrectMovementPayload, error) {
	return r.correctMovement(ctx, input)
}

func (r *queryResolver) Loans(ctx context.Context, filter *custody.LoanFilter, first *int, after *string, last *int, before *string) (*model.LoanConnection, error) {
	found, err := r.Custody.Loans(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return loanConnection(found), err
}

func (r *queryResolver) Calendar(ctx context.Context, from *people.Date, days int, timeZone *string, filter *logbook.CalendarFilter) (*logbook.Calendar, error) {
	return r.Logbook.Calendar(ctx, request.Actor(ctx), calendarRequest(from, days, timeZone, filter))
}

func (r *subscriptionResolver) CalendarFeed(ctx context.Context, from *people.Date, days int, timeZone *string, filter *logbook.CalendarFilter) (<-chan *logbook.Calendar, error) {
	return feed(ctx, func(recheck feeds.Recheck, send func(*logbook.Calendar) bool) error {
		return r.Logbook.FollowCalendar(ctx, request.Actor(ctx), calendarRequest(from, days, timeZone, filter), recheck, send)
	}, r.stillValid), nil
}

func (r *Resolver) Loan() generated.LoanResolver { return &loanResolver{r} }

type loanResolver struct{ *Resolver }
