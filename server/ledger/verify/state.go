package verify

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Memory is what a verifier keeps of a log between two looks at it: with it, a log that was rolled back or
// rewritten in between gives itself away, whoever holds its key.
type Memory struct {
	Origin      string `json:"origin"`
	VerifierKey string `json:"verifierKey"`
	// Note is the newest checkpoint that was verified.
	Note string `json:"checkpoint"`
	// Frontier holds the roots of the perfect subtrees of that tree, tallest first, base64.
	Frontier []string  `json:"frontier"`
	SeenAt   time.Time `json:"seenAt"`
}

const maxMemory = 256 << 10

// LoadMemory reads what was remembered; fs.ErrNotExist when nothing was.
func LoadMemory(path string) (*Memory, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxMemory))
	if err != nil {
		return nil, err
	}
	var m Memory
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("it does not hold what keytrail verify remembers: %w", err)
	}
	return &m, nil
}

// Save writes it whole or not at all.
func (m *Memory) Save(path string) (err error) {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-")
	if err != nil {
		return err
	}
	defer func() {
		if removed := os.Remove(f.Name()); !errors.Is(removed, fs.ErrNotExist) {
			err = errors.Join(err, removed)
		}
	}()
	_, err = f.Write(append(text, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// checkpoint gives the remembered checkpoint and the tree up to it. It must belong to the same log and key, and
// agree with itself.
func (m *Memory) checkpoint(verifier note.Verifier) (Checkpoint, *span, error) {
	c, err := ParseCheckpoint([]byte(m.Note), verifier)
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("what is remembered is not of this log and key: %w", err)
	}
	roots, err := decodeHashes(m.Frontier)
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("what is remembered is damaged: %w", err)
	}
	tree, err := newSpan(c.Size, roots)
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("what is remembered is damaged: %w", err)
	}
	if tree.root() != hash(c.Root) {
		return Checkpoint{}, nil, errors.New("what is remembered is damaged: its hashes do not have the root of its checkpoint")
	}
	return c, tree, nil
}

// remember makes the memory of a tree that was verified.
func remember(verifierKey string, verifier note.Verifier, c Checkpoint, tree *span, at time.Time) *Memory {
	return &Memory{
		Origin: verifier.Name(), VerifierKey: verifierKey, Note: string(c.Note), Frontier: encodeHashes(tree.hashes()),
		SeenAt: at.UTC().Truncate(time.Second),
	}
}

func encodeHashes(hashes []hash) []string {
	texts := make([]string, len(hashes))
	for i, h := range hashes {
		texts[i] = base64.StdEncoding.EncodeToString(h[:])
	}
	return texts
}

func decodeHashes(texts []string) ([]hash, error) {
	hashes := make([]hash, len(texts))
	for i, text := range texts {
		raw, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || len(raw) != hashSize {
			return nil, fmt.Errorf("%.60q is no hash", text)
		}
		hashes[i] = hash(raw)
	}
	return hashes, nil
}
