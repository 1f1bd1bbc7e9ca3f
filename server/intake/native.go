package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/fault"
)

// parser makes an event of a line. nil for a line that is left out, as it was asked for; BAD_USER_INPUT for one that is none.
type parser func(line []byte) (*activity.Input, error)

// native reads the form of the schema's ActivityInput.
func native(line []byte) (*activity.Input, error) {
	in := &activity.Input{}
	if err := decode(line, in, true); err != nil {
		return nil, err
	}
	return in, nil
}

// decode reads one JSON object and nothing behind it. Numbers keep their digits. strict refuses members that dest does not know.
func decode(line []byte, dest any, strict bool) error {
	if !utf8.Valid(line) {
		return fault.New(fault.BadInput, "the line is not valid UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	if strict {
		decoder.DisallowUnknownFields()
	}
	if err := decoder.Decode(dest); err != nil {
		return unreadable(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.BadInput, "something follows the JSON object: write each event on a line of its own")
	}
	return nil
}

// unreadable says what is wrong with JSON without repeating it, since it may hold anything.
func unreadable(err error) error {
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	text := err.Error()
	switch {
	case errors.As(err, &wrong):
		return fault.Field(wrong.Field, "%s cannot be a JSON %s", orLine(wrong.Field), wrong.Value)
	case errors.As(err, &syntax):
		return fault.New(fault.BadInput, "the line is not JSON, from character %d on", syntax.Offset)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fault.New(fault.BadInput, "the JSON object is cut off")
	case strings.Contains(text, "unknown field"):
		return fault.New(fault.BadInput, "%.120s: events have the members of the schema's ActivityInput", strings.TrimPrefix(text, "json: "))
	}
	return fault.New(fault.BadInput, "a value of the line is not what it should be, such as a time in RFC 3339 or an id")
}

func orLine(field string) string {
	if field == "" {
		return "the line"
	}
	return field
}
