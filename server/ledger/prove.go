package ledger

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/keytrail/keytrail/server/fault"
)

// InclusionProof shows that an entry is in a tree (RFC 6962, section 2.1.1).
type InclusionProof struct {
	Seq      uint64
	TreeSize uint64
	LeafData Hash
	LeafHash Hash
	Hashes   []Hash
	RootHash Hash
}

// ConsistencyProof shows that one tree extends another (RFC 6962, section 2.1.2).
type ConsistencyProof struct {
	From, To         uint64
	Hashes           []Hash
	FromRoot, ToRoot Hash
}

// ProveInclusion proves that entry seq is in the tree of the first treeSize entries, also when its body was pruned.
// BAD_USER_INPUT when the tree is larger than the ledger or does not reach seq.
func (l *Ledger) ProveInclusion(ctx context.Context, seq, treeSize uint64) (*InclusionProof, error) {
	if err := l.checkTreeSize(ctx, "treeSize", treeSize); err != nil {
		return nil, err
	}
	if seq >= treeSize {
		return nil, fault.Field("seq", "entry %d is not in a tree of %d entries", seq, treeSize)
	}
	data, err := l.leafData(ctx, seq, seq+1)
	if err != nil {
		return nil, err
	}
	leaf, err := l.subtree(ctx, 0, seq)
	if err != nil {
		return nil, err
	}
	hashes := l.hashReader(ctx)
	proof, err := tlog.ProveRecord(int64(treeSize), int64(seq), hashes)
	if err != nil {
		return nil, err
	}
	root, err := tlog.TreeHash(int64(treeSize), hashes)
	if err != nil {
		return nil, err
	}
	return &InclusionProof{
		Seq: seq, TreeSize: treeSize, LeafData: data[0], LeafHash: leaf,
		Hashes: fromTlog(proof), RootHash: Hash(root),
	}, nil
}

// ProveConsistency proves that the tree of the first to entries extends the tree of the first from entries.
func (l *Ledger) ProveConsistency(ctx context.Context, from, to uint64) (*ConsistencyProof, error) {
	if err := l.checkTreeSize(ctx, "to", to); err != nil {
		return nil, err
	}
	if from == 0 || from > to {
		return nil, fault.Field("from", "give a tree size from 1 to %d", to)
	}
	hashes := l.hashReader(ctx)
	proof, err := tlog.ProveTree(int64(to), int64(from), hashes)
	if err != nil {
		return nil, err
	}
	fromRoot, err := tlog.TreeHash(int64(from), hashes)
	if err != nil {
		return nil, err
	}
	toRoot, err := tlog.TreeHash(int64(to), hashes)
	if err != nil {
		return nil, err
	}
	return &ConsistencyProof{From: from, To: to, Hashes: fromTlog(proof), FromRoot: Hash(fromRoot), ToRoot: Hash(toRoot)}, nil
}

func (l *Ledger) checkTreeSize(ctx context.Context, field string, size uint64) error {
	if size == 0 {
		return fault.Field(field, "an empty tree proves nothing: give a size of at least 1")
	}
	if size <= l.DurableSize() {
		return nil
	}
	h, err := readHead(ctx, l.db, selectHead)
	if err != nil {
		return err
	}
	if size > h.Size {
		return fault.Field(field, "the ledger has %d entries; a tree of %d does not exist yet", h.Size, size)
	}
	return l.AwaitDurable(ctx, size)
}

func fromTlog(hashes []tlog.Hash) []Hash {
	own := make([]Hash, len(hashes))
	for i, h := range hashes {
		own[i] = Hash(h)
	}
	return own
}

// hashReader finds any stored hash of the durable tree from full tiles and, on the right-hand side, from leaves.
func (l *Ledger) hashReader(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			h, err := l.subtree(ctx, level, uint64(n))
			if err != nil {
				return nil, err
			}
			found[i] = tlog.Hash(h)
		}
		return found, nil
	})
}

// subtree gives the root of the perfect subtree number n at a level.
func (l *Ledger) subtree(ctx context.Context, level int, n uint64) (Hash, error) {
	within := level % tileHeight
	first := n << within
	hashes, err := l.hashesAt(ctx, level/tileHeight, first, first+(1<<within))
	if err != nil {
		return Hash{}, err
	}
	return perfectRoot(hashes), nil
}

// hashesAt gives hashes start to end (exclusive) of a tile level; they lie within one tile.
func (l *Ledger) hashesAt(ctx context.Context, level int, start, end uint64) ([]Hash, error) {
	number := start / tileWidth
	if (number+1)<<(tileHeight*(level+1)) <= l.DurableSize() {
		hashes, err := l.cachedTile(ctx, level, number)
		if err != nil {
			return nil, err
		}
		return hashes[start%tileWidth : (end-1)%tileWidth+1], nil
	}
	if level == 0 {
		return l.lastLeaves(ctx, start, end)
	}
	hashes := make([]Hash, 0, end-start)
	for lower := start; lower < end; lower++ {
		root, err := l.tileRoot(ctx, level-1, lower)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, root)
	}
	return hashes, nil
}
