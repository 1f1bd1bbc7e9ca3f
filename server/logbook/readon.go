package logbook

import (
	"context"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

const (
	// placesAtOnce is how many places are found at a time. They are small, and finding is dear by the statement.
	placesAtOnce = 10 * page.MaxSize
	// readersAhead is how many pages are read while one is taken: the database and this process work at the same time.
	readersAhead = 4
	// aheadBytes bounds the bodies that are read ahead, by what those of the page before took.
	aheadBytes = 32 << 20
)

// laterPage is a page that is being read, and what of aheadBytes it may take.
type laterPage struct {
	read chan readPage
	room int64
}

type readPage struct {
	entries []ledger.Entry
	err     error
}

// ahead is what is read ahead of whoever takes pages.
type ahead struct {
	pages chan laterPage
	room  *semaphore.Weighted
	// last is how long the bodies of the page were that was read last.
	last atomic.Int64
}

func newAhead() *ahead {
	a := &ahead{pages: make(chan laterPage, readersAhead-1), room: semaphore.NewWeighted(aheadBytes)}
	a.last.Store(aheadBytes / readersAhead)
	return a
}

// readOn gives all entries of a query to take, a page at a time and at least one, maybe empty, page. It goes on from the
// first places, which were found already. Where the next ones are is found, and their entries are read, while others are
// taken; how many are held is bounded.
func (s *Service) readOn(ctx context.Context, q *query, first []place, take func([]ledger.Entry) error) error {
	if len(first) == 0 {
		return take(nil)
	}
	ctx, cancel := context.WithCancel(ctx)
	work, ctx := errgroup.WithContext(ctx)
	parts := make(chan []place, placesAtOnce/page.MaxSize) // so that the next places are found while these are read
	ahead := newAhead()
	work.Go(func() error {
		defer close(parts)
		return s.findOn(ctx, q, first, parts)
	})
	work.Go(func() error {
		defer close(ahead.pages)
		return s.readParts(ctx, work, parts, ahead)
	})
	err := ahead.take(take)
	cancel()
	if failed := work.Wait(); err == nil {
		err = failed
	}
	return err
}

// take gives pages in their order, until there are no more or one fails.
func (a *ahead) take(take func([]ledger.Entry) error) error {
	for later := range a.pages {
		one := <-later.read
		if one.err != nil {
			return one.err
		}
		if err := take(one.entries); err != nil {
			return err
		}
		a.room.Release(later.room)
	}
	return nil
}

// findOn finds place after place and gives as many as a page holds to parts.
func (s *Service) findOn(ctx context.Context, q *query, found []place, parts chan<- []place) error {
	for {
		more := len(found) > placesAtOnce
		found = found[:min(len(found), placesAtOnce)]
		for part := range slices.Chunk(found, page.MaxSize) {
			select {
			case parts <- part:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if !more {
			return nil
		}
		var err error
		if found, err = s.places(ctx, q, page.Window{Limit: placesAtOnce}, &found[len(found)-1]); err != nil {
			return err
		}
	}
}

// readParts reads the entries of parts, several at the same time, and gives them on in their order.
func (s *Service) readParts(ctx context.Context, work *errgroup.Group, parts <-chan []place, ahead *ahead) error {
	for part := range parts {
		later := laterPage{make(chan readPage, 1), min(ahead.last.Load(), aheadBytes)}
		if err := ahead.room.Acquire(ctx, later.room); err != nil {
			return err
		}
		select {
		case ahead.pages <- later:
		case <-ctx.Done():
			return ctx.Err()
		}
		work.Go(func() error {
			entries, err := s.entriesAt(ctx, part)
			ahead.last.Store(bytesOf(entries))
			later.read <- readPage{entries, err}
			return nil // whoever takes the page has the error
		})
	}
	return nil
}

func bytesOf(entries []ledger.Entry) (sum int64) {
	for i := range entries {
		sum += int64(len(entries[i].Raw))
	}
	return sum
}
