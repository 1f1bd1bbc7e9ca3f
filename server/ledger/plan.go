package ledger

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// plan is what a transaction is to append behind a known head.
type plan struct {
	first   uint64
	at      time.Time
	pending []pendingEntry
	own     int // how many of them, in front, keytrail has to say itself
	after   *edge
	full    []tile
}

// planAt plans an append behind the head, which the transaction has locked.
func (l *Ledger) planAt(ctx context.Context, tx *mysql.Tx, head *head, pending []pendingEntry) (*plan, error) {
	before, err := l.edgeAt(ctx, tx, head.Size, head.frontier)
	if err != nil {
		return nil, err
	}
	return l.planBehind(ctx, tx, before, head.RecordedAt.UTC(), pending)
}

// planBehind gives entries their recording time, not before the last one's, their hashes and their numbers.
func (l *Ledger) planBehind(ctx context.Context, tx *mysql.Tx, before *edge, last time.Time, pending []pendingEntry) (*plan, error) {
	given := len(pending)
	at, pending, err := l.stamp(ctx, tx, before.size, last, pending)
	if err != nil {
		return nil, err
	}
	leaves := make([]Hash, len(pending))
	for i := range pending {
		pending[i].body.patch(at)
		pending[i].leaf = LeafHash(pending[i].body.raw)
		leaves[i] = pending[i].leaf
	}
	p := &plan{first: before.size, at: at, pending: pending, own: len(pending) - given}
	p.after, p.full = before.append(leaves)
	return p, nil
}

// written tells of the plan's entries those that were given.
func (p *plan) written() *written {
	return &written{first: p.first + uint64(p.own), at: p.at, pending: p.pending[p.own:]}
}

// statements gives what the plan writes: the entries, rows that are derived from each alone, and at the ends of the ledger
// what each append changes, which needs the head's lock: counts, full tiles, the head.
func (p *plan) statements() (entries, rows, ends []mysql.Statement) {
	args := make([]any, 0, len(p.pending)*4)
	derived := newDerivedRows(len(p.pending))
	for i := range p.pending {
		one, seq := &p.pending[i], p.first+uint64(i)
		args = append(args, seq, one.draft.ID, one.body.raw, one.leaf[:])
		b := bodyOf(&one.draft, p.at)
		derived.add(seq, &b, one.ip)
	}
	entries, rows = rowInserts(nil, insertEntries, "", 4, args), derived.inserts(nil)
	ends = derived.additions(nil)
	for _, t := range p.full {
		ends = append(ends, mysql.Statement{Query: insertTile, Args: []any{t.level, t.number, packHashes(t.hashes)}})
	}
	return entries, rows, append(ends, mysql.Statement{Query: updateHead, Args: []any{p.after.size, packHashes(p.after.frontier), p.at}})
}
