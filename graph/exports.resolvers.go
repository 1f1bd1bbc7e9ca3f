package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/request"
)

func (r *mutationResolver) StartExport(ctx context.Context, input model.StartExportInput) (*model.StartExportPayload, error) {
	job, err := r.Exports.Start(ctx, request.Actor(ctx), value(input.IdempotencyKey), orderOf(input))
	return &model.StartExportPayload{Job: job}, err
}

func (r *mutationResolver) CancelExport(ctx context.Context, input model.CancelExportInput) (*model.CancelExportPayload, error) {
	job, err := r.Exports.Cancel(ctx, request.Actor(ctx), input.ID)
	return &model.CancelExportPayload{Job: job}, err
}

func (r *queryResolver) ExportJob(ctx context.Context, id id.ID) (*exports.Job, error) {
	return r.Exports.Job(ctx, request.Actor(ctx), id)
}

func (r *queryResolver) ExportJobs(ctx context.Context) ([]*exports.Job, error) {
	return r.Exports.Mine(ctx, request.Actor(ctx))
}
