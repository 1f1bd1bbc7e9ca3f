package graph

import (
	"context"
	"encoding/base64"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/ledger"
)

func (r *Resolver) inclusionProof(ctx context.Context, seq uint64, treeSize *uint64) (*model.InclusionProof, error) {
	if treeSize == nil {
		proof, err := loadersOf(ctx).proofs.load(ctx, seq)
		return inclusionOf(proof), err
	}
	proof, err := r.Ledger.ProveInclusion(ctx, seq, *treeSize)
	return inclusionOf(proof), err
}

func checkpointOf(c *ledger.Checkpoint) *model.Checkpoint {
	if c == nil {
		return nil
	}
	return &model.Checkpoint{
		Origin: c.Origin, Size: c.Size, RootHash: base64Of(c.Root), SignedAt: c.SignedAt, Note: c.Note, VerifierKey: c.VerifierKey,
	}
}

func inclusionOf(p *ledger.InclusionProof) *model.InclusionProof {
	if p == nil {
		return nil
	}
	return &model.InclusionProof{
		Seq: p.Seq, TreeSize: p.TreeSize, LeafData: base64Of(p.LeafData), LeafHash: base64Of(p.LeafHash),
		Hashes: base64All(p.Hashes), RootHash: base64Of(p.RootHash),
	}
}

func consistencyOf(p *ledger.ConsistencyProof) *model.ConsistencyProof {
	if p == nil {
		return nil
	}
	return &model.ConsistencyProof{
		From: p.From, To: p.To, Hashes: base64All(p.Hashes), FromRootHash: base64Of(p.FromRoot), ToRootHash: base64Of(p.ToRoot),
	}
}

func base64Of(h ledger.Hash) string { return base64.StdEncoding.EncodeToString(h[:]) }

func base64All(hashes []ledger.Hash) []string {
	texts := make([]string, len(hashes))
	for i, h := range hashes {
		texts[i] = base64Of(h)
	}
	return texts
}
