package ledger

import (
	"context"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/keytrail/keytrail/server/fault"
)

// A proof near the right-hand side of the tree needs the roots of up to 255 full tiles a level, and leaves that no tile
// holds yet. Neither changes any more once it is on disk, so both are kept.

const cachedRoots = 4096

// treeCache keeps what proofs need over and over.
type treeCache struct {
	roots *lru.Cache[tileKey, Hash]

	mu sync.Mutex
	// leaves are those from first on, on disk, in the newest tile that was asked about or written and is not full.
	first  uint64
	leaves []Hash
}

func newTreeCache() (*treeCache, error) {
	roots, err := lru.New[tileKey, Hash](cachedRoots)
	return &treeCache{roots: roots}, err
}

// keepEdge keeps the leaves of an edge whose commit was acknowledged.
func (c *treeCache) keepEdge(e *edge) {
	if len(e.partial) > 0 {
		c.keep(e.size&^(tileWidth-1), e.partial[0])
	}
}

// keep takes leaves of one tile, which nobody changes afterwards, unless there are later ones already.
func (c *treeCache) keep(first uint64, leaves []Hash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if first > c.first || first == c.first && len(leaves) > len(c.leaves) {
		c.first, c.leaves = first, leaves
	}
}

// between gives leaves start to end (exclusive), nil when they are not kept.
func (c *treeCache) between(start, end uint64) []Hash {
	c.mu.Lock()
	defer c.mu.Unlock()
	if start < c.first || end > c.first+uint64(len(c.leaves)) {
		return nil
	}
	return c.leaves[start-c.first : end-c.first]
}

// tileRoot gives the root over a full tile that is on disk.
func (l *Ledger) tileRoot(ctx context.Context, level int, number uint64) (Hash, error) {
	key := tileKey{level, number}
	if root, ok := l.tree.roots.Get(key); ok {
		return root, nil
	}
	hashes, err := l.cachedTile(ctx, level, number)
	if err != nil {
		return Hash{}, err
	}
	root := perfectRoot(hashes)
	l.tree.roots.Add(key, root)
	return root, nil
}

// lastLeaves gives leaf hashes behind the last full tile of the tree that is asked about, all of them on disk.
func (l *Ledger) lastLeaves(ctx context.Context, start, end uint64) ([]Hash, error) {
	if leaves := l.tree.between(start, end); leaves != nil {
		return leaves, nil
	}
	first := start &^ (tileWidth - 1)
	leaves, err := l.readLastLeaves(ctx, first, min(first+tileWidth, max(end, l.DurableSize())))
	if err != nil {
		return nil, err
	}
	l.tree.keep(first, leaves)
	return leaves[start-first : end-first], nil
}

// readLastLeaves reads leaves of one tile. Where the ledger has grown meanwhile and entries were pruned, their tile is
// full by now and has them.
func (l *Ledger) readLastLeaves(ctx context.Context, start, end uint64) ([]Hash, error) {
	hashes, err := leavesBetween(ctx, l.db, start, end)
	if !fault.Is(err, fault.Internal) {
		return hashes, err
	}
	tile, tileErr := readTile(ctx, l.db, 0, start/tileWidth)
	if tileErr != nil {
		return nil, err
	}
	return tile[start%tileWidth : (end-1)%tileWidth+1], nil
}
