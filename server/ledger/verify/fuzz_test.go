package verify

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/mod/sumdb/note"
)

const fuzzOrigin = "fuzz.example/log"

// fuzzKey makes a key, the same at every run.
func fuzzKey(t testing.TB) (note.Signer, note.Verifier) {
	t.Helper()
	private, public, err := note.GenerateKey(rand.New(rand.NewSource(1)), fuzzOrigin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

func signed(t testing.TB, signer note.Signer, text string) []byte {
	t.Helper()
	s, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// FuzzCheckpoint signs any text: what is taken for a checkpoint must say, in one way only, what it was taken for.
func FuzzCheckpoint(f *testing.F) {
	signer, verifier := fuzzKey(f)
	root := base64.StdEncoding.EncodeToString(make([]byte, hashSize))
	for _, text := range []string{
		fuzzOrigin + "\n0\n" + root + "\n", fuzzOrigin + "\n700\n" + root + "\nextension\n", "other\n1\n" + root + "\n",
		fuzzOrigin + "\n007\n" + root + "\n", fuzzOrigin + "\n+7\n" + root + "\n", fuzzOrigin + "\n18446744073709551615\n" + root + "\n", "\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := ParseCheckpoint([]byte(text), verifier); err == nil {
			t.Fatal("an unsigned text was taken for a checkpoint")
		}
		whole, err := note.Sign(&note.Note{Text: text}, signer)
		if err != nil {
			return
		}
		c, err := ParseCheckpoint(whole, verifier)
		if err != nil {
			return
		}
		want := fmt.Sprintf("%s\n%d\n%s\n", fuzzOrigin, c.Size, base64.StdEncoding.EncodeToString(c.Root))
		if !bytes.HasPrefix([]byte(text), []byte(want)) || c.Size > maxSize {
			t.Fatalf("%q was taken for the checkpoint of %d entries", text, c.Size)
		}
	})
}

// FuzzKept reads any file of checkpoints: it gives only those that were signed, and a good one behind junk is found.
func FuzzExport(f *testing.F) {
	signer, verifier := fuzzKey(f)
	root := base64.StdEncoding.EncodeToString(make([]byte, hashSize))
	checkpoint, err := json.Marshal(map[string]string{"checkpoint": string(signed(f, signer, fuzzOrigin+"\n1\n"+root+"\n"))})
	if err != nil {
		f.Fatal(err)
	}
	entry := `{"seq":"0","stream":"auth","occurredAt":"2026-11-27T10:00:00Z","action":"x","body":{"v":1},"proof":[]}`
	for _, lines := range []string{"", "[]\n", entry + "\n", "[" + entry + ",\n" + entry + "]\n", `{"seq":"18446744073709551615","body":null,"proof":["00"]}` + "\n", "[,]\n", "]\n"} {
		f.Add(lines)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		for _, text := range []string{lines, string(checkpoint) + "\n" + lines, "[" + string(checkpoint) + ",\n" + lines} {
			report, err := export(strings.NewReader(text), verifier)
			if err != nil || report.OK() && report.Entries > 0 {
				t.Fatalf("%v: an entry that nothing proves was called intact: %+v", err, report)
			}
		}
	})
}

func FuzzKept(f *testing.F) {
	signer, verifier := fuzzKey(f)
	root := base64.StdEncoding.EncodeToString(make([]byte, hashSize))
	good := signed(f, signer, fuzzOrigin+"\n5\n"+root+"\n")
	f.Add([]byte{})
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("\n\n— a\n\nb"))
	signed, err := ParseCheckpoint(good, verifier)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, junk []byte) {
		file := append(append(junk[:len(junk):len(junk)], "\n\n"...), append(good, '\n')...)
		kept, err := ReadKept(bytes.NewReader(file), verifier)
		if err != nil {
			if len(junk) < maxNote/2 {
				t.Fatal(err)
			}
			return
		}
		if len(kept.Checkpoints) == 0 {
			t.Fatalf("the checkpoint behind %q was not found", junk)
		}
		for _, c := range kept.Checkpoints {
			if c.Size != signed.Size || !bytes.Equal(c.Root, signed.Root) {
				t.Fatalf("%+v was never signed", c)
			}
		}
	})
}

// FuzzLedgerFile reads any file: it ends, without a panic, and what verifies holds the very entries that were signed.
func FuzzLedgerFile(f *testing.F) {
	signer, verifier := fuzzKey(f)
	file := fuzzFile(f, signer)
	report, err := File(bytes.NewReader(file), FileOptions{Verifier: verifier})
	if err != nil || !report.OK() || report.Bodies != 2 {
		f.Fatal(err, report)
	}
	packer, err := zstd.NewWriter(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add(packer.EncodeAll(file, nil))
	f.Add(file[:len(file)/2])
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd, 0, 0})
	f.Fuzz(func(t *testing.T, other []byte) {
		report, err := File(bytes.NewReader(other), FileOptions{Verifier: verifier})
		if err != nil || !report.OK() {
			return
		}
		plain, closePlain, err := decompress(bufio.NewReader(bytes.NewReader(other)))
		if err != nil {
			t.Fatal(err)
		}
		defer closePlain()
		text, err := io.ReadAll(plain)
		if err != nil {
			t.Fatal(err)
		}
		for seq := report.From; seq < report.To; seq++ {
			if !bytes.Contains(text, bodyLine(seq)) && !bytes.Contains(text, dataLine(seq)) {
				t.Fatalf("entries %d to %d verified, and entry %d is not what was signed:\n%q", report.From, report.To, seq, text)
			}
		}
	})
}

// fuzzLeaves is how many entries the tree of the fuzzed files has.
const fuzzLeaves = 7

func fuzzBody(seq uint64) []byte {
	return fmt.Appendf(nil, `{"id":"0192f0a0-0000-7000-8000-%012d","recordedAt":"2026-11-25T10:00:0%d.000000Z","v":1}`, seq, seq)
}

func bodyLine(seq uint64) []byte {
	return fmt.Appendf(nil, "{\"seq\":%d,\"body\":%s}\n", seq, fuzzBody(seq))
}

func dataLine(seq uint64) []byte {
	data := sha256.Sum256(fuzzBody(seq))
	return fmt.Appendf(nil, "{\"seq\":%d,\"leafData\":%q}\n", seq, base64.StdEncoding.EncodeToString(data[:]))
}

// fuzzFile makes a file of entries 2 to 4, one of them pruned.
func fuzzFile(t testing.TB, signer note.Signer) []byte {
	t.Helper()
	leaves := make([]hash, fuzzLeaves)
	tree := &span{}
	for i := range leaves {
		leaves[i] = leafOf(fuzzBody(uint64(i)))
		if err := tree.push(0, leaves[i]); err != nil {
			t.Fatal(err)
		}
	}
	root := tree.root()
	checkpoint := signed(t, signer, fmt.Sprintf("%s\n%d\n%s\n", fuzzOrigin, fuzzLeaves, base64.StdEncoding.EncodeToString(root[:])))
	before := encodeHashes([]hash{parentOf(leaves[0], leaves[1])})
	after := encodeHashes(leaves[5:])
	var file bytes.Buffer
	fmt.Fprintf(&file, `{"format":"keytrail-ledger","version":1,"origin":%q,"from":2,"to":5,"before":[%q]}`+"\n", fuzzOrigin, before[0])
	file.Write(bodyLine(2))
	file.Write(dataLine(3))
	file.Write(bodyLine(4))
	fmt.Fprintf(&file, `{"after":[%q,%q],"checkpoint":%q}`+"\n", after[0], after[1], checkpoint)
	return file.Bytes()
}
