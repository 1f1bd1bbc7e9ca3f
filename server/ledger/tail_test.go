package ledger

import (
	"testing"
	"time"
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

func TestTheTailDropsWhatIsOldOnceThatIsHalfOfIt(t *testing.T) {
	t.Parallel()
	begun := time.Unix(1_800_000_000, 0)
	tail := newTail()
	tail.startAt(100)
	entries := entriesFrom(100, 10, 50)
	for i := range entries {
		entries[i].RecordedAt = begun.Add(time.Duration(i) * time.Second)
	}
	tail.add(entries)
	given, _, _ := tail.from(100, followBatch, nil)
	for _, c := range []struct {
		before time.Duration
		first  uint64
	}{{-time.Hour, 100}, {0, 100}, {4 * time.Second, 100}, {5 * time.Second, 105}, {7 * time.Second, 105}, {8 * time.Second, 108}, {time.Hour, 110}, {2 * time.Hour, 110}} {
		tail.dropOlder(begun.Add(c.before))
		if first := tail.next - uint64(len(tail.entries)); first != c.first || tail.bytes != 50*len(tail.entries) || tail.next != 110 {
			t.Fatalf("what was recorded within %s is dropped: it begins at %d and ends at %d, %d bytes", c.before, first, tail.next, tail.bytes)
		}
	}
	if _, _, older := tail.from(104, 1, nil); older != 110 {
		t.Errorf("followers are told to read up to %d", older)
	}
	tail.add(entriesFrom(110, 1, 50))
	if some, _, older := tail.from(110, followBatch, nil); older != 0 || len(some) != 1 || some[0].Seq != 110 {
		t.Errorf("the next entries are %v", some)
	}
	if len(given) != 10 || given[0].Seq != 100 || given[9].Seq != 109 {
		t.Errorf("what was given became %v", given)
	}
}
