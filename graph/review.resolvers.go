package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/review"
)

func (r *entryReviewResolver) By(ctx context.Context, obj *review.Review) (*people.Person, error) {
	return r.someone(ctx, obj.ByID), nil
}

func (r *mutationResolver) FlagEntries(ctx context.Context, input review.FlagInput) (*model.FlagEntriesPayload, error) {
	entries, err := r.Review.Flag(ctx, request.Actor(ctx), input)
	shown, err := r.marked(ctx, entries, err)
	return &model.FlagEntriesPayload{Entries: shown}, err
}

func (r *mutationResolver) ReviewEntries(ctx context.Context, input review.Input) (*model.ReviewEntriesPayload, error) {
	entries, err := r.Review.Review(ctx, request.Actor(ctx), input)
	shown, err := r.marked(ctx, entries, err)
	return &model.ReviewEntriesPayload{Entries: shown}, err
}

func (r *mutationResolver) ReviewDay(ctx context.Context, input review.DayInput) (*review.Day, error) {
	return r.Review.Day(ctx, request.Actor(ctx), input)
}

func (r *Resolver) EntryReview() generated.EntryReviewResolver { return &entryReviewResolver{r} }

type entryReviewResolver struct{ *Resolver }
