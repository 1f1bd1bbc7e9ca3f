// Package id is keytrail's identifier: a UUIDv7, 16 bytes in the database and text elsewhere.
package id

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/gofrs/uuid/v5"
)

// ID identifies a person, key, loan, entry and the like. The zero ID means "none" and is NULL in the database.
type ID [16]byte

// New makes a UUIDv7 (RFC 9562) of this moment.
func New() ID { return ID(uuid.Must(uuid.NewV7())) }

// NewAt makes a UUIDv7 whose time part is t.
func NewAt(t time.Time) ID { return ID(uuid.Must(uuid.NewV7AtTime(t))) }

// Parse reads the canonical 36-character form.
func Parse(s string) (ID, error) {
	if len(s) != 36 {
		return ID{}, fmt.Errorf("%.40q is not an id", s)
	}
	u, err := uuid.FromString(s)
	if err != nil {
		return ID{}, fmt.Errorf("%q is not an id", s)
	}
	return ID(u), nil
}

// ParseBytes is Parse of bytes.
func ParseBytes(text []byte) (ID, error) {
	var u uuid.UUID
	if len(text) != 36 || u.UnmarshalText(text) != nil {
		return ID{}, fmt.Errorf("%.40q is not an id", text)
	}
	return ID(u), nil
}

// IsZero reports whether the id is absent.
func (i ID) IsZero() bool { return i == ID{} }

// String gives the canonical text, and "" for the zero ID.
func (i ID) String() string {
	if i.IsZero() {
		return ""
	}
	return uuid.UUID(i).String()
}

// Value stores the ID as BINARY(16), the zero ID as NULL.
func (i ID) Value() (driver.Value, error) {
	if i.IsZero() {
		return nil, nil
	}
	return i[:], nil
}

// Scan reads BINARY(16) or NULL.
func (i *ID) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = ID{}
		return nil
	case []byte:
		if len(v) == 16 {
			copy(i[:], v)
			return nil
		}
	}
	return fmt.Errorf("id: cannot read %T", src)
}

// MarshalText gives the canonical text.
func (i ID) MarshalText() ([]byte, error) { return i.Append([]byte{}), nil }

// UnmarshalText reads the canonical text; the empty text is the zero ID.
func (i *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = ID{}
		return nil
	}
	p, err := Parse(string(b))
	*i = p
	return err
}

// MarshalGQL writes the id as a GraphQL ID.
func (i ID) MarshalGQL(w io.Writer) { _, _ = w.Write(i.AppendQuoted(nil)) }

// AppendQuoted appends the canonical text between quotation marks, which are empty for the zero ID.
func (i ID) AppendQuoted(dst []byte) []byte {
	return append(i.Append(append(dst, '"')), '"')
}

// Append appends the canonical text, and nothing for the zero ID.
func (i ID) Append(dst []byte) []byte {
	if i.IsZero() {
		return dst
	}
	for n, end := range [...]int{4, 6, 8, 10, 16} {
		if n > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, i[[...]int{0, 4, 6, 8, 10}[n]:end])
	}
	return dst
}

// UnmarshalGQL reads a GraphQL ID.
func (i *ID) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("an id is a string")
	}
	p, err := Parse(s)
	*i = p
	return err
}
