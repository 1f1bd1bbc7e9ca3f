package graph

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/keytrail/keytrail/graph/scalar"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
)

func (w *rowWriter) edgeColumn(field graphql.CollectedField) column[row] {
	switch field.Name {
	case "cursor":
		return func(dst []byte, of row) ([]byte, bool) { return appendText(dst, of.cursor), of.cursor != "" }
	case "node":
		return w.nodeColumn(field)
	}
	return nil
}

// nodeColumn compiles the selection for each kind of entry that the page has.
func (w *rowWriter) nodeColumn(field graphql.CollectedField) column[row] {
	kinds := map[string]columns[*logbook.Entry]{}
	return func(dst []byte, of row) ([]byte, bool) {
		node, known := kinds[of.kind]
		if !known {
			var ok bool
			if node, ok = compile(w.operation, field.Selections, of.kind, []string{"LogEntry"}, w.entryColumn); !ok {
				return nil, false
			}
			kinds[of.kind] = node
		}
		return node.append(dst, of.node)
	}
}

// entryColumn gives the plain fields that entries of all streams have.
func (w *rowWriter) entryColumn(field graphql.CollectedField) column[*logbook.Entry] {
	switch field.Name {
	case "id":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return e.ID.AppendQuoted(dst), !e.ID.IsZero() }
	case "seq":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) {
			return append(strconv.AppendUint(append(dst, '"'), e.Seq, 10), '"'), true
		}
	case "cursor":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return appendText(dst, e.Cursor), e.Cursor != "" }
	case "stream":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) {
			return appendUpper(dst, string(e.Stream)), e.Stream.Code() != 0
		}
	case "outcome":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) {
			return appendUpper(dst, string(e.Outcome)), e.Outcome.Code() != 0
		}
	case "occurredAt":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return scalar.AppendTime(dst, e.OccurredAt), true }
	case "recordedAt":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return scalar.AppendTime(dst, e.RecordedAt), true }
	case "actor":
		return w.actorColumn(field)
	case "entity":
		return w.entityColumn(field)
	}
	return textColumn(field)
}

// textColumn gives the fields of an entry that are texts.
func textColumn(field graphql.CollectedField) column[*logbook.Entry] {
	switch field.Name {
	case "source":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return appendText(dst, e.Source), true }
	case "action":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return appendText(dst, e.Action), true }
	case "body":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) {
			body, err := e.Body()
			return appendText(dst, body), err == nil
		}
	case "module":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return appendOptional(dst, e.Module), true }
	case "ip":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return appendOptional(dst, e.IP), true }
	case "userAgent":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return appendOptional(dst, e.UserAgent), true }
	case "device":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return appendOptional(dst, e.Device), true }
	case "location":
		return func(dst []byte, e *logbook.Entry) ([]byte, bool) { return appendOptional(dst, e.Location), true }
	}
	return nil
}

func (w *rowWriter) entityColumn(field graphql.CollectedField) column[*logbook.Entry] {
	entity, ok := compile(w.operation, field.Selections, "Entity", nil, func(field graphql.CollectedField) column[*ledger.Entity] {
		switch field.Name {
		case "type":
			return func(dst []byte, e *ledger.Entity) ([]byte, bool) { return appendText(dst, e.Type), true }
		case "id":
			return func(dst []byte, e *ledger.Entity) ([]byte, bool) { return appendText(dst, e.ID), true }
		case "label":
			return func(dst []byte, e *ledger.Entity) ([]byte, bool) { return appendText(dst, e.Label), true }
		}
		return nil
	})
	if !ok {
		return nil
	}
	return func(dst []byte, e *logbook.Entry) ([]byte, bool) {
		if e.Entity == nil {
			return append(dst, "null"...), true
		}
		return entity.append(dst, e.Entity)
	}
}

// actorColumn gives whoever acted, as the caller may see him.
func (w *rowWriter) actorColumn(field graphql.CollectedField) column[*logbook.Entry] {
	person, ok := compile(w.operation, field.Selections, "Person", nil, func(field graphql.CollectedField) column[*people.Person] {
		switch field.Name {
		case "id":
			return func(dst []byte, p *people.Person) ([]byte, bool) { return p.ID.AppendQuoted(dst), !p.ID.IsZero() }
		case "name":
			return func(dst []byte, p *people.Person) ([]byte, bool) { return appendText(dst, p.Name), true }
		}
		return nil
	})
	if !ok {
		return nil
	}
	written := map[id.ID][]byte{} // most rows of a page name a few
	return func(dst []byte, e *logbook.Entry) ([]byte, bool) {
		text, known := written[e.ActorID]
		if !known {
			text = []byte("null")
			if p := w.resolver.someone(w.ctx, e.ActorID); p != nil {
				var ok bool
				if text, ok = person.append(nil, p); !ok {
					return nil, false
				}
			}
			written[e.ActorID] = text
		}
		return append(dst, text...), true
	}
}

// appendOptional writes a text, and null for nil.
func appendOptional(dst []byte, text *string) []byte {
	if text == nil {
		return append(dst, "null"...)
	}
	return appendText(dst, *text)
}

// appendUpper writes the schema's name of an enum's value, which is in small ASCII letters inside.
func appendUpper(dst []byte, value string) []byte {
	dst = append(dst, '"')
	for i := range len(value) {
		dst = append(dst, value[i]-'a'+'A')
	}
	return append(dst, '"')
}

// appendText writes a text as gqlgen does: JSON that escapes only what must be.
func appendText(dst []byte, text string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := range len(text) {
		c := text[i]
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		dst = append(dst, text[start:i]...)
		start = i + 1
		switch c {
		case '\t':
			dst = append(dst, '\\', 't')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\\', '"':
			dst = append(dst, '\\', c)
		default:
			const hex = "0123456789ABCDEF"
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
		}
	}
	return append(append(dst, text[start:]...), '"')
}
