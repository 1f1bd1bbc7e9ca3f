package verify

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// textbook is RFC 6962's Merkle Tree Hash.
func textbook(d []hash) hash {
	switch len(d) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return d[0]
	}
	k := 1 << (bits.Len(uint(len(d)-1)) - 1)
	left, right := textbook(d[:k]), textbook(d[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

func TestASpanMadeOfAnyPiecesIsTheTextbooksTree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		leaves := make([]hash, rapid.IntRange(0, 1200).Draw(t, "size"))
		for i := range leaves {
			leaves[i] = sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
		}
		from := rapid.IntRange(0, len(leaves)).Draw(t, "from")
		to := rapid.IntRange(from, len(leaves)).Draw(t, "to")
		var before []hash
		for start := 0; start < from; {
			width := 1 << nextHeight(uint64(start), uint64(from))
			before = append(before, textbook(leaves[start:start+width]))
			start += width
		}
		s, err := newSpan(uint64(from), before)
		if err != nil {
			t.Fatal(err)
		}
		s.complete = func(height int, number uint64, root hash) {
			if want := textbook(leaves[number<<height : (number+1)<<height]); root != want {
				t.Fatalf("subtree %d of height %d", number, height)
			}
		}
		for i := from; i < to; i++ {
			if err := s.push(0, leaves[i]); err != nil {
				t.Fatal(err)
			}
		}
		if s.root() != textbook(leaves[:to]) {
			t.Fatalf("the root of %d leaves", to)
		}
		for int(s.size) < len(leaves) {
			height := nextHeight(s.size, uint64(len(leaves)))
			if err := s.push(height, textbook(leaves[s.size:s.size+1<<height])); err != nil {
				t.Fatal(err)
			}
		}
		again, err := newSpan(s.size, s.hashes())
		if err != nil || s.root() != textbook(leaves) || again.root() != s.root() {
			t.Fatalf("the root of %d leaves, %v", len(leaves), err)
		}
	})
}

func TestASubtreeGoesOnlyWhereOneCanBegin(t *testing.T) {
	t.Parallel()
	s := &span{}
	for height, ok := range []bool{true, false, false} {
		if err := s.push(height, hash{}); (err == nil) != ok {
			t.Errorf("height %d at %d: %v", height, s.size, err)
		}
	}
	if _, err := newSpan(5, make([]hash, 3)); err == nil {
		t.Error("5 leaves of 3 subtrees")
	}
}
