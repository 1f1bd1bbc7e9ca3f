package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

func (r *inventoryResolver) TakenBy(ctx context.Context, obj *custody.Inventory) (*people.Person, error) {
	return r.someone(ctx, obj.TakenByID), nil
}

func (r *inventoryResolver) Group(ctx context.Context, obj *custody.Inventory) (*custody.KeyGroup, error) {
	return groupOf(ctx, obj.GroupID)
}

func (r *inventoryResolver) Differences(ctx context.Context, obj *custody.Inventory, first *int, after *string, last *int, before *string) (*model.InventoryDifferenceConnection, error) {
	found, err := r.Custody.Differences(ctx, obj.ID, pageRequest(first, after, last, before))
	return differenceConnection(found), err
}

func (r *inventoryDifferenceResolver) Key(ctx context.Context, obj *custody.Difference) (*custody.Key, error) {
	return r.keyOf(ctx, obj.KeyID)
}

func (r *inventoryDifferenceResolver) ResolvedBy(ctx context.Context, obj *custody.Difference) (*people.Person, error) {
	return r.someone(ctx, obj.ResolvedByID), nil
}

func (r *mutationResolver) CountInventory(ctx context.Context, input custody.CountInput) (*model.CountInventoryPayload, error) {
	return r.countInventory(ctx, input)
}

func (r *mutationResolver) ResolveDifference(ctx context.Context, input custody.ResolveInput) (*model.ResolveDifferencePayload, error) {
	return r.resolveDifference(ctx, input)
}

func (r *queryResolver) Inventories(ctx context.Context, first *int, after *string, last *int, before *string) (*model.InventoryConnection, error) {
	found, err := r.Custody.Inventories(ctx, request.Actor(ctx), pageRequest(first, after, last, before))
	return inventoryConnection(found), err
}

func (r *queryResolver) Inventory(ctx context.Context, id id.ID) (*custody.Inventory, error) {
	return r.Custody.Inventory(ctx, request.Actor(ctx), id)
}

func (r *Resolver) Inventory() generated.InventoryResolver { return &inventoryResolver{r} }

func (r *Resolver) InventoryDifference() generated.InventoryDifferenceResolver {
	return &inventoryDifferenceResolver{r}
}

type (
	inventoryResolver           struct{ *Resolver }
	inventoryDifferenceResolver struct{ *Resolver }
)
