package verify

import (
	"bytes"
	"context"
	"slices"
)

// completed is told of each leaf and of each root over 256, 65,536 … leaves: the hashes that tiles hold. Leaf tiles
// are compared leaf by leaf, and as a whole only where one became full on the way.
func (v *verification) completed(height int, root hash) {
	gathered := append(v.gathered[height], root)
	if len(gathered) == tileWidth {
		end := v.tree.size + 1
		if height > 0 || end == v.late {
			v.pending = append(v.pending, completedTile{level: height / 8, number: end>>(height+8) - 1, hashes: slices.Clone(gathered)})
		}
		gathered = gathered[:0]
	}
	v.gathered[height] = gathered
}

func (v *verification) checkCompletedTiles(ctx context.Context) error {
	for _, want := range v.pending {
		tiles, err := v.src.Tiles(ctx, want.level, want.number, 1)
		if err != nil {
			return err
		}
		if len(tiles) == 0 || tiles[0].Number != want.number || !bytes.Equal(tiles[0].Hashes, pack(want.hashes)) {
			v.find(-1, "tile %d of level %d is missing or was changed", want.number, want.level)
		}
	}
	v.pending = nil
	return nil
}

func pack(hashes []hash) []byte {
	packed := make([]byte, 0, len(hashes)*hashSize)
	for _, h := range hashes {
		packed = append(packed, h[:]...)
	}
	return packed
}
