package graph

import (
	"context"
	"encoding/hex"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

func (r *archiveResolver) Manifest(ctx context.Context, obj *keeping.Archive) (string, error) {
	return hex.EncodeToString(obj.Manifest[:]), nil
}

func (r *archiveResolver) Damage(ctx context.Context, obj *keeping.Archive) (string, error) {
	return obj.Damage.In(fault.Language(ctx)), nil
}

func (r *legalHoldResolver) Person(ctx context.Context, obj *keeping.Hold) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *legalHoldResolver) PlacedBy(ctx context.Context, obj *keeping.Hold) (*people.Person, error) {
	return r.someone(ctx, obj.PlacedByID), nil
}

func (r *legalHoldResolver) ReleasedBy(ctx context.Context, obj *keeping.Hold) (*people.Person, error) {
	return r.someone(ctx, obj.ReleasedByID), nil
}

func (r *mutationResolver) SetRetentionPolicy(ctx context.Context, input keeping.SetInput) (*model.SetRetentionPolicyPayload, error) {
	policies, err := r.Keeping.Set(ctx, request.Actor(ctx), input)
	return &model.SetRetentionPolicyPayload{Policies: policies}, err
}

func (r *mutationResolver) RunRetention(ctx context.Context) (*model.RunRetentionPayload, error) {
	run, err := r.Keeping.Ask(ctx, request.Actor(ctx))
	return &model.RunRetentionPayload{Run: run}, err
}

func (r *mutationResolver) VerifyArchive(ctx context.Context, input model.VerifyArchiveInput) (*model.VerifyArchivePayload, error) {
	archive, err := r.Keeping.VerifyArchive(ctx, request.Actor(ctx), input.Archive)
	return &model.VerifyArchivePayload{Archive: archive}, err
}

func (r *mutationResolver) PlaceLegalHold(ctx context.Context, input keeping.PlaceInput) (*model.PlaceLegalHoldPayload, error) {
	hold, err := r.Keeping.Place(ctx, request.Actor(ctx), input)
	return &model.PlaceLegalHoldPayload{Hold: hold}, err
}

func (r *mutationResolver) ReleaseLegalHold(ctx context.Context, input model.ReleaseLegalHoldInput) (*model.ReleaseLegalHoldPayload, error) {
	hold, err := r.Keeping.Release(ctx, request.Actor(ctx), input.Hold)
	return &model.ReleaseLegalHoldPayload{Hold: hold}, err
}

func (r *queryResolver) RetentionPolicies(ctx context.Context) ([]*keeping.Policy, error) {
	return r.Keeping.Policies(ctx, request.Actor(ctx))
}

func (r *queryResolver) RetentionPreview(ctx context.Context) (*keeping.Preview, error) {
	return r.Keeping.Preview(ctx, request.Actor(ctx))
}

func (r *queryResolver) RetentionRuns(ctx context.Context, first *int, after *string, last *int, before *string) (*model.RetentionRunConnection, error) {
	found, err := r.Keeping.Runs(ctx, request.Actor(ctx), pageRequest(first, after, last, before))
	return retentionRunConnection(found), err
}

func (r *queryResolver) Archives(ctx context.Context, filter *keeping.ArchiveFilter, first *int, after *string, last *int, before *string) (*model.ArchiveConnection, error) {
	found, err := r.Keeping.Archives(ctx, request.Actor(ctx), filter, pageRequest(first, after, last, before))
	return archiveConnection(found), err
}

func (r *queryResolver) ArchivedEntries(ctx context.Context, filter *logbook.Filter, first *int, after *string) (*model.ArchivedEntryConnection, error) {
	found, searched, err := r.Resolver.Archives.Find(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, nil, nil))
	return archivedEntryConnection(found, searched), err
}

func (r *queryResolver) LegalHolds(ctx context.Context, first *int, after *string, last *int, before *string) (*model.LegalHoldConnection, error) {
	found, err := r.Keeping.Holds(ctx, request.Actor(ctx), pageRequest(first, after, last, before))
	return legalHoldConnection(found), err
}

func (r *retentionPolicyResolver) ChangedBy(ctx context.Context, obj *keeping.Policy) (*people.Person, error) {
	return r.someone(ctx, obj.ChangedByID), nil
}

func (r *retentionRunResolver) AskedBy(ctx context.Context, obj *keeping.RunRecord) (*people.Person, error) {
	return r.someone(ctx, obj.AskedByID), nil
}

func (r *retentionRunResolver) Problem(ctx context.Context, obj *keeping.RunRecord) (string, error) {
	return obj.Problem.In(fault.Language(ctx)), nil
}

func (r *Resolver) Archive() generated.ArchiveResolver { return &archiveResolver{r} }

func (r *Resolver) LegalHold() generated.LegalHoldResolver { return &legalHoldResolver{r} }

func (r *Resolver) RetentionPolicy() generated.RetentionPolicyResolver {
	return &retentionPolicyResolver{r}
}

func (r *Resolver) RetentionRun() generated.RetentionRunResolver { return &retentionRunResolver{r} }

type (
	archiveResolver         struct{ *Resolver }
	legalHoldResolver       struct{ *Resolver }
	retentionPolicyResolver struct{ *Resolver }
	retentionRunResolver    struct{ *Resolver }
)
