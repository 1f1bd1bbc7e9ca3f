package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
)

// A body may be missing only where an entry of the same ledger, further on, says that it was pruned. Which one,
// pruned_leaf tells; nothing that it tells is trusted. The entry named is read, and when the verification comes to it,
// it must have been what was read: then its hash is checked as that of any other.

// prunedAction is the action of the entries that say what was pruned.
const prunedAction = "log.pruned"

// claim is what a log.pruned entry says: the ranges [from, to) whose bodies may be missing.
type claim struct {
	seq    uint64
	ranges [][2]uint64
}

// parseClaim reads a log.pruned entry. wrong says what makes its claim void.
func parseClaim(seq uint64, raw []byte) (c claim, wrong string) {
	var b struct {
		Action  string `json:"action"`
		Stream  string `json:"stream"`
		Source  string `json:"source"`
		Details struct {
			Ranges [][2]uint64 `json:"ranges"`
		} `json:"details"`
	}
	c.seq = seq
	if err := json.Unmarshal(raw, &b); err != nil || b.Action != prunedAction || b.Stream != "system" || b.Source != "keytrail" {
		return c, "it does not say what was pruned"
	}
	var last uint64
	for _, r := range b.Details.Ranges {
		if r[0] < last || r[0] >= r[1] {
			return c, "the ranges that it says were pruned are not in order"
		}
		last = r[1]
	}
	if last > seq {
		return c, "it says that entries were pruned which do not lie in front of it"
	}
	c.ranges = b.Details.Ranges
	return c, ""
}

func (c *claim) covers(seq uint64) bool {
	_, found := slices.BinarySearchFunc(c.ranges, seq, func(r [2]uint64, seq uint64) int {
		switch {
		case r[1] <= seq:
			return -1
		case r[0] > seq:
			return 1
		}
		return 0
	})
	return found
}

// claims are the log.pruned entries that missing bodies were excused with.
type claims struct {
	// recent are the last few that were read, newest last.
	recent []claim
	// relied holds the hash of each body that was relied upon and that the verification has not come to yet.
	relied map[uint64]hash
}

const recentClaims = 8

// checkPruned checks what is left of an entry whose body is missing, and gives its leaf hash.
func (v *verification) checkPruned(ctx context.Context, seq uint64, k kept, inTile []byte) ([]byte, error) {
	leaf := leafOfData(k.pruned.LeafData)
	covered, err := v.covered(ctx, seq, k.pruned.PrunedBy)
	switch {
	case err != nil:
		return nil, err
	case !covered:
		v.find(int64(seq), "it is missing, and although it looks pruned, no entry that it could have been pruned by names it")
	case inTile != nil && !bytes.Equal(inTile, leaf[:]):
		v.find(int64(seq), "it was pruned, and the leaf data that is kept of it does not have the leaf hash in the tile")
	case inTile == nil:
		v.find(int64(seq), "it is missing, and entries of a tile that is not full are never pruned")
	}
	if k.row != nil {
		v.find(int64(seq), "it was pruned, and its index row is still there")
	}
	return leaf[:], nil
}

// covered reports whether entry by is a log.pruned entry that names seq.
func (v *verification) covered(ctx context.Context, seq, by uint64) (bool, error) {
	if by <= seq {
		return false, nil
	}
	if by >= v.head.Size { // it may have been appended since the verification began
		now, err := v.src.Head(ctx)
		if err != nil || by >= now.Size {
			return false, err
		}
		v.grown(now)
	}
	for i := len(v.claims.recent) - 1; i >= 0; i-- {
		if c := &v.claims.recent[i]; c.seq == by {
			return c.covers(seq), nil
		}
	}
	entry, err := v.from.entries.again(ctx, by)
	if err != nil || entry == nil {
		return false, err
	}
	c, wrong := parseClaim(by, entry.Body)
	if wrong != "" || !c.covers(seq) {
		return false, nil
	}
	if body := sha256.Sum256(entry.Body); v.claims.relied[by] == (hash{}) {
		v.claims.relied[by] = body
	} else if v.claims.relied[by] != body {
		return false, nil
	}
	if len(v.claims.recent) == recentClaims {
		v.claims.recent = slices.Delete(v.claims.recent, 0, 1)
	}
	v.claims.recent = append(v.claims.recent, c)
	return true, nil
}

// checkClaim checks an entry in its place as one that may have been relied upon.
func (v *verification) checkClaim(seq uint64, entry *Entry) {
	relied, isRelied := v.claims.relied[seq]
	delete(v.claims.relied, seq)
	if isRelied && (entry == nil || sha256.Sum256(entry.Body) != relied) {
		v.find(int64(seq), "entries that are missing were excused with it, and it is not what it was then")
	}
}
