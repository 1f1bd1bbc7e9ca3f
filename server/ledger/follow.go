package ledger

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	// pollInterval bounds how late entries of other processes, or after a missed wake-up, are seen.
	pollInterval = 250 * time.Millisecond
	pollTimeout  = 10 * time.Second
	followBatch  = 500
	// tailEntries and tailBytes bound what is kept in memory for followers; older entries are read again.
	tailEntries = 4096
	tailBytes   = 16 << 20
	// tailAge is how long they are kept while little is appended: followers that keep up have had them long since.
	tailAge = 10 * time.Second
)

// tail holds the newest durable entries. One reader per process fills it; every follower reads from it.
type tail struct {
	wakeUps chan struct{}

	mu      sync.Mutex
	entries []Entry // without gaps, ending before next
	bytes   int
	next    uint64
	waiting lanes
}

func newTail() *tail { return &tail{wakeUps: make(chan struct{}, 1), waiting: newLanes()} }

func (t *tail) wake() {
	select {
	case t.wakeUps <- struct{}{}:
	default:
	}
}

func (t *tail) add(entries []Entry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.entries = append(t.entries, entries...)
	for _, e := range entries {
		t.bytes += len(e.Raw)
	}
	t.next = entries[len(entries)-1].Seq + 1
	t.trim()
	t.waiting.allDue()
}

// trim drops the oldest entries, a good part at once, because the others are copied.
func (t *tail) trim() {
	if len(t.entries) <= tailEntries+followBatch && t.bytes <= tailBytes {
		return
	}
	drop, bytes := 0, t.bytes
	for len(t.entries)-drop > tailEntries || (bytes > tailBytes*3/4 && drop < len(t.entries)-1) {
		bytes -= len(t.entries[drop].Raw)
		drop++
	}
	t.drop(drop, 2*followBatch)
}

// dropOlder drops what was recorded before a time, once that is half of what is kept or more.
func (t *tail) dropOlder(before time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	drop := 0
	for drop < len(t.entries) && t.entries[drop].RecordedAt.Before(before) {
		drop++
	}
	if drop > 0 && 2*drop >= len(t.entries) {
		t.drop(drop, 0)
	}
}

// drop drops the oldest n entries. The others are copied, with room for more: followers may still read the old array.
func (t *tail) drop(n, room int) {
	for i := range t.entries[:n] {
		t.bytes -= len(t.entries[i].Raw)
	}
	t.entries = append(make([]Entry, 0, len(t.entries)-n+room), t.entries[n:]...)
}

func (t *tail) startAt(next uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next = next
	t.waiting.allDue()
}

// wakeAll wakes followers as long as ctx lasts.
func (t *tail) wakeAll(ctx context.Context) {
	for ctx.Err() == nil {
		t.mu.Lock()
		pause := t.waiting.wakeNext(time.Now())
		t.mu.Unlock()
		if pause > 0 {
			rest(ctx, pause)
			continue
		}
		select {
		case <-ctx.Done():
		case <-t.waiting.due:
		}
	}
}

func (t *tail) position() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.next
}

// from gives up to limit entries from seq on. Where there are none yet, place is where the caller waits for more: the
// one that he has, unless it was closed. older is where the tail begins when that is behind seq and 0 otherwise.
func (t *tail) from(seq uint64, limit int, place *lane) (entries []Entry, wait *lane, older uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if seq >= t.next {
		return nil, t.waiting.join(place, time.Now()), 0
	}
	first := t.next - uint64(len(t.entries))
	if seq < first {
		return nil, place, first
	}
	rest := t.entries[seq-first:]
	return rest[:min(limit, len(rest))], place, 0
}

// Run reads what is appended, by this process and others, and wakes followers, until ctx ends.
// While the database is away it goes on trying.
func (l *Ledger) Run(ctx context.Context) error {
	ticks := time.NewTicker(pollInterval)
	defer ticks.Stop()
	var waking sync.WaitGroup
	waking.Go(func() { l.tail.wakeAll(ctx) })
	defer waking.Wait()
	away := false
	l.fresh.start()
	for started := false; ; {
		var err error
		if started {
			err = l.poll(ctx)
		} else if err = l.startTail(ctx); err == nil {
			started = true
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil != away {
			away = err != nil
			l.log.Log(ctx, map[bool]slog.Level{true: slog.LevelWarn, false: slog.LevelInfo}[away], "ledger reader", "error", err)
		}
		if err == nil && l.pending() > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-l.tail.wakeUps:
		case <-ticks.C:
		}
	}
}

// pending is how many entries are known to be on disk that the tail does not have.
func (l *Ledger) pending() uint64 {
	durable := l.durable.Load()
	return durable - min(durable, l.tail.position())
}

func (l *Ledger) startTail(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	if err := l.dropOldPulses(ctx); err != nil {
		return err
	}
	seen, err := l.beat(ctx)
	if err != nil {
		return err
	}
	l.tail.startAt(seen.Size)
	l.seal.ForgetAll() // keys may have been destroyed, and cached, before this reader began
	return nil
}

// poll reads one batch of entries into the tail, up to what is durable.
func (l *Ledger) poll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	next := l.tail.position()
	if l.durable.Load() <= next {
		h, err := readHead(ctx, l.db.Side(), selectHead)
		if err != nil {
			return err
		}
		if err := l.AwaitDurable(ctx, h.Size); err != nil {
			return err
		}
	}
	if l.durable.Load() <= next {
		l.tail.dropOlder(l.now().Add(-tailAge))
		return nil
	}
	entries, err := l.readNext(ctx, next)
	if err != nil || len(entries) == 0 {
		return err
	}
	l.heedKeys(entries)
	l.tail.add(entries)
	return nil
}

// Follower reads the ledger in order from one place on. It is used by one goroutine.
type Follower struct {
	ledger *Ledger
	next   uint64
	place  *lane
	// kept is set once it has reached the tail, and lost is since when it has been behind the tail again.
	kept bool
	lost time.Time
}

// Follow gives a follower whose first entry is seq from. It never skips an entry, never repeats one, and
// never gives one that is not durable.
func (l *Ledger) Follow(from uint64) *Follower { return &Follower{ledger: l, next: from} }

// FollowFromNow gives a follower of what is committed from now on.
func (l *Ledger) FollowFromNow(ctx context.Context) (*Follower, error) {
	h, err := readHead(ctx, l.db, selectHead)
	if err != nil {
		return nil, err
	}
	// A place that a crash of the database could still take back would skip what is written there afterwards.
	if err := l.AwaitDurable(ctx, h.Size); err != nil {
		return nil, err
	}
	return l.Follow(h.Size), nil
}

// Position is the sequence number that the follower expects next.
func (f *Follower) Position() uint64 { return f.next }

// Lagging is how long the follower, having kept up once, has not. It is 0 for one that still catches up with what
// was there before it came.
func (f *Follower) Lagging() time.Duration {
	if f.lost.IsZero() {
		return 0
	}
	return time.Since(f.lost)
}

// Next waits for entries and gives 1 to 500 of them, which others read as well and nobody may change. It returns
// ctx's error when ctx ends.
func (f *Follower) Next(ctx context.Context) ([]Entry, error) { return f.NextUntil(ctx, nil) }

// NextUntil is Next that gives none once until gives something.
func (f *Follower) NextUntil(ctx context.Context, until <-chan time.Time) ([]Entry, error) {
	for {
		entries, place, older := f.ledger.tail.from(f.next, followBatch, f.place)
		f.place = place
		f.noteLag(older == 0)
		if older > 0 {
			var err error
			if entries, err = f.readOlder(ctx, older); err != nil {
				return nil, err
			}
		}
		if len(entries) > 0 {
			f.next = entries[len(entries)-1].Seq + 1
			return entries, nil
		}
		if older > 0 {
			f.next = older // all up to there was pruned, wherever the tail begins by now
			continue
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-until:
			return nil, nil
		case <-place.woken:
		}
	}
}

func (f *Follower) noteLag(held bool) {
	switch {
	case held:
		f.kept, f.lost = true, time.Time{}
	case f.kept && f.lost.IsZero():
		f.lost = time.Now()
	}
}

// readOlder reads entries before end that the tail no longer holds; they are durable, because the tail has passed them.
func (f *Follower) readOlder(ctx context.Context, end uint64) ([]Entry, error) {
	entries, err := f.ledger.Read(ctx, f.ledger.db, f.next, int(min(end-f.next, followBatch)))
	if err != nil {
		return nil, err
	}
	for i, e := range entries {
		if e.Seq >= end {
			return entries[:i], nil
		}
	}
	return entries, nil
}
