package verify

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// maxKept bounds how many checkpoints are read from a file: about thirty years of one a minute. Of each, size and root
// stay in memory, about 100 bytes.
const maxKept = 1 << 24

// Kept is what a file of checkpoints holds.
type Kept struct {
	// Checkpoints are those with a good signature, by size, without their notes.
	Checkpoints []Checkpoint
	// Unreadable counts pieces that are no checkpoint with a good signature, such as one that a crash left half written.
	Unreadable int
	// Changed counts those among them that bear a whole signature of this log's key over something else: no crash makes these.
	Changed int
}

// Findings says what is wrong with the file itself: what it demanded before it was changed, nobody knows any more.
func (k *Kept) Findings() []Finding {
	if k.Changed == 0 {
		return nil
	}
	return []Finding{{Seq: -1, What: fmt.Sprintf(
		"%d checkpoints that were kept outside were changed after they were signed, so what they demand is not known: compare the file with a copy", k.Changed)}}
}

// ReadKept reads a file to which a keytrail server appended signed checkpoints: each a note (text, an empty line,
// signatures) with an empty line behind it.
func ReadKept(r io.Reader, verifier note.Verifier) (*Kept, error) {
	kept := &Kept{}
	blocks := &blockReader{lines: bufio.NewReaderSize(r, maxNote)}
	text, err := blocks.next()
	for err == nil && text != nil {
		var signatures []byte
		if signatures, err = blocks.next(); err != nil {
			break
		}
		if !isSignatures(signatures) { // then it is the text of the next one
			kept.Unreadable++
			text = signatures
			continue
		}
		c, parseErr := ParseCheckpoint(slices.Concat(text, []byte("\n"), signatures), verifier)
		c.Note, c.checked = nil, true
		if parseErr != nil {
			kept.Unreadable++
			if errors.Is(parseErr, errChanged) && signedWhole(signatures, verifier) {
				kept.Changed++
			}
		} else if kept.Checkpoints = append(kept.Checkpoints, c); len(kept.Checkpoints) > maxKept {
			return nil, fmt.Errorf("it holds more than %d checkpoints: split it", maxKept)
		}
		text, err = blocks.next()
	}
	slices.SortStableFunc(kept.Checkpoints, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	return kept, err
}

// signedWhole reports whether a signature of a key stands there at its full length: one that a crash cut off is no sign of a
// change.
func signedWhole(signatures []byte, verifier note.Verifier) bool {
	const length = 4 + ed25519.SignatureSize // the number of the key comes first
	for line := range strings.Lines(string(signatures)) {
		text, ours := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "— "+verifier.Name()+" ")
		if raw, err := base64.StdEncoding.DecodeString(text); ours && err == nil && len(raw) == length {
			return true
		}
	}
	return false
}

func isSignatures(block []byte) bool {
	for line := range bytes.Lines(block) {
		if !strings.HasPrefix(string(line), "— ") {
			return false
		}
	}
	return len(block) > 0
}

// blockReader gives the blocks of lines between empty lines.
type blockReader struct{ lines *bufio.Reader }

// next gives a block, each line with its end, and nil at the end of the file.
func (b *blockReader) next() (block []byte, err error) {
	for {
		line, err := b.lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("it is no file of checkpoints: %w", err)
		}
		ended := errors.Is(err, io.EOF)
		if len(line) > 0 && string(line) != "\n" {
			if block = append(block, line...); len(block) > maxNote {
				return nil, errors.New("it is no file of checkpoints: nothing in it ends")
			}
			if ended {
				block = append(block, '\n')
			}
		}
		if ended || len(block) > 0 && string(line) == "\n" {
			return block, nil
		}
	}
}

// WithKept makes a source that demands the checkpoints of a file, too.
func WithKept(src Source, kept *Kept) Source {
	return &keptSource{Source: src, kept: kept.Checkpoints}
}

// keptSource merges checkpoints from outside, whose signatures were checked, into those of a store. Its Checkpoints must be asked for in order.
type keptSource struct {
	Source
	kept         []Checkpoint
	given, taken int // of all, and of those from outside
}

// Checkpoints implements Source.
func (s *keptSource) Checkpoints(ctx context.Context, skip, limit int) ([]Checkpoint, error) {
	if skip == 0 {
		s.given, s.taken = 0, 0
	}
	if skip != s.given {
		return nil, errors.New("verify: checkpoints are asked for out of order")
	}
	stored, err := s.Source.Checkpoints(ctx, skip-s.taken, limit)
	if err != nil {
		return nil, err
	}
	var merged []Checkpoint
	for len(merged) < limit && (len(stored) > 0 || s.taken < len(s.kept)) {
		if len(stored) > 0 && (s.taken == len(s.kept) || stored[0].Size <= s.kept[s.taken].Size) {
			merged, stored = append(merged, stored[0]), stored[1:]
		} else {
			merged = append(merged, s.kept[s.taken])
			s.taken++
		}
	}
	s.given += len(merged)
	return merged, nil
}
