package ledger

import (
	"bytes"
	"encoding/base64"
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

// body reads the members of a body; false leaves it to the general decoder.
func (r *textReader) body(b *Body) bool {
	return r.members(func(name []byte) bool {
		switch string(name) {
		case "action":
			return r.readWord(&b.Action)
		case "actor":
			return r.readWord(&b.Actor)
		case "department":
			return r.id(&b.Department)
		case "details":
			return r.details(&b.Details)
		case "entity":
			return r.entity(&b.Entity)
		case "id":
			return r.id(&b.ID)
		case "module":
			return r.readWord(&b.Module)
		case "occurredAt":
			return r.time(&b.OccurredAt)
		case "outcome":
			return r.readWord((*string)(&b.Outcome))
		case "person":
			return r.id(&b.Person)
		case "recordedAt":
			return r.time(&b.RecordedAt)
		case "refs":
			return r.refs(&b.Refs)
		case "sealed":
			return r.parts(&b.Sealed)
		case "source":
			return r.readWord(&b.Source)
		case "stream":
			return r.readWord((*string)(&b.Stream))
		case "v":
			return r.integer(&b.V)
		}
		return false
	})
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
	return r.members(func(name []byte) bool {
		switch string(name) {
		case "id":
			return r.readText(&dest.ID)
		case "label":
			return r.readText(&dest.Label)
		case "type":
			return r.readWord(&dest.Type)
		}
		return false
	})
}

func (r *textReader) refs(dest *[]Ref) bool {
	return r.elements(func() bool {
		var ref Ref
		ok := r.members(func(name []byte) bool {
			switch string(name) {
			case "id":
				return r.readText(&ref.ID)
			case "role":
				return r.readWord(&ref.Role)
			case "type":
				return r.readWord(&ref.Type)
			}
			return false
		})
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
		ok := r.members(func(name []byte) bool {
			switch string(name) {
			case "box":
				return r.box(&part.Box)
			case "field":
				return r.readWord(&part.Field)
			case "subject":
				return r.readWord((*string)(&part.Subject))
			}
			return false
		})
		*dest = append(*dest, part)
		return ok
	})
}

// box reads Base64, whose end is looked for as a whole: boxes are most of a body.
func (r *textReader) box(dest *[]byte) bool {
	if !r.next('"') {
		return false
	}
	length := bytes.IndexByte(r.text[r.at:], '"')
	if length < 0 {
		return false
	}
	text := r.text[r.at : r.at+length]
	room := base64.StdEncoding.DecodedLen(length)
	if r.boxes == nil || len(r.boxes) < room {
		r.boxes = make([]byte, base64.StdEncoding.DecodedLen(len(r.text)-r.at)+2) // for this box and those behind it
	}
	r.at += length + 1
	n, err := base64.StdEncoding.Decode(r.boxes[:room], text)
	*dest, r.boxes = r.boxes[:n:n], r.boxes[n:]
	return err == nil && base64.StdEncoding.EncodedLen(n) == length // the decoder passes over line ends
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
	return r.members(func(name []byte) bool {
		switch string(name) {
		case "device":
			return r.readText(&dest.Device)
		case "ip":
			return r.readText(&dest.IP)
		case "name":
			return r.readText(&dest.Name)
		case "place":
			return r.readText(&dest.Place)
		case "userAgent":
			return r.readText(&dest.UserAgent)
		}
		return false
	})
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
