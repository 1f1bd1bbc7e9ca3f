package ledger

import (
	"bytes"
	"crypto/sha256"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestEntriesThatAreRecalledTogetherKeepTheirOwnBytes(t *testing.T) {
	t.Parallel()
	k := newKept(time.Now())
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(1, 3000), rapid.IntRange(20_000, 40_000)), 1, 60).Draw(t, "lengths")
		stored := make([]row, len(lengths))
		for i, n := range lengths {
			leaf := sha256.Sum256([]byte{byte(i), byte(n)})
			stored[i] = row{Seq: uint64(i), Leaf: leaf[:], Body: bytes.Repeat([]byte{byte(i + 1)}, n)}
			k.add(stored[i])
		}
		var memory pageMemory
		recalled := make([]row, len(stored))
		for i := range stored {
			var ok bool
			if recalled[i], ok = k.get(uint64(i), &memory); !ok {
				t.Fatalf("entry %d of %d bytes is not kept", i, lengths[i])
			}
		}
		for _, r := range recalled {
			_ = append(r.Body, "behind it"...)
		}
		for i, r := range recalled {
			if r.Seq != stored[i].Seq || !bytes.Equal(r.Leaf, stored[i].Leaf) || !bytes.Equal(r.Body, stored[i].Body) {
				t.Fatalf("entry %d of %d bytes changed: %.40x", i, lengths[i], r.Body)
			}
		}
	})
}
