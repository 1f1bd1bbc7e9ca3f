// Package scalar reads and writes the schema's scalars. What cannot be read is a BAD_USER_INPUT fault.
package scalar

import (
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
)

const (
	timeFormat = "2006-01-02T15:04:05.000000Z"
	maxCursor  = 1024
)

// MarshalTime writes an instant in UTC with microseconds.
func MarshalTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(AppendTime(make([]byte, 0, len(timeFormat)+2), t)) })
}

// AppendTime appends what MarshalTime writes.
func AppendTime(dst []byte, t time.Time) []byte {
	return append(t.UTC().AppendFormat(append(dst, '"'), timeFormat), '"')
}

// UnmarshalTime reads RFC 3339 with any offset, to the microsecond.
func UnmarshalTime(v any) (time.Time, error) {
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, fault.New(fault.BadInput, "Write a time as RFC 3339, such as 2026-11-22T10:31:00Z.")
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// MarshalID writes an id, and null for the zero ID.
func MarshalID(i id.ID) graphql.Marshaler {
	if i.IsZero() {
		return graphql.Null
	}
	return i
}

// UnmarshalID reads an id; null is the zero ID.
func UnmarshalID(v any) (id.ID, error) {
	if v == nil {
		return id.ID{}, nil
	}
	text, _ := v.(string)
	parsed, err := id.Parse(text)
	if err != nil || parsed.IsZero() {
		return id.ID{}, fault.New(fault.BadInput, "This is not an id: use one that keytrail gave.")
	}
	return parsed, nil
}

// MarshalInt writes an integer.
func MarshalInt(i int) graphql.Marshaler { return graphql.MarshalInt(i) }

// UnmarshalInt reads an integer of 32 bits, which is what GraphQL's Int is.
func UnmarshalInt(v any) (int, error) {
	var n int64
	var err error
	switch number := v.(type) {
	case int:
		n = int64(number)
	case int64:
		n = number
	case json.Number:
		n, err = strconv.ParseInt(number.String(), 10, 64)
	default:
		err = strconv.ErrSyntax
	}
	if err != nil || n < math.MinInt32 || n > math.MaxInt32 {
		return 0, fault.New(fault.BadInput, "Write a whole number of at most 32 bits.")
	}
	return int(n), nil
}

// MarshalDate writes a day, and null for none.
func MarshalDate(d people.Date) graphql.Marshaler {
	if d.IsZero() {
		return graphql.Null
	}
	return graphql.MarshalString(string(d))
}

// UnmarshalDate reads a day; null is none.
func UnmarshalDate(v any) (people.Date, error) {
	if v == nil {
		return "", nil
	}
	text, _ := v.(string)
	if text == "" {
		return "", fault.New(fault.BadInput, "Write a date as YYYY-MM-DD.")
	}
	return people.ParseDate(text)
}

// MarshalInt64 writes a number as a string of digits.
func MarshalInt64(n uint64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		b := strconv.AppendUint([]byte{'"'}, n, 10)
		_, _ = w.Write(append(b, '"'))
	})
}

// UnmarshalInt64 reads a string of digits, or a number.
func UnmarshalInt64(v any) (uint64, error) {
	var text string
	switch n := v.(type) {
	case string:
		text = n
	case json.Number:
		text = n.String()
	case int64:
		text = strconv.FormatInt(n, 10)
	}
	number, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, fault.New(fault.BadInput, "Write a whole number from 0 as a string of digits.")
	}
	return number, nil
}

// MarshalCursor writes a cursor, and null for none.
func MarshalCursor(c string) graphql.Marshaler {
	if c == "" {
		return graphql.Null
	}
	return graphql.MarshalString(c)
}

// UnmarshalCursor reads a cursor; null is none, and the empty text is not a cursor.
func UnmarshalCursor(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	text, ok := v.(string)
	if !ok || text == "" || len(text) > maxCursor {
		return "", fault.New(fault.BadInput, "This is not a cursor: use one that a page or an entry gave.")
	}
	return text, nil
}
