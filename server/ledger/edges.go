package ledger

import (
	"context"
	"slices"
	"sync"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// edgeCache remembers the last few right-hand sides of the tree. One may belong to a transaction that was
// rolled back, so it is used only for a head row with the same frontier, which commits to all of the tree.
type edgeCache struct {
	mu    sync.Mutex
	edges []*edge // newest last
}

const keptEdges = 8

func (c *edgeCache) add(e *edge) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.edges) == keptEdges {
		c.edges = append(c.edges[:0], c.edges[1:]...)
	}
	c.edges = append(c.edges, e)
}

func (c *edgeCache) get(size uint64, frontier []Hash) *edge {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.edges) - 1; i >= 0; i-- {
		if e := c.edges[i]; e.size == size && slices.Equal(e.frontier, frontier) {
			return e
		}
	}
	return nil
}

// edgeAt gives the right-hand side of the tree that the head row describes, from memory or from the tables.
// A fault when the tables do not agree with the head row: then nothing may be appended.
func (l *Ledger) edgeAt(ctx context.Context, q mysql.Querier, size uint64, frontier []Hash) (*edge, error) {
	if e := l.edges.get(size, frontier); e != nil {
		return e, nil
	}
	e := &edge{size: size, frontier: frontier}
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		hashes, err := partialTile(ctx, q, level, size)
		if err != nil {
			return nil, err
		}
		e.partial = append(e.partial, hashes)
	}
	if !slices.Equal(e.frontier, frontierOf(e)) {
		return nil, fault.New(fault.Internal,
			"the ledger's head row does not agree with its entries: nothing is recorded until keytrail verify has shown why")
	}
	l.edges.add(e)
	return e, nil
}

// frontierOf computes the roots of the perfect subtrees from the hashes of the partial tiles.
func frontierOf(e *edge) []Hash {
	var frontier []Hash
	for level := len(e.partial) - 1; level >= 0; level-- {
		rest := e.partial[level]
		for width := tileWidth / 2; width > 0; width /= 2 {
			if len(rest)&width == 0 {
				continue
			}
			start := len(rest) &^ (2*width - 1)
			frontier = append(frontier, perfectRoot(rest[start:start+width]))
		}
	}
	return frontier
}

// partialTile reads the hashes of the tile at a level that is not full in a tree of this size.
func partialTile(ctx context.Context, q mysql.Querier, level int, size uint64) ([]Hash, error) {
	end := size >> (tileHeight * level)
	start := end &^ (tileWidth - 1)
	if level == 0 {
		return leavesBetween(ctx, q, start, end)
	}
	return rootsOfTiles(ctx, q, level-1, start, end)
}

const selectTiles = "SELECT hashes FROM {ledger}.tile WHERE level = ? AND number >= ? AND number < ? ORDER BY number"

// rootsOfTiles reads the roots of a row of full tiles in one statement: the head row may be locked meanwhile.
func rootsOfTiles(ctx context.Context, q mysql.Querier, level int, start, end uint64) ([]Hash, error) {
	if start == end {
		return nil, nil
	}
	var tiles [][]byte
	if err := q.Select(ctx, &tiles, selectTiles, level, start, end); err != nil {
		return nil, err
	}
	if uint64(len(tiles)) != end-start {
		return nil, fault.New(fault.Internal, "tiles of level %d between %d and %d are missing: run keytrail verify", level, start, end)
	}
	roots := make([]Hash, len(tiles))
	for i, packed := range tiles {
		hashes, ok := unpackHashes(packed, tileWidth)
		if !ok {
			return nil, fault.New(fault.Internal, "tile %d of level %d is damaged: run keytrail verify", start+uint64(i), level)
		}
		roots[i] = perfectRoot(hashes)
	}
	return roots, nil
}

const selectLeaves = "SELECT leaf FROM {ledger}.entry WHERE seq >= ? AND seq < ? ORDER BY seq"

func leavesBetween(ctx context.Context, q mysql.Querier, start, end uint64) ([]Hash, error) {
	if start == end {
		return nil, nil
	}
	var leaves [][]byte
	if err := q.Select(ctx, &leaves, selectLeaves, start, end); err != nil {
		return nil, err
	}
	if uint64(len(leaves)) != end-start {
		return nil, fault.New(fault.Internal, "entries between %d and %d are missing: run keytrail verify", start, end)
	}
	hashes := make([]Hash, len(leaves))
	for i, leaf := range leaves {
		copy(hashes[i][:], leaf)
	}
	return hashes, nil
}

type tileKey struct {
	level  int
	number uint64
}

const selectTile = "SELECT hashes FROM {ledger}.tile WHERE level = ? AND number = ?"

func readTile(ctx context.Context, q mysql.Querier, level int, number uint64) ([]Hash, error) {
	var packed []byte
	if err := q.Get(ctx, &packed, selectTile, level, number); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "tile %d of level %d cannot be read: run keytrail verify", number, level)
	}
	hashes, ok := unpackHashes(packed, tileWidth)
	if !ok {
		return nil, fault.New(fault.Internal, "tile %d of level %d is damaged: run keytrail verify", number, level)
	}
	return hashes, nil
}

// cachedTile keeps full tiles in memory: once durable, they never change. Appends read without it, since what
// they see may still be lost.
func (l *Ledger) cachedTile(ctx context.Context, level int, number uint64) ([]Hash, error) {
	key := tileKey{level, number}
	if hashes, ok := l.tiles.Get(key); ok {
		return hashes, nil
	}
	hashes, err := readTile(ctx, l.db, level, number)
	if err == nil {
		l.tiles.Add(key, hashes)
	}
	return hashes, err
}
