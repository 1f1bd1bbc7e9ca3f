package audit

import (
	"encoding"
	"encoding/json"
	"fmt"
)

// marshal writes a value as JSON. A value that panics when it is asked how it is written gives an error: what is recorded must
// not end the program, which may never write it itself.
func marshal(v any) (text []byte, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			text, err = nil, fmt.Errorf("%T panics when it is written", v)
		}
	}()
	return json.Marshal(v)
}

// marshalText does so for the name of a member.
func marshalText(v encoding.TextMarshaler) (text []byte, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			text, err = nil, fmt.Errorf("%T panics when it is written", v)
		}
	}()
	return v.MarshalText()
}
