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

const checkpointPage = 1000

// checkpointReader goes through the checkpoints in order of their sizes and holds one page of them.
type checkpointReader struct {
	page  []Checkpoint
	ended bool
}

// nextCheckpoint gives the first checkpoint that was not passed yet, nil when there is none. Its signature was checked.
func (v *verification) nextCheckpoint(ctx context.Context) (*Checkpoint, error) {
	r := &v.checkpoints
	if len(r.page) == 0 && !r.ended {
		page, err := v.src.Checkpoints(ctx, v.report.Checkpoints, checkpointPage)
		if err != nil {
			return nil, err
		}
		r.page, r.ended = page, len(page) < checkpointPage
		v.report.Checkpoints += len(page)
		for _, c := range page {
			if err := checkNote(c, v.opts.Verifier); err != nil {
				v.find(-1, "the checkpoint of %d entries: %v", c.Size, err)
			}
		}
	}
	if len(r.page) == 0 {
		return nil, nil
	}
	return &r.page[0], nil
}

func (v *verification) checkpointPassed() { v.checkpoints.page = v.checkpoints.page[1:] }

// passCheckpoints compares the checkpoints of the size that the tree now has.
func (v *verification) passCheckpoints(ctx context.Context) error {
	for {
		c, err := v.nextCheckpoint(ctx)
		if err != nil || c == nil || c.Size > v.tree.size {
			return err
		}
		root := v.tree.root()
		switch {
		case c.Size < v.tree.size:
			v.find(-1, "the checkpoint of %d entries is out of order among the others, so it could not be compared", c.Size)
		case !bytes.Equal(c.Root, root[:]):
			v.find(int64(v.tree.size)-1, "up to here the entries are not those that the checkpoint of %d entries was signed for", v.tree.size)
		}
		v.checkpointPassed()
	}
}

// goesOn looks at the checkpoints that the tree did not reach, and reports whether it has to grow further for them:
// those that were signed since the verification began lie within a head that is read after them. It ends, since the
// list of checkpoints is read once.
func (v *verification) goesOn(ctx context.Context) (bool, error) {
	for {
		if err := v.passCheckpoints(ctx); err != nil {
			return false, err
		}
		c, err := v.nextCheckpoint(ctx)
		if err != nil || c == nil {
			return false, err
		}
		now, err := v.src.Head(ctx)
		if err != nil {
			return false, err
		}
		if c.Size <= now.Size {
			v.grown(now)
			return true, nil
		}
		for ; len(v.checkpoints.page) > 0; v.checkpointPassed() {
			v.find(int64(now.Size), "a checkpoint of %d entries was signed, and only %d are here: the end was cut off", v.checkpoints.page[0].Size, now.Size)
		}
	}
}

// grown goes on with a newer head. The tile that the tree ends in may have become full since: part of its leaves were
// not held against it, so it is compared as a whole.
func (v *verification) grown(now Head) {
	if v.tree.size/tileWidth == v.head.Size/tileWidth && v.tree.size%tileWidth != 0 {
		v.late = (v.tree.size/tileWidth + 1) * tileWidth
	}
	v.head = now
	v.from.more()
}

// checkNote checks the signature, and that the note says what its row says.
func checkNote(c Checkpoint, verifier note.Verifier) error {
	if c.checked {
		return nil
	}
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
