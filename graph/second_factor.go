package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/signin"
)

func (r *Resolver) confirmTotp(ctx context.Context, input model.ConfirmTotpInput) (*model.ConfirmTotpPayload, error) {
	codes, err := r.Signin.ConfirmTotp(ctx, request.Actor(ctx), input.Code)
	if err != nil {
		return nil, err
	}
	return &model.ConfirmTotpPayload{Viewer: request.Actor(ctx), RecoveryCodes: codes}, nil
}

func (r *Resolver) removeTotp(ctx context.Context, input signin.Proof) (*model.RemoveTotpPayload, error) {
	if err := r.Signin.RemoveTotp(ctx, request.Actor(ctx), input); err != nil {
		return nil, err
	}
	return &model.RemoveTotpPayload{Viewer: request.Actor(ctx)}, nil
}

func (r *Resolver) regenerateRecoveryCodes(ctx context.Context, input signin.Proof) (*model.RegenerateRecoveryCodesPayload, error) {
	codes, err := r.Signin.RegenerateRecoveryCodes(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	return &model.RegenerateRecoveryCodesPayload{Viewer: request.Actor(ctx), RecoveryCodes: codes}, nil
}
