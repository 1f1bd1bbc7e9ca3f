package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// Restorer puts bodies back that were pruned. What it puts back must have the leaf data that the tree kept, so that it
// can be nothing else than what was recorded. Neither the serving account nor that for retention may do so.
type Restorer struct {
	ledger *Ledger
	owner  *mysql.DB
}

// NewRestorer makes a restorer of a ledger. owner is open with the account that owns the tables.
func NewRestorer(l *Ledger, owner *mysql.DB) *Restorer { return &Restorer{l, owner} }

// Kept is an entry as an archive keeps it.
type Kept struct {
	Seq uint64
	Raw []byte
}

// MaxRestore is the most entries that are put back at a time.
const MaxRestore = 500

// Begin records that entries are put back from the archive with a manifest. by is zero for whoever has the machine.
// CONFLICT while a pruning is not finished, since its entries have not all gone yet.
func (r *Restorer) Begin(ctx context.Context, ranges []SeqRange, manifest Hash, by id.ID) (Entry, error) {
	l := r.ledger
	if err := l.ensureTask(ctx, l.db, rebuildTask); err != nil {
		return Entry{}, err
	}
	h, err := l.durableHead(ctx)
	if err != nil {
		return Entry{}, err
	}
	if err := checkRanges(ranges, h.Size&^(tileWidth-1)); err != nil {
		return Entry{}, err
	}
	unfinished, err := l.UnfinishedPrunings(ctx)
	if err != nil {
		return Entry{}, err
	}
	if len(unfinished) > 0 {
		return Entry{}, fault.New(fault.Conflict, "Entries are being deleted at the moment. Try again when that has ended; a server finishes it by itself.")
	}
	var recorded []Entry
	err = l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		recorded, err = l.Append(ctx, tx, Draft{
			Stream: StreamSystem, System: by.IsZero(), Actor: by, Action: LogRestored,
			Details: map[string]any{
				"ranges": pairs(ranges), "entries": int64(total(ranges)), "manifest": hex.EncodeToString(manifest[:]),
			},
		})
		return err
	})
	if err != nil {
		return Entry{}, err
	}
	return recorded[0], l.AwaitDurable(ctx, recorded[0].Seq+1)
}

// Put puts up to MaxRestore entries back, in a transaction of their own, and gives how many were not there already.
// INTERNAL when one is not what was recorded; then none is put back.
func (r *Restorer) Put(ctx context.Context, kept []Kept) (n int, err error) {
	if len(kept) > MaxRestore {
		return 0, fault.New(fault.Internal, "%d entries cannot be put back at a time: at most %d", len(kept), MaxRestore)
	}
	for {
		err := r.owner.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
			n, err = r.put(ctx, tx, kept)
			return err
		})
		if !errors.Is(err, errRebuilding) {
			return n, err
		}
		if rest(ctx, rebuildPause); ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
}

const (
	lockPruned = "SELECT seq, leaf_data FROM {ledger}.pruned_leaf WHERE seq IN (?) FOR UPDATE"
	dropPruned = "DELETE FROM {ledger}.pruned_leaf WHERE seq IN (?)"
)

func (r *Restorer) put(ctx context.Context, tx *mysql.Tx, kept []Kept) (int, error) {
	rebuild, err := lockedTask(ctx, tx, rebuildTask)
	if err != nil {
		return 0, err
	}
	if rebuild != nil && rebuild.held(r.ledger.now()) {
		return 0, errRebuilding
	}
	pruned, err := prunedAmong(ctx, tx, kept)
	if err != nil {
		return 0, err
	}
	r.ledger.seal.ForgetAll() // nobody tells a command whose key was destroyed meanwhile
	words, err := lockedTask(ctx, tx, wordsTask)
	if err != nil {
		return 0, err
	}
	var rows, found []any
	var seqs []uint64
	derived := newDerivedRows(len(kept))
	for _, k := range kept {
		want, gone := pruned[k.Seq]
		if !gone {
			continue
		}
		if sha256.Sum256(k.Raw) != want {
			return 0, fault.New(fault.Internal, "entry %d of the archive is not what was recorded, so nothing of this part is put back.", k.Seq)
		}
		e, err := r.decoded(ctx, k, derived)
		if err != nil {
			return 0, err
		}
		if words != nil && k.Seq < words.NextSeq { // later ones are found once their turn comes
			found = appendWords(found, e)
		}
		seqs, rows = append(seqs, k.Seq), append(rows, e.Seq, e.ID, e.Raw, e.Leaf[:])
	}
	if len(seqs) == 0 {
		return 0, nil
	}
	if err := dropSeqs(ctx, tx, dropPruned, seqs); err != nil {
		return 0, err
	}
	if err := insertRows(ctx, tx, insertWords, "", wordColumns, found); err != nil {
		return 0, err
	}
	if err := tx.ExecAll(ctx, derived.additions(derived.inserts(rowInserts(nil, insertEntries, "", 4, rows)))...); err != nil {
		return 0, err
	}
	_, err = r.ledger.mendReviews(ctx, tx, append(reviewedBy(derived.refs), seqs...))
	return len(seqs), err
}

// decoded reads a body, and derives from it what queries need.
func (r *Restorer) decoded(ctx context.Context, k Kept, derived *derivedRows) (*Entry, error) {
	body, err := Decode(k.Raw)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "entry %d of the archive cannot be read", k.Seq)
	}
	e := &Entry{Seq: k.Seq, Raw: k.Raw, Leaf: LeafHash(k.Raw), Body: *body}
	ip, _, err := r.ledger.ipOf(ctx, e)
	if err != nil {
		return nil, err
	}
	derived.add(k.Seq, &e.Body, ip)
	return e, nil
}

// prunedAmong gives the leaf data of those that were pruned, and locks them.
func prunedAmong(ctx context.Context, tx *mysql.Tx, kept []Kept) (map[uint64]Hash, error) {
	if len(kept) == 0 {
		return nil, nil
	}
	seqs := make([]uint64, len(kept))
	for i := range kept {
		seqs[i] = kept[i].Seq
	}
	text, args, err := mysql.In(lockPruned, seqs)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Seq  uint64 `db:"seq"`
		Data []byte `db:"leaf_data"`
	}
	if err := tx.Select(ctx, &rows, text, args...); err != nil {
		return nil, err
	}
	found := make(map[uint64]Hash, len(rows))
	for _, row := range rows {
		var h Hash
		copy(h[:], row.Data)
		found[row.Seq] = h
	}
	return found, nil
}
