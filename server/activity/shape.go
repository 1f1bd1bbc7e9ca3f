package activity

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
)

// decodeValue reads one JSON value and nothing behind it; its numbers keep their digits.
func decodeValue(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON value")
	}
	return v, nil
}

// gauge adds up what an event holds.
type gauge struct{ bytes, values int }

// add counts a text.
func (g *gauge) add(field, text string) error {
	if !utf8.ValidString(text) {
		return fault.Field(field, "%s is not valid UTF-8", field)
	}
	if g.bytes += len(text); g.bytes > MaxEventBytes {
		return fault.Field(field, "the event holds more than %d KiB: leave out what nobody will look for, or cut it short", MaxEventBytes>>10)
	}
	return nil
}

// value counts a JSON value with all that is in it.
func (g *gauge) value(field string, v any, depth int) error {
	if depth > maxDepth {
		return fault.Field(field, "%s is nested more than %d deep", field, maxDepth)
	}
	if g.values++; g.values > maxValues {
		return fault.Field(field, "the event holds more than %d values", maxValues)
	}
	switch v := v.(type) {
	case string:
		return g.add(field, v)
	case json.Number:
		return g.add(field, v.String())
	case []any:
		for _, one := range v {
			if err := g.value(field, one, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, one := range v {
			if err := g.add(field, name); err != nil {
				return err
			}
			if err := g.value(field, one, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
