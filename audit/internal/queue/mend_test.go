package queue

import (
	"fmt"
	"os"
	"testing"
)

// damage changes a byte of a segment's file.
func damage(t *testing.T, path string, at int, mask byte) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[at] ^= mask
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Whichever bit of the second record's header flips, in the segment that was written last or in one before it: the first
// record comes, the file is set aside, and what it held is told.
func TestAFlippedBitInALengthIsDamageAndNotACrash(t *testing.T) {
	t.Parallel()
	const size = headerBytes + len("record 0")
	for bit := range 8 * headerBytes {
		for _, last := range []bool{true, false} {
			var told int64
			o := options(t.TempDir())
			o.Damaged = func(bytes int64) { told += bytes }
			q := open(t, o)
			add(t, q, 0, 10)
			_ = q.Close()
			after := 10
			if !last {
				q = open(t, o)
				add(t, q, 10, 12)
				_ = q.Close()
				after = 12
			}
			damage(t, segmentPath(o.Dir, 1), size+bit/8, 1<<(bit%8))
			q = open(t, o)
			add(t, q, after, after+2)
			want := []string{"record 0"}
			for i := 10; i < after+2; i++ {
				want = append(want, fmt.Sprint("record ", i))
			}
			if got := takeAll(t, q); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("bit %d: %q, want %q", bit, got, want)
			}
			if _, err := os.Stat(segmentPath(o.Dir, 1) + ".damaged"); err != nil || told != int64(9*size) {
				t.Fatalf("bit %d: %v, %d bytes are told", bit, err, told)
			}
			_ = q.Close()
		}
	}
}

func TestWhatACrashLeavesIsNoDamageAlsoAfterFurtherOpenings(t *testing.T) {
	t.Parallel()
	whole := appendRecord(appendRecord(nil, []byte("record 0")), []byte("record 1"))
	torn := whole[:len(whole)-3]
	for name, left := range map[string][]byte{"half a record": torn, "zeros": append(appendRecord(nil, []byte("record 0")), make([]byte, 50)...)} {
		o := options(t.TempDir())
		o.Damaged = func(bytes int64) { t.Errorf("%s: %d bytes are told as damaged", name, bytes) }
		if err := os.WriteFile(segmentPath(o.Dir, 1), left, 0o600); err != nil {
			t.Fatal(err)
		}
		for i := range 3 { // with keytrail away, nothing is taken
			q := open(t, o)
			add(t, q, i+1, i+2)
			_ = q.Close()
		}
		wantRecords(t, takeAll(t, open(t, o)), 0, 4)
	}
}

func TestDamageInTheSegmentThatIsWrittenIsToldBehindIt(t *testing.T) {
	t.Parallel()
	o := options(t.TempDir())
	var q *Queue
	o.Damaged = func(int64) { add(t, q, 3, 4) } // as the client tells it
	q = open(t, o)
	add(t, q, 0, 3)
	damage(t, segmentPath(o.Dir, 1), headerBytes, 1)
	wantRecords(t, takeAll(t, q), 3, 4)
}
