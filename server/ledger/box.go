package ledger

import (
	"bytes"
	"encoding/base64"
	"errors"

	"github.com/keytrail/keytrail/server/id"
)

// Box is a sealed value: as a body holds it, in Base64 (RFC 4648, section 4), or the value itself. Its bytes may be those
// of what it was read from.
type Box struct {
	text   []byte
	sealed []byte
}

func boxOf(sealed []byte) Box { return Box{sealed: sealed} }

// MarshalText gives the text.
func (b Box) MarshalText() ([]byte, error) { return b.append(nil), nil }

// UnmarshalText keeps the text, for the general decoder.
func (b *Box) UnmarshalText(text []byte) error {
	*b = Box{text: bytes.Clone(text)}
	return nil
}

// append writes the text.
func (b Box) append(dst []byte) []byte {
	if b.text != nil {
		return append(dst, b.text...)
	}
	return base64.StdEncoding.AppendEncode(dst, b.sealed)
}

// length is that of the text.
func (b Box) length() int {
	if b.text != nil {
		return len(b.text)
	}
	return base64.StdEncoding.EncodedLen(len(b.sealed))
}

// Equal reports whether both have the same text.
func (b Box) Equal(other Box) bool { return bytes.Equal(b.append(nil), other.append(nil)) }

// decoded gives the sealed value.
func (b Box) decoded() ([]byte, error) {
	if b.text == nil {
		return b.sealed, nil
	}
	sealed, err := base64.StdEncoding.AppendDecode(make([]byte, 0, base64.StdEncoding.DecodedLen(len(b.text))), b.text)
	if err == nil && base64.StdEncoding.EncodedLen(len(sealed)) != len(b.text) { // the decoder passes over line ends
		err = errors.New("a box holds more than Base64")
	}
	return sealed, err
}

// aad binds a sealed part to its place: the same box in another entry, field or subject does not open.
func aad(entry id.ID, p *SealedPart) []byte {
	text := make([]byte, 0, len("00000000-0000-0000-0000-000000000000")+len(p.Field)+len(p.Subject)+2)
	text = append(append(entry.Append(text), 0), p.Field...)
	return append(append(text, 0), p.Subject...)
}
