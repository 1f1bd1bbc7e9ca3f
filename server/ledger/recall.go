package ledger

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/mysql"
)

// ReadSeqs gives the entries with these numbers, in the order asked for. Missing ones are left out.
func (l *Ledger) ReadSeqs(ctx context.Context, q mysql.Querier, seqs []uint64) ([]Entry, error) {
	stored, err := readStored(ctx, q, seqs)
	if err != nil {
		return nil, err
	}
	rows := make([]row, 0, len(stored))
	for _, seq := range seqs {
		if r, ok := stored[seq]; ok {
			rows = append(rows, r)
		}
	}
	return decodeRows(rows)
}

// Recall is ReadSeqs for pages, which mostly show what another page has shown a short while ago: that comes from memory,
// for up to an hour, even where it has been pruned meanwhile. All of it is durable when it returns.
func (l *Ledger) Recall(ctx context.Context, seqs []uint64) ([]Entry, error) {
	l.kept.forgetOld(l.now())
	entries := make([]Entry, len(seqs))
	var missing []uint64
	memory := pageMemory{repeated: newSeen()}
	for i, seq := range seqs {
		if !l.kept.get(seq, &entries[i], &memory) {
			missing = append(missing, seq)
		}
	}
	if len(missing) == 0 {
		return entries, nil
	}
	stored, err := l.ReadSeqs(ctx, l.db, missing)
	if err != nil {
		return nil, err
	}
	var end uint64
	for i := range stored {
		end = max(end, stored[i].Seq+1)
	}
	if err := l.AwaitDurable(ctx, end); err != nil {
		return nil, err
	}
	for i, seq := range seqs {
		if len(stored) > 0 && stored[0].Seq == seq {
			entries[i], stored = stored[0], stored[1:]
			l.kept.add(&entries[i])
		}
	}
	return slices.DeleteFunc(entries, func(e Entry) bool { return e.Leaf == Hash{} }), nil
}

// readStored reads the entries with these numbers that there are.
func readStored(ctx context.Context, q mysql.Querier, seqs []uint64) (map[uint64]row, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	stored := make(map[uint64]row, len(seqs))
	for part := range slices.Chunk(seqs, maxRows) {
		query, args := selectIn(part)
		var rows []row
		if err := q.Select(ctx, &rows, query, args...); err != nil {
			return nil, err
		}
		for _, r := range rows {
			stored[r.Seq] = r
		}
	}
	return stored, nil
}
