package ledger_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

// witness remembers what clients sent and what they were told: all of it must be true at the end. An entry is known
// by its entity's id.
type witness struct {
	mu    sync.Mutex
	keyed map[string]bool     // everything that was sent: whether it was sent under a key until it was acknowledged
	told  map[string]uint64   // the places that were acknowledged
	wrong map[string][]uint64 // places that contradict an earlier acknowledgement
}

func newWitness() *witness {
	return &witness{keyed: map[string]bool{}, told: map[string]uint64{}, wrong: map[string][]uint64{}}
}

func (p *witness) sending(name string, keyed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keyed[name] = keyed
}

// acknowledged notes that a ledger told where an entry stands, which must be on disk by then.
func (p *witness) acknowledged(l *ledger.Ledger, name string, seq uint64) {
	durable := l.DurableSize()
	p.mu.Lock()
	defer p.mu.Unlock()
	if before, again := p.told[name]; durable <= seq || again && before != seq {
		p.wrong[name] = append(p.wrong[name], seq)
	}
	p.told[name] = seq
}

func (p *witness) wasTold(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, told := p.told[name]
	return told
}

// check reads the whole ledger: no gap, everything acknowledged once and in its place, nothing more than once.
func (p *witness) check(t *testing.T, f *ledgertest.Fixture) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for name, seqs := range p.wrong {
		t.Errorf("%s was acknowledged at %d and also at %d, or before it was on disk", name, p.told[name], seqs)
	}
	found := map[string]int{}
	size := uint64(0)
	for {
		entries, err := f.Ledger.Read(context.Background(), f.DB, size, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			if e.Seq != size {
				t.Fatalf("entry %d follows entry %d", e.Seq, size)
			}
			size++
			found[e.Entity.ID]++
			if seq, told := p.told[e.Entity.ID]; told && seq != e.Seq {
				t.Errorf("%s was acknowledged at %d and stands at %d", e.Entity.ID, seq, e.Seq)
			}
		}
	}
	for name, keyed := range p.keyed {
		_, told := p.told[name]
		if n := found[name]; n > 1 || n == 0 && (keyed || told) {
			t.Errorf("%s is there %d times (acknowledged: %v)", name, n, told)
		}
		delete(found, name)
	}
	for name, n := range found {
		t.Errorf("%q was never sent and is there %d times", name, n)
	}
	if report := requireVerified(t, f); report.Entries != size {
		t.Errorf("verified %d of %d entries", report.Entries, size)
	}
	t.Logf("%d entries, %d acknowledged", size, len(p.told))
}

// named gives drafts whose entities are called name-0, name-1 …
func named(name string, n int) []ledger.Draft {
	list := drafts(0, n)
	for i := range list {
		list[i].Entity.ID = fmt.Sprint(name, "-", i)
	}
	return list
}

// breathe waits a moment between two attempts.
func breathe(ctx context.Context) {
	timer := time.NewTimer(5 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
