package verify

import "context"

// pageRows is how many rows are asked for at a time.
const pageRows = 4 * tileWidth

// reader goes through numbered rows in ascending order and holds one page of them.
type reader[T any] struct {
	fetch  func(ctx context.Context, from uint64, limit int) ([]T, error)
	number func(*T) uint64
	page   []T
	ended  bool
}

// at gives the row with this number, nil when there is none. Numbers must not descend.
func (r *reader[T]) at(ctx context.Context, n uint64) (*T, error) {
	for len(r.page) > 0 && r.number(&r.page[0]) < n {
		r.page = r.page[1:]
	}
	if len(r.page) == 0 && !r.ended {
		var err error
		if r.page, err = r.fetch(ctx, n, pageRows); err != nil {
			return nil, err
		}
		r.ended = len(r.page) == 0
	}
	if len(r.page) > 0 && r.number(&r.page[0]) == n {
		return &r.page[0], nil
	}
	return nil, nil
}

// again reads one row anew.
func (r *reader[T]) again(ctx context.Context, n uint64) (*T, error) {
	rows, err := r.fetch(ctx, n, 1)
	if err != nil || len(rows) == 0 || r.number(&rows[0]) != n {
		return nil, err
	}
	return &rows[0], nil
}

// readers go through what is kept of each entry.
type readers struct {
	entries reader[Entry]
	index   reader[IndexRow]
	pruned  reader[PrunedLeaf]
	tiles   reader[Tile] // of level 0
}

func newReaders(src Source) readers {
	return readers{
		entries: reader[Entry]{fetch: src.Entries, number: func(e *Entry) uint64 { return e.Seq }},
		index:   reader[IndexRow]{fetch: src.Index, number: func(r *IndexRow) uint64 { return r.Seq }},
		pruned:  reader[PrunedLeaf]{fetch: src.Pruned, number: func(p *PrunedLeaf) uint64 { return p.Seq }},
		tiles: reader[Tile]{number: func(t *Tile) uint64 { return t.Number },
			fetch: func(ctx context.Context, from uint64, limit int) ([]Tile, error) {
				return src.Tiles(ctx, 0, from, limit/tileWidth)
			}},
	}
}

// more has them look again behind what was the end.
func (r *readers) more() {
	r.entries.ended, r.index.ended, r.pruned.ended, r.tiles.ended = false, false, false, false
}

// kept is what is kept of one entry.
type kept struct {
	entry  *Entry
	row    *IndexRow
	pruned *PrunedLeaf
}

// plausible reports whether an entry is either here with its index row, or pruned without one.
func (k kept) plausible() bool {
	if k.pruned != nil {
		return k.entry == nil && k.row == nil
	}
	return k.entry != nil && k.row != nil
}

// at reads what is kept of an entry.
func (r *readers) at(ctx context.Context, seq uint64) (k kept, err error) {
	if k.pruned, err = r.pruned.at(ctx, seq); err != nil {
		return k, err
	}
	if k.entry, err = r.entries.at(ctx, seq); err != nil {
		return k, err
	}
	k.row, err = r.index.at(ctx, seq)
	return k, err
}

// again reads what is kept of an entry anew: an entry that is pruned meanwhile looks odd when one page was read before
// and another after. What stays odd is.
func (r *readers) again(ctx context.Context, seq uint64) (k kept, err error) {
	const attempts = 3
	for range attempts {
		if k.pruned, err = r.pruned.again(ctx, seq); err != nil {
			return k, err
		}
		if k.entry, err = r.entries.again(ctx, seq); err != nil {
			return k, err
		}
		if k.row, err = r.index.again(ctx, seq); err != nil || k.plausible() {
			return k, err
		}
	}
	return k, nil
}
