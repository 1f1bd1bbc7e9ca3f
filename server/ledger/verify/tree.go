package verify

import (
	"bytes"
	"crypto/sha256"
)

const (
	hashSize  = sha256.Size
	tileWidth = 256
)

type hash [hashSize]byte

// leafOf is RFC 6962's leaf hash over the leaf data, which is SHA-256 of the body.
func leafOf(body []byte) hash {
	data := sha256.Sum256(body)
	return leafOfData(data[:])
}

func parentOf(left, right hash) hash {
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

// subtree is a perfect tree over 2^height leaves.
type subtree struct {
	height int
	root   hash
}

// tree grows a leaf at a time and keeps the roots of its perfect subtrees, tallest first.
type tree struct {
	size  uint64
	roots []subtree
	// complete is told of every perfect subtree whose height is a multiple of 8.
	complete func(height int, root hash)
}

func (t *tree) add(leaf hash) {
	s := subtree{0, leaf}
	t.announce(s)
	for n := len(t.roots); n > 0 && t.roots[n-1].height == s.height; n = len(t.roots) {
		s = subtree{s.height + 1, parentOf(t.roots[n-1].root, s.root)}
		t.roots = t.roots[:n-1]
		t.announce(s)
	}
	t.roots = append(t.roots, s)
	t.size++
}

func (t *tree) announce(s subtree) {
	if s.height%8 == 0 {
		t.complete(s.height, s.root)
	}
}

func (t *tree) root() hash {
	if len(t.roots) == 0 {
		return sha256.Sum256(nil)
	}
	root := t.roots[len(t.roots)-1].root
	for i := len(t.roots) - 2; i >= 0; i-- {
		root = parentOf(t.roots[i].root, root)
	}
	return root
}

func (t *tree) frontier() []byte {
	var b bytes.Buffer
	for _, s := range t.roots {
		b.Write(s.root[:])
	}
	return b.Bytes()
}
