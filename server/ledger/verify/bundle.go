package verify

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const (
	// maxCaseEntries is the most entries that a case bundle holds.
	maxCaseEntries = 10_000
	// maxCaseBytes, maxProofBytes and maxCaseText bound the files of a case bundle, in bytes.
	maxCaseBytes  = 384 << 20
	maxProofBytes = 64 << 20
	maxCaseText   = 1 << 20
)

// caseFiles are the files of a case bundle, sorted.
func caseFiles() []string {
	return []string{"README.txt", "case.json", "checkpoint", "entries.ndjson", "proofs.ndjson", "readable.ndjson", "verify.sh", "vkey"}
}

// BundleReport is the outcome of verifying a case bundle.
type BundleReport struct {
	Report
	// Pruned counts the entries of which only the hash is left.
	Pruned uint64
	// Size is that of the tree that the bundle's checkpoint was signed for.
	Size uint64
}

// Bundle verifies a case bundle (docs/case-bundle.md), a ZIP file of size bytes, with the log's verifier key as one line.
// One entry at a time is in memory. The error says that it could not be read or that the key is none; what is wrong with
// the bundle is in the report. The first thing that is wrong ends the verification.
func Bundle(r io.ReaderAt, size int64, key string) (*BundleReport, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	v := &bundleVerification{verifier: verifier, key: key, report: &BundleReport{}, claims: map[uint64][]uint64{}}
	err = v.run(r, size)
	if wrong := (*fileError)(nil); errors.As(err, &wrong) {
		v.report.Findings = append(v.report.Findings, Finding{Seq: -1, What: wrong.what})
		err = nil
	}
	return v.report, err
}

type bundleVerification struct {
	verifier   note.Verifier
	key        string
	files      map[string]*zip.File
	report     *BundleReport
	checkpoint Checkpoint
	// claims holds, by the entry that is to say that they were pruned, the entries that wait for it.
	claims map[uint64][]uint64
}

func (v *bundleVerification) run(r io.ReaderAt, size int64) error {
	if err := v.open(r, size); err != nil {
		return err
	}
	if err := v.checkKey(); err != nil {
		return err
	}
	if err := v.checkCheckpoint(); err != nil {
		return err
	}
	if err := v.walk(); err != nil {
		return err
	}
	if len(v.claims) > 0 {
		return wrongFile("an entry is called pruned, and the entry that should say so is not in the bundle")
	}
	return v.checkCase()
}

// open finds the files by their names, which must be exactly those of a bundle.
func (v *bundleVerification) open(r io.ReaderAt, size int64) error {
	archive, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return wrongFile("it is no ZIP file")
	}
	names := make([]string, 0, len(caseFiles()))
	v.files = make(map[string]*zip.File, len(caseFiles()))
	for _, f := range archive.File[:min(len(archive.File), len(caseFiles())+1)] {
		names = append(names, f.Name)
		v.files[f.Name] = f
	}
	if slices.Sort(names); !slices.Equal(names, caseFiles()) {
		return wrongFile("the ZIP file does not hold exactly the files of a case bundle")
	}
	return nil
}

// text gives a short file whole.
func (v *bundleVerification) text(name string) ([]byte, error) {
	from, err := v.files[name].Open()
	if err != nil {
		return nil, wrongFile("the file %s cannot be unpacked", name)
	}
	defer func() { _ = from.Close() }()
	text, err := io.ReadAll(io.LimitReader(from, maxCaseText+1))
	switch {
	case err != nil:
		return nil, wrongFile("the file %s cannot be unpacked", name)
	case len(text) > maxCaseText:
		return nil, wrongFile("the file %s is longer than any that keytrail writes", name)
	case len(text) == 0 || text[len(text)-1] != '\n':
		return nil, wrongFile("the last line of %s has no end", name)
	}
	return text, nil
}

func (v *bundleVerification) checkKey() error {
	text, err := v.text("vkey")
	if err == nil && string(text) != v.key+"\n" {
		return wrongFile("the bundle names another public key than yours")
	}
	return err
}

// checkCheckpoint takes a note of five lines only, which is how keytrail signs them.
func (v *bundleVerification) checkCheckpoint() error {
	text, err := v.text("checkpoint")
	if err != nil {
		return err
	}
	if v.checkpoint, err = ParseCheckpoint(text, v.verifier); err != nil {
		return wrongFile("its checkpoint: %v", err)
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) != 6 || lines[3] != "" {
		return wrongFile("its checkpoint does not have five lines")
	}
	_, signature, _ := strings.Cut(strings.TrimPrefix(lines[4], "— "), " ")
	if raw, ok := strictBase64([]byte(signature)); !ok || len(raw) != 4+64 {
		return wrongFile("the signature of its checkpoint is not written as it should be")
	}
	v.report.Size, v.report.Root, v.report.Checkpoints = v.checkpoint.Size, v.checkpoint.Root, 1
	return nil
}

// walk goes through entries and proofs side by side.
func (v *bundleVerification) walk() error {
	entries, err := v.lines("entries.ndjson", maxCaseBytes)
	if err != nil {
		return err
	}
	defer entries.close()
	proofs, err := v.lines("proofs.ndjson", maxProofBytes)
	if err != nil {
		return err
	}
	defer proofs.close()
	for last := int64(-1); ; {
		line, err := entries.next()
		if err != nil {
			return err
		}
		proof, err := proofs.next()
		if err != nil {
			return err
		}
		if line == nil && proof == nil {
			break
		}
		if line == nil || proof == nil {
			return wrongFile("there are not as many proofs as entries")
		}
		if v.report.Entries++; v.report.Entries > maxCaseEntries {
			return wrongFile("there are more entries than a bundle holds")
		}
		seq, err := v.checkEntry(line, proof, last)
		if err != nil {
			return err
		}
		last = int64(seq)
	}
	if v.report.Entries == 0 {
		return wrongFile("it holds no entries")
	}
	return nil
}

// checkEntry checks one entry and its proof, and gives its number.
func (v *bundleVerification) checkEntry(line, proofLine []byte, last int64) (uint64, error) {
	e, ok := parseCaseEntry(line)
	if !ok {
		return 0, wrongFile("a line of entries.ndjson is no entry: %.60q", line)
	}
	p, ok := parseCaseProof(proofLine)
	if !ok {
		return 0, wrongFile("a line of proofs.ndjson is no proof: %.60q", proofLine)
	}
	switch {
	case e.index != e.seq:
		return 0, wrongFile("entry %d does not stand at the place of its number", e.seq)
	case int64(e.seq) <= last:
		return 0, wrongFile("the numbers of the entries do not ascend at entry %d", e.seq)
	case e.seq >= v.checkpoint.Size:
		return 0, wrongFile("entry %d lies behind the end of the tree", e.seq)
	case p.seq != e.seq || p.index != e.index:
		return 0, wrongFile("the proof of entry %d is of another one", e.seq)
	case p.size != v.checkpoint.Size:
		return 0, wrongFile("the proof of entry %d is of another size than the checkpoint", e.seq)
	case leafOfData(e.data[:]) != e.leaf:
		return 0, wrongFile("entry %d does not have the hash of its leaf: it was changed", e.seq)
	}
	root, err := climb(e.seq, p.size, e.leaf, p.hashes)
	if err != nil {
		return 0, wrongFile("the proof of entry %d %v", e.seq, err)
	}
	if !bytes.Equal(root[:], v.checkpoint.Root) {
		return 0, wrongFile("the proof of entry %d ends at another root than the signed one", e.seq)
	}
	return e.seq, v.checkClaims(e)
}

// checkClaims notes what a pruned entry waits for, and has an entry that is waited for say what it should.
func (v *bundleVerification) checkClaims(e *caseEntry) error {
	if e.pruned {
		if v.report.Pruned++; e.by <= e.seq {
			return wrongFile("entry %d was pruned by one that lies in front of it", e.seq)
		}
		v.claims[e.by] = append(v.claims[e.by], e.seq)
		return nil
	}
	waiting := v.claims[e.seq]
	if len(waiting) == 0 {
		return nil
	}
	delete(v.claims, e.seq)
	c, wrong := parseClaim(e.seq, e.body)
	if wrong != "" {
		return wrongFile("entry %d: %s", e.seq, wrong)
	}
	for _, seq := range waiting {
		if !c.covers(seq) {
			return wrongFile("entry %d does not say that entry %d was pruned", e.seq, seq)
		}
	}
	return nil
}

// climb gives the root to which a proof leads from a leaf.
//
// Source: RFC 9162, section 2.1.3.2
func climb(place, size uint64, node hash, siblings []hash) (hash, error) {
	last := size - 1
	for _, sibling := range siblings {
		if last == 0 {
			return hash{}, errors.New("has too many hashes")
		}
		if place%2 == 1 || place == last {
			node = parentOf(sibling, node)
			for place%2 == 0 && place != 0 {
				place, last = place/2, last/2
			}
		} else {
			node = parentOf(node, sibling)
		}
		place, last = place/2, last/2
	}
	if last != 0 {
		return hash{}, errors.New("has too few hashes")
	}
	return node, nil
}

// caseLines reads a file of a bundle line by line.
type caseLines struct {
	name string
	from io.ReadCloser
	r    *bufio.Reader
	left int64
	long []byte
}

func (v *bundleVerification) lines(name string, most int64) (*caseLines, error) {
	from, err := v.files[name].Open()
	if err != nil {
		return nil, wrongFile("the file %s cannot be unpacked", name)
	}
	return &caseLines{name: name, from: from, r: bufio.NewReaderSize(from, 64<<10), left: most}, nil
}

func (l *caseLines) close() { _ = l.from.Close() }

// next gives the next line without its end, valid until the next call; nil at the end of the file.
func (l *caseLines) next() ([]byte, error) {
	l.long = l.long[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		l.long = append(l.long, part...)
		if l.left -= int64(len(part)); l.left < 0 || len(l.long) > maxLine {
			return nil, wrongFile("the file %s is longer than any that keytrail writes", l.name)
		}
		switch {
		case err == nil:
			return l.long[:len(l.long)-1], nil
		case errors.Is(err, io.EOF) && len(l.long) == 0:
			return nil, nil
		case errors.Is(err, io.EOF):
			return nil, wrongFile("the last line of %s has no end", l.name)
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, wrongFile("the file %s cannot be unpacked: %v", l.name, err)
		}
	}
}

// String names what was verified, for people.
func (r *BundleReport) String() string {
	return fmt.Sprintf("%d entries (%d of them pruned) of a log of %d entries, root %x", r.Entries, r.Pruned, r.Size, r.Root)
}
