package ledger

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/gowebpki/jcs"
)

// TimeFormat is how instants stand in a body: UTC, microseconds, always 27 characters.
const TimeFormat = "2006-01-02T15:04:05.000000Z"

const (
	maxSafeInteger = 1 << 53
	maxJSONDepth   = 64
)

// appendValue writes a JSON value in canonical form (RFC 8785).
func appendValue(dst []byte, value any, depth int) ([]byte, error) {
	if depth > maxJSONDepth {
		return nil, errTooDeep()
	}
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case string:
		return appendString(dst, v)
	case int:
		return appendInteger(dst, int64(v))
	case int64:
		return appendInteger(dst, v)
	case float64:
		return appendFloat(dst, v)
	case json.Number:
		return appendNumber(dst, v)
	case time.Time:
		return appendTime(dst, v), nil
	case []any:
		return appendArray(dst, v, depth)
	case map[string]any:
		return appendObject(dst, v, depth)
	case json.RawMessage:
		return appendJSON(dst, v, depth)
	case canonical:
		return v.appendCanonical(dst)
	default:
		return appendMarshalled(dst, v, depth)
	}
}

// roomFor gives about the length of a value in canonical form, to make room for it at once.
func roomFor(value any) int {
	switch v := value.(type) {
	case json.RawMessage:
		return len(v)
	case string:
		return len(v) + len(`""`)
	}
	return 512
}

// appendMarshalled takes any other Go value by way of encoding/json.
func appendMarshalled(dst []byte, value any, depth int) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return appendJSON(dst, text, depth)
}

// canonical is a value that writes itself in canonical form.
type canonical interface {
	appendCanonical(dst []byte) ([]byte, error)
}

func appendArray(dst []byte, values []any, depth int) ([]byte, error) {
	var err error
	dst = append(dst, '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendValue(dst, v, depth+1); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

func appendObject(dst []byte, object map[string]any, depth int) ([]byte, error) {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.SortFunc(names, compareUTF16[string])
	var err error
	dst = append(dst, '{')
	for i, name := range names {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendString(dst, name); err != nil {
			return nil, err
		}
		dst = append(dst, ':')
		if dst, err = appendValue(dst, object[name], depth+1); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

// compareUTF16 orders names in UTF-8 by their UTF-16 code units, as RFC 8785, section 3.2.3 asks.
func compareUTF16[T string | []byte](a, b T) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return utf16Rank(a[i]) - utf16Rank(b[i])
		}
	}
	return len(a) - len(b)
}

// utf16Rank orders bytes in which two names differ first as UTF-16 orders their characters: what is beyond U+FFFF, and
// begins with F0 to F4 in UTF-8, is a surrogate there, which comes before U+E000 (EE) and after U+D7FF (ED).
func utf16Rank(c byte) int {
	if c >= 0xf0 {
		return 0xed<<4 + int(c-0xef)
	}
	return int(c) << 4
}

func appendInteger(dst []byte, n int64) ([]byte, error) {
	if n > maxSafeInteger || n < -maxSafeInteger {
		return nil, fmt.Errorf("the integer %d is beyond 2^53; send it as a string", n)
	}
	return strconv.AppendInt(dst, n, 10), nil
}

func appendFloat(dst []byte, f float64) ([]byte, error) {
	if f == math.Trunc(f) && math.Abs(f) <= maxSafeInteger {
		return strconv.AppendInt(dst, int64(f), 10), nil
	}
	text, err := jcs.NumberToJSON(f)
	if err != nil {
		return nil, fmt.Errorf("%v is not a JSON number", f)
	}
	return append(dst, text...), nil
}

// appendNumber writes a number that came as text. An integer beyond 2^53 is taken only when its digits come out as they
// went in, so that whatever was written can be read and written again.
func appendNumber(dst []byte, n json.Number) ([]byte, error) {
	if i, err := n.Int64(); err == nil && i <= maxSafeInteger && i >= -maxSafeInteger {
		return strconv.AppendInt(dst, i, 10), nil
	}
	f, err := n.Float64()
	if err != nil {
		return nil, fmt.Errorf("%.40q is not a number that can be kept; send it as a string", n.String())
	}
	start := len(dst)
	if dst, err = appendFloat(dst, f); err != nil {
		return nil, err
	}
	if f == math.Trunc(f) && math.Abs(f) >= maxSafeInteger && !containsExponent(n.String()) && string(dst[start:]) != n.String() {
		return nil, fmt.Errorf("the integer %.40s is beyond 2^53; send it as a string", n.String())
	}
	return dst, nil
}

func containsExponent(s string) bool {
	return slices.ContainsFunc([]byte(s), func(c byte) bool { return c == 'e' || c == 'E' || c == '.' })
}

const hexDigits = "0123456789abcdef"

// appendString writes a string as RFC 8785, section 3.2.2.2 asks. Invalid UTF-8 is an error.
func appendString(dst []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("a text is not valid UTF-8")
	}
	dst = append(dst, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, c)
		start = i + 1
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"'), nil
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\t':
		return append(dst, `\t`...)
	case '\n':
		return append(dst, `\n`...)
	case '\f':
		return append(dst, `\f`...)
	case '\r':
		return append(dst, `\r`...)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

func appendTime(dst []byte, t time.Time) []byte {
	dst = append(dst, '"')
	dst = t.UTC().AppendFormat(dst, TimeFormat)
	return append(dst, '"')
}
