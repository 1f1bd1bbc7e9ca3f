package ledger

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// Decode reads a body. It accepts what it does not know, so that later versions stay readable.
//
// What this version writes is read directly: lists and feeds decode a body for each entry that they show, and the
// general decoder costs more than everything else they do with it.
func Decode(raw []byte) (*Body, error) {
	var b Body
	return &b, decodeInto(&b, raw, nil)
}

// decodeInto is Decode for one of several bodies, which repeat words.
func decodeInto(b *Body, raw []byte, seen *seen) error {
	r := textReader{text: raw, seen: seen}
	if utf8.Valid(raw) && r.body(b) && r.at == len(raw) {
		return nil
	}
	*b = Body{}
	if err := json.Unmarshal(raw, b); err != nil {
		return fault.Wrap(err, fault.Internal, "a stored entry cannot be read")
	}
	return nil
}

// body reads the members of a body, which canonical form puts in this order; false leaves it to the general decoder.
func (r *textReader) body(b *Body) bool {
	return r.next('{') &&
		(!r.member("action") || r.readWord(&b.Action)) &&
		(!r.member("actor") || r.readWord(&b.Actor)) &&
		(!r.member("department") || r.id(&b.Department)) &&
		(!r.member("details") || r.detailsOf(b.Action, &b.Details)) &&
		(!r.member("entity") || r.entity(&b.Entity)) &&
		(!r.member("id") || r.id(&b.ID)) &&
		(!r.member("module") || r.readWord(&b.Module)) &&
		(!r.member("occurredAt") || r.time(&b.OccurredAt)) &&
		(!r.member("outcome") || r.readWord((*string)(&b.Outcome))) &&
		(!r.member("person") || r.id(&b.Person)) &&
		(!r.member("recordedAt") || r.time(&b.RecordedAt)) &&
		(!r.member("refs") || r.refs(&b.Refs)) &&
		(!r.member("sealed") || r.parts(&b.Sealed)) &&
		(!r.member("source") || r.readWord(&b.Source)) &&
		(!r.member("stream") || r.readWord((*string)(&b.Stream))) &&
		(!r.member("v") || r.integer(&b.V)) &&
		r.next('}')
}

// member passes the name of a member of the object that is being read when it comes next, with what separates it.
func (r *textReader) member(name string) bool {
	at := r.at
	if r.text[at-1] != '{' { // another member was read
		if at == len(r.text) || r.text[at] != ',' {
			return false
		}
		at++
	}
	end := at + len(name) + 3
	if end > len(r.text) || r.text[at] != '"' || string(r.text[at+1:end-2]) != name || r.text[end-2] != '"' || r.text[end-1] != ':' {
		return false
	}
	r.at = end
	return true
}

// members reads an object in canonical form and has read take each value; false when anything is unexpected.
func (r *textReader) members(read func(name []byte) bool) bool {
	if !r.next('{') {
		return false
	}
	var last []byte
	for first := true; !r.next('}'); first = false {
		if !first && !r.next(',') {
			return false
		}
		name, ok := r.span()
		if !ok || !first && bytes.Compare(last, name) >= 0 || !r.next(':') || !read(name) {
			return false
		}
		last = name
	}
	return true
}

// elements reads an array in canonical form and has read take each value.
func (r *textReader) elements(read func() bool) bool {
	if !r.next('[') {
		return false
	}
	for first := true; !r.next(']'); first = false {
		if !first && !r.next(',') || !read() {
			return false
		}
	}
	return true
}

// next passes one byte when it is the next; canonical form has no spaces.
func (r *textReader) next(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

// span gives the bytes of a text without escapes.
func (r *textReader) span() (text []byte, ok bool) {
	if !r.next('"') {
		return nil, false
	}
	end := r.at + lengthUnescaped(r.text[r.at:])
	if end == len(r.text) || r.text[end] != '"' {
		return nil, false
	}
	text, r.at = r.text[r.at:end], end+1
	return text, true
}

const (
	eachLow  = 0x01_01_01_01_01_01_01_01
	eachHigh = 0x80_80_80_80_80_80_80_80
)

// lengthUnescaped is how many bytes come before a quote, a backslash or a control character. Eight bytes are looked at
// together: the lowest mark of each test is exact, as nothing is borrowed from bytes below it (Warren, Hacker's Delight,
// section 6-1).
func lengthUnescaped(text []byte) int {
	n := 0
	for ; n+8 <= len(text); n += 8 {
		word := binary.LittleEndian.Uint64(text[n:])
		quote, backslash := word^eachLow*'"', word^eachLow*'\\'
		if marks := ((quote-eachLow)&^quote | (backslash-eachLow)&^backslash | (word-eachLow*' ')&^word) & eachHigh; marks != 0 {
			return n + bits.TrailingZeros64(marks)/8
		}
	}
	for n < len(text) && text[n] != '"' && text[n] != '\\' && text[n] >= ' ' {
		n++
	}
	return n
}

func (r *textReader) readText(dest *string) bool {
	start := r.at
	if text, ok := r.span(); ok {
		*dest = string(text)
		return true
	}
	r.at = start
	if !r.next('"') {
		return false
	}
	text, err := r.unescape(r.at)
	*dest = text
	return err == nil
}

func (r *textReader) id(dest *id.ID) bool {
	text, ok := r.span()
	if !ok {
		return false
	}
	parsed, err := id.ParseBytes(text)
	*dest = parsed
	return err == nil
}

func (r *textReader) integer(dest *int) bool {
	start := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	token := r.text[start:r.at]
	n, err := strconv.Atoi(string(token))
	*dest = n
	return err == nil && isPlainInteger(token)
}

// time reads an instant in TimeFormat.
func (r *textReader) time(dest *time.Time) bool {
	text, ok := r.span()
	if !ok || len(text) != len(TimeFormat) || text[len("2006-01-02T15:04:05")] != '.' {
		return false
	}
	return dest.UnmarshalText(text) == nil // RFC 3339, of which TimeFormat is a form
}

func (r *textReader) entity(dest *Entity) bool {
	return r.next('{') &&
		(!r.member("id") || r.readText(&dest.ID)) &&
		(!r.member("label") || r.readText(&dest.Label)) &&
		(!r.member("type") || r.readWord(&dest.Type)) &&
		r.next('}')
}

func (r *textReader) refs(dest *[]Ref) bool {
	return r.elements(func() bool {
		var ref Ref
		ok := r.next('{') &&
			(!r.member("id") || r.readText(&ref.ID)) &&
			(!r.member("role") || r.readWord(&ref.Role)) &&
			(!r.member("type") || r.readWord(&ref.Type)) &&
			r.next('}')
		*dest = append(*dest, ref)
		return ok
	})
}

// fewParts is how many sealed parts most entries have at most.
const fewParts = 4

func (r *textReader) parts(dest *[]SealedPart) bool {
	return r.elements(func() bool {
		if *dest == nil {
			*dest = make([]SealedPart, 0, fewParts)
		}
		var part SealedPart
		ok := r.next('{') &&
			(!r.member("box") || r.box(&part.Box)) &&
			(!r.member("field") || r.readWord(&part.Field)) &&
			(!r.member("subject") || r.readWord((*string)(&part.Subject))) &&
			r.next('}')
		*dest = append(*dest, part)
		return ok
	})
}

// box leaves a box as it is in the body: most are not opened.
func (r *textReader) box(dest *Box) bool {
	text, ok := r.span()
	*dest = Box{text: text}
	return ok
}

// readPart reads a sealed part, as canonical JSON, into dest. Texts and origins, of which a list opens one or more an
// entry, are read directly.
func readPart(plain []byte, dest any) error {
	r := textReader{text: plain}
	switch into := dest.(type) {
	case *string:
		var text string
		if utf8.Valid(plain) && r.readText(&text) && r.at == len(plain) {
			*into = text
			return nil
		}
	case *Origin:
		var origin Origin
		if utf8.Valid(plain) && r.origin(&origin) && r.at == len(plain) {
			*into = origin
			return nil
		}
	}
	return json.Unmarshal(plain, dest)
}

func (r *textReader) origin(dest *Origin) bool {
	return r.next('{') &&
		(!r.member("device") || r.readText(&dest.Device)) &&
		(!r.member("ip") || r.readText(&dest.IP)) &&
		(!r.member("name") || r.readText(&dest.Name)) &&
		(!r.member("place") || r.readText(&dest.Place)) &&
		(!r.member("userAgent") || r.readText(&dest.UserAgent)) &&
		r.next('}')
}

// details reads an object whose values may be anything, as the general decoder gives it.
func (r *textReader) details(dest *map[string]any) bool {
	value, ok := r.any(0)
	if !ok {
		return false
	}
	*dest, ok = value.(map[string]any)
	return ok
}

func (r *textReader) any(depth int) (value any, ok bool) {
	if depth > maxJSONDepth || r.at == len(r.text) {
		return nil, false
	}
	switch c := r.text[r.at]; {
	case c == '{':
		object := map[string]any{}
		ok = r.members(func(name []byte) (ok bool) {
			key := r.seen.text(name)
			object[key], ok = r.any(depth + 1)
			return ok
		})
		return object, ok
	case c == '[':
		list := []any{}
		ok = r.elements(func() bool {
			v, ok := r.any(depth + 1)
			list = append(list, v)
			return ok
		})
		return list, ok
	case c == '"':
		var text string
		ok = r.readWord(&text)
		return text, ok
	}
	return r.scalar()
}

// scalar reads a number, true, false or null.
func (r *textReader) scalar() (value any, ok bool) {
	start := r.at
	for r.at < len(r.text) && r.text[r.at] != ',' && r.text[r.at] != ']' && r.text[r.at] != '}' {
		r.at++
	}
	switch word := string(r.text[start:r.at]); word {
	case "true", "false":
		return word == "true", true
	case "null":
		return nil, true
	default:
		if !json.Valid([]byte(word)) {
			return nil, false
		}
		n, err := strconv.ParseFloat(word, 64)
		return n, err == nil
	}
}
