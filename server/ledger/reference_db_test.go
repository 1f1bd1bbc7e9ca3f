package ledger_test

import (
	"crypto/sha256"
	"math/bits"
	"slices"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

// naive is RFC 6962's Merkle Tree Hash, recursive and without a memory.
func naive(d []ledger.Hash) ledger.Hash {
	if len(d) == 1 {
		return d[0]
	}
	k := 1 << (bits.Len(uint(len(d)-1)) - 1)
	left, right := naive(d[:k]), naive(d[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

// What a database gives must be what its bodies make, for every tree that was ever signed and not the newest only.
func TestWhatTheDatabaseProvesAndPublishesIsWhatItsBodiesMake(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	for _, n := range []int{100, 156, 1, 400, 111, 512, 3} {
		ledgertest.Append(t, f.DB, f.Ledger, drafts(0, n)...)
	}
	entries, err := f.Ledger.Read(t.Context(), f.DB, 0, 2000)
	if err != nil {
		t.Fatal(err)
	}
	leaves := make([]ledger.Hash, len(entries))
	for i, e := range entries {
		data := sha256.Sum256(e.Raw)
		leaves[i] = sha256.Sum256(slices.Concat([]byte{0}, data[:]))
	}
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, len(leaves)).Draw(t, "size")
		seq, from := rapid.IntRange(0, size-1).Draw(t, "seq"), rapid.IntRange(1, size).Draw(t, "from")
		root := naive(leaves[:size])
		in, err := f.Ledger.ProveInclusion(ctx, uint64(seq), uint64(size))
		if err != nil {
			t.Fatal(err)
		}
		if in.RootHash != root || in.LeafHash != leaves[seq] {
			t.Fatalf("entry %d in %d: another root or leaf", seq, size)
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(seq), uint64(size), leaves[seq][:], slicesOf(in.Hashes), root[:]); err != nil {
			t.Fatal(err)
		}
		old := naive(leaves[:from])
		con, err := f.Ledger.ProveConsistency(ctx, uint64(from), uint64(size))
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(from), uint64(size), slicesOf(con.Hashes), old[:], root[:]); err != nil {
			t.Fatal(err)
		}
		number := uint64(seq / 256)
		width := min(256, size-seq/256*256)
		tile, err := f.Ledger.Tile(ctx, 0, number, width)
		if err != nil || !slices.Equal(tile, leaves[number*256:number*256+uint64(width)]) {
			t.Fatalf("tile %d with %d hashes: %v", number, width, err)
		}
		if upper := size / 256; upper > 0 {
			tile, err := f.Ledger.Tile(ctx, 1, 0, upper)
			if err != nil {
				t.Fatal(err)
			}
			for i, h := range tile {
				if h != naive(leaves[i*256:(i+1)*256]) {
					t.Fatalf("hash %d of the upper tile", i)
				}
			}
		}
	})
}
