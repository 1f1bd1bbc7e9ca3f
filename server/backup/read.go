package backup

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"reflect"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger/verify"
)

// Receiver is given what a backup holds, in order. What it is given is as it was encrypted, by whoever knows the recipients or the passphrase, and may still be cut off: only when
// Read returns without an error was it whole.
type Receiver interface {
	// Header comes first.
	Header(ctx context.Context, h *Header) error
	// Table begins a table of which the rows follow.
	Table(ctx context.Context, inLedger bool, name string, columns []string) error
	// Row is a row of the table that was begun last. The values are the receiver's for the time of the call only; nil is NULL.
	Row(ctx context.Context, values [][]byte) error
	// End comes behind the last row of each table.
	End(ctx context.Context) error
}

// Read reads a backup as a whole, gives it to a receiver and checks it: that it is unchanged and whole, that each table
// has the rows that its manifest counts, and that its checkpoint and, where Signed says so, its manifest were signed with the key
// that it names. Whether that is the right key is for the caller to know. UNAVAILABLE when it isn't.
func Read(ctx context.Context, from io.Reader, o Opening, to Receiver) (*Manifest, error) {
	identities, err := o.identities()
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(bufio.NewReaderSize(from, 1<<20), identities...)
	if err != nil {
		var other *age.NoIdentityMatchError
		if errors.As(err, &other) {
			return nil, fault.Wrap(err, fault.BadInput, "The backup was not made for this key or passphrase.")
		}
		return nil, fault.Wrap(err, fault.BadInput, "This is no backup of keytrail, or one whose beginning is damaged.")
	}
	unpacked, err := zstd.NewReader(plain, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return nil, damaged(err)
	}
	defer unpacked.Close()
	r := &reader{in: bufio.NewReaderSize(unpacked, 1<<20), to: to}
	m, err := r.all(ctx)
	if err != nil {
		return nil, err
	}
	if n, err := io.Copy(io.Discard, r.in); err != nil || n > 0 { // up to the last byte, which is where age ends
		return nil, damaged(errors.Join(err, errors.New("something follows its end")))
	}
	return m, nil
}

func damaged(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if f, ok := fault.As(err); ok {
		return f
	}
	return fault.Wrap(err, fault.Unavailable, "The backup is damaged or cut off, and cannot be used: %v. Use another copy.", err)
}

// reader takes a stream of frames apart.
type reader struct {
	in     *bufio.Reader
	to     Receiver
	buffer []byte
	head   Header
	table  tableHead
	sum    hash.Hash // nil before the first table
	tables []TableSummary
	rows   uint64
}

func (r *reader) all(ctx context.Context) (*Manifest, error) {
	for first := true; ; first = false {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		kind, payload, err := readFrame(r.in, r.buffer)
		if err != nil {
			return nil, damaged(err)
		}
		r.buffer = payload
		if first != (kind == frameHeader) {
			return nil, damaged(errors.New("it does not begin with a header"))
		}
		switch kind {
		case frameHeader:
			err = r.header(ctx, payload)
		case frameTable:
			err = r.begin(ctx, payload)
		case frameRow:
			err = r.row(ctx, payload)
		case frameEnd:
			return r.end(ctx, payload)
		default:
			err = damaged(fmt.Errorf("it holds a frame of the kind %q", kind))
		}
		if err != nil {
			return nil, err
		}
	}
}

func (r *reader) header(ctx context.Context, payload []byte) error {
	if err := json.Unmarshal(payload, &r.head); err != nil {
		return damaged(err)
	}
	if r.head.Format != formatName || r.head.Version < unsignedVersion || r.head.Version > formatVersion {
		return fault.New(fault.BadInput, "This is a backup of the form %.40q, version %d, which this keytrail does not know: use a newer one.", r.head.Format, r.head.Version)
	}
	verifier, err := note.NewVerifier(r.head.VerifierKey)
	if err != nil {
		return damaged(err)
	}
	c, err := verify.ParseCheckpoint([]byte(r.head.Checkpoint), verifier)
	if err != nil || c.Size != r.head.Size || r.head.Entries < c.Size {
		return damaged(errors.Join(errors.New("its checkpoint is not what was signed"), err))
	}
	return r.to.Header(ctx, &r.head)
}

func (r *reader) begin(ctx context.Context, payload []byte) error {
	if err := r.endTable(ctx); err != nil {
		return err
	}
	r.table = tableHead{}
	if err := json.Unmarshal(payload, &r.table); err != nil {
		return damaged(err)
	}
	r.sum = sha256.New()
	summary := TableSummary{Ledger: r.table.Ledger, Name: r.table.Name}
	if r.head.Version != unsignedVersion {
		summary.Columns = r.table.Columns
	}
	r.tables = append(r.tables, summary)
	return r.to.Table(ctx, r.table.Ledger, r.table.Name, r.table.Columns)
}

func (r *reader) row(ctx context.Context, payload []byte) error {
	if r.sum == nil {
		return damaged(errors.New("a row belongs to no table"))
	}
	if err := writeFrame(r.sum, frameRow, payload); err != nil {
		return err
	}
	values, err := splitRow(payload, len(r.table.Columns))
	if err != nil {
		return damaged(err)
	}
	r.tables[len(r.tables)-1].Rows++
	r.rows++
	return r.to.Row(ctx, values)
}

func (r *reader) endTable(ctx context.Context) error {
	if r.sum == nil {
		return nil
	}
	r.tables[len(r.tables)-1].SHA256 = hex.EncodeToString(r.sum.Sum(nil))
	return r.to.End(ctx)
}

func (r *reader) end(ctx context.Context, payload []byte) (*Manifest, error) {
	if err := r.endTable(ctx); err != nil {
		return nil, err
	}
	var m Manifest
	if err := json.Unmarshal(payload, &m); err != nil {
		return nil, damaged(err)
	}
	if !reflect.DeepEqual(m.Tables, r.tables) || m.Rows != r.rows || m.Header != r.head {
		return nil, damaged(errors.New("its manifest does not say what it holds"))
	}
	if r.head.Version == unsignedVersion {
		return &m, nil
	}
	manifest := bytes.Clone(payload)
	kind, signed, err := readFrame(r.in, r.buffer)
	if err != nil {
		return nil, damaged(err)
	}
	if kind != frameSigned {
		return nil, damaged(errors.New("its manifest is not signed"))
	}
	if err := checkSignature(&r.head, manifest, signed); err != nil {
		return nil, damaged(err)
	}
	m.Signed = true
	return &m, nil
}

// Verify reads a backup as a whole and keeps nothing of it.
func Verify(ctx context.Context, from io.Reader, o Opening) (*Manifest, error) {
	return Read(ctx, from, o, nobody{})
}

// nobody wants nothing of a backup.
type nobody struct{}

func (nobody) Header(context.Context, *Header) error               { return nil }
func (nobody) Table(context.Context, bool, string, []string) error { return nil }
func (nobody) Row(context.Context, [][]byte) error                 { return nil }
func (nobody) End(context.Context) error                           { return nil }
