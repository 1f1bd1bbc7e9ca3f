package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Programs send JSON. It is brought into canonical form (RFC 8785) as it is read, without building values of it.

var errNotJSON = errors.New("a value is not JSON")

// appendJSON writes a JSON text in canonical form. An error when it is none, when an object names a member twice
// (RFC 7493, section 2.3), when a text has a lone surrogate, and where appendValue would refuse the value.
func appendJSON(dst, text []byte, depth int) ([]byte, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("a text is not valid UTF-8")
	}
	r := textReader{text: text}
	dst, err := r.value(dst, depth)
	if err != nil {
		return nil, err
	}
	if r.space(); r.at < len(r.text) {
		return nil, errors.New("something follows the JSON value")
	}
	return dst, nil
}

type textReader struct {
	text  []byte
	at    int
	seen  *seen  // nil for none
	spare []byte // room for the members of an object while they are sorted
}

func (r *textReader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// peek gives the next byte that is no space, and 0 at the end.
func (r *textReader) peek() byte {
	if r.space(); r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

// take passes one byte when it comes next.
func (r *textReader) take(c byte) bool {
	if r.peek() != c {
		return false
	}
	r.at++
	return true
}

func (r *textReader) value(dst []byte, depth int) ([]byte, error) {
	if depth > maxJSONDepth {
		return nil, errTooDeep()
	}
	switch c := r.peek(); {
	case c == '{':
		return r.object(dst, depth)
	case c == '[':
		return r.array(dst, depth)
	case c == '"':
		dst, _, err := r.string(dst)
		return dst, err
	case c == '-' || c >= '0' && c <= '9':
		return r.number(dst)
	}
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(r.text[r.at:], []byte(word)) {
			r.at += len(word)
			return append(dst, word...), nil
		}
	}
	return nil, errNotJSON
}

func (r *textReader) array(dst []byte, depth int) (_ []byte, err error) {
	r.at++
	dst = append(dst, '[')
	if r.take(']') {
		return append(dst, ']'), nil
	}
	for {
		if dst, err = r.value(dst, depth+1); err != nil {
			return nil, err
		}
		switch {
		case r.take(','):
			dst = append(dst, ',')
		case r.take(']'):
			return append(dst, ']'), nil
		default:
			return nil, errNotJSON
		}
	}
}

// member is a member of an object in canonical form, and where it stands.
type member struct {
	name       []byte
	start, end int
}

// object writes the members as they come, and sorts them afterwards where that is needed.
func (r *textReader) object(dst []byte, depth int) ([]byte, error) {
	r.at++
	dst = append(dst, '{')
	var few [16]member
	members := few[:0]
	for first := true; !r.take('}'); first = false {
		if !first {
			if !r.take(',') {
				return nil, errNotJSON
			}
			dst = append(dst, ',')
		}
		start := len(dst)
		var name []byte
		var err error
		if r.peek() != '"' {
			return nil, errNotJSON
		}
		if dst, name, err = r.string(dst); err != nil {
			return nil, err
		}
		if !r.take(':') {
			return nil, errNotJSON
		}
		if dst, err = r.value(append(dst, ':'), depth+1); err != nil {
			return nil, err
		}
		members = append(members, member{name, start, len(dst)})
	}
	if err := r.sort(dst, members); err != nil {
		return nil, err
	}
	return append(dst, '}'), nil
}

// sort puts the members of an object, which end the text, into canonical order.
func (r *textReader) sort(text []byte, members []member) error {
	var few [16]int
	order := few[:0]
	for i := range members {
		order = append(order, i)
	}
	byName := func(a, b int) int { return compareUTF16(members[a].name, members[b].name) }
	sorted := slices.IsSortedFunc(order, byName)
	if !sorted {
		slices.SortFunc(order, byName)
	}
	for i := 1; i < len(order); i++ {
		if name := members[order[i]].name; bytes.Equal(name, members[order[i-1]].name) {
			return fmt.Errorf("an object names %.40q twice", name)
		}
	}
	if sorted {
		return nil
	}
	first := members[0].start
	r.spare = append(r.spare[:0], text[first:]...)
	at := first
	for i, place := range order {
		if i > 0 {
			text[at] = ','
			at++
		}
		m := &members[place]
		at += copy(text[at:], r.spare[m.start-first:m.end-first])
	}
	return nil
}

// number copies what is canonical as it stands, which is nearly every number, and computes the others.
func (r *textReader) number(dst []byte) ([]byte, error) {
	start := r.at
	for r.at < len(r.text) && bytes.IndexByte([]byte("+-.0123456789eE"), r.text[r.at]) >= 0 {
		r.at++
	}
	token := r.text[start:r.at]
	if isPlainInteger(token) {
		return append(dst, token...), nil
	}
	if !json.Valid(token) {
		return nil, errNotJSON
	}
	return appendNumber(dst, json.Number(token))
}

// isPlainInteger reports whether a token is an integer of up to 15 digits, written as JSON writes it.
func isPlainInteger(token []byte) bool {
	digits := bytes.TrimPrefix(token, []byte("-"))
	if len(digits) == 0 || len(digits) > 15 || digits[0] == '0' && len(token) > 1 {
		return false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// string writes a text in canonical form and gives what it says, which may be a part of what is read.
func (r *textReader) string(dst []byte) (_, says []byte, err error) {
	r.at++
	for end := r.at; end < len(r.text); end++ {
		switch c := r.text[end]; {
		case c == '"':
			says = r.text[r.at:end]
			dst = append(dst, r.text[r.at-1:end+1]...)
			r.at = end + 1
			return dst, says, nil
		case c == '\\':
			text, err := r.unescape(end)
			if err != nil {
				return nil, nil, err
			}
			dst, err = appendString(dst, text)
			return dst, []byte(text), err
		case c < 0x20:
			return nil, nil, errNotJSON
		}
	}
	return nil, nil, errNotJSON
}

// unescape reads a text whose first escape stands at from, up to its closing quote.
func (r *textReader) unescape(from int) (string, error) {
	says := slices.Clone(r.text[r.at:from])
	for r.at = from; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			return string(says), nil
		case c < 0x20:
			return "", errNotJSON
		case c != '\\':
			says = append(says, c)
		default:
			char, err := r.escape()
			if err != nil {
				return "", err
			}
			says = utf8.AppendRune(says, char)
		}
	}
	return "", errNotJSON
}

// escape reads one escape and ends on its last byte.
func (r *textReader) escape() (rune, error) {
	r.at++
	if r.at == len(r.text) {
		return 0, errNotJSON
	}
	if i := bytes.IndexByte([]byte(`"\/bfnrt`), r.text[r.at]); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), nil
	}
	char, err := r.hex()
	if err != nil || !utf16.IsSurrogate(char) {
		return char, err
	}
	if !bytes.HasPrefix(r.text[r.at+1:], []byte(`\u`)) {
		return 0, errLoneSurrogate()
	}
	r.at += 2
	low, err := r.hex()
	if err != nil {
		return 0, err
	}
	if char = utf16.DecodeRune(char, low); char == utf8.RuneError {
		return 0, errLoneSurrogate()
	}
	return char, nil
}

// hex reads the u of an escape and four digits behind it, and ends on the last.
func (r *textReader) hex() (rune, error) {
	if r.text[r.at] != 'u' || r.at+5 > len(r.text) {
		return 0, errNotJSON
	}
	n, err := strconv.ParseUint(string(r.text[r.at+1:r.at+5]), 16, 16)
	if err != nil {
		return 0, errNotJSON
	}
	r.at += 4
	return rune(n), nil
}

func errTooDeep() error { return fmt.Errorf("a value is nested deeper than %d levels", maxJSONDepth) }

func errLoneSurrogate() error { return errors.New("a text has half of a surrogate pair") }
