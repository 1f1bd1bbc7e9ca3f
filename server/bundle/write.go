package bundle

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
)

const (
	// openedAtOnce is how many entries are in memory at a time; a body has at most 1 MiB.
	openedAtOnce = 16
	format       = "keytrail-case/1"
)

//go:embed README.txt
var readme string

//go:embed verify.sh
var script string

// Script is the program that verifies a bundle with standard tools. Whoever mistrusts a bundle takes it from elsewhere.
func Script() string { return script }

// Write writes the bundle as a ZIP file, entry by entry. at is the time that its files bear.
func (p *Plan) Write(ctx context.Context, w io.Writer, asked Asked, at time.Time, open Open) error {
	out := &writer{zip: zip.NewWriter(w), at: at.UTC()}
	about, err := p.about(asked)
	if err != nil {
		return err
	}
	out.text("README.txt", readme)
	out.text("case.json", about)
	out.text("checkpoint", p.checkpoint.Note)
	out.text("vkey", p.checkpoint.VerifierKey+"\n")
	out.text("verify.sh", script)
	out.file("entries.ndjson", func(w *bufio.Writer) error { return p.writeEntries(ctx, w, open) })
	out.file("proofs.ndjson", func(w *bufio.Writer) error { return p.writeProofs(ctx, w) })
	out.file("readable.ndjson", func(w *bufio.Writer) error { return p.writeReadable(ctx, w, open) })
	return errors.Join(out.err, out.zip.Close())
}

// writer writes files one behind the other and keeps the first error.
type writer struct {
	zip *zip.Writer
	at  time.Time
	err error
}

func (o *writer) text(name, text string) {
	o.file(name, func(w *bufio.Writer) error { _, err := w.WriteString(text); return err })
}

func (o *writer) file(name string, write func(*bufio.Writer) error) {
	if o.err != nil {
		return
	}
	to, err := o.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: o.at})
	if err != nil {
		o.err = err
		return
	}
	buffered := bufio.NewWriterSize(to, 64<<10)
	if o.err = write(buffered); o.err == nil {
		o.err = buffered.Flush()
	}
}

// about is case.json. Numbers are texts, so that no reader of JSON can round them.
func (p *Plan) about(asked Asked) (string, error) {
	return jsonLine(struct {
		Format   string `json:"format"`
		Origin   string `json:"origin"`
		TreeSize string `json:"treeSize"`
		Root     string `json:"root"`
		Entries  string `json:"entries"`
		Pruned   string `json:"pruned"`
		Asked    Asked  `json:"asked"`
	}{
		format, p.checkpoint.Origin, strconv.FormatUint(p.checkpoint.Size, 10), hex.EncodeToString(p.checkpoint.Root[:]),
		strconv.Itoa(len(p.seqs)), strconv.Itoa(len(p.gone)), asked,
	})
}

func jsonLine(v any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return text.String(), err
}

// each calls do for each entry in order, with nil for the body of one that was pruned.
func (p *Plan) each(ctx context.Context, open Open, do func(seq uint64, opened *Opened) error) error {
	for start := 0; start < len(p.seqs); start += openedAtOnce {
		part := p.seqs[start:min(start+openedAtOnce, len(p.seqs))]
		whole := make([]uint64, 0, len(part))
		for _, seq := range part {
			if _, gone := p.gone[seq]; !gone {
				whole = append(whole, seq)
			}
		}
		opened, err := open(ctx, whole)
		if err != nil {
			return err
		}
		if err := p.inOrder(part, opened, do); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) inOrder(part []uint64, opened []Opened, do func(seq uint64, opened *Opened) error) error {
	for _, seq := range part {
		var one *Opened
		if _, gone := p.gone[seq]; !gone {
			if len(opened) == 0 || opened[0].Entry.Seq != seq {
				return errVanished(seq)
			}
			one, opened = &opened[0], opened[1:]
		}
		if err := do(seq, one); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) writeEntries(ctx context.Context, w *bufio.Writer, open Open) error {
	return p.each(ctx, open, func(seq uint64, opened *Opened) error {
		if opened == nil {
			gone := p.gone[seq]
			_, err := fmt.Fprintf(w, `{"seq":%d,"leafIndex":%d,"leafHash":"%x","leafData":"%x","prunedBy":%d}`+"\n",
				seq, seq, leafOf(gone.LeafData), gone.LeafData, gone.By)
			return err
		}
		if _, err := fmt.Fprintf(w, `{"seq":%d,"leafIndex":%d,"leafHash":"%x","body":"`, seq, seq, opened.Entry.Leaf); err != nil {
			return err
		}
		encoder := base64.NewEncoder(base64.StdEncoding, w)
		if _, err := encoder.Write(opened.Entry.Raw); err != nil {
			return err
		}
		if err := encoder.Close(); err != nil {
			return err
		}
		_, err := w.WriteString("\"}\n")
		return err
	})
}

// leafOf is the hash of a leaf over its data (RFC 6962, section 2.1).
func leafOf(data ledger.Hash) [sha256.Size]byte {
	return sha256.Sum256(append([]byte{0}, data[:]...))
}

func (p *Plan) writeProofs(ctx context.Context, w *bufio.Writer) error {
	prover, err := p.ledger.NewProver(ctx, p.checkpoint.Size)
	if err != nil {
		return err
	}
	for _, seq := range p.seqs {
		hashes, err := prover.Inclusion(ctx, seq)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, `{"seq":%d,"leafIndex":%d,"treeSize":%d,"hashes":[`, seq, seq, p.checkpoint.Size); err != nil {
			return err
		}
		for i, h := range hashes {
			between := ","
			if i == 0 {
				between = ""
			}
			if _, err := fmt.Fprintf(w, `%s"%x"`, between, h); err != nil {
				return err
			}
		}
		if _, err := w.WriteString("]}\n"); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) writeReadable(ctx context.Context, w *bufio.Writer, open Open) error {
	return p.each(ctx, open, func(_ uint64, opened *Opened) error {
		if opened == nil || opened.Readable == nil {
			return nil
		}
		line, err := jsonLine(opened.Readable)
		if err != nil {
			return err
		}
		_, err = w.WriteString(line)
		return err
	})
}
