package workhours

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// dirtyPage is how many days are looked at together, and inOneTx how many persons are computed in a transaction.
	dirtyPage = 2000
	inOneTx   = 32
	// longest is the longest time that is computed at once.
	longest = 31 * 24 * time.Hour

	selectDirty = "SELECT person, day, from_at, to_at FROM work_dirty WHERE person > ? OR person = ? AND day > ? ORDER BY person, day LIMIT ?"
	lockPersons = "SELECT person FROM work_person WHERE person IN (?) ORDER BY person FOR UPDATE"
	lockDirty   = "SELECT person, day, from_at, to_at FROM work_dirty WHERE {any} ORDER BY person, day FOR UPDATE"
	countDirty  = "SELECT COUNT(*) FROM work_dirty"
)

type dirtyRow struct {
	Person id.ID     `db:"person"`
	Day    int64     `db:"day"`
	From   time.Time `db:"from_at"`
	To     time.Time `db:"to_at"`
}

// window is a time of a person that is computed anew: days [first, last] of work_dirty.
type window struct {
	person      id.ID
	first, last int64
	from, to    time.Time
}

// Progress is told how much is done: of entries of the ledger, and then of days that are computed.
type Progress func(done, total uint64)

// Process brings hours up to what is recorded by now: it reads the ledger, gives reports of users that have become known
// to the persons whom they name, and computes the hours of whoever something was reported of. days counts the dates of
// persons that were computed. Any number may do this at once, in any number of processes. reading and computing may be nil.
// CONFLICT when a process that began later counts by the dates of another zone.
func (s *Service) Process(ctx context.Context, reading, computing Progress) (days int, err error) {
	if err := s.CatchUp(ctx, reading); err != nil {
		return 0, err
	}
	if err := s.claimUnknown(ctx); err != nil {
		return 0, err
	}
	if err := s.heedZone(ctx); err != nil {
		return 0, err
	}
	return s.computeDirty(ctx, computing)
}

// ProcessAll is Process that computes everything anew.
func (s *Service) ProcessAll(ctx context.Context, reading, computing Progress) (days int, err error) {
	if err := s.CatchUp(ctx, reading); err != nil {
		return 0, err
	}
	if err := s.markAll(ctx); err != nil {
		return 0, err
	}
	return s.Process(ctx, nil, computing)
}

// computeDirty computes what is marked, each mark once: what becomes marked meanwhile is left to the next run.
func (s *Service) computeDirty(ctx context.Context, progress Progress) (days int, err error) {
	var total, done uint64
	if err := s.db.Get(ctx, &total, countDirty); err != nil {
		return 0, err
	}
	for at := (dirtyRow{}); ; {
		var dirty []dirtyRow
		if err := s.db.Select(ctx, &dirty, selectDirty, at.Person[:], at.Person[:], at.Day, dirtyPage); err != nil || len(dirty) == 0 {
			return days, err
		}
		for _, some := range batchesOf(windowsOf(dirty)) {
			computed, err := s.computeWindows(ctx, some)
			if err != nil {
				return days, err
			}
			days += computed
		}
		at = dirty[len(dirty)-1]
		if done += uint64(len(dirty)); progress != nil {
			progress(min(done, total), max(done, total))
		}
	}
}

// windowsOf joins days of one person that are near each other.
func windowsOf(dirty []dirtyRow) []window {
	var all []window
	for _, d := range dirty {
		if n := len(all); n > 0 && all[n-1].person == d.Person && d.Day == all[n-1].last+1 && d.To.Sub(all[n-1].from) <= longest {
			all[n-1].last = d.Day
			continue
		}
		all = append(all, window{person: d.Person, first: d.Day, last: d.Day, from: d.From})
	}
	return all
}

// batchesOf divides windows into what is computed together: at most inOneTx, each of another person, his first ones first.
func batchesOf(windows []window) (batches [][]window) {
	var rounds [][]window
	for i, n := 0, 0; i < len(windows); i++ {
		if n++; i == 0 || windows[i-1].person != windows[i].person {
			n = 0
		}
		if n == len(rounds) {
			rounds = append(rounds, nil)
		}
		rounds[n] = append(rounds[n], windows[i])
	}
	for _, round := range rounds {
		batches = slices.AppendSeq(batches, slices.Chunk(round, inOneTx))
	}
	return batches
}

// computeWindows computes windows in one transaction. Others who compute the same persons wait.
func (s *Service) computeWindows(ctx context.Context, windows []window) (days int, err error) {
	persons := make([]id.ID, len(windows))
	for i, w := range windows {
		persons[i] = w.person
	}
	query, args, err := mysql.In(lockPersons, persons)
	if err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		days = 0
		if err := s.keepZone(ctx, tx); err != nil {
			return err
		}
		var locked []id.ID
		if err := tx.Select(ctx, &locked, query, args...); err != nil {
			return err
		}
		marked, err := lockMarks(ctx, tx, windows)
		if err != nil {
			return err
		}
		days, err = s.compute(ctx, tx, marked)
		return err
	})
	return days, err
}

// lockMarks takes the marks of windows as they are by now. Windows without any are left out: another has computed them.
func lockMarks(ctx context.Context, tx *mysql.Tx, windows []window) (marked []window, err error) {
	each := make([][]any, len(windows))
	for i, w := range windows {
		each[i] = []any{w.person, w.first, w.last}
	}
	one := anyOf(lockDirty, isDate, each)
	var marks []dirtyRow
	if err := tx.Select(ctx, &marks, one.Query, one.Args...); err != nil {
		return nil, err
	}
	for _, w := range windows {
		var found stretch
		for _, m := range marks {
			if m.Person == w.person {
				found.widen(m.From, m.To)
			}
		}
		if !found.from.IsZero() {
			w.from, w.to = found.from, found.to
			marked = append(marked, w)
		}
	}
	return marked, nil
}
