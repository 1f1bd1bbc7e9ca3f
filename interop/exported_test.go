package interop

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"strconv"
	"testing"

	"github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// proveExported has the libraries of transparency-dev verify entries that were exported with proofs, as
// docs/entry-export.md has them.
func proveExported(t *testing.T, s *server, a *auditor) {
	lines := json.NewDecoder(bytes.NewReader(s.taken(t, "/export/timeline.ndjson?proofs=true")))
	var tree *log.Checkpoint
	n := 0
	for lines.More() {
		var line struct {
			Checkpoint string
			Seq        string
			Body       json.RawMessage
			Proof      []string
		}
		if err := lines.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if line.Checkpoint != "" {
			tree = a.parse([]byte(line.Checkpoint))
			continue
		}
		seq, err := strconv.ParseUint(line.Seq, 10, 64)
		if err != nil || tree == nil {
			t.Fatal(err, tree)
		}
		data := sha256.Sum256(line.Body)
		leaf := rfc6962.DefaultHasher.HashLeaf(data[:])
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, seq, tree.Size, leaf, unhex(t, line.Proof), tree.Hash); err != nil {
			t.Fatalf("entry %d: %v", seq, err)
		}
		n++
	}
	if n < 10 {
		t.Fatalf("%d entries", n)
	}
	t.Logf("%d entries", n)
}
