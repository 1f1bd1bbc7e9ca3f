package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// MaxBodyBytes bounds one entry's body.
const MaxBodyBytes = 1 << 20

// body is the bytes of an entry that only lack the moment it is recorded.
type body struct {
	raw        []byte
	occurredAt int // where the recording time must also be written, 0 when the source gave a time
	recordedAt int
}

// patch writes the recording time into the body.
func (b *body) patch(at time.Time) {
	text := at.UTC().Format(TimeFormat)
	copy(b.raw[b.recordedAt:], text)
	if b.occurredAt > 0 {
		copy(b.raw[b.occurredAt:], text)
	}
}

// encode writes the canonical body of a draft. Its members stand in the order of RFC 8785, written directly
// because a general canonicaliser costs more than all the rest of an append.
func encode(d *Draft, sealed []SealedPart) (*body, error) {
	w := &bodyWriter{dst: make([]byte, 0, 512)}
	w.member("action", d.Action)
	w.optional("actor", actorText(d))
	w.optional("department", d.Department.String())
	if len(d.Details) > 0 {
		w.name("details")
		w.value(d.Details)
	}
	w.entity(d.Entity)
	w.member("id", d.ID.String())
	w.optional("module", d.Module)
	b := &body{occurredAt: w.time("occurredAt", d.OccurredAt)}
	w.member("outcome", string(d.Outcome))
	w.optional("person", d.Person.String())
	b.recordedAt = w.time("recordedAt", time.Time{})
	w.refs(d.Refs)
	w.sealed(sealed)
	w.member("source", d.Source)
	w.member("stream", string(d.Stream))
	w.name("v")
	w.value(BodyVersion)
	w.dst = append(w.dst, '}')
	if w.err == nil && len(w.dst) > MaxBodyBytes {
		w.err = errors.New("an entry may hold at most 1 MiB")
	}
	if w.err != nil {
		return nil, fault.New(fault.BadInput, "the entry cannot be recorded: %v", w.err)
	}
	b.raw = w.dst
	return b, nil
}

func actorText(d *Draft) string {
	if d.System {
		return ActorSystem
	}
	return d.Actor.String()
}

// bodyWriter writes members in the order they are given and keeps the first error.
type bodyWriter struct {
	dst []byte
	err error
}

func (w *bodyWriter) name(name string) {
	if len(w.dst) == 0 {
		w.dst = append(w.dst, '{')
	} else {
		w.dst = append(w.dst, ',')
	}
	w.dst = append(w.dst, '"')
	w.dst = append(w.dst, name...)
	w.dst = append(w.dst, '"', ':')
}

func (w *bodyWriter) value(v any) {
	if w.err != nil {
		return
	}
	if dst, err := appendValue(w.dst, v, 0); err != nil {
		w.err = err
	} else {
		w.dst = dst
	}
}

func (w *bodyWriter) member(name, value string) {
	w.name(name)
	w.value(value)
}

func (w *bodyWriter) optional(name, value string) {
	if value != "" {
		w.member(name, value)
	}
}

// time writes an instant, or room for one, and says where it has to be filled in (0 when it need not be).
func (w *bodyWriter) time(name string, t time.Time) int {
	w.name(name)
	at := 0
	if t.IsZero() {
		at = len(w.dst) + 1
	}
	w.dst = appendTime(w.dst, t)
	return at
}

func (w *bodyWriter) entity(e Entity) {
	if e == (Entity{}) {
		return
	}
	w.name("entity")
	w.value(map[string]any{"type": e.Type, "id": e.ID, "label": e.Label})
}

func (w *bodyWriter) refs(refs []Ref) {
	if len(refs) == 0 {
		return
	}
	list := make([]any, len(refs))
	for i, r := range refs {
		list[i] = map[string]any{"role": r.Role, "type": r.Type, "id": r.ID}
	}
	w.name("refs")
	w.value(list)
}

func (w *bodyWriter) sealed(parts []SealedPart) {
	if len(parts) == 0 {
		return
	}
	w.name("sealed")
	for i, p := range parts {
		if i == 0 {
			w.dst = append(w.dst, '[')
		} else {
			w.dst = append(w.dst, ',')
		}
		w.dst = append(w.dst, `{"box":`...)
		w.dst = appendBase64(w.dst, p.Box)
		w.dst = append(w.dst, `,"field":`...)
		w.value(p.Field)
		w.dst = append(w.dst, `,"subject":`...)
		w.value(string(p.Subject))
		w.dst = append(w.dst, '}')
	}
	w.dst = append(w.dst, ']')
}

// Decode reads a body. It accepts what it does not know, so that later versions stay readable.
func Decode(raw []byte) (*Body, error) {
	var b Body
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "a stored entry cannot be read")
	}
	return &b, nil
}

// decodeJSON reads one JSON value and nothing behind it, keeping the digits of numbers.
func decodeJSON(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON value")
	}
	return v, nil
}

// aad binds a sealed part to its place: the same box in another entry, field or subject does not open.
func aad(entry id.ID, p *SealedPart) []byte {
	return []byte(entry.String() + "\x00" + p.Field + "\x00" + string(p.Subject))
}
