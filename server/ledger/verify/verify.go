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
	batch = 4 * tileWidth
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

// Run checks the ledger that src gives, as it stands when the call begins; appends may go on meanwhile.
// The error says that the source could not be read; what is wrong with the ledger is in the report.
func Run(ctx context.Context, src Source, opts Options) (*Report, error) {
	v := &verification{src: src, opts: opts, report: &Report{}, upper: map[int][]hash{}}
	v.tree.complete = v.completed
	if err := v.readCheckpoints(ctx); err != nil {
		return nil, err
	}
	head, err := src.Head(ctx)
	if err != nil {
		return nil, err
	}
	v.head = head
	for v.tree.size < head.Size {
		if err := v.nextBatch(ctx); err != nil {
			return nil, err
		}
		if opts.Progress != nil {
			opts.Progress(v.tree.size, head.Size)
		}
	}
	if err := v.finish(ctx); err != nil {
		return nil, err
	}
	return v.report, nil
}

type verification struct {
	src    Source
	opts   Options
	report *Report
	head   Head
	tree   tree
	// tile gathers the hashes of the leaf tile that is being filled.
	tile []hash
	// upper gathers, by height, the hashes of the higher tiles that are being filled.
	upper       map[int][]hash
	pending     []completedTile
	checkpoints []Checkpoint // not reached yet, by size
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

// nextBatch checks up to 1,024 entries: those of four leaf tiles.
func (v *verification) nextBatch(ctx context.Context) error {
	first := v.tree.size
	end := min(first+batch, v.head.Size)
	entries, err := v.src.Entries(ctx, first, batch)
	if err != nil {
		return err
	}
	rows, err := v.src.Index(ctx, first, batch)
	if err != nil {
		return err
	}
	tiles, err := v.src.Tiles(ctx, 0, first/tileWidth, batch/tileWidth)
	if err != nil {
		return err
	}
	for seq := first; seq < end; seq++ {
		var entry *Entry
		if entry, entries = takeEntry(entries, seq); entry == nil {
			v.find(int64(seq), "it is missing")
		}
		var row *IndexRow
		if row, rows = takeRow(rows, seq); row == nil {
			v.find(int64(seq), "its index row is missing")
		}
		v.checkEntry(seq, entry, row, leafInTiles(tiles, seq))
	}
	return v.checkHigherTiles(ctx)
}

func takeEntry(entries []Entry, seq uint64) (*Entry, []Entry) {
	if len(entries) > 0 && entries[0].Seq == seq {
		return &entries[0], entries[1:]
	}
	return nil, entries
}

func takeRow(rows []IndexRow, seq uint64) (*IndexRow, []IndexRow) {
	if len(rows) > 0 && rows[0].Seq == seq {
		return &rows[0], rows[1:]
	}
	return nil, rows
}

// leafInTiles gives the leaf hash that a full tile holds, nil where there is no such tile.
func leafInTiles(tiles []Tile, seq uint64) []byte {
	for _, t := range tiles {
		if t.Number == seq/tileWidth && len(t.Hashes) == tileWidth*hashSize {
			at := seq % tileWidth * hashSize
			return t.Hashes[at : at+hashSize]
		}
	}
	return nil
}

// checkEntry checks one entry and adds its leaf to the tree. The tree goes on from what the tile says, and
// where there is none from the leaf column, so that one damaged body is reported once and by its number.
func (v *verification) checkEntry(seq uint64, entry *Entry, row *IndexRow, inTile []byte) {
	leaf := inTile
	if entry != nil {
		computed := leafOf(entry.Body)
		if leaf == nil {
			leaf = entry.Leaf
		}
		v.checkHashes(seq, entry, computed, inTile)
		v.checkBody(seq, entry, row)
	}
	if v.needsTile(seq) && inTile == nil && seq%tileWidth == 0 {
		v.find(int64(seq), "the full tile that begins here is missing or damaged")
	}
	var h hash
	copy(h[:], leaf)
	v.tree.add(h)
	v.passCheckpoints()
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
	if row == nil {
		return
	}
	if wrong := b.differences(row); len(wrong) > 0 {
		v.find(int64(seq), "the index does not agree with its body: %s", strings.Join(wrong, ", "))
	}
}

// finish checks what stands behind the last entry: head, the checkpoints that were not reached, and counts.
func (v *verification) finish(ctx context.Context) error {
	root := v.tree.root()
	v.report.Entries, v.report.Root = v.tree.size, root[:]
	if !bytes.Equal(v.head.Frontier, v.tree.frontier()) {
		v.find(-1, "the head row does not have the root of the %d entries that it counts: the head or a recent entry was changed", v.head.Size)
	}
	if v.head.Size > 0 && !v.head.RecordedAt.Equal(v.recordedAt) {
		v.find(int64(v.head.Size)-1, "the head row says that the last entry was recorded at another time")
	}
	for _, c := range v.checkpoints {
		v.find(int64(v.head.Size), "a checkpoint of %d entries was signed, and only %d are here: the end was cut off", c.Size, v.head.Size)
	}
	if err := v.checkBeyondHead(ctx); err != nil {
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

// checkBeyondHead looks for entries that no head counts. The head is read again, since appends go on.
func (v *verification) checkBeyondHead(ctx context.Context) error {
	beyond, err := v.src.Entries(ctx, v.head.Size, batch)
	if err != nil || len(beyond) == 0 {
		return err
	}
	now, err := v.src.Head(ctx)
	if err != nil {
		return err
	}
	for _, e := range beyond {
		if e.Seq >= now.Size {
			v.find(int64(e.Seq), "it lies beyond the head, which counts %d entries", now.Size)
		}
	}
	return nil
}
