package queue_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/agent/queue"
)

func open(t testing.TB, dir string, max int) *queue.Queue {
	t.Helper()
	q, err := queue.Open(dir, max)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func record(i int) queue.Record {
	return queue.Record{ID: fmt.Sprint(i), State: "working", At: time.Unix(int64(i), 0).UTC(), Run: "a"}
}

// drain takes everything out, as a sender does.
func drain(t testing.TB, q *queue.Queue) (ids []string) {
	t.Helper()
	for {
		r, ok := q.Oldest()
		if !ok {
			return ids
		}
		ids = append(ids, r.ID)
		if err := q.Done(r.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOrderAndContentsSurviveReopeningAtAnyMoment(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		q := open(t, dir, 1000)
		var want []string
		next := 0
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"add", "add", "done", "reopen", "tear"}).Draw(rt, "step") {
			case "add":
				next++
				if err := q.Add(record(next)); err != nil {
					rt.Fatal(err)
				}
				want = append(want, fmt.Sprint(next))
			case "done":
				if len(want) > 0 {
					if err := q.Done(want[0]); err != nil {
						rt.Fatal(err)
					}
					want = want[1:]
				}
			case "tear":
				q.Close()
				appendTo(rt, filepath.Join(dir, "queue"), rapid.SampledFrom([]string{"00000000 {", "f", "\x00\x00"}).Draw(rt, "torn"))
				q = open(t, dir, 1000)
			case "reopen": // as after a kill: nothing was closed
				q = open(t, dir, 1000)
			}
			if q.Len() != len(want) {
				rt.Fatalf("%d wait, want %d", q.Len(), len(want))
			}
		}
		if got := drain(t, q); !slices.Equal(got, want) {
			rt.Fatalf("got %v, want %v", got, want)
		}
	})
}

func appendTo(t interface{ Fatal(...any) }, name, text string) {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

func TestAFullQueueKeepsTheOldest(t *testing.T) {
	q := open(t, t.TempDir(), 3)
	for i := range 3 {
		if err := q.Add(record(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.Add(record(3)); !errors.Is(err, queue.ErrFull) {
		t.Fatalf("a fourth record in a queue of three gave %v", err)
	}
	if got := drain(t, q); !slices.Equal(got, []string{"0", "1", "2"}) {
		t.Errorf("got %v", got)
	}
}

func TestADamagedRecordIsLeftOutAndTheOthersKept(t *testing.T) {
	for _, damaged := range []int{0, 1, 2} {
		dir := t.TempDir()
		q := open(t, dir, 10)
		for i := range 3 {
			if err := q.Add(record(i)); err != nil {
				t.Fatal(err)
			}
		}
		name := filepath.Join(dir, "queue")
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.Replace(text, fmt.Appendf(nil, `"id":"%d"`, damaged), []byte(`"id":"x"`), 1)
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		q = open(t, dir, 10)
		want := slices.Delete([]string{"0", "1", "2"}, damaged, damaged+1)
		if err := q.Done(want[0]); err != nil {
			t.Fatal(err)
		}
		q = open(t, dir, 10) // the head must still lie between records
		if got := drain(t, q); !slices.Equal(got, want[1:]) {
			t.Errorf("with %d damaged: got %v, want %v", damaged, got, want[1:])
		}
	}
}

func TestTheFileDoesNotGrowWithWhatWasDelivered(t *testing.T) {
	dir := t.TempDir()
	q := open(t, dir, 10)
	for i := range 1200 {
		if err := q.Add(record(i)); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			if err := q.Done(fmt.Sprint(i - 1)); err != nil {
				t.Fatal(err)
			}
		}
	}
	info, err := os.Stat(filepath.Join(dir, "queue"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 80<<10 {
		t.Errorf("the file has %d bytes with one record waiting", info.Size())
	}
	if got := drain(t, open(t, dir, 10)); !slices.Equal(got, []string{"1199"}) {
		t.Errorf("got %v", got)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the queue: %v", info.Mode())
	}
}

// Another program may have the file open, or keep it from being replaced, for a moment.
func TestReportsAreKeptWhereTheFileCannotBeReplaced(t *testing.T) {
	dir := t.TempDir()
	q := open(t, dir, 10_000)
	defer q.Close()
	const n = 800
	var want []string
	for i := range n {
		if err := q.Add(record(i)); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprint(i))
	}
	name := filepath.Join(dir, "queue")
	if err := errors.Join(os.Rename(name, name+".away"), os.MkdirAll(filepath.Join(name, "in the way"), 0o700)); err != nil {
		t.Fatal(err)
	}
	failed := false
	for !failed {
		if len(want) < 100 {
			t.Fatal("the file was never replaced")
		}
		failed = q.Done(want[0]) != nil
		want = want[1:]
	}
	if err := errors.Join(os.RemoveAll(name), os.Rename(name+".away", name)); err != nil {
		t.Fatal(err)
	}
	if err := q.Add(record(n)); err != nil {
		t.Fatal(err)
	}
	want = append(want, fmt.Sprint(n))
	if got := drain(t, open(t, dir, 10_000)); !slices.Equal(got, want) {
		t.Errorf("%d reports wait, from %s on; want %d from %s on", len(got), got[0], len(want), want[0])
	}
}
