package ledger

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// Group commit: while one batch is being written, the next gathers. There is no goroutine for it: whoever finds
// nobody committing commits for all who wait, and hands over to one of them when others came meanwhile. So nobody
// waits for anything but the disk, and an idle ledger adds no delay.

const (
	// Where so many entries wait, a second leader may commit: the locks of the first are released before its log is on disk,
	// so that the next can write meanwhile. Fewer had better share the next commit, whose statements cost most of it.
	besideEntries    = 64
	maxLeadersBeside = 2
	// maxLeadersAhead may where so much waits that batches are written ahead.
	maxLeadersAhead = 4
	// A batch takes whole calls up to these bounds.
	batchEntries = 1024
	batchBytes   = 8 << 20
	// What may wait, beyond which a call is told to come again.
	waitingEntries = 16 * 1024
	waitingBytes   = 64 << 20

	batchTimeout = 30 * time.Second
	busyRetry    = time.Second
)

// group holds the calls that wait to be committed together.
type group struct {
	// commit writes what it takes from those that wait, as late as possible, and finishes those calls.
	commit func(ctx context.Context, from calls)

	mu             sync.Mutex
	waiting        []*call
	entries, bytes int // of all that wait
	leaders        int
}

// submit waits until the call is finished, committing for it and others when nobody else does.
func (g *group) submit(ctx context.Context, c *call) error {
	lead, err := g.enter(c)
	if err != nil {
		return err
	}
	defer g.leave(c)
	if lead {
		g.lead()
	}
	for {
		select {
		case <-c.done:
			return nil
		case <-c.lead:
			g.mu.Lock()
			c.promoted = false
			g.mu.Unlock()
			g.lead()
		case <-ctx.Done():
			return leftBehind(ctx)
		}
	}
}

// leftBehind is the error of a caller whose time was up.
func leftBehind(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fault.Wrap(ctx.Err(), fault.Unavailable, "It took too long, and it is unknown whether this was recorded. Send it again with the same keys.")
	}
	return ctx.Err()
}

// enter puts a call among those that wait. lead is true when its caller has to commit.
func (g *group) enter(c *call) (lead bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) > 0 && (g.entries+len(c.items) > waitingEntries || g.bytes+c.bytes > waitingBytes) {
		busy := fault.New(fault.Unavailable, "More is being recorded than the database can take. Nothing of this was recorded: send it again in a moment.")
		busy.RetryAfter = busyRetry
		return false, busy
	}
	g.waiting = append(g.waiting, c)
	g.entries, g.bytes = g.entries+len(c.items), g.bytes+c.bytes
	if g.leaders >= g.mostLeaders() {
		return false, nil
	}
	g.leaders++
	return true, nil
}

// mostLeaders is how many may commit what waits now. g.mu is held.
func (g *group) mostLeaders() int {
	switch {
	case g.entries >= aheadEntries:
		return maxLeadersAhead
	case g.entries >= besideEntries:
		return maxLeadersBeside
	}
	return 1
}

// leave takes a call out whose caller goes. One that was asked to lead hands that on.
func (g *group) leave(c *call) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting, c); i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
		g.entries, g.bytes = g.entries-len(c.items), g.bytes-c.bytes
	}
	if c.promoted {
		c.promoted = false
		g.handOver()
	}
}

// lead commits one batch and hands over. It outlives its caller's request, since others wait for it, too.
func (g *group) lead() {
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.handOver()
	}()
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	g.commit(ctx, g)
}

// handOver asks a caller who waits to lead, or counts one leader less. g.mu is held.
func (g *group) handOver() {
	if g.leaders > g.mostLeaders() {
		g.leaders--
		return
	}
	for _, c := range g.waiting {
		if !c.promoted {
			c.promoted = true
			c.lead <- struct{}{}
			return
		}
	}
	g.leaders--
}

// take gives the calls of the next batch, in the order they came: see calls.
func (g *group) take(least, most int) []*call {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.entries < least {
		return nil
	}
	n, entries, bytes := 0, 0, 0
	for _, c := range g.waiting {
		entries, bytes = entries+len(c.items), bytes+c.bytes
		if n > 0 && (entries > most || bytes > batchBytes) {
			break
		}
		n++
		g.entries, g.bytes = g.entries-len(c.items), g.bytes-c.bytes
	}
	taken := slices.Clone(g.waiting[:n])
	g.waiting = slices.Delete(g.waiting, 0, n)
	return taken
}

func (g *group) none() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting) == 0
}

// finish ends a call. When the batch failed, what it found of one call does not hold.
func (c *call) finish(err error) {
	if err != nil {
		c.err = err
	}
	close(c.done)
}

// errCommitterFailed ends the calls of a batch whose committer panicked.
var errCommitterFailed = errors.New("ledger: the batch was not finished")
