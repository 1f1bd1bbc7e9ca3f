package ledger

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/seal"
)

func TestEntriesThatAreRecalledTogetherKeepTheirOwnBytes(t *testing.T) {
	t.Parallel()
	k := newKept(time.Now())
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(1, 3000), rapid.IntRange(20_000, 40_000)), 1, 60).Draw(t, "lengths")
		stored := make([]Entry, len(lengths))
		for i, n := range lengths {
			stored[i] = entryOf(t, i, n)
			k.add(&stored[i])
		}
		memory := pageMemory{repeated: newSeen()}
		recalled := make([]Entry, len(stored))
		for i := range stored {
			if !k.get(uint64(i), &recalled[i], &memory) {
				t.Fatalf("entry %d of %d bytes is not kept", i, lengths[i])
			}
		}
		for i := range recalled {
			_ = append(recalled[i].Sealed[0].Box.sealed, "behind it"...)
		}
		for i := range recalled {
			if raw, err := recalled[i].Canonical(); err != nil || !bytes.Equal(raw, stored[i].Raw) || recalled[i].Leaf != stored[i].Leaf || recalled[i].Seq != stored[i].Seq {
				t.Fatalf("entry %d of %d bytes changed: %.40s, %v", i, lengths[i], raw, err)
			}
		}
	})
}

// entryOf makes an entry with a box of n bytes.
func entryOf(t rapid.TB, seq, n int) Entry {
	t.Helper()
	sealed := []SealedPart{{Field: FieldComment, Subject: seal.Person(id.New()), Box: boxOf(bytes.Repeat([]byte{byte(seq + 1)}, n))}}
	b, err := encode(&Draft{ID: id.New(), Action: KeyIssued, Stream: StreamKey, Source: SourceKeytrail, Outcome: Success}, sealed)
	if err != nil {
		t.Fatal(err)
	}
	leaf := LeafHash(b.raw)
	entries, err := decodeRows([]row{{Seq: uint64(seq), Body: b.raw, Leaf: leaf[:]}})
	if err != nil {
		t.Fatal(err)
	}
	return entries[0]
}
