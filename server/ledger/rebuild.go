package ledger

import (
	"bytes"
	"context"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// Rebuilding derives the tables that queries are answered from anew, while everything goes on. Index rows are mended a
// run of entries at a time. Counts are counted into a table of their own, which is then held against the one in
// use: only differences are applied, and as differences, so that what appends add meanwhile stays.

const (
	rebuildLease = 30 * time.Second
	rebuildRows  = 1000
	releaseAfter = 5 * time.Second
)

// Rebuilt says what a rebuild found.
type Rebuilt struct {
	// Entries is how many bodies were read.
	Entries uint64
	// The others are how many rows of each table were missing, wrong or there in vain.
	IndexRows, AddressRows, ReferenceRows, ObjectRows, ReviewRows, WordRows, Counts int
}

// rebuild is one run.
type rebuild struct {
	ledger *Ledger
	run    id.ID // holds the task
	next   uint64
	found  Rebuilt
}

// Rebuild derives entry_index, entry_ip, entry_ref, entry_object, entry_review, entry_word and entry_count anew from the bodies, and
// records how many rows differed. Words that are not indexed yet are left to RunWords.
// Appends and readers go on, pruning waits. progress is told how many of how many entries are done, if it is set.
// CONFLICT while another process rebuilds.
func (l *Ledger) Rebuild(ctx context.Context, progress func(done, total uint64)) (*Rebuilt, error) {
	r := &rebuild{ledger: l, run: id.New()}
	if err := r.begin(ctx); err != nil {
		return nil, err
	}
	if err := r.work(ctx, progress); err != nil {
		r.release(ctx)
		return nil, err
	}
	return &r.found, nil
}

func (r *rebuild) work(ctx context.Context, progress func(done, total uint64)) error {
	if err := r.emptyShadow(ctx); err != nil {
		return err
	}
	if err := r.dropStrays(ctx); err != nil {
		return err
	}
	for {
		h, err := readHead(ctx, r.ledger.db, selectHead)
		if err != nil {
			return err
		}
		if r.next >= h.Size {
			break
		}
		if err := r.chunk(ctx, h.Size); err != nil {
			return err
		}
		if progress != nil {
			progress(r.next, h.Size)
		}
	}
	r.found.Entries = r.next
	if err := r.mendCounts(ctx); err != nil {
		return err
	}
	if err := r.emptyShadow(ctx); err != nil {
		return err
	}
	return r.end(ctx)
}

// begin takes the task, which one run at a time may hold in all processes.
func (r *rebuild) begin(ctx context.Context) error {
	l := r.ledger
	if err := l.ensureTask(ctx, l.db, rebuildTask); err != nil {
		return err
	}
	return l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		task, err := lockedTask(ctx, tx, rebuildTask)
		if err != nil {
			return err
		}
		if task == nil || task.held(l.now()) {
			return fault.New(fault.Conflict, "A rebuild is under way, or was killed less than half a minute ago. Try again when it has ended.")
		}
		return r.hold(ctx, tx)
	})
}

// step runs a part of the work in a transaction that holds on to the task. Pruning stays away from entries and counts
// as long as the task is held without a break.
func (r *rebuild) step(ctx context.Context, do func(ctx context.Context, tx *mysql.Tx) error) error {
	return r.ledger.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		task, err := lockedTask(ctx, tx, rebuildTask)
		if err != nil {
			return err
		}
		if task == nil || !bytes.Equal(task.Holder, r.run[:]) || !task.held(r.ledger.now()) {
			return fault.New(fault.Unavailable, "The rebuild stood still for too long and lost its place. What it mended stays: run it again.")
		}
		if err := r.hold(ctx, tx); err != nil {
			return err
		}
		return do(ctx, tx)
	})
}

func (r *rebuild) hold(ctx context.Context, tx *mysql.Tx) error {
	_, err := tx.Exec(ctx, holdTask, r.next, r.run, r.ledger.now().UTC().Add(rebuildLease), rebuildTask)
	return err
}

const freeTask = "UPDATE ledger_task SET next_seq = 0, holder = NULL WHERE name = ? AND holder = ?"

// release lets the next run begin at once, as long as the database is there to be told.
func (r *rebuild) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseAfter)
	defer cancel()
	_, _ = r.ledger.db.Exec(ctx, freeTask, rebuildTask, r.run) // or in half a minute
}

// end records the rebuild and gives the task back.
func (r *rebuild) end(ctx context.Context) error {
	return r.step(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := tx.Exec(ctx, freeTask, rebuildTask, r.run); err != nil {
			return err
		}
		_, err := r.ledger.Append(ctx, tx, Draft{
			Stream: StreamSystem, System: true, Action: SystemIndexRebuilt,
			Details: map[string]any{
				"entries": int64(r.found.Entries), "indexRows": r.found.IndexRows,
				"addressRows": r.found.AddressRows, "referenceRows": r.found.ReferenceRows, "objectRows": r.found.ObjectRows,
				"reviewRows": r.found.ReviewRows, "wordRows": r.found.WordRows, "counts": r.found.Counts,
			},
		})
		return err
	})
}

const (
	emptyCounts = "DELETE FROM entry_count_rebuild LIMIT 10000"
	strayIndex  = "SELECT i.seq FROM entry_index i LEFT JOIN {ledger}.entry e ON e.seq = i.seq WHERE i.seq >= ? AND e.seq IS NULL ORDER BY i.seq LIMIT 256"
	strayIPs    = "SELECT DISTINCT i.seq FROM entry_ip i LEFT JOIN {ledger}.entry e ON e.seq = i.seq WHERE i.seq >= ? AND e.seq IS NULL ORDER BY i.seq LIMIT 256"
	dropIndex   = "DELETE FROM entry_index WHERE seq IN (?)"
	dropIPs     = "DELETE FROM entry_ip WHERE seq IN (?)"
)

// emptyShadow removes what an interrupted run has counted, or this one.
func (r *rebuild) emptyShadow(ctx context.Context) error {
	for left := true; left; {
		err := r.step(ctx, func(ctx context.Context, tx *mysql.Tx) error {
			result, err := tx.Exec(ctx, emptyCounts)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			left = n > 0
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// dropStrays removes rows behind the head that no entry belongs to, and states of entries that are gone. They come first: an index row with the number
// of the next entry keeps everybody from appending.
func (r *rebuild) dropStrays(ctx context.Context) error {
	h, err := readHead(ctx, r.ledger.db, selectHead)
	if err != nil {
		return err
	}
	if err := r.dropAll(ctx, strayIndex, dropIndex, h.Size, &r.found.IndexRows); err != nil {
		return err
	}
	if err := r.dropAll(ctx, strayRefs, dropRefs, h.Size, &r.found.ReferenceRows); err != nil {
		return err
	}
	if err := r.dropAll(ctx, strayObjects, dropObjects, h.Size, &r.found.ObjectRows); err != nil {
		return err
	}
	if err := r.dropAll(ctx, strayWords, dropWords, h.Size, &r.found.WordRows); err != nil {
		return err
	}
	if err := r.dropAll(ctx, strayReviews, dropReviews, 0, &r.found.ReviewRows); err != nil {
		return err
	}
	return r.dropAll(ctx, strayIPs, dropIPs, h.Size, &r.found.AddressRows)
}

func (r *rebuild) dropAll(ctx context.Context, find, drop string, from uint64, found *int) error {
	for {
		var strays []uint64
		if err := r.ledger.db.Select(ctx, &strays, find, from); err != nil || len(strays) == 0 {
			return err
		}
		err := r.step(ctx, func(ctx context.Context, tx *mysql.Tx) error { return dropSeqs(ctx, tx, drop, strays) })
		if err != nil {
			return err
		}
		*found += len(strays)
	}
}

// dropSeqs deletes the rows of some entries, up to maxRows at a time.
func dropSeqs(ctx context.Context, tx *mysql.Tx, drop string, seqs []uint64) error {
	for ; len(seqs) > 0; seqs = seqs[min(maxRows, len(seqs)):] {
		text, args, err := mysql.In(drop, seqs[:min(maxRows, len(seqs))])
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}
