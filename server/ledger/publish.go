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
// NOT_FOUND when the durable tree has fewer there, or when a body is no longer here.
func (l *Ledger) LeafDataBundle(ctx context.Context, number uint64, width int) ([]Hash, error) {
	if width < 1 || width > tileWidth || number >= 1<<48 {
		return nil, noSuchTile()
	}
	start := number * tileWidth
	end := start + uint64(width)
	if size, err := l.publishedSize(ctx, end, 0); err != nil || end > size {
		return nil, cmp.Or(err, noSuchTile())
	}
	var rows []row
	if err := l.db.Select(ctx, &rows, selectFrom, start, width); err != nil {
		return nil, err
	}
	if len(rows) != width || rows[width-1].Seq != end-1 {
		return nil, noSuchTile()
	}
	data := make([]Hash, width)
	for i := range rows {
		data[i] = LeafData(rows[i].Body)
	}
	return data, nil
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
	l.raiseDurable(h.Size)
	return h.Size, nil
}

// RecentCheckpoint gives a checkpoint that was signed within maxAge, or a new one. Whoever asks again and again
// cannot have more of them signed and stored.
func (l *Ledger) RecentCheckpoint(ctx context.Context, maxAge time.Duration) (*Checkpoint, error) {
	if err := l.signing.turns.take(ctx); err != nil {
		return nil, err
	}
	newest := l.signing.newest
	l.signing.turns.giveBack()
	if newest != nil && l.now().Sub(newest.SignedAt) < maxAge {
		return newest, nil
	}
	return l.Checkpoint(ctx)
}

func noSuchTile() error {
	return fault.New(fault.NotFound, "the log has no such tile: see its checkpoint for its size")
}
