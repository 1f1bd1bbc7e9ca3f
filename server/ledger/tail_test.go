package ledger

import (
	"testing"
)

func entriesFrom(first uint64, n, size int) []Entry {
	entries := make([]Entry, n)
	for i := range entries {
		entries[i] = Entry{Seq: first + uint64(i), Raw: make([]byte, size)}
	}
	return entries
}

func TestTheTailIsBoundedAndWhatItGaveStays(t *testing.T) {
	t.Parallel()
	for size, total := range map[int]int{100: 20_000, 10_000: 4_000} {
		tail := newTail()
		tail.startAt(0)
		var given []Entry
		for first := 0; first < total; first += 50 {
			tail.add(entriesFrom(uint64(first), 50, size))
			if first == 50 {
				given, _, _ = tail.from(0, followBatch, nil)
			}
			if len(tail.entries) > tailEntries+followBatch || tail.bytes > tailBytes+50*size {
				t.Fatalf("%d entries of %d bytes are kept", len(tail.entries), tail.bytes)
			}
		}
		for i := range given {
			if given[i].Seq != uint64(i) || len(given) != 100 {
				t.Fatalf("entry %d became %d, of %d", i, given[i].Seq, len(given))
			}
		}
		first := tail.next - uint64(len(tail.entries))
		if _, _, older := tail.from(first-1, 1, nil); older != first {
			t.Errorf("what was dropped ends before entry %d, and not %d", first, older)
		}
		if some, _, older := tail.from(uint64(total-10), followBatch, nil); older != 0 || len(some) != 10 || some[9].Seq != uint64(total-1) {
			t.Errorf("the newest entries are %v", some)
		}
	}
}
