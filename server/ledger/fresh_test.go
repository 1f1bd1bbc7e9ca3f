package ledger

import (
	"testing"

	"pgregory.net/rapid"
)

func freshEntries(n, size int) []pendingEntry {
	entries := make([]pendingEntry, n)
	for i := range entries {
		entries[i].body = &body{raw: make([]byte, size)}
	}
	return entries
}

func TestTheReaderTakesWhatWasCommittedInOrderWhateverTheOrderOfTheAcknowledgements(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := &fresh{}
		f.start()
		sizes := rapid.SliceOfN(rapid.IntRange(1, 5), 1, 12).Draw(t, "sizes")
		firsts, total := make([]uint64, len(sizes)), uint64(0)
		for i, n := range sizes {
			firsts[i] = total
			total += uint64(n)
		}
		var next uint64
		known := map[uint64]bool{}
		for _, i := range rapid.Permutation(indexes(len(sizes))).Draw(t, "order") {
			f.put(firsts[i], freshEntries(sizes[i], 10))
			for s := range uint64(sizes[i]) {
				known[firsts[i]+s] = true
			}
			limit := rapid.IntRange(1, 9).Draw(t, "limit")
			rows := f.from(next, limit)
			for _, r := range rows {
				if r.Seq != next || !known[next] {
					t.Fatalf("took %d, want %d", r.Seq, next)
				}
				next++
			}
			if len(rows) < limit && known[next] {
				t.Fatalf("entry %d was here and not taken", next)
			}
		}
		for next < total {
			rows := f.from(next, 9)
			if len(rows) == 0 {
				t.Fatalf("entry %d was never taken", next)
			}
			next += uint64(len(rows))
		}
		if f.from(total, 1); f.bytes != 0 || len(f.runs) != 0 {
			t.Fatalf("%d bytes in %d runs are left", f.bytes, len(f.runs))
		}
	})
}

func indexes(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func TestWhatTheReaderDoesNotTakeIsBounded(t *testing.T) {
	t.Parallel()
	f := &fresh{}
	f.put(0, freshEntries(1, 10))
	if len(f.runs) != 0 {
		t.Fatal("nobody reads, and entries are kept")
	}
	f.start()
	for first := range uint64(100) {
		f.put(first, freshEntries(1, freshBytes/10))
	}
	if f.bytes > freshBytes {
		t.Fatalf("%d bytes are kept", f.bytes)
	}
	if rows := f.from(0, 500); rows != nil {
		t.Fatalf("%d entries although the first are gone", len(rows))
	}
	if rows := f.from(99, 500); len(rows) != 1 || rows[0].Seq != 99 {
		t.Fatalf("%d entries", len(rows))
	}
}
