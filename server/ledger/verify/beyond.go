package verify

import "context"

// tileLevels is how many levels of tiles a tree of 2^64 entries has.
const tileLevels = 8

// checkBeyondHead looks for rows that no head counts. Appends go on: what is read before a head must lie within it.
func (v *verification) checkBeyondHead(ctx context.Context) error {
	for _, check := range []func(context.Context) error{
		beyond(v, v.src.Entries, func(e *Entry) uint64 { return e.Seq }, "it lies beyond the head, which counts %d entries"),
		beyond(v, v.src.Index, func(r *IndexRow) uint64 { return r.Seq }, "an index row lies beyond the head, which counts %d entries"),
		beyond(v, v.src.Pruned, func(p *PrunedLeaf) uint64 { return p.Seq }, "it looks pruned and lies beyond the head, which counts %d entries"),
	} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	for level := range tileLevels {
		if err := v.checkTilesBeyondHead(ctx, level); err != nil {
			return err
		}
	}
	return nil
}

// beyond makes a check for rows of one kind behind the head.
func beyond[T any](v *verification, fetch func(context.Context, uint64, int) ([]T, error), number func(*T) uint64, what string) func(context.Context) error {
	return func(ctx context.Context) error {
		for from := v.head.Size; ; {
			rows, err := fetch(ctx, from, pageRows)
			if err != nil || len(rows) == 0 {
				return err
			}
			now, err := v.src.Head(ctx)
			if err != nil {
				return err
			}
			for i := range rows {
				if seq := number(&rows[i]); seq >= now.Size {
					v.find(int64(seq), what, now.Size)
				}
			}
			if from = number(&rows[len(rows)-1]) + 1; v.report.More || from == 0 {
				return nil
			}
		}
	}
}

func (v *verification) checkTilesBeyondHead(ctx context.Context, level int) error {
	full := func(h Head) uint64 { return h.Size >> (8 * level) >> 8 }
	for from := full(v.head); ; {
		tiles, err := v.src.Tiles(ctx, level, from, pageRows/tileWidth)
		if err != nil || len(tiles) == 0 {
			return err
		}
		now, err := v.src.Head(ctx)
		if err != nil {
			return err
		}
		for _, t := range tiles {
			if t.Number >= full(now) {
				v.find(-1, "tile %d of level %d lies beyond the head, which counts %d entries", t.Number, level, now.Size)
			}
		}
		if from = tiles[len(tiles)-1].Number + 1; v.report.More || from == 0 {
			return nil
		}
	}
}
