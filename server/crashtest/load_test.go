package crashtest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"
)

const (
	workers       = 8
	keysPerWorker = 4
)

// witness remembers what keytrail told its clients; all of it must still be true at the end.
type witness struct {
	t            *testing.T
	mu           sync.Mutex
	acknowledged map[string]string // entry id to sequence number
	delivered    []entry
	checkpoints  map[string]string // size to root
}

func newWitness(t *testing.T) *witness {
	return &witness{t: t, acknowledged: map[string]string{}, checkpoints: map[string]string{}}
}

func (w *witness) acknowledge(entries []entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range entries {
		if seq, known := w.acknowledged[e.ID]; known && seq != e.Seq {
			w.t.Errorf("entry %s was acknowledged as number %s and again as %s", e.ID, seq, e.Seq)
		}
		w.acknowledged[e.ID] = e.Seq
	}
}

func (w *witness) deliver(e entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.delivered); n > 0 && number(e.Seq) <= number(w.delivered[n-1].Seq) {
		w.t.Errorf("entry %s was delivered after %s", e.Seq, w.delivered[n-1].Seq)
	}
	w.delivered = append(w.delivered, e)
}

func (w *witness) lastCursor() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.delivered) == 0 {
		return ""
	}
	return w.delivered[len(w.delivered)-1].Cursor
}

func (w *witness) acknowledgedCount() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acknowledged)
}

func number(seq string) uint64 {
	n, err := strconv.ParseUint(seq, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// stock is a person and keys to move.
type stock struct {
	holder string
	keys   []string
}

func makeStock(t *testing.T, c *client) stock {
	t.Helper()
	var s stock
	var person struct {
		CreatePerson struct{ Person struct{ ID string } }
	}
	err := c.do(t.Context(), &person, `mutation { createPerson(input: {name: "Jānis Bērziņš", department: "Maintenance"}) { person { id } } }`, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.holder = person.CreatePerson.Person.ID
	for n := range workers * keysPerWorker {
		var key struct {
			CreateKey struct{ Key struct{ ID string } }
		}
		err := c.do(t.Context(), &key, `mutation($n: String!) { createKey(input: {number: $n, label: "Room"}) { key { id } } }`,
			map[string]any{"n": fmt.Sprint(100 + n)})
		if err != nil {
			t.Fatal(err)
		}
		s.keys = append(s.keys, key.CreateKey.Key.ID)
	}
	return s
}

const (
	issue    = `mutation($keys: [ID!]!, $holder: ID!, $k: String!) { moved: issueKeys(input: {keys: $keys, holder: $holder, comment: "Room usage", idempotencyKey: $k}) { entries { id seq } } }`
	giveBack = `mutation($keys: [ID!]!, $k: String!) { moved: returnKeys(input: {keys: $keys, idempotencyKey: $k}) { entries { id seq } } }`
)

// move issues and returns its keys for ever. A request that was not answered is sent again with the same
// idempotency key, as a careful client would.
func (w *witness) move(ctx context.Context, s *server, holder string, keys []string, worker int) {
	c := w.signedIn(ctx, s)
	for n := 0; ctx.Err() == nil; n++ {
		query := issue
		if n%2 == 1 {
			query = giveBack
		}
		variables := map[string]any{"keys": keys, "k": fmt.Sprintf("%d-%d", worker, n)}
		if n%2 == 0 {
			variables["holder"] = holder
		}
		for ctx.Err() == nil {
			var out struct{ Moved struct{ Entries []entry } }
			err := c.do(ctx, &out, query, variables)
			if err == nil {
				w.acknowledge(out.Moved.Entries)
				break
			}
			var refused graphError
			if errors.As(err, &refused) && refused.Extensions.Code == "CONFLICT" {
				w.t.Errorf("worker %d, step %d: %v", worker, n, err)
				return
			}
			if errors.As(err, &refused) && refused.Extensions.Code == "UNAUTHENTICATED" {
				c = w.signedIn(ctx, s)
			}
			pause(ctx)
		}
	}
}

// signedIn signs in as often as it takes.
func (w *witness) signedIn(ctx context.Context, s *server) *client {
	for {
		c, err := newClient(s.url())
		if err == nil {
			err = c.signIn(ctx, "root", rootPassword)
		}
		if err == nil || ctx.Err() != nil {
			return c
		}
		pause(ctx)
	}
}

// follow reads the feed of a server, and again from where it was when that is cut off. The session outlives the process.
func (w *witness) follow(ctx context.Context, s *server) {
	c := w.signedIn(ctx, s)
	for ctx.Err() == nil {
		var refused graphError
		if err := c.follow(ctx, w.lastCursor(), w.deliver); errors.As(err, &refused) && refused.Extensions.Code == "UNAUTHENTICATED" {
			c = w.signedIn(ctx, s)
		}
		pause(ctx)
	}
}

// awaitDelivery waits until the feed has delivered one more entry.
func (w *witness) awaitDelivery() {
	w.t.Helper()
	begin, before := time.Now(), w.lastCursor()
	for w.lastCursor() == before {
		if time.Since(begin) > patience {
			w.t.Fatalf("nothing was delivered after %q", before)
		}
		pause(context.Background())
	}
}

func (w *witness) watchCheckpoints(ctx context.Context, s *server) {
	c := w.signedIn(ctx, s)
	for ctx.Err() == nil {
		var out struct {
			Checkpoint struct{ Size, RootHash string }
		}
		if err := c.do(ctx, &out, `{ checkpoint { size rootHash } }`, nil); err == nil {
			w.mu.Lock()
			w.checkpoints[out.Checkpoint.Size] = out.Checkpoint.RootHash
			w.mu.Unlock()
		}
		pause(ctx)
	}
}

// pause waits a moment between attempts, so that a server that is away is not asked in a tight loop.
func pause(ctx context.Context) {
	timer := time.NewTimer(20 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
