package verify

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const (
	// maxExportedLine bounds a line of an export, in bytes: a body of 1 MiB, what of it could be opened, and a proof.
	maxExportedLine = 16 << 20
	// maxExportedProof bounds a proof as JSON: 64 hashes in hexadecimal.
	maxExportedProof = 64*(64+3) + 2
)

// exportedNames are the members of an entry. Another one could mean anything to whoever reads the line.
func exportedNames() []string {
	return []string{
		"seq", "stream", "occurredAt", "recordedAt", "actor", "actorName", "person", "action", "entityType", "entity", "entityLabel", "module",
		"outcome", "source", "ip", "device", "username", "comment", "reason", "changes", "metadata", "body", "proof", "checkpoint",
	}
}

// ExportReport is the outcome of verifying an export.
type ExportReport struct {
	Report
	// Size is that of the newest tree for which the export has a checkpoint.
	Size uint64
}

// Export verifies entries that were exported as JSON or NDJSON with proofs (docs/entry-export.md), with the log's verifier
// key as one line. One entry at a time is in memory. The error says that it could not be read or that the key is none; what
// is wrong with the export is in the report. The first thing that is wrong ends the verification.
func Export(r io.Reader, key string) (*ExportReport, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	return export(r, verifier)
}

func export(r io.Reader, verifier note.Verifier) (*ExportReport, error) {
	v := &exportVerification{lines: &lineReader{r: bufio.NewReaderSize(r, 64<<10), most: maxExportedLine}, verifier: verifier, report: &ExportReport{}}
	err := v.run()
	if wrong := (*fileError)(nil); errors.As(err, &wrong) {
		v.report.Findings = append(v.report.Findings, Finding{Seq: -1, What: wrong.what})
		err = nil
	}
	return v.report, err
}

type exportVerification struct {
	lines      *lineReader
	verifier   note.Verifier
	array      arrayForm
	checkpoint Checkpoint
	signed     bool // whether there was a checkpoint
	last       *exportedPlace
	report     *ExportReport
}

// exportedPlace is where an entry stands among others.
type exportedPlace struct {
	at  time.Time
	seq uint64
}

// before reports whether an entry stands in front of another: newest first, and the higher number of those of one instant.
func (p exportedPlace) before(other exportedPlace) bool {
	if c := p.at.Compare(other.at); c != 0 {
		return c > 0
	}
	return p.seq > other.seq
}

func (v *exportVerification) run() error {
	for {
		line, err := v.lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if line, err = v.array.element(line); err != nil {
			return err
		}
		if len(line) == 0 && v.array.empty {
			continue
		}
		if err := v.check(line); err != nil {
			return err
		}
	}
	if v.array.open {
		return wrongFile("the array has no end: the file is cut off")
	}
	if !v.signed {
		return wrongFile("it has no checkpoint, so nothing proves its entries: have it made with proofs")
	}
	return nil
}

// arrayForm takes off what makes an array of the lines of JSON; NDJSON has lines alone.
type arrayForm struct{ begun, is, open, empty bool }

// element gives what stands in a line.
func (f *arrayForm) element(line []byte) ([]byte, error) {
	if !f.begun {
		f.begun = true
		line, f.is = bytes.CutPrefix(line, []byte("["))
		f.open = f.is
		f.empty = f.is && string(line) == "]"
	}
	if !f.is {
		return line, nil
	}
	if !f.open {
		return nil, wrongFile("something follows the end of the array")
	}
	if element, more := bytes.CutSuffix(line, []byte(",")); more {
		return element, nil
	}
	element, ended := bytes.CutSuffix(line, []byte("]"))
	if !ended {
		return nil, wrongFile("a line of the array does not end as it should")
	}
	f.open = false
	return element, nil
}

func (v *exportVerification) check(line []byte) error {
	fields, err := fieldsOf(line)
	if err != nil {
		return wrongFile("a line is nothing that keytrail writes: %.60q", line)
	}
	if text, ok := fields["checkpoint"]; ok {
		return v.checkCheckpoint(text, len(fields))
	}
	v.report.Entries++
	return v.checkEntry(fields)
}

// fieldsOf reads an object in which every name is known and none stands twice.
func fieldsOf(line []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return nil, errors.New("no object")
	}
	fields := map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := name.(string)
		if !slices.Contains(exportedNames(), key) {
			return nil, fmt.Errorf("%q is no name", key)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		if _, twice := fields[key]; twice {
			return nil, fmt.Errorf("%q stands there twice", key)
		}
		fields[key] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one object")
	}
	return fields, nil
}

func (v *exportVerification) checkCheckpoint(raw json.RawMessage, fields int) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil || fields != 1 {
		return wrongFile("a line is no checkpoint: %.60q", raw)
	}
	checkpoint, err := ParseCheckpoint([]byte(text), v.verifier)
	if err != nil {
		return wrongFile("a checkpoint: %v", err)
	}
	if v.signed && checkpoint.Size <= v.checkpoint.Size {
		return wrongFile("a checkpoint of %d entries follows one of %d", checkpoint.Size, v.checkpoint.Size)
	}
	v.checkpoint, v.signed = checkpoint, true
	v.report.Size, v.report.Root = checkpoint.Size, checkpoint.Root
	v.report.Checkpoints++
	return nil
}

func (v *exportVerification) checkEntry(fields map[string]json.RawMessage) error {
	var number string
	if err := json.Unmarshal(fields["seq"], &number); err != nil {
		return wrongFile("an entry has no number")
	}
	seq, err := strconv.ParseUint(number, 10, 63)
	if err != nil || strconv.FormatUint(seq, 10) != number {
		return wrongFile("%.30q is no number of an entry", number)
	}
	siblings, ok := proofOf(fields["proof"])
	switch {
	case !v.signed:
		return wrongFile("entry %d stands in front of the first checkpoint", seq)
	case seq >= v.checkpoint.Size:
		return wrongFile("entry %d lies behind the end of the tree", seq)
	case !ok:
		return wrongFile("entry %d has no proof", seq)
	}
	data := sha256.Sum256(fields["body"])
	root, err := climb(seq, v.checkpoint.Size, leafOfData(data[:]), siblings)
	if err != nil {
		return wrongFile("the proof of entry %d %v", seq, err)
	}
	if !bytes.Equal(root[:], v.checkpoint.Root) {
		return wrongFile("entry %d was changed, or its proof: it ends at another root than the signed one", seq)
	}
	return v.agrees(seq, fields)
}

// proofOf reads hashes; false for no proof.
func proofOf(raw json.RawMessage) ([]hash, bool) {
	var texts []string
	if len(raw) > maxExportedProof || json.Unmarshal(raw, &texts) != nil || texts == nil {
		return nil, false
	}
	hashes := make([]hash, len(texts))
	for i, text := range texts {
		raw, err := hex.DecodeString(text)
		if err != nil || len(raw) != len(hash{}) {
			return nil, false
		}
		hashes[i] = hash(raw)
	}
	return hashes, true
}

// agrees refuses a line that says something else than its body, of what lies in plain in the body, and one that does not
// stand where it should.
func (v *exportVerification) agrees(seq uint64, fields map[string]json.RawMessage) error {
	b, err := parseBody(fields["body"])
	if err != nil {
		return wrongFile("entry %d: %v", seq, err)
	}
	actor := b.Actor
	if uuidBytes(actor) == nil { // nobody, or keytrail itself
		actor = ""
	}
	for name, want := range map[string]string{
		"stream": b.Stream, "actor": actor, "action": b.Action, "module": b.Module, "outcome": b.Outcome, "source": b.Source,
		"entityType": b.Entity.Type, "entity": b.Entity.ID, "entityLabel": b.Entity.Label,
	} {
		if text := ""; fields[name] != nil && json.Unmarshal(fields[name], &text) != nil || text != want {
			return wrongFile("the line of entry %d has another %s than its body", seq, name)
		}
	}
	for name, want := range map[string]time.Time{"occurredAt": b.OccurredAt, "recordedAt": b.RecordedAt} {
		if at := (time.Time{}); json.Unmarshal(fields[name], &at) != nil || !at.Equal(want) {
			return wrongFile("the line of entry %d has another %s than its body", seq, name)
		}
	}
	here := exportedPlace{b.OccurredAt, seq}
	if v.last != nil && !v.last.before(here) {
		return wrongFile("entry %d does not stand behind newer ones, or stands there twice", seq)
	}
	v.last = &here
	return nil
}

// String names what was verified, for people.
func (r *ExportReport) String() string {
	return fmt.Sprintf("%d entries of a log of %d entries, root %x", r.Entries, r.Size, r.Root)
}
