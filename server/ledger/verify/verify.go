package verify

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const (
	progressStep = 4 * tileWidth
	// maxFindings bounds a report; a store that is rewritten from end to end needs no longer list.
	maxFindings = 1000
)

// Finding is one thing that is not as it must be.
type Finding struct {
	// Seq is the entry that it concerns, or -1 when it concerns the whole.
	Seq  int64
	What string
}

// String names the entry first.
func (f Finding) String() string {
	if f.Seq < 0 {
		return f.What
	}
	return fmt.Sprintf("entry %d: %s", f.Seq, f.What)
}

// Report is the outcome of a verification.
type Report struct {
	Entries     uint64
	Checkpoints int
	Root        []byte
	Findings    []Finding
	// More is set when there were more findings than are listed.
	More bool
}

// OK reports whether everything is as it must be.
func (r *Report) OK() bool { return len(r.Findings) == 0 }

// Options are what a verification needs besides its source.
type Options struct {
	// Verifier checks the signatures of checkpoints (note.NewVerifier).
	Verifier note.Verifier
	// Progress is told how many of how many entries are done, if it is set.
	Progress func(done, total uint64)
}

// Run checks the ledger that src gives, as it stands when the call begins, and further where a checkpoint does;
// appends and pruning may go on meanwhile.
// The error says that the source could not be read; what is wrong with the ledger is in the report.
func Run(ctx context.Context, src Source, opts Options) (*Report, error) {
	v := &verification{
		src: src, opts: opts, report: &Report{}, gathered: map[int][]hash{}, from: newReaders(src),
		claims: claims{relied: map[uint64]hash{}},
		keys:   keyRecord{destroyed: map[string]uint64{}, used: map[string]uint64{}},
	}
	v.tree.complete = v.completed
	if err := v.readUnusable(ctx); err != nil {
		return nil, err
	}
	head, err := src.Head(ctx)
	if err != nil {
		return nil, err
	}
	v.head = head
	if err := v.passCheckpoints(ctx); err != nil {
		return nil, err
	}
	for goesOn := true; goesOn; {
		if err := v.walk(ctx); err != nil {
			return nil, err
		}
		if goesOn, err = v.goesOn(ctx); err != nil {
			return nil, err
		}
	}
	if err := v.finish(ctx); err != nil {
		return nil, err
	}
	return v.report, nil
}

// walk checks entries up to the head.
func (v *verification) walk(ctx context.Context) error {
	for v.tree.size < v.head.Size {
		if err := v.next(ctx); err != nil {
			return err
		}
		if v.opts.Progress != nil && (v.tree.size%progressStep == 0 || v.tree.size == v.head.Size) {
			v.opts.Progress(v.tree.size, v.head.Size)
		}
	}
	return nil
}

type verification struct {
	src    Source
	opts   Options
	report *Report
	head   Head
	from   readers
	tree   tree
	// gathered holds, by height, the hashes of the tiles that are being filled.
	gathered map[int][]hash
	// late is the end of the leaf tile that became full while the tree grew through it, 0 for none.
	late        uint64
	pending     []completedTile
	checkpoints checkpointReader
	claims      claims
	keys        keyRecord
	recordedAt  time.Time
}

type completedTile struct {
	level  int
	number uint64
	hashes []hash
}

func (v *verification) find(seq int64, format string, args ...any) {
	if len(v.report.Findings) == maxFindings {
		v.report.More = true
		return
	}
	v.report.Findings = append(v.report.Findings, Finding{Seq: seq, What: fmt.Sprintf(format, args...)})
}

// next checks the next entry.
func (v *verification) next(ctx context.Context) error {
	seq := v.tree.size
	k, err := v.from.at(ctx, seq)
	if err != nil {
		return err
	}
	if !k.plausible() && !v.report.More {
		if k, err = v.from.again(ctx, seq); err != nil {
			return err
		}
	}
	tile, err := v.from.tiles.at(ctx, seq/tileWidth)
	if err == nil && tile == nil && k.pruned != nil { // it may have become full since, and pruned
		tile, err = v.from.tiles.again(ctx, seq/tileWidth)
	}
	if err != nil {
		return err
	}
	leaf, err := v.checkKept(ctx, seq, k, leafInTile(tile, seq))
	if err != nil {
		return err
	}
	v.tree.add(leaf)
	if err := v.passCheckpoints(ctx); err != nil {
		return err
	}
	return v.checkCompletedTiles(ctx)
}

// leafInTile gives the leaf hash that a full tile holds, nil where there is no such tile.
func leafInTile(t *Tile, seq uint64) []byte {
	if t == nil || len(t.Hashes) != tileWidth*hashSize {
		return nil
	}
	at := seq % tileWidth * hashSize
	return t.Hashes[at : at+hashSize]
}

// checkKept checks what is kept of one entry, and gives its leaf. The tree goes on from what the tile says, and where
// there is none from what is kept, so that one damaged body is reported once and by its number.
func (v *verification) checkKept(ctx context.Context, seq uint64, k kept, inTile []byte) (h hash, err error) {
	leaf := inTile
	switch {
	case k.entry != nil:
		if leaf == nil {
			leaf = k.entry.Leaf
		}
		v.checkEntry(seq, k, inTile)
	case k.pruned != nil:
		own, err := v.checkPruned(ctx, seq, k, inTile)
		if err != nil {
			return h, err
		}
		if leaf == nil {
			leaf = own
		}
	default:
		v.find(int64(seq), "it is missing")
	}
	v.checkClaim(seq, k.entry)
	if v.needsTile(seq) && inTile == nil && seq%tileWidth == 0 {
		v.find(int64(seq), "the full tile that begins here is missing or damaged")
	}
	copy(h[:], leaf)
	return h, nil
}

func (v *verification) checkEntry(seq uint64, k kept, inTile []byte) {
	v.checkHashes(seq, k.entry, leafOf(k.entry.Body), inTile)
	v.checkBody(seq, k.entry, k.row)
	if k.pruned != nil {
		v.find(int64(seq), "it is here, and looks pruned as well")
	}
	if k.row == nil {
		v.find(int64(seq), "its index row is missing")
	}
}

func (v *verification) needsTile(seq uint64) bool { return (seq/tileWidth+1)*tileWidth <= v.head.Size }

func (v *verification) checkHashes(seq uint64, entry *Entry, computed hash, inTile []byte) {
	switch {
	case !bytes.Equal(entry.Leaf, computed[:]) && inTile != nil && bytes.Equal(inTile, computed[:]):
		v.find(int64(seq), "its leaf hash was changed: the body and the tile agree, the leaf column does not")
	case !bytes.Equal(entry.Leaf, computed[:]):
		v.find(int64(seq), "its body was changed: it does not have the leaf hash that was recorded")
	case inTile != nil && !bytes.Equal(inTile, computed[:]):
		v.find(int64(seq), "the tile holds another leaf hash: the entry was exchanged or the tile was changed")
	}
}

func (v *verification) checkBody(seq uint64, entry *Entry, row *IndexRow) {
	b, err := parseBody(entry.Body)
	if err != nil {
		v.find(int64(seq), "%v", err)
		return
	}
	if !bytes.Equal(entry.ID, uuidBytes(b.ID)) {
		v.find(int64(seq), "its id column does not agree with its body")
	}
	if b.RecordedAt.Before(v.recordedAt) {
		v.find(int64(seq), "it was recorded before the entry in front of it: entries were exchanged")
	}
	v.recordedAt = b.RecordedAt
	v.keys.noteKeys(seq, b)
	if b.Action == prunedAction {
		if _, wrong := parseClaim(seq, entry.Body); wrong != "" {
			v.find(int64(seq), "%s", wrong)
		}
	}
	if row == nil {
		return
	}
	if wrong := b.differences(row); len(wrong) > 0 {
		v.find(int64(seq), "the index does not agree with its body: %s", strings.Join(wrong, ", "))
	}
}

// finish checks what stands behind the last entry: head, what lies beyond it, and counts.
func (v *verification) finish(ctx context.Context) error {
	root := v.tree.root()
	v.report.Entries, v.report.Root = v.tree.size, root[:]
	if !bytes.Equal(v.head.Frontier, v.tree.frontier()) {
		v.find(-1, "the head row does not have the root of the %d entries that it counts: the head or a recent entry was changed", v.head.Size)
	}
	if v.head.Size > 0 && !v.head.RecordedAt.Equal(v.recordedAt) {
		v.find(int64(v.head.Size)-1, "the head row says that the last entry was recorded at another time")
	}
	if err := v.checkBeyondHead(ctx); err != nil {
		return err
	}
	if err := v.checkKeys(ctx); err != nil {
		return err
	}
	miscounts, err := v.src.Miscounts(ctx)
	if err != nil {
		return err
	}
	for _, what := range miscounts {
		v.find(-1, "the counts of %s differ from its entries", what)
	}
	return nil
}
