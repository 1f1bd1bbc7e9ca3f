package verify

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/bits"
)

// span is the left part of a tree. It grows to the right by perfect subtrees and keeps the roots of those that it
// consists of, tallest first: one for each 1 bit of size (RFC 6962, section 2.1).
type span struct {
	size  uint64
	roots []subtree
	// complete is told of every perfect subtree that is not inside one that was pushed: its height, and its number
	// among those of that height.
	complete func(height int, number uint64, root hash)
}

// newSpan begins with a tree of size leaves of which the roots are known.
func newSpan(size uint64, roots []hash) (*span, error) {
	if size > maxSize || len(roots) != bits.OnesCount64(size) {
		return nil, fmt.Errorf("a tree of %d entries does not consist of %d perfect subtrees", size, len(roots))
	}
	s := &span{size: size}
	for rest := size; rest > 0; {
		height := bits.Len64(rest) - 1
		s.roots = append(s.roots, subtree{height, roots[len(s.roots)]})
		rest &^= 1 << height
	}
	return s, nil
}

// push adds a perfect subtree of 2^height leaves. It must begin at a multiple of its width.
func (s *span) push(height int, root hash) error {
	if s.size&(1<<height-1) != 0 {
		return errors.New("verify: a subtree begins where none can")
	}
	start := s.size
	s.size += 1 << height
	added := subtree{height, root}
	s.announce(start, added)
	for n := len(s.roots); n > 0 && s.roots[n-1].height == added.height; n = len(s.roots) {
		added = subtree{added.height + 1, parentOf(s.roots[n-1].root, added.root)}
		s.roots = s.roots[:n-1]
		s.announce(start, added)
	}
	s.roots = append(s.roots, added)
	return nil
}

func (s *span) announce(start uint64, t subtree) {
	if s.complete != nil {
		s.complete(t.height, start>>t.height, t.root)
	}
}

// root is that of the tree so far.
func (s *span) root() hash {
	if len(s.roots) == 0 {
		return sha256.Sum256(nil)
	}
	root := s.roots[len(s.roots)-1].root
	for i := len(s.roots) - 2; i >= 0; i-- {
		root = parentOf(s.roots[i].root, root)
	}
	return root
}

// hashes gives the roots that the tree consists of.
func (s *span) hashes() []hash {
	list := make([]hash, len(s.roots))
	for i, t := range s.roots {
		list[i] = t.root
	}
	return list
}

// nextHeight is the height of the tallest perfect subtree that begins at start and ends at or before end: with it
// any range of leaves is cut into perfect subtrees, in one way only.
func nextHeight(start, end uint64) int {
	height := bits.Len64(end-start) - 1
	if start > 0 {
		height = min(height, bits.TrailingZeros64(start))
	}
	return height
}

// leafOfData is RFC 6962's leaf hash over the leaf data.
func leafOfData(data []byte) hash {
	return sha256.Sum256(append([]byte{0}, data...))
}
