package ledger

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/keytrail/keytrail/server/fault"
)

// maxProverHashes bounds the hashes that a prover keeps, 40 bytes each.
const maxProverHashes = 1 << 18

// Prover proves many entries of one tree: the roots of subtrees, most of which their proofs share, are computed once. It
// is for one goroutine.
type Prover struct {
	ledger *Ledger
	size   uint64
	known  map[int64]tlog.Hash
}

// NewProver makes a prover of the tree of the first size entries. BAD_USER_INPUT when there are not as many.
func (l *Ledger) NewProver(ctx context.Context, size uint64) (*Prover, error) {
	if err := l.checkTreeSize(ctx, "treeSize", size); err != nil {
		return nil, err
	}
	return &Prover{ledger: l, size: size, known: map[int64]tlog.Hash{}}, nil
}

// Inclusion gives the hashes of the proof that an entry is in the tree. BAD_USER_INPUT for one that is not.
func (p *Prover) Inclusion(ctx context.Context, seq uint64) ([]Hash, error) {
	if seq >= p.size {
		return nil, fault.Field("seq", "entry %d is not in a tree of %d entries", seq, p.size)
	}
	proof, err := tlog.ProveRecord(int64(p.size), int64(seq), p.reader(ctx))
	if err != nil {
		return nil, err
	}
	return fromTlog(proof), nil
}

// reader reads stored hashes, and keeps them.
func (p *Prover) reader(ctx context.Context) tlog.HashReader {
	stored := p.ledger.hashReader(ctx)
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		var places []int
		var missing []int64
		for i, index := range indexes {
			hash, known := p.known[index]
			if found[i] = hash; !known {
				places, missing = append(places, i), append(missing, index)
			}
		}
		if len(missing) == 0 {
			return found, nil
		}
		read, err := stored.ReadHashes(missing)
		if err != nil {
			return nil, err
		}
		if len(p.known)+len(read) > maxProverHashes {
			clear(p.known)
		}
		for i, hash := range read {
			found[places[i]], p.known[missing[i]] = hash, hash
		}
		return found, nil
	})
}
