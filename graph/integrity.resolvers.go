package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/model"
)

func (r *queryResolver) Checkpoint(ctx context.Context) (*model.Checkpoint, error) {
	checkpoint, err := r.Ledger.Checkpoint(ctx)
	return checkpointOf(checkpoint), err
}

func (r *queryResolver) Integrity(ctx context.Context) (*model.Integrity, error) {
	return r.integrity(ctx)
}

func (r *queryResolver) InclusionProof(ctx context.Context, seq uint64, treeSize *uint64) (*model.InclusionProof, error) {
	return r.inclusionProof(ctx, seq, treeSize)
}

func (r *queryResolver) ConsistencyProof(ctx context.Context, from uint64, to uint64) (*model.ConsistencyProof, error) {
	proof, err := r.Ledger.ProveConsistency(ctx, from, to)
	return consistencyOf(proof), err
}
