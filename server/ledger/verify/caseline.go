package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// The lines of a case bundle have exactly one form. They are read by it and not as JSON in general, in which a field may
// stand twice and a number be written in many ways.

// caseEntry is a line of entries.ndjson.
type caseEntry struct {
	seq, index uint64
	leaf       hash
	// data is the leaf's data: SHA-256 of the body, or what is left of one that was pruned.
	data   hash
	body   []byte
	pruned bool
	// by is the entry that says that this one was pruned.
	by uint64
}

// caseProof is a line of proofs.ndjson.
type caseProof struct {
	seq, index, size uint64
	hashes           []hash
}

// maxProofHashes is more than any tree of 2^48 leaves needs.
const maxProofHashes = 64

func parseCaseEntry(line []byte) (*caseEntry, bool) {
	s := &scanner{rest: line, ok: true}
	e := &caseEntry{}
	s.text(`{"seq":`)
	e.seq = s.number()
	s.text(`,"leafIndex":`)
	e.index = s.number()
	s.text(`,"leafHash":"`)
	e.leaf = s.hash()
	if s.has(`","body":"`) {
		e.body = s.base64(`"}`)
		e.data = sha256.Sum256(e.body)
		return e, s.ended()
	}
	s.text(`","leafData":"`)
	e.data, e.pruned = s.hash(), true
	s.text(`","prunedBy":`)
	e.by = s.number()
	s.text(`}`)
	return e, s.ended()
}

func parseCaseProof(line []byte) (*caseProof, bool) {
	s := &scanner{rest: line, ok: true}
	p := &caseProof{}
	s.text(`{"seq":`)
	p.seq = s.number()
	s.text(`,"leafIndex":`)
	p.index = s.number()
	s.text(`,"treeSize":`)
	p.size = s.number()
	s.text(`,"hashes":[`)
	for first := true; s.ok && !s.has(`]}`); first = false {
		if !first {
			s.text(`,`)
		}
		s.text(`"`)
		p.hashes = append(p.hashes, s.hash())
		s.text(`"`)
		s.ok = s.ok && len(p.hashes) <= maxProofHashes
	}
	return p, s.ended()
}

// scanner goes through a line; ok is false from the first thing on that does not stand where it should.
type scanner struct {
	rest []byte
	ok   bool
}

// has goes past a text where it stands there.
func (s *scanner) has(text string) bool {
	rest, found := bytes.CutPrefix(s.rest, []byte(text))
	if found = found && s.ok; found {
		s.rest = rest
	}
	return found
}

func (s *scanner) text(text string) { s.ok = s.has(text) }

// number reads a number of at most 15 digits, which are fewer than 2^53.
func (s *scanner) number() uint64 {
	n := 0
	for n < len(s.rest) && s.rest[n] >= '0' && s.rest[n] <= '9' {
		n++
	}
	if n == 0 || n > 15 || n > 1 && s.rest[0] == '0' {
		s.ok = false
		return 0
	}
	value, err := strconv.ParseUint(string(s.rest[:n]), 10, 64)
	s.rest, s.ok = s.rest[n:], s.ok && err == nil
	return value
}

// hash reads 64 lower-case hexadecimal digits.
func (s *scanner) hash() (h hash) {
	const digits = 2 * hashSize
	if len(s.rest) < digits {
		s.ok = false
		return h
	}
	text := s.rest[:digits]
	_, err := hex.Decode(h[:], text)
	s.rest, s.ok = s.rest[digits:], s.ok && err == nil && !bytes.ContainsAny(text, "ABCDEF")
	return h
}

// base64 reads up to the end of the line, which ends in a text.
func (s *scanner) base64(end string) []byte {
	text, found := bytes.CutSuffix(s.rest, []byte(end))
	if s.ok = s.ok && found; !s.ok {
		return nil
	}
	raw, ok := strictBase64(text)
	s.rest, s.ok = nil, ok
	return raw
}

func (s *scanner) ended() bool { return s.ok && len(s.rest) == 0 }

// strictBase64 takes the one way only in which bytes are written: without line ends, with padding, and no bits left over.
func strictBase64(text []byte) ([]byte, bool) {
	raw, err := base64.StdEncoding.Strict().AppendDecode(nil, text)
	return raw, err == nil && !bytes.ContainsAny(text, "\r\n")
}

// checkCase checks what the bundle says of itself.
func (v *bundleVerification) checkCase() error {
	text, err := v.text("case.json")
	if err != nil {
		return err
	}
	if !isPlainCase(text) {
		return wrongFile("case.json is nested deeper than keytrail writes it, or holds half a character")
	}
	said, ok := parseCase(text)
	if !ok {
		return wrongFile("case.json is not as keytrail writes it, or says something twice")
	}
	for name, want := range map[string]string{
		"format": "keytrail-case/1", "origin": v.verifier.Name(), "treeSize": strconv.FormatUint(v.report.Size, 10),
		"root": hex.EncodeToString(v.report.Root), "entries": strconv.FormatUint(v.report.Entries, 10), "pruned": strconv.FormatUint(v.report.Pruned, 10),
	} {
		if said[name] != want {
			return wrongFile("case.json does not say what the bundle holds: its %s is another", name)
		}
	}
	return nil
}

// parseCase gives the texts of case.json, whose other field, asked, is an object that is not empty. No field stands twice.
func parseCase(text []byte) (map[string]string, bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	if token, err := d.Token(); err != nil || token != json.Delim('{') || bytes.IndexByte(text, 0) >= 0 {
		return nil, false
	}
	said := map[string]string{}
	for asked := false; ; {
		token, err := d.Token()
		if err != nil {
			return nil, false
		}
		if token == json.Delim('}') {
			_, err = d.Token()
			return said, errors.Is(err, io.EOF) && asked
		}
		name, _ := token.(string)
		if _, twice := said[name]; twice || len(said) == 7 {
			return nil, false
		}
		if said[name], err = caseField(d, name); err != nil {
			return nil, false
		}
		asked = asked || name == "asked"
	}
}

var errNotThere = errors.New("verify: a field of case.json has another form")

func caseField(d *json.Decoder, name string) (text string, err error) {
	switch {
	case name == "asked":
		var asked map[string]json.RawMessage
		if err := d.Decode(&asked); err != nil || len(asked) == 0 {
			return "", errNotThere
		}
		return "", nil
	case strings.Contains(" format origin treeSize root entries pruned ", " "+name+" ") && name != "":
		var value *string
		if err := d.Decode(&value); err != nil || value == nil {
			return "", errNotThere
		}
		return *value, nil
	}
	return "", errNotThere
}
