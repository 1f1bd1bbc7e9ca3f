package verify

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func zeros() string { return strings.Repeat("00", hashSize) }

// written is a line as it would be written of what was read from it.
func (e *caseEntry) written() string {
	if e.pruned {
		return fmt.Sprintf(`{"seq":%d,"leafIndex":%d,"leafHash":"%x","leafData":"%x","prunedBy":%d}`, e.seq, e.index, e.leaf, e.data, e.by)
	}
	return fmt.Sprintf(`{"seq":%d,"leafIndex":%d,"leafHash":"%x","body":"%s"}`, e.seq, e.index, e.leaf, base64.StdEncoding.EncodeToString(e.body))
}

func (p *caseProof) written() string {
	hashes := make([]string, len(p.hashes))
	for i, h := range p.hashes {
		hashes[i] = `"` + hex.EncodeToString(h[:]) + `"`
	}
	return fmt.Sprintf(`{"seq":%d,"leafIndex":%d,"treeSize":%d,"hashes":[%s]}`, p.seq, p.index, p.size, strings.Join(hashes, ","))
}

// FuzzCaseLine reads any line: what is taken for an entry or a proof is written in one way only.
func FuzzCaseLine(f *testing.F) {
	for _, line := range []string{
		`{"seq":7,"leafIndex":7,"leafHash":"` + zeros() + `","body":"e30="}`,
		`{"seq":7,"leafIndex":7,"leafHash":"` + zeros() + `","leafData":"` + zeros() + `","prunedBy":9}`,
		`{"seq":7,"leafIndex":7,"treeSize":8,"hashes":["` + zeros() + `","` + zeros() + `"]}`,
		`{"seq":0,"leafIndex":0,"treeSize":1,"hashes":[]}`,
		`{"seq":007,"leafIndex":7,"treeSize":8,"hashes":[,]}`, `{"seq":9007199254740993,`, `{"seq":7` + "\n" + `,"leafIndex":7`, ``,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if e, ok := parseCaseEntry(line); ok && e.written() != string(line) {
			t.Errorf("%q was taken for %q", line, e.written())
		}
		if p, ok := parseCaseProof(line); ok && p.written() != string(line) {
			t.Errorf("%q was taken for %q", line, p.written())
		}
	})
}

// FuzzBundle reads any files in the form of a bundle: without the log's signature none is taken for a good one.
func FuzzBundle(f *testing.F) {
	_, key, err := note.GenerateKey(rand.New(rand.NewSource(2)), fuzzOrigin)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("x\n", `{"seq":0,"leafIndex":0,"leafHash":"`+zeros()+`","body":"e30="}`+"\n", `{"seq":0,"leafIndex":0,"treeSize":1,"hashes":[]}`+"\n", "{}\n")
	f.Add(fuzzOrigin+"\n1\n"+base64.StdEncoding.EncodeToString(make([]byte, hashSize))+"\n\n— "+fuzzOrigin+" AAAA\n", "\n", "", `{"asked":{}}`)
	f.Fuzz(func(t *testing.T, checkpoint, entries, proofs, about string) {
		files := map[string]string{"checkpoint": checkpoint, "entries.ndjson": entries, "proofs.ndjson": proofs, "case.json": about, "vkey": key + "\n"}
		file := zipped(t, files)
		report, err := Bundle(bytes.NewReader(file), int64(len(file)), key)
		if err != nil || report.OK() {
			t.Fatalf("an unsigned bundle was taken: %v", err)
		}
		v := &bundleVerification{report: &BundleReport{}, claims: map[uint64][]uint64{}, checkpoint: Checkpoint{Size: 1 << 40, Root: make([]byte, hashSize)}}
		if err := v.open(bytes.NewReader(file), int64(len(file))); err != nil {
			t.Fatal(err)
		}
		if err := v.walk(); err == nil {
			t.Fatalf("entries lead to a root that nobody can know: %q", entries)
		}
		parseCase([]byte(about))
	})
}

func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, name := range caseFiles() {
		to, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestABundleThatUnpacksToFarMoreIsGivenUpEarly has files of a few KiB that would unpack to hundreds of MiB.
func TestABundleThatUnpacksToFarMoreIsGivenUpEarly(t *testing.T) {
	t.Parallel()
	v := &bundleVerification{report: &BundleReport{}, claims: map[uint64][]uint64{}}
	file := zipped(t, map[string]string{"entries.ndjson": strings.Repeat("x", 40<<20), "checkpoint": strings.Repeat("x", 4<<20), "proofs.ndjson": "x\n"})
	if err := v.open(bytes.NewReader(file), int64(len(file))); err != nil {
		t.Fatal(err)
	}
	if _, err := v.text("checkpoint"); err == nil || !strings.Contains(err.Error(), "longer than any") {
		t.Errorf("the checkpoint: %v", err)
	}
	if err := v.walk(); err == nil || !strings.Contains(err.Error(), "longer than any") {
		t.Errorf("the entries: %v", err)
	}
}
