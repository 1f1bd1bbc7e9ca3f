package slogaudit

import (
	"bytes"
	"encoding/json"
)

// member is a member of a line's object: objects keep the order in which pipelines show them.
type member struct {
	name  string
	value any
}

// attributeName is the name under which an attribute is written: another where a line has a member of that name itself.
func attributeName(name string) string {
	switch name {
	case "timestamp", "level", "name", "path", "module", "function", "message", "exception":
		return "attr." + name
	}
	return name
}

// asLine writes members as one JSON object and the end of the line. Of members with one name the first stays.
func asLine(members []member) ([]byte, error) {
	var b bytes.Buffer
	seen := make(map[string]bool, len(members))
	b.WriteByte('{')
	for _, m := range members {
		if seen[m.name] {
			continue
		}
		if len(seen) > 0 {
			b.WriteString(", ")
		}
		seen[m.name] = true
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			value = []byte(`"[cannot be written]"`)
		}
		b.Write(name)
		b.WriteString(": ")
		b.Write(value)
	}
	b.WriteString("}\n")
	return b.Bytes(), nil
}
