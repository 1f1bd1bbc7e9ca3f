package verify_test

import (
	"crypto/sha256"

	"github.com/keytrail/keytrail/server/ledger"
)

// textbookRoot is MTH of RFC 6962, section 2.1, over leaf hashes, word for word: no cache, no cleverness.
func textbookRoot(leaves []ledger.Hash) ledger.Hash {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	k := 1 // the largest power of two smaller than n
	for 2*k < len(leaves) {
		k *= 2
	}
	left, right := textbookRoot(leaves[:k]), textbookRoot(leaves[k:])
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}
