package verify

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const (
	// fetchWorkers bounds how many pairs of tile and bundle are fetched at a time, and with it the memory: 17 KiB each.
	fetchWorkers = 8
	// recordSize is that of a leaf's data in a bundle: two bytes of length, and SHA-256 of the body.
	recordSize = 2 + hashSize
)

// RemoteOptions say which log is verified, and against what.
type RemoteOptions struct {
	// URL is where the log is published (C2SP tlog-tiles), such as https://example.org/tlog/.
	URL string
	// VerifierKey is the log's key, one line (note.NewVerifier), from somewhere else than the log itself.
	VerifierKey string
	// Remembered is what an earlier verification gave; nil when this is the first.
	Remembered *Memory
	// Kept are checkpoints that were kept elsewhere; the log must contain each.
	Kept []Checkpoint
	// SinceLast verifies only what came after Remembered.
	SinceLast bool
	Now       func() time.Time
	// Retry is the pause before the first repetition of a request that failed; it doubles. 0 means 250 ms.
	Retry time.Duration
	// Progress is told how many of how many entries are done, if it is set.
	Progress func(done, total uint64)
}

// RemoteReport is the outcome of verifying a published log.
type RemoteReport struct {
	Report
	// From is the first entry that was verified now; those before were verified earlier.
	From uint64
	// Memory is what to remember for the next time; nil when something was wrong.
	Memory *Memory
}

// Remote verifies a published log: the signature, that every leaf's data has the leaf hash in its tile, every higher
// tile, the root, and that the log only ever grew since it was last seen. The error says that something could not be
// read; what is wrong with the log is in the report.
func Remote(ctx context.Context, opts RemoteOptions) (*RemoteReport, error) {
	verifier, err := note.NewVerifier(opts.VerifierKey)
	if err != nil {
		return nil, fmt.Errorf("it is no verifier key: %w", err)
	}
	fetch, err := newFetcher(opts.URL, cmp.Or(opts.Retry, firstRetry))
	if err != nil {
		return nil, err
	}
	defer fetch.close()
	v := &remote{fetch: fetch, verifier: verifier, opts: opts, report: &RemoteReport{}, levels: map[int]*growingTile{}}
	if err := v.begin(); err != nil {
		return nil, err
	}
	text, err := fetch.get(ctx, "checkpoint", maxNote)
	if err != nil {
		return nil, err
	}
	if v.newest, err = ParseCheckpoint(text, verifier); err != nil {
		v.find(-1, "the log's checkpoint: %v", err)
		return v.report, nil
	}
	if v.contradicted() {
		return v.report, nil
	}
	return v.report, v.walk(ctx)
}

// remote is one verification of a published log.
type remote struct {
	fetch    *fetcher
	verifier note.Verifier
	opts     RemoteOptions
	report   *RemoteReport
	newest   Checkpoint
	last     *Checkpoint // remembered
	known    []Checkpoint
	tree     *span
	levels   map[int]*growingTile
	done     []*growingTile
}

// growingTile gathers the hashes of a tile above the leaves, from the place where this verification began.
type growingTile struct {
	level  int
	number uint64
	skip   int // hashes in front, of which nothing is known
	hashes []hash
}

func (v *remote) find(seq int64, format string, args ...any) {
	if len(v.report.Findings) == maxFindings {
		v.report.More = true
		return
	}
	v.report.Findings = append(v.report.Findings, Finding{Seq: seq, What: fmt.Sprintf(format, args...)})
}

// begin takes up what is known: nothing, or what was remembered.
func (v *remote) begin() (err error) {
	v.tree = &span{}
	v.known = slices.Clone(v.opts.Kept)
	if v.opts.Remembered == nil {
		if v.opts.SinceLast {
			return errors.New("nothing is remembered of this log, so it has to be verified as a whole first")
		}
	} else {
		last, tree, err := v.opts.Remembered.checkpoint(v.verifier)
		if err != nil {
			return err
		}
		v.last, v.known = &last, append(v.known, last)
		if v.opts.SinceLast {
			v.tree = tree
		}
	}
	slices.SortStableFunc(v.known, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	v.report.From, v.report.Checkpoints = v.tree.size, len(v.known)
	v.tree.complete = v.completed
	return nil
}

// contradicted compares the log's checkpoint with those known, which needs no entries.
func (v *remote) contradicted() bool {
	for _, c := range v.known {
		what := "that was kept"
		if v.last != nil && c.Size == v.last.Size {
			what = "that you saw last"
		}
		switch {
		case c.Size > v.newest.Size:
			v.find(-1, "ROLLED BACK: the log shows %d entries, and the checkpoint %s has %d", v.newest.Size, what, c.Size)
		case c.Size == v.newest.Size && !bytes.Equal(c.Root, v.newest.Root):
			v.find(-1, "FORKED: the log shows another tree of %d entries than the checkpoint %s", c.Size, what)
		}
	}
	return len(v.report.Findings) > 0
}

// walk verifies from where the tree begins up to the log's checkpoint.
func (v *remote) walk(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	v.passKnown()
	for p := range v.pieces(ctx, &running) {
		got := <-p
		if got.err != nil && !errors.Is(got.err, errMissing) {
			return got.err
		}
		if err := v.checkPiece(ctx, got); err != nil {
			return err
		}
		if v.opts.Progress != nil {
			v.opts.Progress(v.tree.size, v.newest.Size)
		}
		if v.report.More || got.err != nil {
			return nil
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := v.checkPartialTiles(ctx); err != nil {
		return err
	}
	v.finish()
	return nil
}

// piece is a tile of leaf hashes and the bundle of the leaves' data.
type piece struct {
	number       uint64
	width        int
	tile, bundle []byte
	err          error
}

// pieces fetches ahead, a bounded number at a time, and gives what it fetches in order.
func (v *remote) pieces(ctx context.Context, running *sync.WaitGroup) <-chan chan piece {
	ahead := make(chan chan piece, fetchWorkers)
	running.Go(func() {
		defer close(ahead)
		for start := v.report.From &^ (tileWidth - 1); start < v.newest.Size; start += tileWidth {
			number, width := start/tileWidth, int(min(tileWidth, v.newest.Size-start))
			slot := make(chan piece, 1)
			select {
			case ahead <- slot:
			case <-ctx.Done():
				return
			}
			running.Go(func() { slot <- v.fetchPiece(ctx, number, width) })
		}
	})
	return ahead
}

func (v *remote) fetchPiece(ctx context.Context, number uint64, width int) piece {
	p := piece{number: number, width: width}
	if p.tile, p.err = v.fetch.tile(ctx, "0", number, width, hashSize); p.err == nil {
		p.bundle, p.err = v.fetch.tile(ctx, "entries", number, width, recordSize)
	}
	return p
}

// checkPiece adds the leaves of a piece that are not in the tree yet.
func (v *remote) checkPiece(ctx context.Context, p piece) error {
	first := p.number * tileWidth
	switch {
	case p.err != nil:
		v.find(-1, "%v, although its checkpoint counts %d entries", p.err, v.newest.Size)
		return nil
	case len(p.tile) != p.width*hashSize:
		v.find(-1, "%s has %d bytes and not %d", tilePath("0", p.number, p.width), len(p.tile), p.width*hashSize)
		p.tile = append(p.tile, make([]byte, p.width*hashSize-len(p.tile))...)
	}
	for i := int(v.tree.size - first); i < p.width; i++ {
		inTile := hash(p.tile[i*hashSize : (i+1)*hashSize])
		data, ok := recordAt(p.bundle, i)
		if leaf := leafOfData(data); !ok || leaf != inTile {
			v.find(int64(first)+int64(i), "its leaf data do not have the hash that is in the tree: the bundle or the tile was changed")
		}
		if err := v.tree.push(0, inTile); err != nil {
			return err
		}
		v.passKnown()
	}
	for _, t := range v.done {
		if err := v.compare(ctx, t, tileWidth); err != nil {
			return err
		}
	}
	v.done = nil
	return nil
}

func recordAt(bundle []byte, i int) (data []byte, ok bool) {
	if len(bundle) < (i+1)*recordSize {
		return nil, false
	}
	record := bundle[i*recordSize : (i+1)*recordSize]
	return record[2:], binary.BigEndian.Uint16(record) == hashSize
}

// passKnown compares the checkpoints of the size that the tree now has.
func (v *remote) passKnown() {
	for len(v.known) > 0 && v.known[0].Size <= v.tree.size {
		root := v.tree.root()
		if c := v.known[0]; c.Size == v.tree.size && !bytes.Equal(c.Root, root[:]) {
			v.find(-1, "REWRITTEN: the first %d entries are not those of the checkpoint that was seen or kept", c.Size)
		}
		v.known = v.known[1:]
	}
}

// completed gathers the hashes of tiles above the leaves.
func (v *remote) completed(height int, number uint64, root hash) {
	if height == 0 || height%8 != 0 {
		return
	}
	level := height / 8
	t := v.levels[level]
	if t == nil {
		t = &growingTile{level: level, number: number / tileWidth, skip: int(number % tileWidth)}
		v.levels[level] = t
	}
	t.hashes = append(t.hashes, root)
	if number%tileWidth == tileWidth-1 {
		v.done = append(v.done, t)
		delete(v.levels, level)
	}
}

func (v *remote) checkPartialTiles(ctx context.Context) error {
	for _, t := range v.levels {
		if err := v.compare(ctx, t, t.skip+len(t.hashes)); err != nil {
			return err
		}
	}
	return nil
}

// compare fetches a tile and compares it with what was computed.
func (v *remote) compare(ctx context.Context, t *growingTile, width int) error {
	kind := strconv.Itoa(t.level)
	packed, err := v.fetch.tile(ctx, kind, t.number, width, hashSize)
	if err != nil && !errors.Is(err, errMissing) {
		return err
	}
	if len(packed) != width*hashSize || !bytes.Equal(packed[t.skip*hashSize:], pack(t.hashes)) {
		v.find(-1, "%s is missing or does not hold the roots of the tiles below it", tilePath(kind, t.number, width))
	}
	return nil
}

// finish compares the root, and gives what is to be remembered.
func (v *remote) finish() {
	root := v.tree.root()
	v.report.Entries, v.report.Root = v.tree.size, root[:]
	if !bytes.Equal(root[:], v.newest.Root) {
		if v.report.From > 0 {
			v.find(-1, "REWRITTEN: the log's %d entries do not continue the %d that you saw last, or its tiles are damaged", v.newest.Size, v.report.From)
		} else {
			v.find(-1, "the entries do not have the root that the checkpoint states")
		}
	}
	if v.report.OK() {
		v.report.Memory = remember(v.opts.VerifierKey, v.verifier, v.newest, v.tree, v.opts.Now())
	}
}
