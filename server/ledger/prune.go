package ledger

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// Pruning deletes bodies and nothing else: the tree keeps its hashes, and pruned_leaf the data of each leaf, so that
// every proof still holds. An entry that names exactly what goes, and the archive that has it, comes first.

// MaxPruneRanges bounds the ranges of one request.
const MaxPruneRanges = 200_000

const (
	defaultPruneChunk   = 5000
	defaultRangesOfNote = 20_000 // as text at most 720 KB, well below MaxBodyBytes
	maxReason           = 500
)

// PruneRequest says which entries' bodies are to go.
type PruneRequest struct {
	// Ranges are sorted, disjoint and not empty, and lie within the full tiles of the durable tree. None holds an
	// entry that was pruned before, or a log.pruned entry.
	Ranges []SeqRange
	// Manifest is the SHA-256 of the manifest of the archive that holds the entries.
	Manifest Hash
	// Reason is recorded in plain, such as the rule that asked for it. Nothing personal.
	Reason string
	// By is the person who decided; zero for keytrail itself.
	By id.ID
	// Check, if it is set, is asked once more in the transaction that records what is to go, with the head row locked;
	// its error keeps everything. It may run again.
	Check func(ctx context.Context, tx *mysql.Tx) error
	// Progress is told how many of how many entries are gone, if it is set.
	Progress func(done, total uint64)
}

// PruneOptions bound a pruner's steps; zero means the default.
type PruneOptions struct {
	// Chunk is the most entries that one transaction deletes: 5,000.
	Chunk uint64
	// RangesOfEntry is the most ranges that one log.pruned entry names: 20,000.
	RangesOfEntry int
}

// Pruner deletes bodies. Any number may work at once, in any number of processes.
type Pruner struct {
	ledger *Ledger
	db     *mysql.DB
	opts   PruneOptions
}

// NewPruner makes a pruner of a ledger. db is open with the account for retention, which alone may delete.
func NewPruner(l *Ledger, db *mysql.DB, opts PruneOptions) *Pruner {
	opts.Chunk = cmp.Or(opts.Chunk, defaultPruneChunk)
	opts.RangesOfEntry = cmp.Or(opts.RangesOfEntry, defaultRangesOfNote)
	return &Pruner{ledger: l, db: db, opts: opts}
}

// Prune records what is to go, and gives the entries that say so, once it is gone. When it is interrupted after
// it has recorded, Resume goes on. BAD_USER_INPUT when a range may not be pruned; INTERNAL when the ledger is damaged
// there, since pruning must not take the evidence away.
func (p *Pruner) Prune(ctx context.Context, r PruneRequest) ([]Entry, error) {
	checked, err := p.check(ctx, &r)
	if err != nil {
		return nil, err
	}
	recorded, err := p.record(ctx, &r, checked)
	if err != nil {
		return nil, err
	}
	progress := countUp(r.Progress, total(r.Ranges))
	for i := range recorded {
		if err := p.finish(ctx, recorded[i].Seq, progress); err != nil {
			return nil, err
		}
	}
	return recorded, nil
}

// Resume finishes what earlier calls of Prune, in this process or another, have recorded and not finished.
// One that cannot be finished does not keep it from the others.
func (p *Pruner) Resume(ctx context.Context) error {
	for {
		seqs, err := p.ledger.UnfinishedPrunings(ctx)
		if err != nil || len(seqs) == 0 {
			return err
		}
		var all []error
		for _, seq := range seqs {
			if err := p.finish(ctx, seq, func(uint64) {}); err != nil {
				all = append(all, fmt.Errorf("what entry %d says: %w", seq, err))
			}
			if ctx.Err() != nil {
				break
			}
		}
		if len(all) > 0 {
			return errors.Join(all...)
		}
	}
}

// countUp tells a progress function the sum of what it is given.
func countUp(progress func(done, total uint64), total uint64) func(uint64) {
	var done uint64
	return func(n uint64) {
		done += n
		if progress != nil {
			progress(done, total)
		}
	}
}

// check refuses what may not be pruned, and gives the number of entries that it has looked at.
func (p *Pruner) check(ctx context.Context, r *PruneRequest) (uint64, error) {
	if len(r.Ranges) > MaxPruneRanges {
		return 0, fault.Field("ranges", "%d ranges are too many for one pruning: at most %d", len(r.Ranges), MaxPruneRanges)
	}
	if n := utf8.RuneCountInString(r.Reason); r.Reason == "" || n > maxReason {
		return 0, fault.Field("reason", "say in 1 to %d characters why", maxReason)
	}
	if r.Manifest == (Hash{}) {
		return 0, fault.Field("manifest", "name the archive that holds the entries by the SHA-256 of its manifest")
	}
	h, err := p.ledger.durableHead(ctx)
	if err != nil {
		return 0, err
	}
	if err := checkRanges(r.Ranges, h.Size&^(tileWidth-1)); err != nil {
		return 0, err
	}
	if err := p.ledger.checkNotPruned(ctx, p.ledger.db, r.Ranges, 0); err != nil {
		return 0, err
	}
	if err := p.ledger.checkStaying(ctx, r.Ranges); err != nil {
		return 0, err
	}
	return h.Size, p.ledger.checkThere(ctx, r.Ranges)
}

const countEntries = "SELECT COUNT(*) FROM {ledger}.entry WHERE seq >= ? AND seq < ?"

// checkThere makes sure that every entry of the ranges is there.
func (l *Ledger) checkThere(ctx context.Context, ranges []SeqRange) error {
	const step = 100_000 // so that no statement runs for long
	for _, r := range ranges {
		for from := r.From; from < r.To; from += step {
			part := SeqRange{from, min(from+step, r.To)}
			var n uint64
			if err := l.db.Get(ctx, &n, countEntries, part.From, part.To); err != nil {
				return err
			}
			if n != part.size() {
				return missingIn(part)
			}
		}
	}
	return nil
}

func missingIn(r fmt.Stringer) error {
	return fault.New(fault.Internal, "entries in %v are missing, so nothing is pruned: run keytrail verify", r)
}

const (
	pruneEntries   = "SELECT seq FROM entry_index WHERE action = ? AND seq >= ? ORDER BY seq LIMIT ?"
	selectStaying  = "SELECT seq FROM entry_index WHERE action = ?"
	pruneEntryPage = 8 // of at most 1 MiB each
)

// checkNotPruned refuses ranges that log.pruned entries from seq from on name already, or that hold such an entry.
// What was put back since does not count.
func (l *Ledger) checkNotPruned(ctx context.Context, q mysql.Querier, ranges []SeqRange, from uint64) error {
	restored, err := l.restorings(ctx, q)
	if err != nil {
		return err
	}
	for {
		var seqs []uint64
		if err := q.Select(ctx, &seqs, pruneEntries, LogPruned, from, pruneEntryPage); err != nil || len(seqs) == 0 {
			return err
		}
		entries, err := l.ReadSeqs(ctx, q, seqs)
		if err != nil {
			return err
		}
		for i := range entries {
			if err := checkAgainst(ranges, &entries[i], restored); err != nil {
				return err
			}
		}
		from = seqs[len(seqs)-1] + 1
	}
}

// Staying are the actions whose entries are never pruned: without the first, what is missing could not be told from an
// attack; without the others, neither keys that are gone nor what was put back.
func Staying() []string { return []string{LogPruned, PrivacyKeyDestroyed, LogRestored} }

// checkStaying refuses ranges with an entry that says that a key was destroyed or that entries were put back.
func (l *Ledger) checkStaying(ctx context.Context, ranges []SeqRange) error {
	for _, action := range []string{PrivacyKeyDestroyed, LogRestored} {
		var seqs []uint64
		if err := l.db.Select(ctx, &seqs, selectStaying, action); err != nil {
			return err
		}
		for _, seq := range seqs {
			if covers(ranges, seq) {
				return fault.Field("ranges", "entry %d, which is %s, stays: leave it out", seq, action)
			}
		}
	}
	return nil
}

func checkAgainst(ranges []SeqRange, e *Entry, restored []claimed) error {
	before, err := prunedRanges(e)
	if err != nil {
		return err
	}
	if r, found := overlap(ranges, without(before, e.Seq, restored)); found {
		return fault.Field("ranges", "the range %v holds entries that were pruned before (entry %d)", r, e.Seq)
	}
	if r, found := overlap(ranges, []SeqRange{{e.Seq, e.Seq + 1}}); found {
		return fault.Field("ranges", "the range %v holds entry %d, which says what was pruned and stays", r, e.Seq)
	}
	return nil
}

// record appends the entries that name the ranges, and a task for each. Whoever prunes at the same time is seen:
// the head row is locked first.
func (p *Pruner) record(ctx context.Context, r *PruneRequest, checked uint64) (recorded []Entry, err error) {
	l := p.ledger
	parts := divide(r.Ranges, p.opts.RangesOfEntry)
	drafts := make([]Draft, len(parts))
	for i, part := range parts {
		drafts[i] = r.draft(part, i, len(parts))
	}
	if err := l.ensureTask(ctx, l.db, rebuildTask); err != nil {
		return nil, err
	}
	err = l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := l.goForHead(ctx, tx); err != nil {
			return err
		}
		if err := l.checkNotPruned(ctx, tx, r.Ranges, checked); err != nil {
			return err
		}
		if r.Check != nil {
			if err := r.Check(ctx, tx); err != nil {
				return err
			}
		}
		if recorded, err = l.Append(ctx, tx, drafts...); err != nil {
			return err
		}
		for i := range recorded {
			if err := l.startTask(ctx, tx, pruneTask(recorded[i].Seq), parts[i][0].From); err != nil {
				return err
			}
		}
		return nil
	})
	return recorded, err
}

func (r *PruneRequest) draft(ranges []SeqRange, part, parts int) Draft {
	return Draft{
		Stream: StreamSystem, System: r.By.IsZero(), Actor: r.By, Action: LogPruned,
		Details: map[string]any{
			"ranges": pairs(ranges), "entries": int64(total(ranges)), "manifest": hex.EncodeToString(r.Manifest[:]),
			"reason": r.Reason, "part": part + 1, "parts": parts,
		},
	}
}

// divide parts ranges into runs of at most n.
func divide(ranges []SeqRange, n int) [][]SeqRange {
	var parts [][]SeqRange
	for ; len(ranges) > n; ranges = ranges[n:] {
		parts = append(parts, ranges[:n])
	}
	return append(parts, ranges)
}

func pruneTask(seq uint64) string { return fmt.Sprintf("%s%d", pruneTasks, seq) }
