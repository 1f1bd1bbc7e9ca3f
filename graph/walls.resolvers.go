package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/walls"
)

func (r *mutationResolver) RequestPairing(ctx context.Context) (*walls.Pairing, error) {
	return r.requestPairing(ctx)
}

func (r *mutationResolver) ApprovePairing(ctx context.Context, input walls.ApproveInput) (*model.ApprovePairingPayload, error) {
	token, err := r.Walls.Approve(ctx, request.Actor(ctx), input)
	return &model.ApprovePairingPayload{APIToken: token}, err
}

func (r *queryResolver) Wall(ctx context.Context) (*walls.Wall, error) {
	return r.Walls.Show(ctx, request.Actor(ctx))
}

func (r *queryResolver) Pairing(ctx context.Context) (bool, error) {
	return r.Walls.Waits(ctx, request.Cookie(ctx, request.WallCookieName))
}

func (r *queryResolver) PairingRequest(ctx context.Context, code string) (*walls.PairingRequest, error) {
	return r.Walls.Find(ctx, request.Actor(ctx), code)
}

func (r *subscriptionResolver) WallFeed(ctx context.Context) (<-chan *walls.Wall, error) {
	return feed(ctx, func(recheck feeds.Recheck, send func(*walls.Wall) bool) error {
		return r.Walls.Follow(ctx, request.Actor(ctx), recheck, send)
	}, r.stillValid), nil
}
