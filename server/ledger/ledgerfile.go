package ledger

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/bits"
	"strconv"

	"github.com/keytrail/keytrail/server/fault"
)

// The form of the ledger file is described in docs/ledger-file.md.
const (
	ledgerFileFormat  = "keytrail-ledger"
	ledgerFileVersion = 1
	exportBatch       = tileWidth
)

// ExportOptions say which entries a ledger file holds.
type ExportOptions struct {
	// From is the first entry, and To the one behind the last; 0 means all that the newest checkpoint covers.
	From, To uint64
	// Bodies are the entries that are written with their bodies, sorted and disjoint; of the others the leaf data stand.
	// Nil writes every body that is there.
	Bodies []SeqRange
	// Progress is told how many of how many entries are written, if it is set.
	Progress func(done, total uint64)
}

// Exported is what a ledger file holds.
type Exported struct {
	From, To   uint64
	Checkpoint *Checkpoint
}

type ledgerFileHead struct {
	Format  string   `json:"format"`
	Version int      `json:"version"`
	Origin  string   `json:"origin"`
	From    uint64   `json:"from"`
	To      uint64   `json:"to"`
	Before  []string `json:"before"`
}

type ledgerFileFoot struct {
	After      []string `json:"after"`
	Checkpoint string   `json:"checkpoint"`
}

// Export writes entries and what connects them to a signed checkpoint, a batch at a time. BAD_USER_INPUT when the
// range is not within the ledger.
func (l *Ledger) Export(ctx context.Context, w io.Writer, opts ExportOptions) (*Exported, error) {
	c, err := l.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	to := opts.To
	if to == 0 {
		to = c.Size
	}
	if opts.From > to || to > c.Size {
		return nil, fault.Field("from", "entries %d to %d are not within the ledger, which has %d", opts.From, to, c.Size)
	}
	before, err := l.roots(ctx, 0, opts.From)
	if err != nil {
		return nil, err
	}
	out := &lineWriter{w: bufio.NewWriterSize(w, 64<<10)}
	out.json(ledgerFileHead{
		Format: ledgerFileFormat, Version: ledgerFileVersion, Origin: c.Origin, From: opts.From, To: to, Before: base64Of(before),
	})
	for first := opts.From; first < to && out.err == nil; {
		end := min(first&^(exportBatch-1)+exportBatch, to)
		if err := l.exportBatch(ctx, out, &opts, SeqRange{first, end}, c.Size); err != nil {
			return nil, err
		}
		if first = end; opts.Progress != nil {
			opts.Progress(first-opts.From, to-opts.From)
		}
	}
	after, err := l.roots(ctx, to, c.Size)
	if err != nil {
		return nil, err
	}
	out.json(ledgerFileFoot{After: base64Of(after), Checkpoint: c.Note})
	return &Exported{From: opts.From, To: to, Checkpoint: c}, out.flush()
}

// exportBatch writes entries of one tile. Where a body is no longer here or not wanted, the leaf's data stand for it.
func (l *Ledger) exportBatch(ctx context.Context, out *lineWriter, opts *ExportOptions, r SeqRange, size uint64) error {
	var data []Hash
	for seq := r.From; seq < r.To && out.err == nil; {
		rows, to, err := readRows(ctx, l.db, seq, int(r.To-seq))
		if err != nil {
			return err
		}
		for to = min(to, r.To); seq < to; seq++ {
			if len(rows) > 0 && rows[0].Seq == seq {
				row := rows[0]
				if rows = rows[1:]; opts.wants(seq) {
					if err := out.body(&row); err != nil {
						return err
					}
					continue
				}
			}
			if data == nil {
				number := seq / tileWidth
				if data, err = l.LeafDataBundle(ctx, number, int(min(tileWidth, size-number*tileWidth))); err != nil {
					return fault.Wrap(err, fault.Internal, "entry %d is missing: run keytrail verify", seq)
				}
			}
			out.leafData(seq, data[seq%tileWidth])
		}
	}
	return nil
}

func (o *ExportOptions) wants(seq uint64) bool {
	return o.Bodies == nil || covers(o.Bodies, seq)
}

// roots gives those of the perfect subtrees that leaves start to end consist of, from left to right.
func (l *Ledger) roots(ctx context.Context, start, end uint64) ([]Hash, error) {
	var roots []Hash
	for start < end {
		height := bits.Len64(end-start) - 1
		if start > 0 {
			height = min(height, bits.TrailingZeros64(start))
		}
		root, err := l.subtree(ctx, height, start>>height)
		if err != nil {
			return nil, err
		}
		roots = append(roots, root)
		start += 1 << height
	}
	return roots, nil
}

func base64Of(hashes []Hash) []string {
	texts := make([]string, len(hashes))
	for i := range hashes {
		texts[i] = base64.StdEncoding.EncodeToString(hashes[i][:])
	}
	return texts
}

// lineWriter writes lines and keeps the first error.
type lineWriter struct {
	w   *bufio.Writer
	buf []byte
	err error
}

func (o *lineWriter) line(text []byte) {
	if o.err == nil {
		_, o.err = o.w.Write(text)
	}
}

func (o *lineWriter) json(v any) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil && o.err == nil {
		o.err = err
	}
	o.line(text.Bytes())
}

// body writes an entry's bytes as they are. A body that is damaged is not passed on as if it were one.
func (o *lineWriter) body(r *row) error {
	leaf := LeafHash(r.Body)
	if !bytes.Equal(leaf[:], r.Leaf) || !json.Valid(r.Body) || bytes.IndexByte(r.Body, '\n') >= 0 {
		return fault.New(fault.Internal, "the body of entry %d was changed: run keytrail verify", r.Seq)
	}
	o.buf = strconv.AppendUint(append(o.buf[:0], `{"seq":`...), r.Seq, 10)
	o.buf = append(o.buf, `,"body":`...)
	o.buf = append(append(o.buf, r.Body...), '}', '\n')
	o.line(o.buf)
	return nil
}

func (o *lineWriter) leafData(seq uint64, data Hash) {
	o.buf = strconv.AppendUint(append(o.buf[:0], `{"seq":`...), seq, 10)
	o.buf = append(o.buf, `,"leafData":"`...)
	o.buf = base64.StdEncoding.AppendEncode(o.buf, data[:])
	o.line(append(o.buf, '"', '}', '\n'))
}

func (o *lineWriter) flush() error {
	if o.err == nil {
		o.err = o.w.Flush()
	}
	return o.err
}
