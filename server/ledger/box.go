package ledger

import (
	"bytes"
	"encoding/base64"
	"errors"

	"github.com/keytrail/keytrail/server/id"
)

// Box is a sealed value as a body holds it: in Base64 (RFC 4648, section 4), whose bytes may be the body's own.
type Box []byte

func boxOf(sealed []byte) Box { return base64.StdEncoding.AppendEncode(nil, sealed) }

// MarshalText gives the text.
func (b Box) MarshalText() ([]byte, error) { return b, nil }

// UnmarshalText keeps the text, for the general decoder.
func (b *Box) UnmarshalText(text []byte) error {
	*b = bytes.Clone(text)
	return nil
}

// decoded gives the sealed value.
func (b Box) decoded() ([]byte, error) {
	sealed, err := base64.StdEncoding.AppendDecode(make([]byte, 0, base64.StdEncoding.DecodedLen(len(b))), b)
	if err == nil && base64.StdEncoding.EncodedLen(len(sealed)) != len(b) { // the decoder passes over line ends
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
