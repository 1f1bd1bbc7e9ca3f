package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	checkBodies = "SELECT COUNT(*) AS found, COALESCE(SUM(leaf <> UNHEX(SHA2(CONCAT(X'00', UNHEX(SHA2(body, 256))), 256))), 0) AS changed" +
		" FROM {ledger}.entry WHERE "
	keepLeaves = "INSERT INTO {ledger}.pruned_leaf (seq, leaf_data, pruned_by)" +
		" SELECT seq, UNHEX(SHA2(body, 256)), ? FROM {ledger}.entry WHERE "
	selectCounted = "SELECT stream, occurred_at, department, action FROM entry_index WHERE "
)

// dropRows deletes entries, and their rows in the derived tables.
func dropRows() []string {
	return []string{
		"DELETE FROM entry_index WHERE ", "DELETE FROM entry_ip WHERE ", "DELETE FROM entry_ref WHERE ", "DELETE FROM entry_object WHERE ",
		"DELETE FROM entry_review WHERE ", "DELETE FROM entry_word WHERE ", "DELETE FROM {ledger}.entry WHERE ",
	}
}

// run is the entries that go in one transaction: some of one range, or a few that lie scattered.
type run struct {
	ranges []SeqRange
	// where picks them by seq, with args.
	where string
	args  []any
}

// scattered is the most entries of several ranges that go together.
const scattered = maxRows

// runOf makes the run of one range, or of ranges that have at most scattered entries together.
func runOf(ranges ...SeqRange) run {
	if len(ranges) == 1 {
		return run{ranges, "seq >= ? AND seq < ?", []any{ranges[0].From, ranges[0].To}}
	}
	var seqs []any
	for _, r := range ranges {
		for seq := r.From; seq < r.To; seq++ {
			seqs = append(seqs, seq)
		}
	}
	seqs = padded(seqs)
	return run{ranges, "seq IN " + placeholders(1, len(seqs)), seqs}
}

func (r *run) String() string { return fmt.Sprintf("[%d, %d)", r.ranges[0].From, r.end()) }

func (r *run) end() uint64 { return r.ranges[len(r.ranges)-1].To }

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
		p.ledger.kept.forget()
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
		if len(next) == 0 {
			_, err = tx.Exec(ctx, dropTask, pruneTask(seq))
			done = true
			return err
		}
		r := runOf(next...)
		if err := p.remove(ctx, tx, seq, &r); err != nil {
			return err
		}
		n = total(next)
		if done = !left; done {
			_, err = tx.Exec(ctx, dropTask, pruneTask(seq))
			return err
		}
		_, err = tx.Exec(ctx, moveTask, r.end(), pruneTask(seq))
		return err
	})
	return n, done, err
}

// nextChunk gives the entries from seq on that come next, and whether any are left then: at most limit of one range, or
// of several as many as go well by their numbers.
func nextChunk(ranges []SeqRange, seq, limit uint64) (next []SeqRange, left bool) {
	together := min(limit, scattered)
	var n uint64
	for i, r := range ranges {
		if seq >= r.To {
			continue
		}
		r.From = max(seq, r.From)
		switch {
		case len(next) == 0 && r.size() >= together:
			next = []SeqRange{{r.From, min(r.From+limit, r.To)}}
			return next, next[0].To < r.To || i < len(ranges)-1
		case n+r.size() > together:
			return next, true
		}
		next, n = append(next, r), n+r.size()
	}
	return next, false
}

// remove keeps the leaf data of a run of entries, and deletes them with all that is derived from them. The counts
// come last, since appends may wait for them.
func (p *Pruner) remove(ctx context.Context, tx *mysql.Tx, prunedBy uint64, r *run) error {
	var bodies struct {
		Found   uint64 `db:"found"`
		Changed uint64 `db:"changed"`
	}
	if err := tx.Get(ctx, &bodies, checkBodies+r.where, r.args...); err != nil {
		return err
	}
	if bodies.Found != total(r.ranges) {
		return missingIn(r)
	}
	if bodies.Changed > 0 {
		return fault.New(fault.Internal, "bodies in %v do not have their leaf hashes, so pruning stops in front of them: run keytrail verify", r)
	}
	if _, err := tx.Exec(ctx, keepLeaves+r.where, append([]any{prunedBy}, r.args...)...); err != nil {
		return err
	}
	gone, err := countedIn(ctx, tx, r)
	if err != nil {
		return err
	}
	for _, statement := range dropRows() {
		if _, err := tx.Exec(ctx, statement+r.where, r.args...); err != nil {
			return err
		}
	}
	return gone.subtract(ctx, tx)
}

// countedIn adds up what the index rows of a run count for.
func countedIn(ctx context.Context, tx *mysql.Tx, r *run) (*counts, error) {
	var rows []struct {
		Stream     uint8     `db:"stream"`
		OccurredAt time.Time `db:"occurred_at"`
		Department id.ID     `db:"department"`
		Action     string    `db:"action"`
	}
	if err := tx.Select(ctx, &rows, selectCounted+r.where, r.args...); err != nil {
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
