package keeping

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/page"
)

// SearchConfig says how long one call searches.
type SearchConfig struct {
	// Budget is after how long a call begins no further archive, and leaves one that it cannot finish for the next; 0 means
	// 5 seconds. What is asked for is measured by the clock of the service.
	Budget time.Duration
	// Longest is how long the first archive of a call may take, so that every call comes further; 0 means 20 seconds.
	Longest time.Duration
}

const (
	defaultBudget  = 5 * time.Second
	defaultLongest = 20 * time.Second
	// mostDamaged bounds the damaged archives that one call names: it goes on behind them at the next.
	mostDamaged = 50
)

// Search finds entries in archives. It is safe for concurrent use.
type Search struct {
	keeping *Service
	book    *logbook.Service
	config  SearchConfig
	gate    *searchGate
}

// NewSearch makes the search of a service's archives. Entries are let through and shown by book.
func NewSearch(s *Service, book *logbook.Service, c SearchConfig) *Search {
	c.Budget, c.Longest = cmp.Or(c.Budget, defaultBudget), cmp.Or(c.Longest, defaultLongest)
	return &Search{keeping: s, book: book, config: c, gate: newSearchGate()}
}

// ArchivedEntry is an entry that only an archive has.
type ArchivedEntry struct {
	Entry   logbook.LogEntry
	Archive *Archive
	cursor  string
}

// Searched says how far a search has come.
type Searched struct {
	// Archives were read to their ends in this call; Damaged of them were not as they were written, and nothing of those is shown.
	Archives int
	Damaged  []*Archive
	// Left are still to be read, among them one that holds more than was asked for.
	Left int
	// BackTo is the instant after which everything was searched; nil when nothing is left.
	BackTo *time.Time
}

// Find gives entries that were deleted and that the filter lets through, from archives whose entries are the newest first, and
// within an archive in the order in which they were recorded, the newest first. Of entries that were put back it gives none:
// lists have them. A page may hold less than was asked for, or nothing, though there is more: its end is where to go on.
//
// FORBIDDEN for whoever may not list archives, what SieveArchived says, RATE_LIMITED while another search of the actor or too
// many others run, and UNAVAILABLE when the store of archives does not answer.
func (s *Search) Find(ctx context.Context, actor *access.Actor, f logbook.Filter, r page.Request) (page.Page[*ArchivedEntry], *Searched, error) {
	var none page.Page[*ArchivedEntry]
	if err := s.keeping.mayLook(ctx, actor); err != nil {
		return none, nil, err
	}
	w, err := r.Window()
	if err != nil {
		return none, nil, err
	}
	if w.Backward {
		return none, nil, fault.Field("before", "archives are searched forward only: use first and after")
	}
	at, err := searchPlaceOf(w.Cursor)
	if err != nil {
		return none, nil, err
	}
	if err := s.gate.enter(actor.Caller()); err != nil {
		return none, nil, err
	}
	defer s.gate.leave(actor.Caller())
	sieve, err := s.book.SieveArchived(ctx, actor, f)
	if err != nil {
		return none, nil, err
	}
	run := &searchRun{Search: s, filter: f, sieve: sieve, limit: w.Limit, at: at, began: s.keeping.now()}
	if err := run.search(ctx); err != nil {
		return none, nil, err
	}
	return run.page(w.Cursor != ""), &run.searched, nil
}

// searchRun is one call.
type searchRun struct {
	*Search
	filter logbook.Filter
	sieve  *logbook.Sieve
	limit  int
	// at is where to go on; nil at the beginning.
	at       *searchPlace
	began    time.Time
	found    []*ArchivedEntry
	held     int // bytes of the bodies of what was found
	searched Searched
}

var errBudgetSpent = errors.New("keeping: the time of this call is over")

func (r *searchRun) spent() bool { return r.keeping.now().Sub(r.began) >= r.config.Budget }

// search reads archive after archive until the page is full, the time is over or nothing is left.
func (r *searchRun) search(ctx context.Context) error {
	for {
		next, left, err := r.next(ctx)
		if err != nil {
			return err
		}
		r.searched.Left, r.searched.BackTo = left, nil
		if next == nil {
			return nil
		}
		r.searched.BackTo = &next.Newest
		full := len(r.found) == r.limit || r.held >= mostHeld || len(r.searched.Damaged) == mostDamaged
		if full || r.searched.Archives > 0 && r.spent() {
			return nil
		}
		more, err := r.archive(ctx, next)
		if errors.Is(err, errBudgetSpent) {
			return nil
		}
		if err != nil {
			return err
		}
		if more { // it holds further hits, so that it is read again from the last one on
			return nil
		}
		r.searched.Archives++
		r.at = &searchPlace{next.Newest, next.ID, 0}
	}
}

// archive searches one. more says that it holds further hits than fit; then at is behind the last that did.
func (r *searchRun) archive(ctx context.Context, a *Archive) (more bool, err error) {
	one, cancel := context.WithTimeout(ctx, r.config.Longest)
	defer cancel()
	before := uint64(1<<64 - 1)
	if r.at != nil && r.at.archive == a.ID {
		before = r.at.before
	}
	first := r.searched.Archives == 0
	file := &archiveSearch{
		keeping: r.keeping, sieve: r.sieve, archive: a, before: before, kept: newest{limit: r.limit - len(r.found), most: mostHeld - r.held},
		stop: func() bool { return !first && r.spent() },
	}
	damage, err := file.read(one)
	switch {
	case err != nil && one.Err() != nil && ctx.Err() == nil && !first:
		return false, errBudgetSpent
	case err != nil && one.Err() != nil && ctx.Err() == nil:
		return false, fault.Wrap(err, fault.Unavailable, "The archive %s cannot be searched within %d seconds. Bound the time so that it is left out, or search with keytrail archive search.", a.ID, int(r.config.Longest.Seconds()))
	case err != nil:
		return false, err
	case !damage.IsZero():
		r.searched.Damaged = append(r.searched.Damaged, a)
		return false, r.keeping.noteDamage(ctx, a, damage)
	}
	return file.kept.dropped, r.take(ctx, a, &file.kept)
}

// take shows what was found in an archive, the newest first.
func (r *searchRun) take(ctx context.Context, a *Archive, kept *newest) error {
	for i := len(kept.entries) - 1; i >= 0; i-- {
		e := &kept.entries[i]
		shown, err := r.sieve.Show(ctx, e)
		if err != nil {
			return err
		}
		r.at = &searchPlace{a.Newest, a.ID, e.Seq}
		r.held += len(e.Raw)
		r.found = append(r.found, &ArchivedEntry{Entry: shown, Archive: a, cursor: r.at.cursor()})
	}
	return nil
}

func (r *searchRun) page(after bool) page.Page[*ArchivedEntry] {
	p := page.Page[*ArchivedEntry]{Items: r.found, Cursors: make([]string, len(r.found))}
	for i, one := range r.found {
		p.Cursors[i] = one.cursor
	}
	p.Info = page.Info{HasNextPage: r.searched.Left > 0, HasPreviousPage: after}
	if len(r.found) > 0 {
		p.Info.StartCursor = p.Cursors[0]
	}
	if r.at != nil {
		p.Info.EndCursor = r.at.cursor()
	}
	return p
}
