package bundle_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

// forgery is a bundle that somebody changed.
type forgery struct {
	name   string
	change func(t *testing.T, p parts)
	// more are files that the ZIP file holds besides.
	more [][2]string
	// key stands for the log's own, where it is not "".
	key string
}

// find gives where in a part the first text and its groups lie that fit a pattern, and fails where none does.
func (p parts) find(t *testing.T, name string, pattern *regexp.Regexp) []int {
	t.Helper()
	at := pattern.FindStringSubmatchIndex(p[name])
	if at == nil {
		t.Fatalf("nothing in %s fits %s: %s", name, pattern, p[name])
	}
	return at
}

// swap replaces the first text that fits a pattern.
func swap(name, pattern, by string) func(*testing.T, parts) {
	return func(t *testing.T, p parts) {
		t.Helper()
		find := regexp.MustCompile(pattern)
		at := p.find(t, name, find)
		by := find.ExpandString(nil, by, p[name], at)
		p[name] = p[name][:at[0]] + string(by) + p[name][at[1]:]
	}
}

// alter puts a zero in the place of the last character of the first text that fits a pattern, or a one where that is a
// zero: what is random might be any other already.
func alter(name, pattern string) func(*testing.T, parts) {
	return func(t *testing.T, p parts) {
		t.Helper()
		last, by := p.find(t, name, regexp.MustCompile(pattern))[1]-1, "0"
		if p[name][last] == '0' {
			by = "1"
		}
		p[name] = p[name][:last] + by + p[name][last+1:]
	}
}

// inBoth makes a change to the lines of entries and of proofs.
func inBoth(change func(lines []string) []string) func(*testing.T, parts) {
	return func(_ *testing.T, p parts) {
		for _, name := range []string{"entries.ndjson", "proofs.ndjson"} {
			p[name] = strings.Join(change(strings.SplitAfter(strings.TrimSuffix(p[name], "\n"), "\n")), "") + "\n"
		}
	}
}

func inOne(name string, change func(lines []string) []string) func(*testing.T, parts) {
	return func(_ *testing.T, p parts) {
		p[name] = strings.Join(change(strings.SplitAfter(strings.TrimSuffix(p[name], "\n"), "\n")), "") + "\n"
	}
}

func withoutLast(lines []string) []string { return lines[:len(lines)-1] }
func doubled(lines []string) []string     { return append([]string{lines[0]}, lines...) }

// otherBody has the second entry say something else, in good form, with hashes that fit.
func otherBody(_ *testing.T, p parts) {
	body := []byte(`{"action":"invoice.cancelled","v":1}`)
	data := sha256.Sum256(body)
	leaf := sha256.Sum256(append([]byte{0}, data[:]...))
	p["entries.ndjson"] = regexp.MustCompile(`"leafHash":"[0-9a-f]+","body":"[^"]+"`).ReplaceAllString(p["entries.ndjson"],
		fmt.Sprintf(`"leafHash":"%x","body":"%s"`, leaf, base64.StdEncoding.EncodeToString(body)))
}

// moreBody puts something behind the bytes of the first body.
func moreBody(more string) func(*testing.T, parts) {
	return func(t *testing.T, p parts) {
		find := regexp.MustCompile(`"body":"([^"]*)"`)
		found := find.FindStringSubmatch(p["entries.ndjson"])
		if found == nil {
			t.Fatal("there is no body")
		}
		body, err := base64.StdEncoding.DecodeString(found[1])
		if err != nil {
			t.Fatal(err)
		}
		p["entries.ndjson"] = strings.Replace(p["entries.ndjson"], found[1], base64.StdEncoding.EncodeToString(append(body, more...)), 1)
	}
}

// anotherKey has the bundle signed with another key of the same log's name, which the bundle names, too.
func anotherKey(t *testing.T, p parts) {
	private, public, err := note.GenerateKey(rand.Reader, ledgertest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(p["checkpoint"], "\n\n")
	signed, err := note.Sign(&note.Note{Text: text + "\n"}, signer)
	if err != nil {
		t.Fatal(err)
	}
	p["checkpoint"], p["vkey"] = string(signed), public+"\n"
}

// forgeries are of a bundle of the entries 3, 5, 6, 200 and 300, of which 5 and 6 were pruned by 300.
func forgeries(probe, otherKey string) []forgery {
	return []forgery{
		{name: "a byte of a body", change: swap("entries.ndjson", `"body":"eyJhY`, `"body":"eyJhZ`)},
		{name: "a body with hashes that fit", change: otherBody},
		{name: "a body with bits left over", change: swap("entries.ndjson", `"body":"[^"]*"`, `"body":"eyJ="`)},
		{name: "a body with a zero byte and more behind it", change: moreBody("\x00more")},
		{name: "a body with a line end and more behind it", change: moreBody("\nmore")},
		{name: "a body with a line end behind it", change: moreBody("\n")},
		{name: "bytes that are no text in place of the character that stands for such", change: noText},
		{name: "a body that runs something", change: swap("entries.ndjson", `"body":"[^"]*"`, "\"body\":\"$$(touch "+probe+")\"")},
		{name: "the hash of a leaf", change: alter("entries.ndjson", `"leafHash":"[0-9a-f]`)},
		{name: "a hash in capitals", change: swap("entries.ndjson", `"leafHash":"[0-9a-f]{4}`, `"leafHash":"ABCD`)},
		{name: "the data of a pruned leaf", change: alter("entries.ndjson", `"leafData":"[0-9a-f]`)},
		{name: "the number of an entry", change: swap("entries.ndjson", `\{"seq":200`, `{"seq":201`)},
		{name: "the number of an entry and its proof", change: inBoth(func(lines []string) []string {
			return strings.SplitAfter(strings.ReplaceAll(strings.Join(lines, ""), `{"seq":200,"leafIndex":200`, `{"seq":201,"leafIndex":201`), "\n")
		})},
		{name: "the place of an entry", change: swap("entries.ndjson", `"leafIndex":200`, `"leafIndex":199`)},
		{name: "the place in a proof", change: swap("proofs.ndjson", `"leafIndex":200`, `"leafIndex":199`)},
		{name: "a number with a line end behind it", change: swap("entries.ndjson", `"seq":200,`, "\"seq\":200\n,")},
		{name: "a number that is a text with a line end", change: swap("entries.ndjson", `"seq":200,`, `"seq":"200\n",`)},
		{name: "a number with zeros in front", change: swap("entries.ndjson", `"seq":200,`, `"seq":0200,`)},
		{name: "a number beyond 2^53", change: swap("entries.ndjson", `"seq":300,`, `"seq":9007199254740993,`)},
		{name: "a number as a fraction", change: swap("entries.ndjson", `"seq":200,`, `"seq":200.0,`)},
		{name: "a number that bash would compute with", change: swap("proofs.ndjson", `"treeSize":301`, `"treeSize":a[$$(touch `+probe+`)]`)},
		{name: "a number twice in a line", change: swap("entries.ndjson", `"seq":200,`, `"seq":200,"seq":200,`)},
		{name: "another body behind the first", change: swap("entries.ndjson", `("body":"[^"]*")\}`, `$1,"body":"e30="}`)},
		{name: "a size in a proof", change: swap("proofs.ndjson", `"treeSize":301`, `"treeSize":300`)},
		{name: "a hash of a proof", change: alter("proofs.ndjson", `"hashes":\["[0-9a-f]`)},
		{name: "a hash too few in a proof", change: swap("proofs.ndjson", `,"[0-9a-f]{64}"\]`, `]`)},
		{name: "a hash too many in a proof", change: swap("proofs.ndjson", `(,"[0-9a-f]{64}")\]`, `$1$1]`)},
		{name: "a proof without hashes", change: swap("proofs.ndjson", `"hashes":\[[^\]]*\]`, `"hashes":[]`)},
		{name: "an entry left out", change: inOne("entries.ndjson", func(lines []string) []string { return lines[1:] })},
		{name: "an entry and its proof left out", change: inBoth(func(lines []string) []string { return lines[1:] })},
		{name: "an entry without its proof", change: inOne("proofs.ndjson", withoutLast)},
		{name: "a proof without its entry", change: inOne("entries.ndjson", withoutLast)},
		{name: "an entry doubled", change: inOne("entries.ndjson", doubled)},
		{name: "an entry and its proof doubled", change: inBoth(doubled)},
		{name: "entries in another order", change: inBoth(func(lines []string) []string {
			lines[0], lines[1] = lines[1], lines[0]
			return lines
		})},
		{name: "an empty line", change: func(_ *testing.T, p parts) { p["entries.ndjson"] += "\n" }},
		{name: "a carriage return", change: swap("entries.ndjson", `\}\n`, "}\r\n")},
		{name: "a zero byte", change: swap("entries.ndjson", `"seq":200`, "\"seq\":20\x000")},
		{name: "a last line without an end", change: func(_ *testing.T, p parts) { p["proofs.ndjson"] = strings.TrimSuffix(p["proofs.ndjson"], "\n") }},
		{name: "no entries at all", change: func(_ *testing.T, p parts) { p["entries.ndjson"], p["proofs.ndjson"] = "", "" }},
		{name: "a pruned entry that is excused by none", change: swap("entries.ndjson", `"prunedBy":300`, `"prunedBy":200`)},
		{name: "a pruned entry that is excused by one that is not there", change: swap("entries.ndjson", `"prunedBy":300`, `"prunedBy":299`)},
		{name: "a pruned entry that is excused by one before it", change: swap("entries.ndjson", `"prunedBy":300`, `"prunedBy":3`)},
		{name: "an entry that is called pruned and was not", change: calledPruned},
		{name: "the size in the checkpoint", change: swap("checkpoint", `\n301\n`, "\n302\n")},
		{name: "the root in the checkpoint", change: swap("checkpoint", `\n301\n....`, "\n301\nAAAA")},
		{name: "the signature", change: swap("checkpoint", `(— \S+ .{20})....`, `${1}AAAA`)},
		{name: "a line more in the checkpoint", change: func(_ *testing.T, p parts) { p["checkpoint"] += "— other AAAA\n" }},
		{name: "the name in the checkpoint", change: swap("checkpoint", `^test`, "text")},
		{name: "no signature", change: swap("checkpoint", `— .*\n`, "")},
		{name: "the key that it names", change: alter("vkey", `.+`)},
		{name: "another key, with which it was signed", change: anotherKey},
		{name: "its own key is not yours", key: otherKey},
		{name: "a key that is none", key: "test.example/keytrail+00000000+AAAA"},
		{name: "the origin that it tells", change: swap("case.json", `"origin":"test`, `"origin":"text`)},
		{name: "the size that it tells", change: swap("case.json", `"treeSize":"301"`, `"treeSize":"300"`)},
		{name: "the root that it tells", change: alter("case.json", `"root":"[0-9a-f]`)},
		{name: "the count that it tells", change: swap("case.json", `"entries":"5"`, `"entries":"6"`)},
		{name: "the count with a line end", change: swap("case.json", `"entries":"5"`, `"entries":"5\n"`)},
		{name: "the count as a number", change: swap("case.json", `"entries":"5"`, `"entries":5`)},
		{name: "the count of pruned ones", change: swap("case.json", `"pruned":"2"`, `"pruned":"0"`)},
		{name: "a format that nobody knows", change: swap("case.json", `keytrail-case/1`, `keytrail-case/2`)},
		{name: "a field twice", change: swap("case.json", `"entries":"5"`, `"entries":"4","entries":"5"`)},
		{name: "the question twice", change: swap("case.json", `("asked":\{"at":"[^"]*")`, `"asked":{"at":"never"},$1`)},
		{name: "a field more", change: swap("case.json", `"entries":"5"`, `"entries":"5","more":"1"`)},
		{name: "no question", change: swap("case.json", `"asked":.*\}\}`, `"asked":null}`)},
		{name: "two cases", change: func(_ *testing.T, p parts) { p["case.json"] += p["case.json"] }},
		{name: "a case that is no object", change: func(_ *testing.T, p parts) { p["case.json"] = "[]\n" }},
		{name: "a question that is nested as deep as only some programs read", change: swap("case.json", `"asked":\{`, `"asked":{"x":`+strings.Repeat("[", 70)+strings.Repeat("]", 70)+`,`)},
		{name: "a question that is nested very deep", change: swap("case.json", `"asked":\{`, `"asked":{"x":`+strings.Repeat(`{"a":`, 5000)+"1"+strings.Repeat("}", 5000)+`,`)},
		{name: "a line end in a text, behind which nesting would not be seen", change: swap("case.json", `"asked":\{`,
			`"asked":{"x":"`+"\n"+`","y":`+strings.Repeat("[", 70)+strings.Repeat("]", 70)+`,`)},
		{name: "a line end in a text", change: swap("case.json", `"asked":\{`, `"asked":{"x":"a`+"\n"+`b",`)},
		{name: "a tab in a text", change: swap("case.json", `"asked":\{`, `"asked":{"x":"a`+"\t"+`b",`)},
		{name: "a line end between fields", change: swap("case.json", `"asked":`, "\n"+`"asked":`)},
		{name: "a space between fields", change: swap("case.json", `"asked":`, ` "asked":`)},
		{name: "what is no number", change: swap("case.json", `"asked":\{`, `"asked":{"x":nan,`)},
		{name: "what is no number, in capitals", change: swap("case.json", `"asked":\{`, `"asked":{"x":NaN,`)},
		{name: "a number with a zero in front", change: swap("case.json", `"asked":\{`, `"asked":{"x":01,`)},
		{name: "a number without an end", change: swap("case.json", `"asked":\{`, `"asked":{"x":1.,`)},
		{name: "the first half of a character", change: swap("case.json", `"asked":\{`, `"asked":{"x":"\ud800",`)},
		{name: "the second half of a character, in capitals", change: swap("case.json", `"asked":\{`, `"asked":{"x":"\\\uDC00",`)},
		{name: "a file more", more: [][2]string{{"more.txt", "x\n"}}},
		{name: "a file that would lie elsewhere", more: [][2]string{{"../evil.sh", "touch " + probe + "\n"}}},
		{name: "a file at a root", more: [][2]string{{"/tmp/evil.sh", "touch " + probe + "\n"}}},
		{name: "a file twice", more: [][2]string{{"entries.ndjson", "{}\n"}}},
		{name: "a file that is missing", change: func(_ *testing.T, p parts) { delete(p, "checkpoint") }},
		{name: "a checkpoint without an end", change: func(_ *testing.T, p parts) { p["checkpoint"] += strings.Repeat("x", 2<<20) + "\n" }},
	}
}

// noText puts a byte that begins no character in the place of U+FFFD, as which some programs read it.
func noText(t *testing.T, p parts) {
	found := regexp.MustCompile(`"body":"([^"]+)"`).FindStringSubmatch(p["entries.ndjson"])
	body, err := base64.StdEncoding.DecodeString(found[1])
	if err != nil || !bytes.Contains(body, []byte("\ufffd")) {
		t.Fatalf("%q %v", body, err)
	}
	changed := base64.StdEncoding.EncodeToString(bytes.Replace(body, []byte("\ufffd"), []byte{0xe7}, 1))
	p["entries.ndjson"] = strings.Replace(p["entries.ndjson"], found[1], changed, 1)
}

// calledPruned hides the body of entry 200, which is here, behind the entry that says that others were pruned.
func calledPruned(t *testing.T, p parts) {
	find := regexp.MustCompile(`(\{"seq":200,"leafIndex":200,"leafHash":"[0-9a-f]{64}"),"body":"([^"]*)"\}`)
	found := find.FindStringSubmatch(p["entries.ndjson"])
	if found == nil {
		t.Fatal("entry 200 has no body")
	}
	body, err := base64.StdEncoding.DecodeString(found[2])
	if err != nil {
		t.Fatal(err)
	}
	p["entries.ndjson"] = strings.Replace(p["entries.ndjson"], found[0], fmt.Sprintf(`%s,"leafData":"%x","prunedBy":300}`, found[1], sha256.Sum256(body)), 1)
	swap("case.json", `"pruned":"2"`, `"pruned":"3"`)(t, p)
}

func TestNoForgedBundleIsTakenForAGoodOne(t *testing.T) {
	t.Parallel()
	f := pruned(t)
	key := f.Ledger.VerifierKey()
	good := written(t, f, 3, 5, 6, 200)
	requireGood(t, good, key, "Verified: 5 entries (2 of them pruned)")
	probe := filepath.Join(t.TempDir(), "ran")
	_, otherKey, err := note.GenerateKey(rand.Reader, ledgertest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	for _, forged := range forgeries(probe, otherKey) {
		t.Run(forged.name, func(t *testing.T) {
			p := unpacked(t, good)
			if forged.change != nil {
				forged.change(t, p)
			}
			file, with := p.packed(t, forged.more...), key
			if forged.key != "" {
				with = forged.key
			}
			if said := byProgram(t, file, with); said == "" {
				t.Error("the program takes it")
			}
			said, taken := byScript(t, file, with, len(forged.more) == 0)
			if taken || strings.Contains(said, "Verified") || !strings.Contains(said, "WRONG: ") || strings.Contains(said, "broke off") {
				t.Errorf("the script: %s", said)
			}
			if _, err := os.Stat(probe); err == nil {
				t.Error("something in the bundle was run")
			}
		})
	}
}
