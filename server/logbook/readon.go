package logbook

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

const (
	// placesAtOnce is how many places are found at a time. They are small, and finding is dear by the statement.
	placesAtOnce = 10 * page.MaxSize
	// readersAhead is how many pages are read while one is taken: the database and this process work at the same time.
	readersAhead = 4
)

// laterPage is a page that is being read.
type laterPage chan readPage

type readPage struct {
	entries []ledger.Entry
	err     error
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
	pages := make(chan laterPage, readersAhead-1)
	work.Go(func() error {
		defer close(parts)
		return s.findOn(ctx, q, first, parts)
	})
	work.Go(func() error {
		defer close(pages)
		return s.readParts(ctx, work, parts, pages)
	})
	err := takePages(pages, take)
	cancel()
	if failed := work.Wait(); err == nil {
		err = failed
	}
	return err
}

// takePages takes pages in their order, until there are no more or one fails.
func takePages(pages <-chan laterPage, take func([]ledger.Entry) error) error {
	for later := range pages {
		one := <-later
		if one.err != nil {
			return one.err
		}
		if err := take(one.entries); err != nil {
			return err
		}
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
func (s *Service) readParts(ctx context.Context, work *errgroup.Group, parts <-chan []place, pages chan<- laterPage) error {
	for part := range parts {
		later := make(laterPage, 1)
		select {
		case pages <- later:
		case <-ctx.Done():
			return ctx.Err()
		}
		work.Go(func() error {
			entries, err := s.entriesAt(ctx, part)
			later <- readPage{entries, err}
			return nil // whoever takes the page has the error
		})
	}
	return nil
}
