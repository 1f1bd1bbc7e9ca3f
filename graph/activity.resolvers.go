package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/programs"
	"github.com/keytrail/keytrail/server/reported"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/review"
)

func (r *activityEntryResolver) Actor(ctx context.Context, obj *logbook.ActivityEntry) (*people.Person, error) {
	return r.someone(ctx, obj.ActorID), nil
}

func (r *activityEntryResolver) Proof(ctx context.Context, obj *logbook.ActivityEntry) (*model.InclusionProof, error) {
	return r.inclusionProof(ctx, obj.Seq, nil)
}

func (r *activityEntryResolver) Review(ctx context.Context, obj *logbook.ActivityEntry) (*review.Review, error) {
	return loadersOf(ctx).reviews.load(ctx, obj.Seq)
}

func (r *activityEntryResolver) ActionTitle(ctx context.Context, obj *logbook.ActivityEntry) (*string, error) {
	return r.Sources.Title(obj.Source, obj.Action, fault.Language(ctx)), nil
}

func (r *mutationResolver) RecordActivity(ctx context.Context, events []*activity.Input, partial bool) (*reported.Recorded, error) {
	return r.Activity.Record(ctx, request.Actor(ctx), events, partial)
}

func (r *mutationResolver) RecordAuth(ctx context.Context, events []*activity.AuthInput, partial bool) (*reported.Recorded, error) {
	return r.Activity.RecordAuth(ctx, request.Actor(ctx), events, partial)
}

func (r *mutationResolver) DeclareSource(ctx context.Context, input programs.Input) (*model.DeclareSourcePayload, error) {
	made, err := r.Resolver.Sources.Declare(ctx, request.Actor(ctx), input)
	return &model.DeclareSourcePayload{Source: made}, err
}

func (r *queryResolver) ActivityLog(ctx context.Context, filter *logbook.Filter, first *int, after *string, last *int, before *string) (*model.ActivityLogConnection, error) {
	found, err := r.Logbook.ActivityLog(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return activityLogConnection(found), err
}

func (r *queryResolver) SourceStatus(ctx context.Context, source *string, days int) (*activity.SourceStatus, error) {
	return r.Activity.Status(ctx, request.Actor(ctx), value(source), days)
}

func (r *queryResolver) Sources(ctx context.Context) ([]*programs.Source, error) {
	return r.Resolver.Sources.List(ctx, request.Actor(ctx))
}

func (r *recordActivityPayloadResolver) Entries(ctx context.Context, obj *reported.Recorded) ([]*logbook.ActivityEntry, error) {
	return r.Logbook.ActivityEntries(ctx, request.Actor(ctx), obj.Seqs)
}

func (r *recordAuthPayloadResolver) Entries(ctx context.Context, obj *reported.Recorded) ([]*logbook.AuthEntry, error) {
	return r.Logbook.AuthEntries(ctx, request.Actor(ctx), obj.Seqs)
}

func (r *sourceResolver) ChangedBy(ctx context.Context, obj *programs.Source) (*people.Person, error) {
	return r.someone(ctx, obj.ChangedByID), nil
}

func (r *subscriptionResolver) ActivityFeed(ctx context.Context, after *string, filter *logbook.Filter) (<-chan *logbook.ActivityEntry, error) {
	return entryFeed(ctx, r.Resolver, func(recheck feeds.Recheck, send logbook.Send[*logbook.ActivityEntry]) error {
		return r.Logbook.FollowActivity(ctx, request.Actor(ctx), value(after), value(filter), recheck, send)
	})
}

func (r *Resolver) ActivityEntry() generated.ActivityEntryResolver { return &activityEntryResolver{r} }

func (r *Resolver) RecordActivityPayload() generated.RecordActivityPayloadResolver {
	return &recordActivityPayloadResolver{r}
}

func (r *Resolver) RecordAuthPayload() generated.RecordAuthPayloadResolver {
	return &recordAuthPayloadResolver{r}
}

func (r *Resolver) Source() generated.SourceResolver { return &sourceResolver{r} }

type (
	activityEntryResolver         struct{ *Resolver }
	recordActivityPayloadResolver struct{ *Resolver }
	recordAuthPayloadResolver     struct{ *Resolver }
	sourceResolver                struct{ *Resolver }
)
