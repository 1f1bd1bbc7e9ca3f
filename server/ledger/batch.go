package ledger

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	insertClaims = "INSERT INTO idempotency (request, fingerprint, first_seq, entries) VALUES "
	claimColumns = 4
	selectClaims = "SELECT request, fingerprint, first_seq FROM idempotency WHERE request IN "
	selectIDAt   = "SELECT id FROM {ledger}.entry WHERE seq = ?"

	maxRepeats   = 3 // each time somebody else has used a key meanwhile
	unknownPause = 100 * time.Millisecond
)

// errRepeated says that an item of the batch was recorded before, so that the batch must be looked through.
var errRepeated = errors.New("ledger: a key of the batch was used before")

// batch is the calls that are committed together.
type batch struct {
	calls []*call
	// repeats counts how often a key turned out to have been used: most batches have no repeats and look none up.
	repeats int
	// tried is what an earlier attempt wrote whose COMMIT was not answered, and unknown the error that says so.
	tried   *written
	unknown error
	// replayed is the end of the entries that receipts refer to and this batch did not write.
	replayed uint64
	// promise is what the attempt under way promises to whoever comes next.
	promise *promise
}

// calls are those that wait to be committed.
type calls interface {
	// take gives the calls of a batch, of at most so many entries unless one call has more; none when fewer than least
	// entries wait.
	take(least, most int) []*call
	// none reports whether nothing waits.
	none() bool
}

// finish gives the calls their result.
func (b *batch) finish(err error) {
	err = toCallers(err)
	for _, c := range b.calls {
		c.finish(err)
	}
	b.calls = nil
}

// toCallers says what callers can do about what only this package knows.
func toCallers(err error) error {
	switch {
	case errors.Is(err, errRepeated):
		return fault.Wrap(err, fault.Unavailable, "The same keys are being used by somebody else at the same time. Send it again with the same keys.")
	case errors.Is(err, errCommitterFailed):
		return fault.Wrap(err, fault.Unavailable, "Something failed while this was recorded, and it is not known whether it was. Send it again with the same keys.")
	}
	return err
}

// commitBatch writes calls that wait, in one transaction, and finishes each.
func (l *Ledger) commitBatch(ctx context.Context, from calls) {
	if from.none() { // another leader took them
		return
	}
	b := &batch{}
	defer func() { b.finish(errCommitterFailed) }() // those that a panic left
	err := l.tryBatch(ctx, b, from)
	if err != nil && b.calls == nil {
		b.calls = from.take(0, batchEntries) // it failed before they were taken, and would for them
	}
	if len(b.calls) > 1 && err != nil && !fault.Is(err, fault.Unavailable) && ctx.Err() == nil {
		l.commitApart(ctx, b)
		return
	}
	b.finish(err)
}

// commitApart commits each call by itself, after one of them made the batch fail for all.
func (l *Ledger) commitApart(ctx context.Context, b *batch) {
	for len(b.calls) > 0 {
		one := &batch{calls: b.calls[:1:1]}
		err := l.tryBatch(ctx, one, nil)
		b.calls = b.calls[1:]
		one.finish(err)
	}
}

// tryBatch commits the batch, again where that is safe; then all that its receipts refer to is on disk. After a COMMIT
// that was not answered, it asks the database until that says whether the batch is stored.
func (l *Ledger) tryBatch(ctx context.Context, b *batch, from calls) error {
	for {
		w, err := l.attempt(ctx, b, from)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errForestalled):
			continue // once: the batch has its calls now
		case errors.Is(err, errRepeated) && b.repeats < maxRepeats:
			b.repeats++
			continue
		case errors.Is(err, mysql.ErrCommitUnknown) && w != nil:
			b.tried, b.unknown = w, err
		case b.tried == nil:
			return tooLate(ctx, err)
		}
		if rest(ctx, unknownPause); ctx.Err() != nil {
			return b.unknown
		}
	}
}

// attempt tries once to commit the batch. What it promised is kept or broken when it returns.
func (l *Ledger) attempt(ctx context.Context, b *batch, from calls) (w *written, err error) {
	broken := func() { l.promises.settle(b.promise, false) } // unless it was kept
	defer broken()
	err = l.db.Inserting().InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		broken() // by a transaction that has to be repeated
		if w, err = l.writeBatch(ctx, tx, b, from); err != nil {
			broken() // before others have to wait until it is rolled back
		}
		return err
	})
	return w, err
}

// tooLate says what to do when the batch was given up because of its own time limit.
func tooLate(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return fault.Wrap(err, fault.Unavailable, "The database took too long to record this. Send it again with the same keys.")
}

func (w *written) end() uint64 { return w.first + uint64(len(w.pending)) }

// writeBatch writes the calls: many that wait already ahead, behind what was promised, and otherwise under the lock.
func (l *Ledger) writeBatch(ctx context.Context, tx *mysql.Tx, b *batch, from calls) (*written, error) {
	if b.calls == nil {
		if w, err := l.writeAhead(ctx, tx, b, from); w != nil || err != nil {
			return w, err
		}
	}
	if err := l.promises.locking.take(ctx); err != nil {
		return nil, err
	}
	next := sync.OnceFunc(l.promises.locking.giveBack)
	defer next()
	if b.calls == nil { // whoever had the turn has promised something, so that the lock may not be needed
		p, err := l.planAhead(ctx, tx, b, from)
		if err != nil {
			return nil, err
		}
		if p != nil {
			next()
			return l.writePlanned(ctx, tx, b, p)
		}
	}
	if b.calls == nil && from.none() { // others have taken all, and whoever comes next commits for himself
		return nil, nil
	}
	return l.writeLocked(ctx, tx, b, from, next)
}

// writeLocked takes the calls once the lock is held, so that all who came until then share the commit. It calls next when
// another batch may build on what this one promises, or go for the lock.
func (l *Ledger) writeLocked(ctx context.Context, tx *mysql.Tx, b *batch, from calls, next func()) (*written, error) {
	head, err := l.goForHead(ctx, tx)
	if err != nil {
		return nil, err
	}
	l.promises.passed()
	if b.calls == nil {
		b.calls = from.take(0, batchEntries)
	}
	if b.tried != nil {
		stored, err := holds(ctx, tx, b.tried)
		if err != nil {
			return b.tried, err
		}
		if stored { // and the receipts are right
			return b.tried, l.confirm(ctx, tx, head, b.tried.end())
		}
		b.tried = nil
	}
	chosen, seen, err := b.choose(ctx, tx)
	if err != nil {
		return nil, err
	}
	if len(chosen) == 0 {
		return nil, l.confirm(ctx, tx, head, b.replayed)
	}
	p, err := l.planAt(ctx, tx, head, pendingOf(chosen))
	if err != nil {
		return nil, err
	}
	b.promise = newPromise(p, seen, nil)
	l.promises.give(b.promise, nil)
	next()
	entries, rows, ends := p.statements()
	keys := claims(p.written().first, chosen)
	err = tx.ExecAll(ctx, slices.Concat(entries, rows, keys, ends)...)
	if mysql.IsDuplicate(err) && len(keys) > 0 { // a key, since numbers of entries are taken under the lock
		return nil, errRepeated
	}
	if err != nil {
		return nil, err
	}
	b.promise.rowsAreIn()
	return l.wrote(tx, b, p, chosen), nil
}

// wrote is the end of an attempt that has written everything: once that is committed, the promise is kept and others are
// told.
func (l *Ledger) wrote(tx *mysql.Tx, b *batch, p *plan, chosen []*callItem) *written {
	l.onceCommitted(tx, p)
	made := b.promise
	tx.AfterCommit(func() { l.promises.settle(made, true) })
	w := p.written()
	b.settle(w.first, chosen)
	return w
}

func pendingOf(chosen []*callItem) []pendingEntry {
	pending := make([]pendingEntry, len(chosen))
	for i, item := range chosen {
		pending[i] = item.pending
	}
	return pending
}

// holds reports whether the ledger has what a transaction wrote whose COMMIT was not answered. The head's lock is
// held, so that transaction has ended.
func holds(ctx context.Context, tx *mysql.Tx, w *written) (bool, error) {
	var at id.ID
	err := tx.Get(ctx, &at, selectIDAt, w.first)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil && at == w.pending[0].draft.ID, err
}

// known is where an item with a key already stands: in the ledger, or in this batch.
type known struct {
	print [32]byte
	seq   uint64
	item  *callItem // of this batch, whose number is not known yet
}

// choose gives the items to append, those of each call that can be recorded whole and that were not before, and
// where keys of the batch stand.
func (b *batch) choose(ctx context.Context, tx *mysql.Tx) (chosen []*callItem, seen map[claimKey]known, err error) {
	if seen, err = b.lookUpClaims(ctx, tx); err != nil {
		return nil, nil, err
	}
	b.replayed = 0
	for _, c := range b.calls {
		c.err = nil
		if c.err = c.conflicts(seen); c.err == nil {
			chosen = b.chooseOf(c, seen, chosen)
		}
	}
	return chosen, seen, nil
}

// conflicts notes the items whose key came with another payload before, and gives the error of a call that is all
// or nothing.
func (c *call) conflicts(seen map[claimKey]known) error {
	own := map[claimKey][32]byte{}
	for i := range c.items {
		item := &c.items[i]
		c.receipts[item.index] = Receipt{}
		if item.claim == (claimKey{}) {
			continue
		}
		print, ok := own[item.claim]
		if k, before := seen[item.claim]; before {
			print, ok = k.print, true
		}
		if ok && print != item.print {
			if err := c.refuse(item.index, errOtherPayload()); err != nil {
				return err
			}
			continue
		}
		own[item.claim] = item.print
	}
	return nil
}

func (b *batch) chooseOf(c *call, seen map[claimKey]known, chosen []*callItem) []*callItem {
	for i := range c.items {
		item := &c.items[i]
		if c.receipts[item.index].Err != nil {
			continue
		}
		item.receipt = &c.receipts[item.index]
		item.same = nil
		if item.claim == (claimKey{}) {
			chosen = append(chosen, item)
			continue
		}
		k, before := seen[item.claim]
		switch {
		case !before:
			seen[item.claim] = known{print: item.print, item: item}
			chosen = append(chosen, item)
		case k.item != nil:
			k.item.same = append(k.item.same, item.receipt)
		default:
			*item.receipt = Receipt{Seq: k.seq, Replayed: true}
			b.replayed = max(b.replayed, k.seq+1)
		}
	}
	return chosen
}

// settle writes the receipts of what was appended from first on.
func (b *batch) settle(first uint64, chosen []*callItem) {
	for i, item := range chosen {
		seq := first + uint64(i)
		*item.receipt = Receipt{Seq: seq}
		for _, again := range item.same {
			*again = Receipt{Seq: seq, Replayed: true}
		}
	}
}

// claims gives what keeps the keys of items for good.
func claims(first uint64, chosen []*callItem) []mysql.Statement {
	args := make([]any, 0, len(chosen)*claimColumns)
	for i, item := range chosen {
		if item.claim != (claimKey{}) {
			args = append(args, item.claim[:], item.print[:], first+uint64(i), 1)
		}
	}
	return rowInserts(nil, insertClaims, "", claimColumns, args)
}

// lookUpClaims finds which keys of the batch were used before, when it is known that some were.
func (b *batch) lookUpClaims(ctx context.Context, tx *mysql.Tx) (map[claimKey]known, error) {
	seen := map[claimKey]known{}
	if b.repeats == 0 {
		return seen, nil
	}
	var keys []any
	for _, c := range b.calls {
		for i := range c.items {
			if claim := &c.items[i].claim; *claim != (claimKey{}) {
				keys = append(keys, claim[:])
			}
		}
	}
	for len(keys) > 0 {
		n := min(len(keys), maxRows)
		if err := selectKnown(ctx, tx, keys[:n], seen); err != nil {
			return nil, err
		}
		keys = keys[n:]
	}
	return seen, nil
}

func selectKnown(ctx context.Context, tx *mysql.Tx, keys []any, seen map[claimKey]known) error {
	var rows []struct {
		Request     []byte `db:"request"`
		Fingerprint []byte `db:"fingerprint"`
		FirstSeq    uint64 `db:"first_seq"`
	}
	padded := padded(keys)
	if err := tx.Select(ctx, &rows, selectClaims+placeholders(1, len(padded)), padded...); err != nil {
		return err
	}
	for _, r := range rows {
		seen[claimKey(r.Request)] = known{print: [32]byte(r.Fingerprint), seq: r.FirstSeq}
	}
	return nil
}
