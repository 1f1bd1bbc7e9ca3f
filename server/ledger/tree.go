package ledger

import (
	"crypto/sha256"
	"math/bits"
)

// The tree is RFC 6962's, kept in tiles of height 8: tile (L, N) holds the 256 hashes of tree level 8·L
// that start at 256·N (C2SP tlog-tiles).
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// LeafData is what the tree keeps of a body: its SHA-256.
func LeafData(raw []byte) Hash { return sha256.Sum256(raw) }

// LeafHash is RFC 6962's hash of a leaf: SHA-256 of 0x00 and the leaf's data.
func LeafHash(raw []byte) Hash {
	data := LeafData(raw)
	var buf [1 + len(data)]byte
	copy(buf[1:], data[:])
	return sha256.Sum256(buf[:])
}

// nodeHash is RFC 6962's hash of an inner node: SHA-256 of 0x01, left and right.
func nodeHash(left, right Hash) Hash {
	var buf [1 + 2*len(left)]byte
	buf[0] = 1
	copy(buf[1:], left[:])
	copy(buf[1+len(left):], right[:])
	return sha256.Sum256(buf[:])
}

// edge is the right-hand side of the tree: all that is needed to append a leaf and to complete tiles.
// It is a value: appending gives a new edge and leaves the old one as it was.
type edge struct {
	size uint64
	// frontier holds the roots of the perfect subtrees, largest first: one for each 1 bit of size.
	frontier []Hash
	// partial holds, for each tile level, the hashes of the tile that is not full yet.
	partial [][]Hash
}

// tile is a full tile, to be stored once.
type tile struct {
	level  int
	number uint64
	hashes []Hash
}

// clone makes room for n more leaves without touching what the old edge refers to.
func (e *edge) clone(n int) *edge {
	c := &edge{size: e.size, frontier: make([]Hash, len(e.frontier), 64), partial: make([][]Hash, len(e.partial))}
	copy(c.frontier, e.frontier)
	for level, hashes := range e.partial {
		room := len(hashes) + 1
		if level == 0 {
			room = min(len(hashes)+n, tileWidth)
		}
		c.partial[level] = append(make([]Hash, 0, room), hashes...)
	}
	return c
}

// append adds leaves and gives the tiles that became full.
func (e *edge) append(leaves []Hash) (*edge, []tile) {
	next := e.clone(len(leaves))
	var full []tile
	for _, leaf := range leaves {
		full = next.add(leaf, full)
	}
	return next, full
}

func (e *edge) add(leaf Hash, full []tile) []tile {
	full = e.addToTile(0, leaf, full)
	node := leaf
	level := 0
	for n := e.size; n&1 == 1; n >>= 1 {
		node = nodeHash(e.frontier[len(e.frontier)-1], node)
		e.frontier = e.frontier[:len(e.frontier)-1]
		level++
		if level%tileHeight == 0 {
			full = e.addToTile(level/tileHeight, node, full)
		}
	}
	e.frontier = append(e.frontier, node)
	e.size++
	return full
}

func (e *edge) addToTile(level int, hash Hash, full []tile) []tile {
	for len(e.partial) <= level {
		e.partial = append(e.partial, nil)
	}
	e.partial[level] = append(e.partial[level], hash)
	if len(e.partial[level]) < tileWidth {
		return full
	}
	number := e.size >> (tileHeight * (level + 1))
	full = append(full, tile{level: level, number: number, hashes: e.partial[level]})
	e.partial[level] = nil
	return full
}

// rootOf gives the root of a tree from its frontier; the empty tree's root is SHA-256 of nothing.
func rootOf(frontier []Hash) Hash {
	if len(frontier) == 0 {
		return sha256.Sum256(nil)
	}
	root := frontier[len(frontier)-1]
	for i := len(frontier) - 2; i >= 0; i-- {
		root = nodeHash(frontier[i], root)
	}
	return root
}

// perfectRoot gives the root over 2^k hashes.
func perfectRoot(hashes []Hash) Hash {
	level := append([]Hash(nil), hashes...)
	for len(level) > 1 {
		for i := 0; i < len(level)/2; i++ {
			level[i] = nodeHash(level[2*i], level[2*i+1])
		}
		level = level[:len(level)/2]
	}
	return level[0]
}

func packHashes(hashes []Hash) []byte {
	packed := make([]byte, 0, len(hashes)*len(Hash{}))
	for i := range hashes {
		packed = append(packed, hashes[i][:]...)
	}
	return packed
}

// unpackHashes reads n hashes; ok is false when the bytes are not exactly that many.
func unpackHashes(packed []byte, n int) (hashes []Hash, ok bool) {
	if len(packed) != n*len(Hash{}) {
		return nil, false
	}
	hashes = make([]Hash, n)
	for i := range hashes {
		copy(hashes[i][:], packed[i*len(Hash{}):])
	}
	return hashes, true
}

func frontierLength(size uint64) int { return bits.OnesCount64(size) }
