package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/request"
)

// integrity gathers what is known of the ledger's state.
func (r *Resolver) integrity(ctx context.Context) (*model.Integrity, error) {
	checkpoint, err := r.Ledger.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	verification, err := r.lastVerification(ctx)
	if err != nil {
		return nil, err
	}
	sinks, err := r.checkpointSinks(ctx)
	if err != nil {
		return nil, err
	}
	return &model.Integrity{Checkpoint: checkpointOf(checkpoint), LastVerification: verification, Sinks: sinks}, nil
}

// lastVerification is nil when none ended yet.
func (r *Resolver) lastVerification(ctx context.Context) (*model.Verification, error) {
	v, err := r.Ledger.LastVerification(ctx)
	if err != nil || v == nil {
		return nil, err
	}
	return &model.Verification{StartedAt: v.StartedAt, FinishedAt: v.FinishedAt, Entries: v.Entries, Ok: v.OK, Findings: v.Findings}, nil
}

// checkpointSinks tells of the places outside. Where they are is not for everybody.
func (r *Resolver) checkpointSinks(ctx context.Context) ([]*model.CheckpointSink, error) {
	sinks, err := r.Ledger.Sinks(ctx)
	if err != nil {
		return nil, err
	}
	named := r.Access.ScopeOf(request.Actor(ctx), access.LogsSystemView) == access.All
	shown := make([]*model.CheckpointSink, len(sinks))
	for i, s := range sinks {
		shown[i] = &model.CheckpointSink{Failing: s.FailingSince.Valid}
		if named {
			shown[i].Name = &sinks[i].Place
		}
		if s.KeptAt.Valid {
			shown[i].Size, shown[i].DeliveredAt = &sinks[i].Size, &sinks[i].KeptAt.Time
		}
	}
	return shown, nil
}
