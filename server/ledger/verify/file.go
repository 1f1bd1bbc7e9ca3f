package verify

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/mod/sumdb/note"
)

const (
	// maxLine bounds a line of a ledger file, in bytes; a body has at most 1 MiB.
	maxLine       = 2 << 20
	maxFileMemory = 64 << 20
	fileFormat    = "keytrail-ledger"
)

// FileReport is the outcome of verifying a ledger file.
type FileReport struct {
	Report
	// From is the first entry in the file, and To the one behind the last.
	From, To uint64
	// Bodies counts entries with their bodies; of the others the file holds the leaf data only.
	Bodies uint64
	// Size is that of the tree that the file's checkpoint was signed for.
	Size uint64
}

// FileOptions are what the verification of a ledger file needs.
type FileOptions struct {
	Verifier note.Verifier
	Progress func(done, total uint64)
}

// File verifies a ledger file (docs/ledger-file.md) from its bytes up, in constant memory. The error says that it
// could not be read; what is wrong with it is in the report.
func File(r io.Reader, opts FileOptions) (*FileReport, error) {
	plain, closePlain, err := decompress(bufio.NewReaderSize(r, 64<<10))
	if err != nil {
		return nil, err
	}
	defer closePlain()
	v := &fileVerification{lines: &lineReader{r: bufio.NewReaderSize(plain, 64<<10), most: maxLine}, opts: opts, report: &FileReport{}}
	if err := v.run(); err != nil {
		var wrong *fileError
		if !errors.As(err, &wrong) {
			return nil, err
		}
		v.find(-1, "%s", wrong.what)
	}
	return v.report, nil
}

// decompress undoes Zstandard where the bytes begin as it does.
func decompress(r *bufio.Reader) (io.Reader, func(), error) {
	magic, err := r.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	if !bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}) {
		return r, func() {}, nil
	}
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxFileMemory), zstd.WithDecoderMaxMemory(maxFileMemory))
	if err != nil {
		return nil, nil, err
	}
	return d, d.Close, nil
}

// fileError is what is wrong with a file, so that the rest of it cannot be verified.
type fileError struct{ what string }

func (e *fileError) Error() string { return e.what }

func wrongFile(format string, args ...any) error {
	return &fileError{fmt.Sprintf(format, args...)}
}

type fileVerification struct {
	lines      *lineReader
	opts       FileOptions
	report     *FileReport
	tree       *span
	recordedAt time.Time
}

func (v *fileVerification) find(seq int64, format string, args ...any) {
	if len(v.report.Findings) == maxFindings {
		v.report.More = true
		return
	}
	v.report.Findings = append(v.report.Findings, Finding{Seq: seq, What: fmt.Sprintf(format, args...)})
}

func (v *fileVerification) run() error {
	if err := v.head(); err != nil {
		return err
	}
	total := v.report.To - v.report.From
	for seq := v.report.From; seq < v.report.To; seq++ {
		if err := v.entry(seq); err != nil {
			return err
		}
		if done := seq + 1 - v.report.From; v.opts.Progress != nil && (done%1024 == 0 || done == total) {
			v.opts.Progress(done, total)
		}
	}
	if err := v.foot(); err != nil {
		return err
	}
	if _, err := v.lines.next(); !errors.Is(err, io.EOF) {
		return wrongFile("something follows the last line")
	}
	return nil
}

func (v *fileVerification) head() error {
	line, err := v.lines.next()
	if err != nil {
		return cutOff(err)
	}
	var head struct {
		Format  string   `json:"format"`
		Version int      `json:"version"`
		Origin  string   `json:"origin"`
		From    uint64   `json:"from"`
		To      uint64   `json:"to"`
		Before  []string `json:"before"`
	}
	if err := json.Unmarshal(line, &head); err != nil || head.Format != fileFormat {
		return wrongFile("it is no ledger file")
	}
	if head.Version != 1 {
		return wrongFile("it is a ledger file of version %d, which this verifier does not know", head.Version)
	}
	if head.From > head.To || head.To > maxSize {
		return wrongFile("its first line speaks of entries %d to %d", head.From, head.To)
	}
	if head.Origin != v.opts.Verifier.Name() {
		return wrongFile("it is of another log, %.100q and not %q", head.Origin, v.opts.Verifier.Name())
	}
	before, err := decodeHashes(head.Before)
	if err == nil {
		v.tree, err = newSpan(head.From, before)
	}
	if err != nil {
		return wrongFile("its first line does not lead up to entry %d: %v", head.From, err)
	}
	v.report.From, v.report.To = head.From, head.To
	return nil
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return wrongFile("it was cut off: its end is missing")
	}
	return err
}

func (v *fileVerification) entry(seq uint64) error {
	line, err := v.lines.next()
	if err != nil {
		return cutOff(err)
	}
	prefix := strconv.AppendUint([]byte(`{"seq":`), seq, 10)
	rest, ok := bytes.CutPrefix(line, append(prefix, ','))
	if !ok {
		return wrongFile("entry %d should stand where there is %.60q", seq, line)
	}
	rest, ok = bytes.CutSuffix(rest, []byte("}"))
	if !ok {
		return wrongFile("the line of entry %d has no end", seq)
	}
	if raw, isBody := bytes.CutPrefix(rest, []byte(`"body":`)); isBody {
		v.report.Bodies++
		v.checkBody(seq, raw)
		return v.tree.push(0, leafOf(raw))
	}
	text, ok := bytes.CutPrefix(rest, []byte(`"leafData":`))
	data := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	if ok && len(text) > 2 && text[0] == '"' && text[len(text)-1] == '"' {
		n, err := base64.StdEncoding.Strict().Decode(data, text[1:len(text)-1])
		data, ok = data[:n], err == nil && n == hashSize
	} else {
		ok = false
	}
	if !ok {
		return wrongFile("the line of entry %d holds neither a body nor leaf data", seq)
	}
	return v.tree.push(0, leafOfData(data))
}

func (v *fileVerification) checkBody(seq uint64, raw []byte) {
	b, err := parseBody(raw)
	switch {
	case err != nil:
		v.find(int64(seq), "%v", err)
		return
	case uuidBytes(b.ID) == nil:
		v.find(int64(seq), "its body has no id")
	case b.RecordedAt.Before(v.recordedAt):
		v.find(int64(seq), "it was recorded before the entry in front of it")
	}
	v.recordedAt = b.RecordedAt
}

// foot connects the entries to the checkpoint.
func (v *fileVerification) foot() error {
	line, err := v.lines.next()
	if err != nil {
		return cutOff(err)
	}
	var foot struct {
		After      []string `json:"after"`
		Checkpoint *string  `json:"checkpoint"`
	}
	if err := json.Unmarshal(line, &foot); err != nil || foot.Checkpoint == nil {
		return wrongFile("behind entry %d should be the checkpoint, and there is %.60q", v.report.To, line)
	}
	c, err := ParseCheckpoint([]byte(*foot.Checkpoint), v.opts.Verifier)
	if err != nil {
		return wrongFile("its checkpoint: %v", err)
	}
	after, err := decodeHashes(foot.After)
	if err != nil {
		return wrongFile("its last line: %v", err)
	}
	for _, h := range after {
		if v.tree.size >= c.Size {
			return wrongFile("its last line has more hashes than lead up to the checkpoint of %d entries", c.Size)
		}
		if err := v.tree.push(nextHeight(v.tree.size, c.Size), h); err != nil {
			return err
		}
	}
	if v.tree.size != c.Size {
		return wrongFile("it leads up to %d entries, and its checkpoint was signed for %d", v.tree.size, c.Size)
	}
	root := v.tree.root()
	v.report.Entries, v.report.Root, v.report.Size, v.report.Checkpoints = v.report.To-v.report.From, root[:], c.Size, 1
	if !bytes.Equal(root[:], c.Root) {
		v.find(-1, "its entries do not have the root that the checkpoint of %d entries was signed for: something in it was changed", c.Size)
	}
	return nil
}
