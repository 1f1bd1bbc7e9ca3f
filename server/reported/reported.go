// Package reported keeps account of a call that reports several things at once, of which some may be refused.
package reported

import (
	"context"
	"slices"
	"strconv"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// Refused says why a thing was not recorded.
type Refused struct {
	// Index is its place in the call, from 0.
	Index int
	Code  string
	Text  fault.Text
}

// Message says it in the language of the caller of ctx.
func (r *Refused) Message(ctx context.Context) string { return r.Text.In(fault.Language(ctx)) }

// Recorded is what a call recorded.
type Recorded struct {
	// Recorded counts what is on record now, that included which was before.
	Recorded int
	Refused  []*Refused
	// Seqs are their places in the ledger, in the order of the call.
	Seqs []uint64
}

// Batch is a call's things that can be recorded, and where each stood in the call. It begins empty.
type Batch struct {
	// Items are what goes to the ledger.
	Items   []ledger.Item
	indexes []int
	made    Recorded
}

// Add takes in the thing at a place of the call.
func (b *Batch) Add(index int, item ledger.Item) {
	b.Items, b.indexes = append(b.Items, item), append(b.indexes, index)
}

// Refuse notes why the thing at a place of the call is not recorded. The error must be a fault.
func (b *Batch) Refuse(index int, err error) {
	f, _ := fault.As(err)
	b.made.Refused = append(b.made.Refused, &Refused{Index: index, Code: string(f.Kind), Text: f.Text()})
}

// Checked gives the places of the things, of so many in the call, that can be recorded. A partial call notes why others are
// refused; any other fails with the first, which the error names by its place, as each does with what is no fault.
func (b *Batch) Checked(n int, partial bool, check func(index int) error) ([]int, error) {
	good := make([]int, 0, n)
	for i := range n {
		err := check(i)
		_, isFault := fault.As(err)
		switch {
		case err == nil:
			good = append(good, i)
		case partial && isFault:
			b.Refuse(i, err)
		default:
			return nil, At(i, err)
		}
	}
	return good, nil
}

// Name has an error of the ledger, which counts items, name the thing by its place in the call.
func (b *Batch) Name(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	item, named := f.Data["index"].(int)
	if !named || item >= len(b.indexes) || b.indexes[item] == item {
		return err
	}
	return f.With("index", b.indexes[item])
}

// Finish gives what the call recorded, from the ledger's receipts for Items.
func (b *Batch) Finish(receipts []ledger.Receipt) *Recorded {
	for i, receipt := range receipts {
		if receipt.Err != nil {
			b.Refuse(b.indexes[i], receipt.Err)
			continue
		}
		b.made.Seqs = append(b.made.Seqs, receipt.Seq)
	}
	made := b.made
	made.Recorded = len(made.Seqs)
	if made.Refused == nil {
		made.Refused = []*Refused{}
	}
	slices.SortFunc(made.Refused, func(x, y *Refused) int { return x.Index - y.Index })
	return &made
}

// At names the thing of a call that an error about one of its fields is about: "3.occurredAt".
func At(index int, err error) error {
	f, ok := fault.As(err)
	if !ok || f.Field == "" {
		return err
	}
	named := f.With("index", index)
	named.Field = strconv.Itoa(index) + "." + f.Field
	return named
}
