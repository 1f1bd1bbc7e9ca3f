package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"slices"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// The textbook: RFC 6962, section 2.1, word for word, with recursion and nothing remembered. It has its own hash
// function, so that a mistake in ours cannot hide.

func textbookNode(left, right Hash) Hash {
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

func textbookLeaf(body []byte) Hash {
	data := sha256.Sum256(body)
	return sha256.Sum256(slices.Concat([]byte{0}, data[:]))
}

// split is the largest power of two smaller than n.
func split(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

// mth is the Merkle Tree Hash.
func mth(d []Hash) Hash {
	switch len(d) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return d[0]
	}
	k := split(len(d))
	return textbookNode(mth(d[:k]), mth(d[k:]))
}

// path is PATH(m, D[n]), section 2.1.1.
func path(m int, d []Hash) []Hash {
	if len(d) == 1 {
		return nil
	}
	if k := split(len(d)); m < k {
		return append(path(m, d[:k]), mth(d[k:]))
	} else {
		return append(path(m-k, d[k:]), mth(d[:k]))
	}
}

// subproof is SUBPROOF(m, D[n], b), section 2.1.2.
func subproof(m int, d []Hash, whole bool) []Hash {
	if m == len(d) {
		if whole {
			return nil
		}
		return []Hash{mth(d)}
	}
	if k := split(len(d)); m <= k {
		return append(subproof(m, d[:k], whole), mth(d[k:]))
	} else {
		return append(subproof(m-k, d[k:], false), mth(d[:k]))
	}
}

// textbookTile gives the hashes of a tile in a tree of these leaves (C2SP tlog-tiles).
func textbookTile(level, number int, d []Hash) (hashes []Hash) {
	width := 1 << (tileHeight * level)
	for i := number * tileWidth; i < (number+1)*tileWidth && (i+1)*width <= len(d); i++ {
		hashes = append(hashes, mth(d[i*width:(i+1)*width]))
	}
	return hashes
}

// memory is a ledger's tree: the full tiles that appends gave, and the edge.
type memory struct {
	edge  *edge
	tiles map[tileKey][]Hash
}

func (m *memory) append(leaves []Hash) {
	next, full := m.edge.append(leaves)
	for _, t := range full {
		m.tiles[tileKey{t.level, t.number}] = t.hashes
	}
	m.edge = next
}

// ReadHashes finds stored hashes as the ledger does: in full tiles, and on the right-hand side in the edge.
func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		within := level % tileHeight
		first := n << within
		key := tileKey{level / tileHeight, uint64(first) / tileWidth}
		hashes, full := m.tiles[key]
		if !full {
			hashes = m.edge.partial[key.level]
		}
		at := first % tileWidth
		found[i] = tlog.Hash(perfectRoot(hashes[at : at+1<<within]))
	}
	return found, nil
}

func leavesOf(t *rapid.T, n int) []Hash {
	leaves := make([]Hash, n)
	salt := rapid.Uint64().Draw(t, "salt")
	for i := range leaves {
		body := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, salt), uint64(i))
		leaves[i] = LeafHash(body)
		if leaves[i] != textbookLeaf(body) {
			t.Fatal("a leaf's hash is not the textbook's")
		}
	}
	return leaves
}

func TestTilesFrontierAndProofsAreThoseOfTheTextbookAndAnotherLibraryAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		leaves := leavesOf(t, rapid.IntRange(1, 1500).Draw(t, "size"))
		m := &memory{edge: &edge{}, tiles: map[tileKey][]Hash{}}
		for done := 0; done < len(leaves); {
			n := min(rapid.IntRange(1, 400).Draw(t, "batch"), len(leaves)-done)
			m.append(leaves[done : done+n])
			done += n
		}
		requireTextbookTiles(t, m, leaves)
		requireTextbookFrontier(t, m.edge, leaves)
		for range 5 {
			size := rapid.IntRange(1, len(leaves)).Draw(t, "tree size")
			requireTextbookInclusion(t, m, leaves[:size], rapid.IntRange(0, size-1).Draw(t, "entry"))
			requireTextbookConsistency(t, m, leaves[:size], rapid.IntRange(1, size).Draw(t, "from"))
		}
	})
}

func requireTextbookTiles(t *rapid.T, m *memory, leaves []Hash) {
	full := 0
	for level, width := 0, 1; width <= len(leaves); level, width = level+1, width*tileWidth {
		for number := 0; number*tileWidth*width < len(leaves); number++ {
			want := textbookTile(level, number, leaves)
			got, ok := m.tiles[tileKey{level, uint64(number)}]
			if ok {
				full++
			} else if len(want) > 0 {
				got = m.edge.partial[level]
			}
			if ok != (len(want) == tileWidth) || !slices.Equal(got, want) {
				t.Fatalf("tile %d of level %d in a tree of %d", number, level, len(leaves))
			}
		}
	}
	if full != len(m.tiles) {
		t.Fatalf("%d tiles were made and %d are right", len(m.tiles), full)
	}
}

func requireTextbookFrontier(t *rapid.T, e *edge, leaves []Hash) {
	var want []Hash
	for rest := leaves; len(rest) > 0; {
		width := 1 << (bits.Len(uint(len(rest))) - 1)
		want = append(want, mth(rest[:width]))
		rest = rest[width:]
	}
	if !slices.Equal(e.frontier, want) || rootOf(e.frontier) != mth(leaves) {
		t.Fatalf("the frontier of %d leaves is not the textbook's", len(leaves))
	}
}

func requireTextbookInclusion(t *rapid.T, m *memory, leaves []Hash, seq int) {
	hashes, err := tlog.ProveRecord(int64(len(leaves)), int64(seq), m)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(fromTlog(hashes), path(seq, leaves)) {
		t.Fatalf("the proof of entry %d in %d is not the textbook's", seq, len(leaves))
	}
	root := mth(leaves)
	if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(seq), uint64(len(leaves)), leaves[seq][:], bytesOf(hashes), root[:]); err != nil {
		t.Fatal(err)
	}
}

func requireTextbookConsistency(t *rapid.T, m *memory, leaves []Hash, from int) {
	hashes, err := tlog.ProveTree(int64(len(leaves)), int64(from), m)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(fromTlog(hashes), subproof(from, leaves, true)) {
		t.Fatalf("the proof from %d to %d is not the textbook's", from, len(leaves))
	}
	old, root := mth(leaves[:from]), mth(leaves)
	if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(from), uint64(len(leaves)), bytesOf(hashes), old[:], root[:]); err != nil {
		t.Fatal(err)
	}
}

func bytesOf(hashes []tlog.Hash) [][]byte {
	list := make([][]byte, len(hashes))
	for i := range hashes {
		list[i] = hashes[i][:]
	}
	return list
}

func FuzzAppendsMakeTheTextbooksTree(f *testing.F) {
	f.Add([]byte{1, 255, 1, 0, 7})
	f.Add([]byte{255, 255, 255, 255, 4})
	f.Fuzz(func(t *testing.T, batches []byte) {
		e := &edge{}
		var leaves []Hash
		for _, n := range batches[:min(len(batches), 8)] {
			batch := numberedLeaves(len(leaves), int(n))
			leaves = append(leaves, batch...)
			e, _ = e.append(batch)
			if rootOf(e.frontier) != mth(leaves) || !slices.Equal(frontierOf(e), e.frontier) {
				t.Fatalf("after batches %v", batches)
			}
		}
	})
}
