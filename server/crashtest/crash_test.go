// Package crashtest kills keytrail and its database under load and holds them to what they told their clients.
package crashtest

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// rounds is how often each test kills; KEYTRAIL_CRASH_ROUNDS asks for more than the quick run of every day.
func rounds(t *testing.T, usual int) int {
	text := os.Getenv("KEYTRAIL_CRASH_ROUNDS")
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNothingAcknowledgedIsLostWhenKeytrailIsKilled(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	crash(t, s, rounds(t, 2), func() {
		s.killKeytrail()
		t.Logf("ready again after %v", s.start())
	})
}

func TestNothingAcknowledgedIsLostWhenTheDatabaseIsKilled(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	crash(t, s, rounds(t, 2), func() {
		old := s.databasePID()
		s.killDatabase()
		t.Logf("ready again after %v", s.awaitNewDatabase(old))
	})
}

func TestNothingAcknowledgedIsLostWhenBothAreKilled(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	crash(t, s, rounds(t, 2), func() {
		s.killDatabase()
		s.killKeytrail()
		t.Logf("ready again after %v", s.start())
	})
}

// With slow syncs the time between a commit being visible and being on disk is wide: what is read in
// between must not be delivered, and must not be signed.
func TestNothingDeliveredIsLostWhenSyncsAreSlow(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.started = s.slowSyncs
	crash(t, s, rounds(t, 2), func() {
		old := s.databasePID()
		s.killDatabase()
		t.Logf("ready again after %v", s.awaitNewDatabase(old))
	})
}

// slowSyncs delays every sync and write of the database, until it ends.
func (s *server) slowSyncs() {
	s.t.Helper()
	strace := exec.Command("strace", "-f", "-qq", "-o", os.DevNull, "-p", strconv.Itoa(s.databasePID()),
		"-e", "trace=fdatasync,fsync,pwrite64", "-e", "inject=fdatasync,fsync:delay_exit=20000", "-e", "inject=pwrite64:delay_exit=1000")
	if err := strace.Start(); err != nil {
		s.t.Fatalf("strace is needed to slow the database down (install the package strace): %v", err)
	}
	s.t.Cleanup(func() {
		_ = strace.Process.Kill()
		_ = strace.Wait()
	})
}

// awaitNewDatabase waits until keytrail has started its database again and is ready.
func (s *server) awaitNewDatabase(old int) time.Duration {
	s.t.Helper()
	begin := time.Now()
	for pid := s.databasePID(); pid == 0 || pid == old; pid = s.databasePID() {
		if time.Since(begin) > patience {
			s.t.Fatalf("the database was not started again:\n%s", s.tail())
		}
		pause(context.Background())
	}
	s.awaitReady()
	ready := time.Since(begin)
	s.started()
	return ready
}

// crash moves keys while kill strikes again and again, and then holds keytrail to everything it said.
func crash(t *testing.T, s *server, rounds int, kill func()) {
	t.Logf("first start took %v", s.start())
	w := newWitness(t)
	c := w.signedIn(t.Context(), s)
	stock := makeStock(t, c)

	ctx, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for n := range workers {
		keys := stock.keys[n*keysPerWorker : (n+1)*keysPerWorker]
		clients.Go(func() { w.move(ctx, s, stock.holder, keys, n) })
	}
	clients.Go(func() { w.follow(ctx, s) })
	clients.Go(func() { w.watchCheckpoints(ctx, s) })
	for range rounds {
		w.awaitDelivery() // a feed that stands; movements may be faster than it
		w.awaitProgress(100)
		kill()
	}
	w.awaitDelivery()
	w.awaitProgress(100)
	stop()
	clients.Wait()
	w.check(s)
}

// awaitProgress waits until clients were told of more movements.
func (w *witness) awaitProgress(more int) {
	w.t.Helper()
	begin, goal := time.Now(), w.acknowledgedCount()+more
	for w.acknowledgedCount() < goal {
		if time.Since(begin) > patience {
			w.t.Fatalf("no progress beyond %d movements", w.acknowledgedCount())
		}
		pause(context.Background())
	}
}

func (w *witness) check(s *server) {
	w.t.Helper()
	c := w.signedIn(context.Background(), s)
	log := readLog(w.t, c)
	bySeq := make(map[string]string, len(log))
	for _, e := range log {
		bySeq[e.Seq] = e.ID
	}
	for id, seq := range w.acknowledged {
		if bySeq[seq] != id {
			w.t.Errorf("entry %s was acknowledged as number %s and is gone", id, seq)
		}
	}
	for _, e := range w.delivered {
		if bySeq[e.Seq] != e.ID {
			w.t.Errorf("entry %s was delivered as number %s and is gone", e.ID, e.Seq)
		}
	}
	w.checkNothingRepeated(log)
	w.checkNothingSkipped(log)
	w.checkCheckpoints(c)
	if out, err := s.verify(); err != nil {
		w.t.Errorf("keytrail verify: %v\n%s", err, out)
	}
	w.t.Logf("%d acknowledged, %d delivered, %d checkpoints, %d key entries in all",
		len(w.acknowledged), len(w.delivered), len(w.checkpoints), len(log))
}

// checkNothingRepeated compares how often keys moved with how often clients were told so: only the last request of
// each worker may be in the log without an answer.
func (w *witness) checkNothingRepeated(log []entry) {
	w.t.Helper()
	ids, moves := map[string]bool{}, 0
	for _, e := range log {
		if ids[e.ID] {
			w.t.Errorf("entry %s is in the log twice", e.ID)
		}
		ids[e.ID] = true
		if e.Action == "key.issued" || e.Action == "key.returned" {
			moves++
		}
	}
	if unanswered := moves - len(w.acknowledged); unanswered < 0 || unanswered > workers*keysPerWorker {
		w.t.Errorf("keys moved %d times, and clients were told of %d", moves, len(w.acknowledged))
	}
}

// checkNothingSkipped compares what was delivered with the log between the first and the last of it.
func (w *witness) checkNothingSkipped(log []entry) {
	w.t.Helper()
	if len(w.delivered) == 0 {
		w.t.Error("nothing was delivered")
		return
	}
	first, last := number(w.delivered[0].Seq), number(w.delivered[len(w.delivered)-1].Seq)
	var want, got []uint64
	for _, e := range log {
		if n := number(e.Seq); n >= first && n <= last {
			want = append(want, n)
		}
	}
	for _, e := range w.delivered {
		got = append(got, number(e.Seq))
	}
	slices.Sort(want)
	if !slices.Equal(want, got) {
		w.t.Errorf("of %d entries between %d and %d, %d were delivered", len(want), first, last, len(got))
	}
}

func (w *witness) checkCheckpoints(c *client) {
	w.t.Helper()
	var now struct {
		Checkpoint struct{ Size, RootHash string }
	}
	if err := c.do(context.Background(), &now, `{ checkpoint { size rootHash } }`, nil); err != nil {
		w.t.Fatal(err)
	}
	for size, root := range w.checkpoints {
		if number(size) > number(now.Checkpoint.Size) {
			w.t.Errorf("a checkpoint of %s entries was served; now there are %s", size, now.Checkpoint.Size)
			continue
		}
		var out struct {
			ConsistencyProof struct{ FromRootHash, ToRootHash string }
		}
		err := c.do(context.Background(), &out, `query($from: Int64!, $to: Int64!) { consistencyProof(from: $from, to: $to) { fromRootHash toRootHash } }`,
			map[string]any{"from": size, "to": now.Checkpoint.Size})
		if err != nil {
			w.t.Fatal(err)
		}
		if out.ConsistencyProof.FromRootHash != root {
			w.t.Errorf("the checkpoint of %s entries was served with another root than the log has there", size)
		}
	}
}

// readLog reads every key entry, newest first.
func readLog(t *testing.T, c *client) []entry {
	t.Helper()
	var log []entry
	for after := any(nil); ; {
		var out struct {
			KeyLog struct {
				Edges    []struct{ Node entry }
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		err := c.do(context.Background(), &out, `query($after: Cursor) { keyLog(first: 500, after: $after) { edges { node { id seq cursor action } } pageInfo { hasNextPage endCursor } } }`,
			map[string]any{"after": after})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range out.KeyLog.Edges {
			log = append(log, e.Node)
		}
		if !out.KeyLog.PageInfo.HasNextPage {
			return log
		}
		after = out.KeyLog.PageInfo.EndCursor
	}
}
