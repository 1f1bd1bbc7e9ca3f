package ledger

import (
	"context"
	"fmt"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	// MaxItems is the most items of one call of Record.
	MaxItems = 1000
	// maxCallBytes is the most that their bodies may hold together: a call is committed whole, and others wait for it.
	maxCallBytes = 32 << 20
)

// Item is an entry to record, and the key under which its sender may send it again.
type Item struct {
	Draft Draft
	// Caller and Key name the request for good; without a key the item is recorded as often as it is sent.
	Caller, Key string
	// Payload is what the sender sent: the same key with another payload is a CONFLICT. Any JSON value.
	Payload any
}

// Receipt says where an item stands in the ledger, or why it does not.
type Receipt struct {
	Seq uint64
	// Replayed is set when the item was recorded before.
	Replayed bool
	// Err is why the item was refused: BAD_USER_INPUT or CONFLICT. Only in a call that is partial.
	Err error
}

// Record appends items that need no other transaction, in one that is shared with all who come at the same time
// (group commit), and returns once they are on disk. There is a receipt for each item. A partial call records what
// it can; any other call all or nothing, and its error names the first item that was refused in Field and Data["index"].
//
// UNAVAILABLE with a time to wait when too much is waiting already; nothing of the call was recorded then. When ctx
// ends first, or with any other error, it is unknown what was: send the same keys again.
func (l *Ledger) Record(ctx context.Context, items []Item, partial bool) ([]Receipt, error) {
	if len(items) > MaxItems {
		return nil, fault.New(fault.BadInput, "%d entries were sent at once; at most %d are taken", len(items), MaxItems)
	}
	c, err := l.newCall(ctx, items, partial)
	if err != nil {
		return nil, err
	}
	if len(c.items) == 0 {
		return c.receipts, nil
	}
	if err := l.group.submit(ctx, c); err != nil {
		return nil, err
	}
	if c.err != nil {
		return nil, c.err
	}
	return c.receipts, nil
}

// call is one caller's items, ready but for the recording time.
type call struct {
	partial  bool
	items    []callItem // without those that were refused at once
	bytes    int
	receipts []Receipt

	err  error
	done chan struct{}
	lead chan struct{} // receives when the caller is to commit the next batch
	// promoted is set from then on, until he has.
	promoted bool
}

// callItem is an item that can be recorded, and its place among those that were given.
type callItem struct {
	index   int
	pending pendingEntry
	claim   claimKey // zero without a key
	print   [32]byte
	receipt *Receipt
	same    []*Receipt // of items in the same batch that repeat this one
}

// claimKey is a caller's idempotency key as the table knows it.
type claimKey [32]byte

// newCall makes the bytes of the items, before anything is locked.
func (l *Ledger) newCall(ctx context.Context, items []Item, partial bool) (*call, error) {
	c := &call{
		partial: partial, items: make([]callItem, 0, len(items)), receipts: make([]Receipt, len(items)),
		done: make(chan struct{}), lead: make(chan struct{}, 1),
	}
	for i := range items {
		made, err := l.newCallItem(ctx, i, &items[i])
		if err == nil {
			c.items = append(c.items, made)
			if c.bytes += len(made.pending.body.raw); c.bytes > maxCallBytes {
				return c, fault.New(fault.BadInput, "The entries that were sent at once hold more than %d MiB: send fewer at a time.", maxCallBytes>>20)
			}
			continue
		}
		if err := c.refuse(i, err); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (l *Ledger) newCallItem(ctx context.Context, index int, item *Item) (made callItem, err error) {
	made.index = index
	if item.Key != "" {
		request, print, err := l.claimOf(ctx, item.Caller, item.Key, item.Payload)
		if err != nil {
			return made, err
		}
		made.claim, made.print = claimKey(request), [32]byte(print)
	}
	made.pending, err = l.prepare(ctx, l.db, item.Draft)
	return made, err
}

// refuse notes why an item cannot be recorded, and gives the error that ends a call which is all or nothing.
func (c *call) refuse(index int, err error) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.BadInput && f.Kind != fault.Conflict {
		return err
	}
	if c.partial {
		c.receipts[index] = Receipt{Err: f}
		return nil
	}
	named := f.With("index", index)
	if named.Field != "" {
		named.Field = fmt.Sprintf("%d.%s", index, named.Field)
	}
	return named
}
