package backup

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// Options say what is written with a backup.
type Options struct {
	Locks
	// Keytrail is the program's version.
	Keytrail string
	Now      func() time.Time
	// Progress is told how many rows are written, now and then; nil for nobody.
	Progress func(rows uint64)
}

// Write copies the database to out as it is at one moment, while everybody goes on. Everything that was acknowledged
// before the call is in it, and a checkpoint that says so. Memory is bounded, however large the database is.
func Write(ctx context.Context, db *mysql.DB, l *ledger.Ledger, out io.Writer, o Options) (*Manifest, error) {
	recipients, err := o.recipients()
	if err != nil {
		return nil, err
	}
	signed, err := l.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	head := Header{
		Format: formatName, Version: formatVersion, ID: id.New().String(), CreatedAt: o.Now().UTC().Truncate(time.Microsecond), Keytrail: o.Keytrail,
		Origin: signed.Origin, VerifierKey: signed.VerifierKey, Checkpoint: signed.Note, Size: signed.Size,
	}
	locked, err := age.Encrypt(out, recipients...)
	if err != nil {
		return nil, err
	}
	packed, err := zstd.NewWriter(locked, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, err
	}
	var done *Manifest
	err = db.Snapshot(ctx, func(ctx context.Context, q mysql.Querier) (err error) {
		done, err = writeAll(ctx, db, q, l, packed, head, o.Progress)
		return err
	})
	return done, errors.Join(err, packed.Close(), locked.Close())
}

func writeAll(ctx context.Context, db *mysql.DB, q mysql.Querier, l *ledger.Ledger, out io.Writer, head Header, progress func(rows uint64)) (*Manifest, error) {
	if err := q.Get(ctx, &head.Entries, "SELECT size FROM {ledger}.head WHERE id = 1"); err != nil { // the moment
		return nil, err
	}
	var err error
	if head.Schema, err = mysql.Version(ctx, q); err != nil {
		return nil, err
	}
	m := &Manifest{Header: head}
	if err := writeJSON(out, frameHeader, head); err != nil {
		return nil, err
	}
	tables, err := copied(ctx, db, q)
	if err != nil {
		return nil, err
	}
	d := &dumper{q: q, out: out, progress: progress}
	for _, t := range tables {
		summary, err := d.table(ctx, t)
		if err != nil {
			return nil, err
		}
		m.Tables = append(m.Tables, summary)
	}
	m.Rows = d.rows
	text, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	signed, err := sign(l, head.Origin, text)
	if err != nil {
		return nil, err
	}
	m.Signed = true
	return m, errors.Join(writeFrame(out, frameEnd, text), writeFrame(out, frameSigned, signed))
}

func writeJSON(out io.Writer, kind byte, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return writeFrame(out, kind, text)
}
