package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/model"
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

// lastVerification is nil as long as no verification is kept.
func (r *Resolver) lastVerification(context.Context) (*model.Verification, error) { return nil, nil }

// checkpointSinks is empty as long as checkpoints are kept nowhere outside.
func (r *Resolver) checkpointSinks(context.Context) ([]*model.CheckpointSink, error) {
	return []*model.CheckpointSink{}, nil
}
