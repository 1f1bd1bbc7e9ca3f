// Package page is how every list in keytrail is cut: Relay's first/after and last/before, with opaque cursors.
package page

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
)

// The size of a page: what is given when nothing is asked for, and the most that may be asked for.
const (
	DefaultSize = 50
	MaxSize     = 500
)

// Request is what a caller asks for. At most one of First and Last may be given.
type Request struct {
	First  *int
	After  string
	Last   *int
	Before string
}

// Window is a checked Request: Limit rows after or before a cursor. Backward pages run towards the start of
// the list, and their rows are given in the list's own order all the same.
type Window struct {
	Limit    int
	Backward bool
	Cursor   string
}

// Info says where a page lies in the whole (Relay's PageInfo).
type Info struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     string
	EndCursor       string
}

// Window checks the request. BAD_USER_INPUT names the argument that is wrong.
func (r Request) Window() (Window, error) {
	switch {
	case r.First != nil && r.Last != nil:
		return Window{}, fault.Field("last", "ask for first or last, not both")
	case r.After != "" && r.Before != "":
		return Window{}, fault.Field("before", "give after or before, not both")
	case r.Last != nil && r.After != "":
		return Window{}, fault.Field("after", "after goes with first; use before with last")
	case r.First != nil && r.Before != "":
		return Window{}, fault.Field("before", "before goes with last; use after with first")
	}
	w := Window{Limit: DefaultSize, Backward: r.Last != nil || r.Before != "", Cursor: r.After + r.Before}
	name, size := "first", r.First
	if r.Last != nil {
		name, size = "last", r.Last
	}
	if size != nil {
		if *size < 1 || *size > MaxSize {
			return Window{}, fault.Field(name, "%s must be 1 to %d", name, MaxSize)
		}
		w.Limit = *size
	}
	return w, nil
}

// Page is a cut of a list, in the list's own order.
type Page[T any] struct {
	Items []T
	// Cursors are those of the items, one each.
	Cursors []string
	Info    Info
}

// Map gives a page with the same cursors and other items.
func Map[T, U any](p Page[T], item func(T) U) Page[U] {
	mapped := Page[U]{Items: make([]U, len(p.Items)), Cursors: p.Cursors, Info: p.Info}
	for i := range p.Items {
		mapped.Items[i] = item(p.Items[i])
	}
	return mapped
}

// Cut makes a page of rows that were read in the window's direction, one more than Limit where there are more.
func Cut[T any](w Window, rows []T, cursor func(T) string) Page[T] {
	more := len(rows) > w.Limit
	if more {
		rows = rows[:w.Limit]
	}
	p := Page[T]{Items: rows}
	if w.Backward {
		p.Items = make([]T, len(rows))
		for i, r := range rows {
			p.Items[len(rows)-1-i] = r
		}
		p.Info.HasPreviousPage, p.Info.HasNextPage = more, w.Cursor != ""
	} else {
		p.Info.HasNextPage, p.Info.HasPreviousPage = more, w.Cursor != ""
	}
	p.Cursors = make([]string, len(p.Items))
	for i, item := range p.Items {
		p.Cursors[i] = cursor(item)
	}
	if n := len(p.Items); n > 0 {
		p.Info.StartCursor, p.Info.EndCursor = p.Cursors[0], p.Cursors[n-1]
	}
	return p
}

// Encode makes an opaque cursor of a payload. A checksum tells a damaged cursor from a place in the list.
func Encode(payload []byte) string {
	var room [64]byte // cursors are short, and each row of a page has one
	checked := binary.BigEndian.AppendUint32(append(room[:0], payload...), crc32.ChecksumIEEE(payload))
	var text [96]byte
	return string(base64.RawURLEncoding.AppendEncode(text[:0], checked))
}

// Decode gives the payload of a cursor. BAD_USER_INPUT names field when it is not one that Encode made.
func Decode(field, cursor string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < 4 || len(cursor) > 1024 || strings.ContainsAny(cursor, "\r\n") { // which the decoder passes over
		return nil, badCursor(field)
	}
	payload, sum := raw[:len(raw)-4], binary.BigEndian.Uint32(raw[len(raw)-4:])
	if crc32.ChecksumIEEE(payload) != sum {
		return nil, badCursor(field)
	}
	return payload, nil
}

func badCursor(field string) error {
	return fault.Field(field, "this is not a cursor of this list: use one that a page or an entry gave")
}
