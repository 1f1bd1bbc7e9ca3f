// Package bundle writes the entries of one case into a file that somebody outside can verify with nothing but that file
// and the log's public key. docs/case-bundle.md describes its form.
package bundle

import (
	"context"
	"fmt"
	"slices"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	// MaxEntries is the most entries that a bundle holds, those that say what was pruned included.
	MaxEntries = 10_000
	// MaxBytes bounds the bodies of a bundle's entries, all together.
	MaxBytes = 256 << 20
)

// Asked is what somebody asked for. It is told in case.json, and proven by nothing.
type Asked struct {
	// At is when, RFC 3339 in UTC.
	At string `json:"at"`
	// By is the id of the person or token that asked, and Name what the person is called.
	By   string `json:"by"`
	Name string `json:"name,omitempty"`
	// Filter holds the conditions by their names in the schema; Entries the numbers, where entries were named instead.
	Filter  map[string]any `json:"filter,omitempty"`
	Entries []uint64       `json:"entries,omitempty"`
	Purpose string         `json:"purpose,omitempty"`
}

// Opened is an entry, and what whoever asked may read of it as JSON.
type Opened struct {
	Entry    *ledger.Entry
	Readable any
}

// Open gives entries that have their bodies in the order of their numbers; few at a time are asked for.
type Open func(ctx context.Context, seqs []uint64) ([]Opened, error)

// Plan is a bundle whose contents are settled, and of which nothing is written yet.
type Plan struct {
	ledger     *ledger.Ledger
	checkpoint *ledger.Checkpoint
	seqs       []uint64
	gone       map[uint64]ledger.Gone
}

// Prepare settles what a bundle holds: the entries with these numbers, and of those that were pruned the entries that say
// so. NOT_FOUND for no entries, and for one that does not exist; BAD_USER_INPUT for too many.
func Prepare(ctx context.Context, l *ledger.Ledger, seqs []uint64) (*Plan, error) {
	seqs = sorted(seqs)
	if len(seqs) == 0 {
		return nil, fault.New(fault.NotFound, "No entry that you may take out matches, so there is nothing to prove.")
	}
	if len(seqs) > MaxEntries {
		return nil, TooMany()
	}
	p := &Plan{ledger: l, gone: map[uint64]ledger.Gone{}}
	gone, err := l.GoneAmong(ctx, seqs)
	if err != nil {
		return nil, err
	}
	for _, one := range gone {
		p.gone[one.Seq] = one
		seqs = append(seqs, one.By)
	}
	if p.seqs = sorted(seqs); len(p.seqs) > MaxEntries {
		return nil, TooMany()
	}
	if err := p.weigh(ctx); err != nil {
		return nil, err
	}
	p.checkpoint, err = l.Checkpoint(ctx) // it covers whatever was found above
	return p, err
}

func sorted(seqs []uint64) []uint64 {
	seqs = slices.Clone(seqs)
	slices.Sort(seqs)
	return slices.Compact(seqs)
}

// TooMany is the error for more entries than a bundle takes.
func TooMany() error {
	return fault.New(fault.BadInput, "A case bundle takes at most %d entries: narrow the filter, by a shorter time for instance.", MaxEntries)
}

// weigh refuses what is too long, and numbers of entries that do not exist.
func (p *Plan) weigh(ctx context.Context) error {
	whole := slices.DeleteFunc(slices.Clone(p.seqs), func(seq uint64) bool { _, gone := p.gone[seq]; return gone })
	found, bytes, err := p.ledger.Weigh(ctx, whole)
	if err != nil {
		return err
	}
	if found != len(whole) {
		return Went()
	}
	if bytes > MaxBytes {
		return fault.New(fault.BadInput, "These entries have %d MiB, and a case bundle takes at most %d: narrow the filter, by a shorter time for instance.",
			bytes>>20, MaxBytes>>20)
	}
	return nil
}

// Went is the error for entries that are not there, or no longer.
func Went() error {
	return fault.New(fault.NotFound, "Entries went while the bundle was prepared, or do not exist: try again.")
}

// Pruned counts the entries of which only the hash is left.
func (p *Plan) Pruned() int { return len(p.gone) }

// errVanished says that a body went between two readings.
func errVanished(seq uint64) error {
	return fmt.Errorf("bundle: entry %d went while the bundle was written", seq)
}
