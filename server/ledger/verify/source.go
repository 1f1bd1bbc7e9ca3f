// Package verify checks a ledger from its stored bytes up: entries, index, tiles, head and every checkpoint.
//
// It shares no code with the package that writes the ledger, so that one mistake cannot hide in both.
package verify

import (
	"context"
	"time"
)

// Source is what a verifier reads. Lists are in ascending order and at most limit long; one that is empty says that
// there is nothing more. Rows may be added, and pruned, while it is read.
type Source interface {
	Head(ctx context.Context) (Head, error)
	// Entries gives entries with seq of at least from: fewer than limit where their bodies are long.
	Entries(ctx context.Context, from uint64, limit int) ([]Entry, error)
	// Index gives index rows with seq of at least from.
	Index(ctx context.Context, from uint64, limit int) ([]IndexRow, error)
	// Pruned gives what is kept of pruned entries with seq of at least from.
	Pruned(ctx context.Context, from uint64, limit int) ([]PrunedLeaf, error)
	// Tiles gives full tiles of a level with number of at least from.
	Tiles(ctx context.Context, level int, from uint64, limit int) ([]Tile, error)
	// Checkpoints gives signed notes behind the skip first ones, by size. They are asked for in order.
	Checkpoints(ctx context.Context, skip, limit int) ([]Checkpoint, error)
	// Keys gives data keys whose subject comes behind after.
	Keys(ctx context.Context, after string, limit int) ([]Key, error)
	// Miscounts names the stream and action pairs whose counts differ from the index.
	Miscounts(ctx context.Context) ([]string, error)
}

// Head is the stored size and frontier of the tree.
type Head struct {
	Size       uint64    `db:"size"`
	Frontier   []byte    `db:"frontier"`
	RecordedAt time.Time `db:"recorded_at"`
}

// Entry is a stored entry.
type Entry struct {
	Seq  uint64 `db:"seq"`
	ID   []byte `db:"id"`
	Body []byte `db:"body"`
	Leaf []byte `db:"leaf"`
}

// PrunedLeaf is what is kept of a pruned entry: SHA-256 of its body, and the log.pruned entry that is said to name it.
type PrunedLeaf struct {
	Seq      uint64 `db:"seq"`
	LeafData []byte `db:"leaf_data"`
	PrunedBy uint64 `db:"pruned_by"`
}

// Tile is a stored full tile: 256 hashes of 32 bytes.
type Tile struct {
	Number uint64 `db:"number"`
	Hashes []byte `db:"hashes"`
}

// Checkpoint is a stored signed note.
type Checkpoint struct {
	Size     uint64    `db:"size"`
	SignedAt time.Time `db:"signed_at"`
	Root     []byte    `db:"root"`
	Note     []byte    `db:"note"`
	// checked says that the note was read, and its signature checked, by this package. Then it need not be kept.
	checked bool
}

// IndexRow is what queries are answered from; all of it derives from the entry's body.
type IndexRow struct {
	Seq        uint64    `db:"seq"`
	ID         []byte    `db:"id"`
	Stream     uint8     `db:"stream"`
	OccurredAt time.Time `db:"occurred_at"`
	RecordedAt time.Time `db:"recorded_at"`
	Actor      []byte    `db:"actor"`
	Person     []byte    `db:"person"`
	Department []byte    `db:"department"`
	Action     string    `db:"action"`
	EntityType string    `db:"entity_type"`
	EntityID   string    `db:"entity_id"`
	Module     string    `db:"module"`
	Source     string    `db:"source"`
	Outcome    uint8     `db:"outcome"`
}
