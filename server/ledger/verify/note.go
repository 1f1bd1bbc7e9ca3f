package verify

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const (
	// maxNote bounds a signed note, in bytes. Ours have about 200; witnesses may add signatures.
	maxNote = 64 << 10
	// maxSize bounds a tree, so that no arithmetic on sizes overflows.
	maxSize = 1 << 48
)

// ParseCheckpoint reads a signed note that states the size and root of a tree, and checks its signature. The error
// says whether it is another log's, another key's, or no checkpoint at all.
//
// Source: https://c2sp.org/tlog-checkpoint
func ParseCheckpoint(text []byte, verifier note.Verifier) (Checkpoint, error) {
	if len(text) > maxNote {
		return Checkpoint{}, fmt.Errorf("it has %d bytes, which no checkpoint has", len(text))
	}
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return Checkpoint{}, explainNote(err, verifier)
	}
	c := Checkpoint{Note: text}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 {
		return Checkpoint{}, errors.New("it is signed, but it is no checkpoint: it has too few lines")
	}
	if lines[0] != verifier.Name() {
		return Checkpoint{}, fmt.Errorf("it is a checkpoint of another log, %.100q and not %q", lines[0], verifier.Name())
	}
	if c.Size, err = parseSize(lines[1]); err != nil {
		return Checkpoint{}, err
	}
	c.Root, err = base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(c.Root) != hashSize || len(lines[2]) != base64.StdEncoding.EncodedLen(hashSize) {
		return Checkpoint{}, errors.New("it is signed, but it has no root hash")
	}
	return c, nil
}

func parseSize(text string) (uint64, error) {
	size, err := strconv.ParseUint(text, 10, 64)
	if err != nil || size > maxSize || strconv.FormatUint(size, 10) != text {
		return 0, fmt.Errorf("it is signed, but %.40q is no size of a log", text)
	}
	return size, nil
}

var errChanged = errors.New("its signature is not valid: it was changed after it was signed")

// explainNote says what is wrong with a note that the key did not sign.
func explainNote(err error, verifier note.Verifier) error {
	var unverified *note.UnverifiedNoteError
	if !errors.As(err, &unverified) {
		var invalid *note.InvalidSignatureError
		if errors.As(err, &invalid) {
			return errChanged
		}
		return errors.New("it is no signed note")
	}
	origin, _, _ := strings.Cut(unverified.Note.Text, "\n")
	if origin != verifier.Name() {
		return fmt.Errorf("it is a checkpoint of another log, %.100q and not %q", origin, verifier.Name())
	}
	for _, s := range unverified.Note.UnverifiedSigs {
		if s.Name == verifier.Name() {
			return fmt.Errorf("it was signed with another key of %q: its key has the number %08x, and yours has %08x", s.Name, s.Hash, verifier.KeyHash())
		}
	}
	return errors.New("it bears no signature of this log")
}
