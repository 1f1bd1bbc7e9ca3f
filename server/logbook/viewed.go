package logbook

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// viewWindow is how long the same viewer goes on with the same view under the same filter before that is
	// recorded once more.
	viewWindow = 10 * time.Minute
	// viewsKept is how many views a process remembers, so that going on with one costs no statement.
	viewsKept = 8192
	// marksSwept bounds how many old marks are deleted at a time, and sweepTime how long that may take.
	marksSwept = 1000
	sweepTime  = time.Second
)

// EntityView is the type of what log.viewed is about; its id is the name of the view in the schema.
const EntityView = "view"

// The views, by their names in the schema.
const (
	viewKeyLog       = "keyLog"
	viewKeyHistory   = "history"
	viewKeyFeed      = "keyFeed"
	viewAuthLog      = "authLog"
	viewAuthFeed     = "authFeed"
	viewActivityLog  = "activityLog"
	viewActivityFeed = "activityFeed"
	viewWorkLog      = "workLog"
	viewWorkFeed     = "workFeed"
	viewSystemLog    = "systemLog"
	viewSystemFeed   = "systemFeed"
	viewTimeline     = "timeline"
	viewTimelineFeed = "timelineFeed"
	viewLogCounts    = "logCounts"
	viewEntry        = "entry"
	viewArchived     = "archivedEntries"
	viewLegacyKeys   = "legacyKeyLogs" // the older systems' list, which comes whole
)

// The sealed parts of log.viewed.
const (
	fieldFilter  = "filter"
	fieldPurpose = "purpose"
)

// viewing is a look at a log.
type viewing struct {
	view string
	// filter is what was asked for, without the place in the list: going from page to page is one view.
	filter map[string]any
	// purpose is why, as the viewer says.
	purpose string
	// shown is how many entries the first page has; nil for a feed, which has no end.
	shown *int
}

// mark stands for viewer, view and filter without telling them.
type mark [32]byte

// views remembers what was recorded a short while ago. It is safe for concurrent use.
type views struct {
	recorded *lru.Cache[mark, time.Time]
	budgets  *budgets
	mu       sync.Mutex
	swept    time.Time
	sweeping bool
}

func newViews() (*views, error) {
	recorded, err := lru.New[mark, time.Time](viewsKept)
	if err != nil {
		return nil, err
	}
	spent, err := newBudgets()
	return &views{recorded: recorded, budgets: spent}, err
}

// beginSweep reports whether old marks are to be deleted now: by one at a time, and once in a window by each process.
func (v *views) beginSweep(now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sweeping || isFresh(v.swept, now) {
		return false
	}
	v.sweeping = true
	return true
}

// endSweep says whether any old mark is left.
func (v *views) endSweep(now time.Time, all bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sweeping = false; all {
		v.swept = now
	}
}

// isFresh reports whether something lies so little in the past that it counts. What lies far in the future was
// written under a wrong clock.
func isFresh(at, now time.Time) bool {
	return now.Sub(at) < viewWindow && at.Sub(now) < viewWindow
}

// viewed records that the actor looks at a log: once in ten minutes for the same viewer, view and filter, whichever
// process he asks. Call it before anything of what he asked for leaves. UNAVAILABLE when it cannot be recorded and
// RATE_LIMITED when he had too much recorded already, and then nothing may be shown. keytrail itself is no viewer.
func (s *Service) viewed(ctx context.Context, actor *access.Actor, v viewing) error {
	if actor.IsSystem() {
		return nil
	}
	now := s.now().UTC().Truncate(time.Microsecond)
	m, err := s.markOf(ctx, actor, v)
	if err == nil {
		if at, ok := s.views.recorded.Get(m); ok && isFresh(at, now) {
			return nil
		}
		err = s.recordView(ctx, m, actor, v, now)
	}
	if err == nil || ctx.Err() != nil || fault.Is(err, fault.Unavailable) || fault.Is(err, fault.RateLimited) {
		return err
	}
	return fault.Wrap(err, fault.Unavailable, "That you look at this cannot be recorded, and so it is not shown. Try again.")
}

// Looked records that the actor looks at what is no list of entries and still tells of people, as viewed does, and for which
// purpose, "" where he gave none.
func (s *Service) Looked(ctx context.Context, actor *access.Actor, view string, filter map[string]any, purpose string) error {
	return s.viewed(ctx, actor, viewing{view: view, filter: filter, purpose: purpose})
}

// markOf hashes viewer, view, filter and purpose.
func (s *Service) markOf(ctx context.Context, actor *access.Actor, v viewing) (mark, error) {
	text, err := json.Marshal([]any{actor.Caller(), v.view, v.filter, v.purpose}) // names of a map are written in order
	if err != nil {
		return mark{}, err
	}
	hash, err := s.seal.BlindIndex(ctx, EntityView, string(text))
	if err != nil {
		return mark{}, err
	}
	return mark(hash), nil
}

// recordView appends log.viewed, unless another request or process has just done it.
func (s *Service) recordView(ctx context.Context, m mark, actor *access.Actor, v viewing, now time.Time) error {
	if err := s.views.budgets.spend(actor.Caller(), now); err != nil {
		return err
	}
	var at time.Time
	var claimed bool
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		if at, claimed, err = claimMark(ctx, tx, m, now); err != nil || !claimed {
			return err
		}
		_, err = s.ledger.Append(ctx, tx, viewedDraft(actor, v, now))
		return err
	})
	if err != nil || !claimed {
		s.views.budgets.giveBack(actor.Caller())
	}
	if err == nil && !claimed {
		err = s.ledger.AwaitRead(ctx) // what another process wrote can be read before it is on disk
	}
	if err != nil {
		return err
	}
	s.views.recorded.Add(m, at)
	s.sweepMarks(ctx, now)
	return nil
}

func viewedDraft(actor *access.Actor, v viewing, now time.Time) ledger.Draft {
	d := actor.Draft(ledger.StreamSystem, ledger.LogViewed, now)
	d.Entity = ledger.Entity{Type: EntityView, ID: v.view, Label: v.view}
	if v.shown != nil {
		d.Details = map[string]any{"shown": *v.shown}
	}
	// What somebody looks for names people and addresses, so it is his to be forgotten with him.
	d.Parts = append(d.Parts, ledger.PersonPart(fieldFilter, actor.Person, now, v.filter))
	if v.purpose != "" {
		d.Parts = append(d.Parts, ledger.PersonPart(fieldPurpose, actor.Person, now, v.purpose))
	}
	return d
}

const (
	renewMark  = "UPDATE view_mark SET viewed_at = ? WHERE mark = ? AND (viewed_at <= ? OR viewed_at >= ?)"
	insertMark = "INSERT INTO view_mark (mark, viewed_at) VALUES (?, ?)"
	selectMark = "SELECT viewed_at FROM view_mark WHERE mark = ?"
	deleteOld  = "DELETE FROM view_mark WHERE viewed_at <= ? ORDER BY viewed_at LIMIT ?"
)

// claimMark gives when the view was last recorded. claimed says that this is now, and for this transaction to do;
// others who want the same wait until it ends.
func claimMark(ctx context.Context, tx *mysql.Tx, m mark, now time.Time) (at time.Time, claimed bool, err error) {
	result, err := tx.Exec(ctx, renewMark, now, m[:], now.Add(-viewWindow), now.Add(viewWindow))
	if err != nil {
		return now, false, err
	}
	if renewed, err := result.RowsAffected(); err != nil || renewed > 0 {
		return now, err == nil, err
	}
	if _, err = tx.Exec(ctx, insertMark, m[:], now); !mysql.IsDuplicate(err) {
		return now, err == nil, err
	}
	err = tx.Get(ctx, &at, selectMark, m[:])
	return at, false, err
}

// sweepMarks deletes marks that no longer count, apart from any view: whoever looks neither holds their locks nor is
// told of a failure. What is left is the next sweep's.
func (s *Service) sweepMarks(ctx context.Context, now time.Time) {
	if !s.views.beginSweep(now) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, sweepTime)
	defer cancel()
	deleted := int64(marksSwept)
	result, err := s.db.Exec(ctx, deleteOld, now.Add(-viewWindow), marksSwept)
	if err == nil {
		deleted, err = result.RowsAffected()
	}
	s.views.endSweep(now, err == nil && deleted < marksSwept)
}
