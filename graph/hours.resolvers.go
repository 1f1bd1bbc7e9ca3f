package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/reported"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/review"
	"github.com/keytrail/keytrail/server/workhours"
)

func (r *atWorkResolver) Person(ctx context.Context, obj *workhours.AtWork) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *mutationResolver) ReportWork(ctx context.Context, reports []*workhours.ReportInput, partial bool) (*reported.Recorded, error) {
	return r.Work.Report(ctx, request.Actor(ctx), reports, partial)
}

func (r *mutationResolver) RecomputeWorkHours(ctx context.Context, input model.RecomputeWorkHoursInput) (*model.RecomputeWorkHoursPayload, error) {
	days, err := r.Work.Recompute(ctx, request.Actor(ctx))
	return &model.RecomputeWorkHoursPayload{Days: days}, err
}

func (r *mutationResolver) DismissWorkUser(ctx context.Context, input model.DismissWorkUserInput) (*model.DismissWorkUserPayload, error) {
	dismissed, err := r.Work.Dismiss(ctx, request.Actor(ctx), input.Source, input.User)
	return &model.DismissWorkUserPayload{Dismissed: dismissed}, err
}

func (r *mutationResolver) CorrectWorkHours(ctx context.Context, input workhours.CorrectInput) (*model.CorrectWorkHoursPayload, error) {
	return r.correctWorkHours(ctx, input)
}

func (r *queryResolver) WorkLog(ctx context.Context, filter *logbook.Filter, first *int, after *string, last *int, before *string) (*model.WorkLogConnection, error) {
	found, err := r.Logbook.WorkLog(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return workLogConnection(found), err
}

func (r *queryResolver) WorkHours(ctx context.Context, filter *workhours.Filter, by workhours.Period, first *int, after *string) ([]*workhours.Hours, error) {
	return r.workHours(ctx, value(filter), by, first, after)
}

func (r *queryResolver) WorkDays(ctx context.Context, date *people.Date, filter *model.WorkerFilter, first *int, after *string, last *int, before *string) (*model.WorkDayConnection, error) {
	found, err := r.workDays(ctx, date, workerFilter(filter), pageRequest(first, after, last, before))
	return workDayConnection(found), err
}

func (r *queryResolver) AtWork(ctx context.Context, filter *model.WorkerFilter, first *int, after *string, last *int, before *string) (*model.AtWorkConnection, error) {
	found, err := r.atWork(ctx, workerFilter(filter), pageRequest(first, after, last, before))
	return atWorkConnection(found), err
}

func (r *queryResolver) WorkHoursPurpose(ctx context.Context) (*string, error) {
	return optional(r.Work.Purpose()), nil
}

func (r *queryResolver) UnknownWorkUsers(ctx context.Context, first *int, after *string, last *int, before *string) (*model.UnknownWorkUserConnection, error) {
	found, err := r.Work.Unknown(ctx, request.Actor(ctx), pageRequest(first, after, last, before))
	return unknownWorkUserConnection(found), err
}

func (r *reportWorkPayloadResolver) Entries(ctx context.Context, obj *reported.Recorded) ([]*logbook.WorkEntry, error) {
	return r.Logbook.WorkEntries(ctx, request.Actor(ctx), obj.Seqs)
}

func (r *subscriptionResolver) WorkFeed(ctx context.Context, after *string, filter *logbook.Filter) (<-chan *logbook.WorkEntry, error) {
	return entryFeed(ctx, r.Resolver, func(recheck feeds.Recheck, send logbook.Send[*logbook.WorkEntry]) error {
		return r.Logbook.FollowWork(ctx, request.Actor(ctx), value(after), value(filter), recheck, send)
	})
}

func (r *unknownWorkUserResolver) User(ctx context.Context, obj *workhours.Unknown) (*string, error) {
	return optional(obj.User), nil
}

func (r *workDayResolver) Person(ctx context.Context, obj *workhours.Day) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *workEntryResolver) Actor(ctx context.Context, obj *logbook.WorkEntry) (*people.Person, error) {
	return r.someone(ctx, obj.ActorID), nil
}

func (r *workEntryResolver) Proof(ctx context.Context, obj *logbook.WorkEntry) (*model.InclusionProof, error) {
	return r.inclusionProof(ctx, obj.Seq, nil)
}

func (r *workEntryResolver) Review(ctx context.Context, obj *logbook.WorkEntry) (*review.Review, error) {
	return loadersOf(ctx).reviews.load(ctx, obj.Seq)
}

func (r *workEntryResolver) Person(ctx context.Context, obj *logbook.WorkEntry) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *workEntryResolver) State(ctx context.Context, obj *logbook.WorkEntry) (workhours.State, error) {
	return stateOf(obj), nil
}

func (r *workEntryResolver) Assurance(ctx context.Context, obj *logbook.WorkEntry) (model.WorkAssurance, error) {
	return assuranceOf(obj), nil
}

func (r *workHoursResolver) Person(ctx context.Context, obj *workhours.Hours) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *Resolver) AtWork() generated.AtWorkResolver { return &atWorkResolver{r} }

func (r *Resolver) ReportWorkPayload() generated.ReportWorkPayloadResolver {
	return &reportWorkPayloadResolver{r}
}

func (r *Resolver) UnknownWorkUser() generated.UnknownWorkUserResolver {
	return &unknownWorkUserResolver{r}
}

func (r *Resolver) WorkDay() generated.WorkDayResolver { return &workDayResolver{r} }

func (r *Resolver) WorkEntry() generated.WorkEntryResolver { return &workEntryResolver{r} }

func (r *Resolver) WorkHours() generated.WorkHoursResolver { return &workHoursResolver{r} }

type (
	atWorkResolver            struct{ *Resolver }
	reportWorkPayloadResolver struct{ *Resolver }
	unknownWorkUserResolver   struct{ *Resolver }
	workDayResolver           struct{ *Resolver }
	workEntryResolver         struct{ *Resolver }
	workHoursResolver         struct{ *Resolver }
)
