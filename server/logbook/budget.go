package logbook

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	// viewBudget is how many different views of one viewer a process records in a window: more than anybody reads and
	// a program needs that asks for something else three times a second, and little enough for a record that is kept
	// for good.
	viewBudget = 2000
	// viewersKept is how many viewers a process counts for.
	viewersKept = 8192
)

// budgets counts how many views are recorded of each viewer. It is safe for concurrent use.
type budgets struct {
	mu      sync.Mutex
	viewers *lru.LRU[string, *budget]
}

type budget struct {
	since time.Time
	spent int
}

func newBudgets() (*budgets, error) {
	viewers, err := lru.NewLRU[string, *budget](viewersKept, nil)
	return &budgets{viewers: viewers}, err
}

// spend counts one more view. RATE_LIMITED when the viewer has had as many as he may in this window.
func (b *budgets) spend(viewer string, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	one, known := b.viewers.Get(viewer)
	if !known || !isFresh(one.since, now) {
		one = &budget{since: now}
		b.viewers.Add(viewer, one)
	}
	if one.spent >= viewBudget {
		return tooManyViews(one.since.Add(viewWindow).Sub(now))
	}
	one.spent++
	return nil
}

// giveBack takes back what was spent on a view that this process did not record after all.
func (b *budgets) giveBack(viewer string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if one, known := b.viewers.Get(viewer); known && one.spent > 0 {
		one.spent--
	}
}

func tooManyViews(wait time.Duration) error {
	f := fault.New(fault.RateLimited, "You have looked under more than %d different filters within ten minutes, and each is recorded for good."+
		" Ask for further pages with a cursor, and for what is new with a feed: that counts once.", viewBudget)
	f.RetryAfter = wait
	return f
}
