package graph

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

func (r *importedKeyResolver) Key(ctx context.Context, obj *custody.KeyImportRow) (*id.ID, error) {
	return optional(obj.Key), nil
}

func (r *importedKeyResolver) Problem(ctx context.Context, obj *custody.KeyImportRow) (*string, error) {
	return optional(obj.Problem.In(fault.Language(ctx))), nil
}

func (r *keyResolver) CopyOf(ctx context.Context, obj *custody.Key) (*custody.Key, error) {
	return r.keyOf(ctx, obj.CopyOfID)
}

func (r *keyResolver) Copies(ctx context.Context, obj *custody.Key) ([]*custody.Key, error) {
	return loadersOf(ctx).bookings.copies.load(ctx, obj.ID)
}

func (r *keyResolver) Ring(ctx context.Context, obj *custody.Key) (*custody.KeyRing, error) {
	if obj.RingID.IsZero() {
		return nil, nil
	}
	return loadersOf(ctx).bookings.rings.load(ctx, obj.RingID)
}

func (r *keyResolver) Loan(ctx context.Context, obj *custody.Key) (*custody.Loan, error) {
	return loadersOf(ctx).openLoans.load(ctx, obj.ID)
}

func (r *keyResolver) LastLoan(ctx context.Context, obj *custody.Key) (*custody.Loan, error) {
	return loadersOf(ctx).lastLoans.load(ctx, obj.ID)
}

func (r *keyResolver) Groups(ctx context.Context, obj *custody.Key) ([]*custody.KeyGroup, error) {
	return loadersOf(ctx).groups.load(ctx, obj.ID)
}

func (r *keyResolver) DefaultDueAt(ctx context.Context, obj *custody.Key) (*time.Time, error) {
	return loadersOf(ctx).bookings.defaultDue.load(ctx, obj.ID)
}

func (r *keyResolver) Reservations(ctx context.Context, obj *custody.Key, from *time.Time, to *time.Time) ([]*custody.Reservation, error) {
	return loadersOf(ctx).bookings.reservations.load(ctx, reservationRequest{obj.ID, written(from), written(to)})
}

func (r *keyResolver) History(ctx context.Context, obj *custody.Key, first *int, after *string) (*model.KeyLogConnection, error) {
	wire.Personal(ctx) // that he looked is recorded of each reader
	found, err := historyOf(ctx, obj.ID, first, after)
	return keyLogConnection(found), err
}

func (r *keyConnectionResolver) Edges(ctx context.Context, obj *custody.KeyList) ([]*model.KeyEdge, error) {
	return edges(obj.Page, func(cursor string, node *custody.Key) *model.KeyEdge {
		return &model.KeyEdge{Cursor: cursor, Node: node}
	}), nil
}

func (r *keyGroupResolver) Takers(ctx context.Context, obj *custody.KeyGroup) ([]*custody.Taker, error) {
	takers, err := loadersOf(ctx).bookings.takers.load(ctx, obj.ID)
	return pointers(takers), err
}

func (r *keyRingResolver) Keys(ctx context.Context, obj *custody.KeyRing) ([]*custody.Key, error) {
	return keysNamed(ctx, obj.KeyIDs)
}

func (r *keyTakerResolver) Person(ctx context.Context, obj *custody.Taker) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *keyTakerResolver) Department(ctx context.Context, obj *custody.Taker) (*people.Department, error) {
	department, ok := r.Persons.Department(obj.DepartmentID)
	return present(department, ok), nil
}

func (r *keyTakerResolver) Role(ctx context.Context, obj *custody.Taker) (*string, error) {
	return optional(obj.Role), nil
}

func (r *mutationResolver) CreateKey(ctx context.Context, input custody.CreateKeyInput) (*model.CreateKeyPayload, error) {
	key, err := r.Custody.CreateKey(ctx, request.Actor(ctx), input)
	return &model.CreateKeyPayload{Key: key}, err
}

func (r *mutationResolver) UpdateKey(ctx context.Context, input model.UpdateKeyInput) (*model.UpdateKeyPayload, error) {
	key, err := r.Custody.UpdateKey(ctx, request.Actor(ctx), keyUpdate(input))
	return &model.UpdateKeyPayload{Key: key}, err
}

func (r *mutationResolver) RetireKey(ctx context.Context, input custody.RetireKeyInput) (*model.RetireKeyPayload, error) {
	key, err := r.Custody.RetireKey(ctx, request.Actor(ctx), input)
	return &model.RetireKeyPayload{Key: key}, err
}

func (r *mutationResolver) SaveKeyGroup(ctx context.Context, input model.SaveKeyGroupInput) (*model.SaveKeyGroupPayload, error) {
	group, err := r.Custody.SaveGroup(ctx, request.Actor(ctx), groupUpdate(input))
	return &model.SaveKeyGroupPayload{KeyGroup: group}, err
}

func (r *mutationResolver) SaveKeyRing(ctx context.Context, input custody.SaveRingInput) (*model.SaveKeyRingPayload, error) {
	ring, err := r.Custody.SaveRing(ctx, request.Actor(ctx), input)
	return &model.SaveKeyRingPayload{KeyRing: ring}, err
}

func (r *mutationResolver) DeleteKeyRing(ctx context.Context, input model.DeleteKeyRingInput) (*model.DeleteKeyRingPayload, error) {
	err := r.Custody.DeleteRing(ctx, request.Actor(ctx), input.ID, value(input.IdempotencyKey))
	return &model.DeleteKeyRingPayload{KeyRing: input.ID}, err
}

func (r *mutationResolver) ImportKeys(ctx context.Context, input custody.ImportKeysInput) (*custody.KeyImport, error) {
	return r.Custody.ImportKeys(ctx, request.Actor(ctx), input)
}

func (r *queryResolver) Keys(ctx context.Context, filter *custody.KeyFilter, first *int, after *string, last *int, before *string) (*custody.KeyList, error) {
	return r.Custody.Keys(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
}

func (r *queryResolver) Key(ctx context.Context, id *id.ID, number *string) (*custody.Key, error) {
	return r.Custody.Key(ctx, request.Actor(ctx), value(id), value(number))
}

func (r *queryResolver) KeyGroups(ctx context.Context, first *int, after *string, last *int, before *string) (*model.KeyGroupConnection, error) {
	found, err := r.Custody.Groups(ctx, request.Actor(ctx), pageRequest(first, after, last, before))
	return keyGroupConnection(found), err
}

func (r *queryResolver) KeyRings(ctx context.Context, first *int, after *string, last *int, before *string) (*model.KeyRingConnection, error) {
	found, err := r.Custody.Rings(ctx, request.Actor(ctx), pageRequest(first, after, last, before))
	return keyRingConnection(found), err
}

func (r *Resolver) ImportedKey() generated.ImportedKeyResolver { return &importedKeyResolver{r} }

func (r *Resolver) Key() generated.KeyResolver { return &keyResolver{r} }

func (r *Resolver) KeyConnection() generated.KeyConnectionResolver { return &keyConnectionResolver{r} }

func (r *Resolver) KeyGroup() generated.KeyGroupResolver { return &keyGroupResolver{r} }

func (r *Resolver) KeyRing() generated.KeyRingResolver { return &keyRingResolver{r} }

func (r *Resolver) KeyTaker() generated.KeyTakerResolver { return &keyTakerResolver{r} }

type (
	importedKeyResolver   struct{ *Resolver }
	keyResolver           struct{ *Resolver }
	keyConnectionResolver struct{ *Resolver }
	keyGroupResolver      struct{ *Resolver }
	keyRingResolver       struct{ *Resolver }
	keyTakerResolver      struct{ *Resolver }
)
