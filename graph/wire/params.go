// Package wire carries GraphQL over HTTP: POST, GET for queries, server-sent events in distinct-connections mode,
// and websockets that speak graphql-transport-ws. It replaces gqlgen's own transports, which echo what they
// cannot read, answer limits with the wrong codes, and leave sockets unbounded.
package wire

import (
	"bytes"
	"encoding/json"
	"io"
	"net/url"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/keytrail/keytrail/server/fault"
)

// errRequest is what everybody hears whose request is no GraphQL request. It never repeats what was sent.
func errRequest(what string) error { return fault.New(fault.BadInput, "%s", what) }

// decodeParams reads one request object, strictly: no batch, no second document, no name twice, no text that a
// database or another parser would read differently.
func decodeParams(text []byte) (*graphql.RawParams, error) {
	if !utf8.Valid(text) || !wellFormedEscapes(text) {
		return nil, errRequest("The request is not valid Unicode text.")
	}
	fields, err := objectFields(text)
	if err != nil {
		return nil, err
	}
	params := &graphql.RawParams{}
	for name, into := range map[string]any{
		"query": &params.Query, "operationName": &params.OperationName,
		"variables": &params.Variables, "extensions": &params.Extensions,
	} {
		if value, given := fields[name]; given && !decodeField(value, into) {
			return nil, errRequest("The request's " + name + " has the wrong type.")
		}
	}
	if _, named := DocumentHash(params); params.Query == "" && !named {
		return nil, errRequest("The request has no query.")
	}
	return params, nil
}

// DocumentHash gives the SHA-256, in hexadecimal, by which a request names a document that the server knows:
// extensions.persistedQuery.sha256Hash. The query itself may then be absent.
func DocumentHash(params *graphql.RawParams) (hash string, given bool) {
	named, _ := params.Extensions["persistedQuery"].(map[string]any)
	hash, given = named["sha256Hash"].(string)
	return hash, given
}

func decodeField(value json.RawMessage, into any) bool {
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	return d.Decode(into) == nil
}

// objectFields splits a JSON object into its fields and refuses a name that comes twice.
func objectFields(text []byte) (map[string]json.RawMessage, error) {
	malformed := errRequest("The request is not one JSON object.")
	d := json.NewDecoder(bytes.NewReader(text))
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return nil, malformed
	}
	fields := map[string]json.RawMessage{}
	for d.More() {
		token, err := d.Token()
		name, isName := token.(string)
		var value json.RawMessage
		if err != nil || !isName || d.Decode(&value) != nil {
			return nil, malformed
		}
		if _, twice := fields[name]; twice {
			return nil, errRequest("The request names a field twice.")
		}
		fields[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, malformed
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, malformed
	}
	return fields, nil
}

// queryParams reads a request from an address, where variables and extensions are JSON.
func queryParams(values url.Values) (*graphql.RawParams, error) {
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}
	for name, into := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		text := []byte(values.Get(name))
		if len(values[name]) > 1 || len(text) > 0 && (!wellFormedEscapes(text) || !json.Valid(text) || !decodeField(text, into)) {
			return nil, errRequest("The request's " + name + " cannot be read.")
		}
	}
	_, named := DocumentHash(params)
	if params.Query == "" && !named || len(values["query"]) > 1 || !utf8.ValidString(params.Query) {
		return nil, errRequest("The request has no query, or more than one.")
	}
	return params, nil
}

// wellFormedEscapes reports whether JSON text escapes neither NUL nor half a surrogate pair, which Go would
// silently replace.
func wellFormedEscapes(text []byte) bool {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		unit, ok := escapedUnit(text[i:])
		switch {
		case !ok:
			i++
		case unit == 0 || unit >= 0xDC00 && unit <= 0xDFFF:
			return false
		case unit >= 0xD800 && unit <= 0xDBFF:
			low, ok := escapedUnit(text[i+6:])
			if !ok || low < 0xDC00 || low > 0xDFFF {
				return false
			}
			i += 11
		default:
			i += 5
		}
	}
	return true
}

// escapedUnit reads \uXXXX at the start of text.
func escapedUnit(text []byte) (unit rune, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for _, c := range text[2:6] {
		switch {
		case c >= '0' && c <= '9':
			unit = unit<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			unit = unit<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}
