package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"pgregory.net/rapid"
)

// naiveRoot is RFC 6962, section 2.1, word for word.
func naiveRoot(leaves []Hash) Hash {
	if len(leaves) == 0 {
		return sha256.Sum256(nil)
	}
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	return nodeHash(naiveRoot(leaves[:k]), naiveRoot(leaves[k:]))
}

func numberedLeaves(from, n int) []Hash {
	leaves := make([]Hash, n)
	for i := range leaves {
		leaves[i] = LeafHash(binary.BigEndian.AppendUint64(nil, uint64(from+i)))
	}
	return leaves
}

func TestEdgeAgreesWithTheTextbookTreeHoweverLeavesArrive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := &edge{}
		var leaves []Hash
		var tiles []tile
		for range rapid.IntRange(1, 12).Draw(t, "appends") {
			batch := numberedLeaves(len(leaves), rapid.IntRange(1, 300).Draw(t, "batch"))
			before := slices.Clone(e.frontier)
			next, full := e.append(batch)
			if !slices.Equal(before, e.frontier) {
				t.Fatal("appending changed the edge that it started from")
			}
			e, leaves, tiles = next, append(leaves, batch...), append(tiles, full...)
			if rootOf(e.frontier) != naiveRoot(leaves) {
				t.Fatalf("wrong root of %d leaves", len(leaves))
			}
			if !slices.Equal(frontierOf(e), e.frontier) {
				t.Fatalf("partial tiles and frontier disagree at %d leaves", len(leaves))
			}
		}
		checkTiles(t, tiles, leaves)
	})
}

func checkTiles(t *rapid.T, tiles []tile, leaves []Hash) {
	if len(tiles) != len(leaves)/tileWidth {
		t.Fatalf("%d tiles for %d leaves", len(tiles), len(leaves))
	}
	for i, tile := range tiles {
		if tile.level != 0 || tile.number != uint64(i) {
			t.Fatalf("tile %d is (%d, %d)", i, tile.level, tile.number)
		}
		if !slices.Equal(tile.hashes, leaves[i*tileWidth:(i+1)*tileWidth]) {
			t.Fatalf("tile %d holds the wrong leaves", i)
		}
	}
}

func TestSecondLevelTileHoldsTheRootsOfTheFirst(t *testing.T) {
	t.Parallel()
	e := &edge{}
	var upper []tile
	var lower []tile
	for n := 0; n < tileWidth*tileWidth; n += 512 {
		next, full := e.append(numberedLeaves(n, 512))
		e = next
		for _, tile := range full {
			if tile.level == 0 {
				lower = append(lower, tile)
			} else {
				upper = append(upper, tile)
			}
		}
	}
	if len(lower) != tileWidth || len(upper) != 1 || upper[0].level != 1 || upper[0].number != 0 {
		t.Fatalf("%d lower and %d upper tiles", len(lower), len(upper))
	}
	for i, tile := range lower {
		if perfectRoot(tile.hashes) != upper[0].hashes[i] {
			t.Fatalf("hash %d of the upper tile is not the root of lower tile %d", i, i)
		}
	}
}

func TestAnIndependentLibraryComputesTheSameRoot(t *testing.T) {
	t.Parallel()
	factory := compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	other := factory.NewEmptyRange(0)
	e := &edge{}
	for n := range 1000 {
		body := binary.BigEndian.AppendUint64(nil, uint64(n))
		data := sha256.Sum256(body)
		if err := other.Append(rfc6962.DefaultHasher.HashLeaf(data[:]), nil); err != nil {
			t.Fatal(err)
		}
		e, _ = e.append([]Hash{LeafHash(body)})
		want, err := other.GetRootHash(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := rootOf(e.frontier); !slices.Equal(got[:], want) {
			t.Fatalf("roots of %d leaves differ", n+1)
		}
	}
}
