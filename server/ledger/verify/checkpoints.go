package verify

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const checkpointBatch = 1000

// readCheckpoints reads all checkpoints before the head is read, so that each must lie within it. Their
// signatures are checked at once; their roots when the tree has grown so far.
func (v *verification) readCheckpoints(ctx context.Context) error {
	for {
		list, err := v.src.Checkpoints(ctx, len(v.checkpoints), checkpointBatch)
		if err != nil {
			return err
		}
		v.checkpoints = append(v.checkpoints, list...)
		if len(list) < checkpointBatch {
			break
		}
	}
	v.report.Checkpoints = len(v.checkpoints)
	for _, c := range v.checkpoints {
		if err := checkNote(c, v.opts.Verifier); err != nil {
			v.find(-1, "the checkpoint of %d entries: %v", c.Size, err)
		}
	}
	v.passCheckpoints()
	return nil
}

// passCheckpoints compares the checkpoints of the size that the tree now has.
func (v *verification) passCheckpoints() {
	for len(v.checkpoints) > 0 && v.checkpoints[0].Size == v.tree.size {
		root := v.tree.root()
		if !bytes.Equal(v.checkpoints[0].Root, root[:]) {
			v.find(int64(v.tree.size)-1, "up to here the entries are not those that the checkpoint of %d entries was signed for", v.tree.size)
		}
		v.checkpoints = v.checkpoints[1:]
	}
}

// checkNote checks the signature, and that the note says what its row says.
func checkNote(c Checkpoint, verifier note.Verifier) error {
	signed, err := note.Open(c.Note, note.VerifierList(verifier))
	if err != nil {
		return fmt.Errorf("its signature does not verify: %w", err)
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return fmt.Errorf("it is not a checkpoint of %s", verifier.Name())
	}
	if lines[1] != strconv.FormatUint(c.Size, 10) || lines[2] != base64.StdEncoding.EncodeToString(c.Root) {
		return fmt.Errorf("its row says something else than what was signed")
	}
	return nil
}
