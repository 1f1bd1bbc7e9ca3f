package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	checkBodies = "SELECT COUNT(*) AS found, COALESCE(SUM(leaf <> UNHEX(SHA2(CONCAT(X'00', UNHEX(SHA2(body, 256))), 256))), 0) AS changed" +
		" FROM {ledger}.entry WHERE seq >= ? AND seq < ?"
	keepLeaves = "INSERT INTO {ledger}.pruned_leaf (seq, leaf_data, pruned_by)" +
		" SELECT seq, UNHEX(SHA2(body, 256)), ? FROM {ledger}.entry WHERE seq >= ? AND seq < ?"
	selectCounted = "SELECT stream, occurred_at, department, action FROM entry_index WHERE seq >= ? AND seq < ?"
)

// dropRows deletes the entries of a range, and their rows in the derived tables.
func dropRows() []string {
	return []string{
		"DELETE FROM entry_index WHERE seq >= ? AND seq < ?",
		"DELETE FROM entry_ip WHERE seq >= ? AND seq < ?",
		"DELETE FROM entry_ref WHERE seq >= ? AND seq < ?",
		"DELETE FROM entry_review WHERE seq >= ? AND seq < ?",
		"DELETE FROM entry_word WHERE seq >= ? AND seq < ?",
		"DELETE FROM {ledger}.entry WHERE seq >= ? AND seq < ?",
	}
}

// rebuildPause is how long a pruner rests while the derived tables are being rebuilt.
const rebuildPause = 500 * time.Millisecond

var errRebuilding = errors.New("ledger: the derived tables are being rebuilt")

// finish deletes what a log.pruned entry names, from where its task stands, a chunk at a time.
func (p *Pruner) finish(ctx context.Context, seq uint64, progress func(uint64)) error {
	entries, err := p.ledger.ReadSeqs(ctx, p.ledger.db, []uint64{seq})
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return fault.New(fault.Internal, "entry %d, which says what is to be pruned, is missing: run keytrail verify", seq)
	}
	ranges, err := prunedRanges(&entries[0])
	if err != nil {
		return err
	}
	if err := p.ledger.AwaitDurable(ctx, seq+1); err != nil { // no body goes before the entry that says so is on disk
		return err
	}
	for {
		n, done, err := p.chunk(ctx, seq, ranges)
		if errors.Is(err, errRebuilding) {
			if rest(ctx, rebuildPause); ctx.Err() != nil {
				return ctx.Err()
			}
			continue
		}
		if err != nil {
			return err
		}
		if progress(n); done {
			return nil
		}
	}
}

// chunk deletes the next run of entries in a transaction of its own, which touches neither the head row nor what an
// append adds. It gives how many went, and whether they were the last.
func (p *Pruner) chunk(ctx context.Context, seq uint64, ranges []SeqRange) (n uint64, done bool, err error) {
	err = p.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		n, done = 0, false
		task, err := lockedTask(ctx, tx, pruneTask(seq))
		if err != nil {
			return err
		}
		rebuild, err := lockedTask(ctx, tx, rebuildTask)
		if err != nil {
			return err
		}
		if rebuild != nil && rebuild.held(p.ledger.now()) {
			return errRebuilding
		}
		if done = task == nil; done { // another pruner was faster
			return nil
		}
		if _, err := lockedTask(ctx, tx, wordsTask); err != nil {
			return err
		}
		next, left := nextChunk(ranges, task.NextSeq, p.opts.Chunk)
		if n = next.size(); n > 0 {
			if err := p.remove(ctx, tx, seq, next); err != nil {
				return err
			}
		}
		if done = !left; done {
			_, err = tx.Exec(ctx, dropTask, pruneTask(seq))
			return err
		}
		_, err = tx.Exec(ctx, moveTask, next.To, pruneTask(seq))
		return err
	})
	return n, done, err
}

// nextChunk gives the entries from seq on that come next, at most limit of one range, and whether any are left then.
func nextChunk(ranges []SeqRange, seq, limit uint64) (next SeqRange, left bool) {
	for i, r := range ranges {
		if seq >= r.To {
			continue
		}
		from := max(seq, r.From)
		next = SeqRange{from, min(from+limit, r.To)}
		return next, next.To < r.To || i < len(ranges)-1
	}
	return SeqRange{}, false
}

// remove keeps the leaf data of a run of entries, and deletes them with all that is derived from them. The counts
// come last, since appends may wait for them.
func (p *Pruner) remove(ctx context.Context, tx *mysql.Tx, prunedBy uint64, r SeqRange) error {
	var bodies struct {
		Found   uint64 `db:"found"`
		Changed uint64 `db:"changed"`
	}
	if err := tx.Get(ctx, &bodies, checkBodies, r.From, r.To); err != nil {
		return err
	}
	if bodies.Found != r.size() {
		return missingIn(r)
	}
	if bodies.Changed > 0 {
		return fault.New(fault.Internal, "bodies in %v do not have their leaf hashes, so pruning stops in front of them: run keytrail verify", r)
	}
	if _, err := tx.Exec(ctx, keepLeaves, prunedBy, r.From, r.To); err != nil {
		return err
	}
	gone, err := countedIn(ctx, tx, r)
	if err != nil {
		return err
	}
	for _, statement := range dropRows() {
		if _, err := tx.Exec(ctx, statement, r.From, r.To); err != nil {
			return err
		}
	}
	return gone.subtract(ctx, tx)
}

// countedIn adds up what the index rows of a range count for.
func countedIn(ctx context.Context, tx *mysql.Tx, r SeqRange) (*counts, error) {
	var rows []struct {
		Stream     uint8     `db:"stream"`
		OccurredAt time.Time `db:"occurred_at"`
		Department id.ID     `db:"department"`
		Action     string    `db:"action"`
	}
	if err := tx.Select(ctx, &rows, selectCounted, r.From, r.To); err != nil {
		return nil, err
	}
	c := newCounts()
	for i := range rows {
		r := &rows[i]
		c.add(&Body{Stream: streamOf(r.Stream), OccurredAt: r.OccurredAt, Department: r.Department, Action: r.Action})
	}
	return &c, nil
}

// streamOf gives the stream of a code, and none for a code that no stream has.
func streamOf(code uint8) Stream {
	if all := Streams(); code >= 1 && int(code) <= len(all) {
		return all[code-1]
	}
	return ""
}
