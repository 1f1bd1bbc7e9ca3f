package queue

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func options(dir string) Options {
	return Options{Dir: dir, MaxBytes: 1 << 20, SegmentBytes: 256, SyncEvery: time.Hour, Logger: slog.New(slog.DiscardHandler)}
}

func open(t *testing.T, o Options) *Queue {
	t.Helper()
	q, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return q
}

func add(t *testing.T, q *Queue, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if _, err := q.Append(fmt.Appendf(nil, "record %d", i)); err != nil {
			t.Fatal(err)
		}
	}
}

// takeAll takes everything in small batches.
func takeAll(t *testing.T, q *Queue) (all []string) {
	t.Helper()
	for {
		records, err := q.Peek(3, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if len(records) == 0 {
			return all
		}
		for _, r := range records {
			all = append(all, string(r.Payload))
		}
		if err := q.Take(records[len(records)-1].End); err != nil {
			t.Fatal(err)
		}
	}
}

func wantRecords(t *testing.T, got []string, from, to int) {
	t.Helper()
	if len(got) != to-from {
		t.Fatalf("%d records, want %d: %q", len(got), to-from, got)
	}
	for i, one := range got {
		if want := fmt.Sprintf("record %d", from+i); one != want {
			t.Fatalf("record %d is %q, want %q", i, one, want)
		}
	}
}

func TestRecordsComeInOrderAcrossSegmentsAndOpenings(t *testing.T) {
	t.Parallel()
	o := options(t.TempDir())
	for round := range 4 {
		q := open(t, o)
		add(t, q, round*50, round*50+50)
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
	}
	q := open(t, o)
	wantRecords(t, takeAll(t, q), 0, 200)
	if q.Waiting() != 0 {
		t.Fatalf("%d bytes wait", q.Waiting())
	}
	if files, _ := filepath.Glob(filepath.Join(o.Dir, "*"+segmentSuffix)); len(files) != 1 {
		t.Fatalf("taken segments stay: %q", files)
	}
}

func TestWhatWasTakenDoesNotComeAgain(t *testing.T) {
	t.Parallel()
	o := options(t.TempDir())
	q := open(t, o)
	add(t, q, 0, 30)
	records, err := q.Peek(17, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for len(records) < 17 {
		if err := q.Take(records[len(records)-1].End); err != nil {
			t.Fatal(err)
		}
		more, err := q.Peek(17-len(records), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, more...)
	}
	if err := errors.Join(q.Take(records[16].End), q.Close()); err != nil {
		t.Fatal(err)
	}
	wantRecords(t, takeAll(t, open(t, o)), 17, 30)
}

// Wherever a crash cuts the last segment, the records before the cut come, and those of the next opening after them.
func TestATornTailLosesOnlyTheRecordThatIsTorn(t *testing.T) {
	t.Parallel()
	whole := appendRecord(appendRecord(nil, []byte("record 0")), []byte("record 1"))
	for cut := range whole {
		dir := t.TempDir()
		if err := os.WriteFile(segmentPath(dir, 1), whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		q := open(t, options(dir))
		before := cut / (headerBytes + len("record 0"))
		add(t, q, before, 10)
		wantRecords(t, takeAll(t, q), 0, 10)
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADamagedSegmentIsSetAsideAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	o := options(t.TempDir())
	damaged := appendRecord(appendRecord(nil, []byte("record 0")), []byte("record x"))
	damaged[len(damaged)-1] ^= 1
	if err := os.WriteFile(segmentPath(o.Dir, 1), damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	q := open(t, o)
	add(t, q, 1, 3)
	wantRecords(t, takeAll(t, q), 0, 3)
	kept, err := os.ReadFile(segmentPath(o.Dir, 1) + ".damaged")
	if err != nil || !bytes.Equal(kept, damaged) {
		t.Fatalf("the damaged file was not kept: %v", err)
	}
}

func TestAFullQueueRefusesAndTakesAgainWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	o := options(t.TempDir())
	o.MaxBytes = 1000
	q := open(t, o)
	n := 0
	for ; ; n++ {
		_, err := q.Append(fmt.Appendf(nil, "record %d", n))
		if errors.Is(err, ErrFull) {
			break
		}
		if err != nil || n > 1000 {
			t.Fatal(n, err)
		}
	}
	wantRecords(t, takeAll(t, q), 0, n)
	add(t, q, n, n+10)
	wantRecords(t, takeAll(t, q), n, n+10)
}

func TestOneProcessAtATime(t *testing.T) {
	t.Parallel()
	o := options(t.TempDir())
	q := open(t, o)
	if _, err := Open(o); !errors.Is(err, ErrInUse) {
		t.Fatalf("a second opening gives %v", err)
	}
	_ = q.Close()
	open(t, o)
}

func TestSyncSharesFlushesAndReturnsWhenTheDiskHasIt(t *testing.T) {
	t.Parallel()
	q := open(t, options(t.TempDir()))
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			end, err := q.Append(fmt.Appendf(nil, "record %d", i))
			if err == nil {
				err = q.Sync(t.Context(), end)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if q.unflushed() {
		t.Error("something is not flushed")
	}
	if got := takeAll(t, q); len(got) != 200 {
		t.Errorf("%d records", len(got))
	}
}

func TestNothingCountsAsOnTheDiskAfterAFlushThatFailed(t *testing.T) {
	t.Parallel()
	q := open(t, options(t.TempDir()))
	add(t, q, 0, 30)
	q.mu.Lock()
	rolled, written, to := q.rolled[0], q.file, q.end
	_ = rolled.Close() // so that it cannot be flushed
	q.mu.Unlock()
	if err := q.Sync(t.Context(), to); !errors.Is(err, os.ErrClosed) {
		t.Fatalf("the flush says %v", err)
	}
	add(t, q, 30, 31)
	q.mu.Lock()
	if len(q.rolled) == 0 || q.rolled[0] != rolled || q.file == written {
		t.Error("the file that could not be flushed is forgotten, or written on")
	}
	q.rolled = q.rolled[1:] // as if the system had forgotten what it could not write
	to = q.end
	q.mu.Unlock()
	if err := q.Sync(t.Context(), to); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the next flush says %v", err)
	}
	if err := q.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closing says %v", err)
	}
	wantRecords(t, takeAll(t, open(t, q.o)), 0, 31)
}

func TestAClosedQueueTakesNothing(t *testing.T) {
	t.Parallel()
	q := open(t, options(t.TempDir()))
	_ = q.Close()
	if _, err := q.Append([]byte("x")); !errors.Is(err, ErrClosed) {
		t.Fatalf("%v", err)
	}
}

// FuzzReadRecord: whatever a file holds, reading ends, and gives only what has a right checksum.
func FuzzReadRecord(f *testing.F) {
	f.Add(appendRecord(nil, []byte("record")))
	f.Add(appendRecord(nil, []byte("record"))[:9])
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1})
	f.Add(make([]byte, 100))
	f.Fuzz(func(t *testing.T, file []byte) {
		r := bufio.NewReader(bytes.NewReader(file))
		var again []byte
		for {
			payload, err := readRecord(r)
			if err != nil {
				break
			}
			again = appendRecord(again, payload)
		}
		if !bytes.HasPrefix(file, again) {
			t.Fatal("what was read is not what the file holds")
		}
	})
}
