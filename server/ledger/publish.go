package ledger

import (
	"cmp"
	"context"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// What is published is what C2SP tlog-tiles names: hashes of tiles, and bundles of leaf data, which are hashes too.

// Tile gives the first width hashes (1 to 256) of a tile. NOT_FOUND when the durable tree has fewer there.
func (l *Ledger) Tile(ctx context.Context, level int, number uint64, width int) ([]Hash, error) {
	const highest = 64/tileHeight - 1
	if level < 0 || level > highest || width < 1 || width > tileWidth || number >= 1<<48 {
		return nil, noSuchTile()
	}
	start := number * tileWidth
	end := start + uint64(width)
	if size, err := l.publishedSize(ctx, end, level); err != nil || end > size>>(tileHeight*level) {
		return nil, cmp.Or(err, noSuchTile())
	}
	return l.hashesAt(ctx, level, start, end)
}

// LeafDataBundle gives the data of width leaves (1 to 256) from 256·number on: the SHA-256 of each body.
// It outlives the bodies. NOT_FOUND when the durable tree has fewer there.
func (l *Ledger) LeafDataBundle(ctx context.Context, number uint64, width int) ([]Hash, error) {
	if width < 1 || width > tileWidth || number >= 1<<48 {
		return nil, noSuchTile()
	}
	start := number * tileWidth
	end := start + uint64(width)
	if size, err := l.publishedSize(ctx, end, 0); err != nil || end > size {
		return nil, cmp.Or(err, noSuchTile())
	}
	return l.leafData(ctx, start, end)
}

// selectLeafData is one statement, so that it sees an entry that is being pruned either in its place or in its grave.
const selectLeafData = "SELECT seq, UNHEX(SHA2(body, 256)) AS leaf_data FROM {ledger}.entry WHERE seq >= ? AND seq < ?" +
	" UNION ALL SELECT seq, leaf_data FROM {ledger}.pruned_leaf WHERE seq >= ? AND seq < ? ORDER BY seq"

// leafData gives the data of leaves start to end (exclusive), of entries that are here and of pruned ones.
func (l *Ledger) leafData(ctx context.Context, start, end uint64) ([]Hash, error) {
	var rows []struct {
		Seq  uint64 `db:"seq"`
		Data []byte `db:"leaf_data"`
	}
	if err := l.db.Select(ctx, &rows, selectLeafData, start, end, start, end); err != nil {
		return nil, err
	}
	data := make([]Hash, len(rows))
	for i, r := range rows {
		if r.Seq != start+uint64(i) || len(r.Data) != len(Hash{}) {
			return nil, lostLeaves(start, end)
		}
		data[i] = Hash(r.Data)
	}
	if uint64(len(rows)) != end-start {
		return nil, lostLeaves(start, end)
	}
	return data, nil
}

func lostLeaves(start, end uint64) error {
	return fault.New(fault.NotFound, "entries from %d to %d are not all here, and were not pruned: run keytrail verify", start, end-1)
}

// publishedSize is the durable size, learned anew when hashes up to end of a level lie beyond what is known.
func (l *Ledger) publishedSize(ctx context.Context, end uint64, level int) (uint64, error) {
	if size := l.DurableSize(); end <= size>>(tileHeight*level) {
		return size, nil
	}
	h, err := l.durableHead(ctx)
	if err != nil {
		return 0, err
	}
	return h.Size, nil
}

// RecentCheckpoint gives a checkpoint that was signed within maxAge, or a new one, and none that is older than what another
// process has signed: whoever is answered by one and then by another would take the log for one that was rolled back. Whoever
// asks again and again cannot have more of them signed and stored.
func (l *Ledger) RecentCheckpoint(ctx context.Context, maxAge time.Duration) (*Checkpoint, error) {
	stored, err := l.newestStored(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.signing.turns.take(ctx); err != nil {
		return nil, err
	}
	newest := l.signing.newest
	if stored != nil && (newest == nil || stored.Size > newest.Size) {
		newest, l.signing.newest, l.signing.loaded = stored, stored, true
	}
	l.signing.turns.giveBack()
	if newest != nil && l.now().Sub(newest.SignedAt) < maxAge {
		return newest, nil
	}
	return l.Checkpoint(ctx)
}

func noSuchTile() error {
	return fault.New(fault.NotFound, "the log has no such tile: see its checkpoint for its size")
}
