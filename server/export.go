package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

type exportCommand struct {
	Ledger exportLedgerCommand `cmd:"" help:"Write entries to a file that keytrail verify --file, or anybody's own program, can check offline."`
}

type exportLedgerCommand struct {
	config.Store `embed:""`
	File         string `arg:"" help:"A new file; compressed when its name ends in .zst. A hyphen writes to the standard output." type:"path"`
	From         uint64 `help:"The first entry, counted from 0." default:"0"`
	To           uint64 `help:"The entry behind the last one; 0 means up to the newest." default:"0"`
}

// Help says what is in the file.
func (exportLedgerCommand) Help() string {
	return `The file holds the bodies exactly as they were recorded (personal parts stay sealed), the hashes that connect them
to a signed checkpoint, and the checkpoint. Its form is described in docs/ledger-file.md.`
}

// Run writes the file, whole or not at all.
func (c exportLedgerCommand) Run(p program) error {
	return withCore(p, c.Store, func(s *services) error { return c.export(p, s) })
}

func (c exportLedgerCommand) export(p program, s *services) error {
	if c.File == "-" {
		_, err := c.write(p, s.ledger, p.out)
		return err
	}
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Wrap(err, fault.BadInput, "%s cannot be written: %v. Name a new file.", c.File, err)
	}
	written, err := c.write(p, s.ledger, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(c.File))
	}
	fmt.Fprintf(p.out, "%s holds entries %d to %d and the checkpoint of %d entries.\nVerify it with: keytrail verify --file %s --key '%s'\n",
		c.File, written.From, written.To, written.Checkpoint.Size, c.File, written.Checkpoint.VerifierKey)
	return nil
}

func (c exportLedgerCommand) write(p program, l *ledger.Ledger, w io.Writer) (*ledger.Exported, error) {
	opts := ledger.ExportOptions{From: c.From, To: c.To, Progress: logProgress(p, "exporting")}
	if !strings.HasSuffix(c.File, ".zst") {
		return l.Export(p.ctx, w, opts)
	}
	compressed, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	written, err := l.Export(p.ctx, compressed, opts)
	return written, errors.Join(err, compressed.Close())
}
