package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

func (r *backupResolver) AskedBy(ctx context.Context, obj *backup.Record) (*people.Person, error) {
	return r.someone(ctx, obj.AskedByID), nil
}

func (r *backupResolver) Problem(ctx context.Context, obj *backup.Record) (*string, error) {
	return optional(obj.Problem.In(fault.Language(ctx))), nil
}

func (r *mutationResolver) RunBackup(ctx context.Context) (*model.RunBackupPayload, error) {
	run, err := r.Backups.Ask(ctx, request.Actor(ctx))
	return &model.RunBackupPayload{Backup: run}, err
}

func (r *queryResolver) Backups(ctx context.Context, first *int, after *string, last *int, before *string) (*model.BackupConnection, error) {
	found, err := r.Resolver.Backups.Records(ctx, request.Actor(ctx), pageRequest(first, after, last, before))
	return backupConnection(found), err
}

func (r *queryResolver) BackupSchedule(ctx context.Context) (*backup.Setting, error) {
	return r.Resolver.Backups.Setting(ctx, request.Actor(ctx))
}

func (r *Resolver) Backup() generated.BackupResolver { return &backupResolver{r} }

type backupResolver struct{ *Resolver }
