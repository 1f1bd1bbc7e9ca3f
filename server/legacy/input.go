package legacy

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
)

// maxBody bounds what is sent to an endpoint, in bytes: a group may name 5,000 keys.
const maxBody = 512 << 10

// read reads a request's JSON object. Fields that are not known do not count.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	return decode(json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)), into)
}

// readConditions is read that refuses fields which are not known: without a condition more is given away than was asked for.
func readConditions(w http.ResponseWriter, r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	return decode(d, into)
}

func decode(d *json.Decoder, into any) error {
	err := d.Decode(into)
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return fault.New(fault.BadInput, "The request has more than %d bytes: send less at once.", maxBody)
	}
	if err != nil {
		return notUnderstood()
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return notUnderstood()
	}
	return nil
}

func notUnderstood() error {
	return fault.New(fault.BadInput, "Send one JSON object with the fields that this address takes.")
}

// names is a list of ids as the register's clients send it: an array, or an array written into a string. Numbers
// count as their digits.
type names []string

// UnmarshalJSON implements json.Unmarshaler.
func (n *names) UnmarshalJSON(text []byte) error {
	var written string
	if json.Unmarshal(text, &written) == nil {
		if written = strings.TrimSpace(written); written == "" {
			written = "[]"
		}
		text = []byte(written)
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var members []any
	if err := d.Decode(&members); err != nil {
		return err
	}
	for _, one := range members {
		switch v := one.(type) {
		case string:
			*n = append(*n, v)
		case json.Number:
			*n = append(*n, v.String())
		default:
			return notUnderstood()
		}
	}
	return nil
}

// queryOf reads the conditions of an address and refuses others. What is written there only so that nothing in between keeps
// an answer is none.
func queryOf(r *http.Request, names ...string) (url.Values, error) {
	query, err := request.Query(r)
	if err != nil {
		return nil, err
	}
	query.Del("_")
	return query, request.Only(query, names...)
}
