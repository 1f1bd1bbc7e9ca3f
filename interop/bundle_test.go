package interop

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// caseEntry and caseProof are lines of a bundle, as docs/case-bundle.md has them.
type caseEntry struct {
	Seq      uint64
	LeafHash string
	Body     []byte
	LeafData string
}

type caseProof struct {
	Seq, LeafIndex, TreeSize uint64
	Hashes                   []string
}

// proveCase has the libraries of transparency-dev verify a bundle's checkpoint and each of its proofs.
func proveCase(t *testing.T, s *server, a *auditor) {
	read := s.bundle(t, "from="+time.Now().AddDate(0, 0, -10).UTC().Format(time.RFC3339))
	c := a.parse([]byte(read("checkpoint")))
	entries, proofs := json.NewDecoder(strings.NewReader(read("entries.ndjson"))), json.NewDecoder(strings.NewReader(read("proofs.ndjson")))
	n := 0
	for ; entries.More() && proofs.More(); n++ {
		var e caseEntry
		var p caseProof
		if err := entries.Decode(&e); err != nil {
			t.Fatal(err)
		}
		if err := proofs.Decode(&p); err != nil {
			t.Fatal(err)
		}
		data := sha256.Sum256(e.Body)
		leaf := rfc6962.DefaultHasher.HashLeaf(data[:])
		if hex.EncodeToString(leaf) != e.LeafHash || p.Seq != e.Seq || p.LeafIndex != e.Seq || p.TreeSize != c.Size {
			t.Fatalf("%+v does not go with %+v", e, p)
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, p.LeafIndex, p.TreeSize, leaf, unhex(t, p.Hashes), c.Hash); err != nil {
			t.Fatalf("entry %d: %v", e.Seq, err)
		}
		leaf[0] ^= 1
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, p.LeafIndex, p.TreeSize, leaf, unhex(t, p.Hashes), c.Hash); err == nil {
			t.Fatalf("another leaf is in the tree, too, at the place of entry %d", e.Seq)
		}
	}
	if n < 10 || entries.More() || proofs.More() {
		t.Fatalf("%d entries with proofs, and then more of one kind", n)
	}
	t.Logf("%d entries", n)
}

func unhex(t *testing.T, texts []string) [][]byte {
	t.Helper()
	hashes := make([][]byte, len(texts))
	for i, text := range texts {
		var err error
		if hashes[i], err = hex.DecodeString(text); err != nil {
			t.Fatal(err)
		}
	}
	return hashes
}

// taken is a file that is exported.
func (s *server) taken(t *testing.T, path string) []byte {
	t.Helper()
	response, err := s.client.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	file, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%v %d %.200s", err, response.StatusCode, file)
	}
	return file
}

// bundle takes out a case bundle, and gives what reads its files.
func (s *server) bundle(t *testing.T, query string) func(name string) string {
	t.Helper()
	file := s.taken(t, "/export/bundle.zip?"+query)
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return func(name string) string {
		from, err := archive.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}
