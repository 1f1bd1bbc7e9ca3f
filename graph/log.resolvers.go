package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/review"
	"github.com/keytrail/keytrail/server/savedviews"
)

func (r *authEntryResolver) Actor(ctx context.Context, obj *logbook.AuthEntry) (*people.Person, error) {
	return r.someone(ctx, obj.ActorID), nil
}

func (r *authEntryResolver) Proof(ctx context.Context, obj *logbook.AuthEntry) (*model.InclusionProof, error) {
	return r.inclusionProof(ctx, obj.Seq, nil)
}

func (r *authEntryResolver) Review(ctx context.Context, obj *logbook.AuthEntry) (*review.Review, error) {
	return loadersOf(ctx).reviews.load(ctx, obj.Seq)
}

func (r *keyLogEntryResolver) Actor(ctx context.Context, obj *logbook.KeyEntry) (*people.Person, error) {
	return r.someone(ctx, obj.ActorID), nil
}

func (r *keyLogEntryResolver) Proof(ctx context.Context, obj *logbook.KeyEntry) (*model.InclusionProof, error) {
	return r.inclusionProof(ctx, obj.Seq, nil)
}

func (r *keyLogEntryResolver) Review(ctx context.Context, obj *logbook.KeyEntry) (*review.Review, error) {
	return loadersOf(ctx).reviews.load(ctx, obj.Seq)
}

func (r *keyLogEntryResolver) Key(ctx context.Context, obj *logbook.KeyEntry) (*custody.Key, error) {
	return r.keyOf(ctx, obj.KeyID)
}

func (r *keyLogEntryResolver) Holder(ctx context.Context, obj *logbook.KeyEntry) (*people.Person, error) {
	return r.someone(ctx, obj.HolderID), nil
}

func (r *keyLogEntryResolver) Approver(ctx context.Context, obj *logbook.KeyEntry) (*people.Person, error) {
	return r.someone(ctx, obj.ApproverID), nil
}

func (r *keyLogEntryResolver) PreviousHolder(ctx context.Context, obj *logbook.KeyEntry) (*people.Person, error) {
	return r.someone(ctx, obj.PreviousHolderID), nil
}

func (r *keyLogEntryResolver) Corrects(ctx context.Context, obj *logbook.KeyEntry) (*logbook.KeyEntry, error) {
	return corrects(ctx, obj)
}

func (r *keyLogEntryResolver) CorrectedBy(ctx context.Context, obj *logbook.KeyEntry) ([]*logbook.KeyEntry, error) {
	return correctedBy(ctx, obj)
}

func (r *logCountResolver) Person(ctx context.Context, obj *logbook.LogCount) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *logCountResolver) Title(ctx context.Context, obj *logbook.LogCount) (*string, error) {
	return r.Sources.TitleOfAny(obj.Action, fault.Language(ctx)), nil
}

func (r *mutationResolver) SaveView(ctx context.Context, input savedviews.Input) (*model.SaveViewPayload, error) {
	view, err := r.Views.Save(ctx, request.Actor(ctx), input)
	return &model.SaveViewPayload{View: view}, err
}

func (r *mutationResolver) DeleteView(ctx context.Context, input model.DeleteViewInput) (*model.DeleteViewPayload, error) {
	return &model.DeleteViewPayload{ID: input.ID}, r.Views.Delete(ctx, request.Actor(ctx), input.ID)
}

func (r *queryResolver) KeyLog(ctx context.Context, filter *logbook.Filter, first *int, after *string, last *int, before *string) (*model.KeyLogConnection, error) {
	found, err := r.Logbook.KeyLog(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return keyLogConnection(found), err
}

func (r *queryResolver) AuthLog(ctx context.Context, filter *logbook.Filter, first *int, after *string, last *int, before *string) (*model.AuthLogConnection, error) {
	found, err := r.Logbook.AuthLog(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return authLogConnection(found), err
}

func (r *queryResolver) SystemLog(ctx context.Context, filter *logbook.Filter, first *int, after *string, last *int, before *string) (*model.SystemLogConnection, error) {
	found, err := r.Logbook.SystemLog(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return systemLogConnection(found), err
}

func (r *queryResolver) Timeline(ctx context.Context, filter *logbook.Filter, first *int, after *string, last *int, before *string) (*model.TimelineConnection, error) {
	found, err := r.Logbook.Timeline(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return timelineConnection(found), err
}

func (r *queryResolver) LogCounts(ctx context.Context, filter *logbook.Filter, by logbook.CountBy, timeZone *string) (*logbook.LogCounts, error) {
	return r.Logbook.LogCounts(ctx, request.Actor(ctx), value(filter), by, value(timeZone))
}

func (r *queryResolver) SavedViews(ctx context.Context, list savedviews.List) ([]*savedviews.View, error) {
	return r.Views.List(ctx, request.Actor(ctx), list)
}

func (r *queryResolver) Entry(ctx context.Context, seq uint64) (logbook.LogEntry, error) {
	return r.Logbook.Entry(ctx, request.Actor(ctx), seq)
}

func (r *subscriptionResolver) KeyFeed(ctx context.Context, after *string, filter *logbook.Filter) (<-chan *logbook.KeyEntry, error) {
	return entryFeed(ctx, r.Resolver, func(recheck feeds.Recheck, send logbook.Send[*logbook.KeyEntry]) error {
		return r.Logbook.FollowKeys(ctx, request.Actor(ctx), value(after), value(filter), recheck, send)
	})
}

func (r *subscriptionResolver) AuthFeed(ctx context.Context, after *string, filter *logbook.Filter) (<-chan *logbook.AuthEntry, error) {
	return entryFeed(ctx, r.Resolver, func(recheck feeds.Recheck, send logbook.Send[*logbook.AuthEntry]) error {
		return r.Logbook.FollowAuth(ctx, request.Actor(ctx), value(after), value(filter), recheck, send)
	})
}

func (r *subscriptionResolver) SystemFeed(ctx context.Context, after *string, filter *logbook.Filter) (<-chan *logbook.SystemEntry, error) {
	return entryFeed(ctx, r.Resolver, func(recheck feeds.Recheck, send logbook.Send[*logbook.SystemEntry]) error {
		return r.Logbook.FollowSystem(ctx, request.Actor(ctx), value(after), value(filter), recheck, send)
	})
}

func (r *subscriptionResolver) TimelineFeed(ctx context.Context, after *string, filter *logbook.Filter) (<-chan logbook.LogEntry, error) {
	return entryFeed(ctx, r.Resolver, func(recheck feeds.Recheck, send logbook.Send[logbook.LogEntry]) error {
		return r.Logbook.FollowTimeline(ctx, request.Actor(ctx), value(after), value(filter), recheck, send)
	})
}

func (r *systemEntryResolver) Actor(ctx context.Context, obj *logbook.SystemEntry) (*people.Person, error) {
	return r.someone(ctx, obj.ActorID), nil
}

func (r *systemEntryResolver) Proof(ctx context.Context, obj *logbook.SystemEntry) (*model.InclusionProof, error) {
	return r.inclusionProof(ctx, obj.Seq, nil)
}

func (r *systemEntryResolver) Review(ctx context.Context, obj *logbook.SystemEntry) (*review.Review, error) {
	return loadersOf(ctx).reviews.load(ctx, obj.Seq)
}

func (r *Resolver) AuthEntry() generated.AuthEntryResolver { return &authEntryResolver{r} }

func (r *Resolver) KeyLogEntry() generated.KeyLogEntryResolver { return &keyLogEntryResolver{r} }

func (r *Resolver) LogCount() generated.LogCountResolver { return &logCountResolver{r} }

func (r *Resolver) SystemEntry() generated.SystemEntryResolver { return &systemEntryResolver{r} }

type (
	authEntryResolver   struct{ *Resolver }
	keyLogEntryResolver struct{ *Resolver }
	logCountResolver    struct{ *Resolver }
	systemEntryResolver struct{ *Resolver }
)
