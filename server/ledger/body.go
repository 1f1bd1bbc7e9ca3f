package ledger

import (
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/fault"
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
	size := 768
	for i := range sealed {
		size += sealed[i].Box.length() + 128
	}
	w := &bodyWriter{dst: make([]byte, 0, size)}
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
	w.text(value)
}

// text writes a string without making an interface of it.
func (w *bodyWriter) text(text string) {
	if w.err != nil {
		return
	}
	if dst, err := appendString(w.dst, text); err != nil {
		w.err = err
	} else {
		w.dst = dst
	}
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
	if e != (Entity{}) {
		w.name("entity")
		w.object([]textMember{{"id", e.ID}, {"label", e.Label}, {"type", e.Type}})
	}
}

func (w *bodyWriter) refs(refs []Ref) {
	if len(refs) == 0 {
		return
	}
	w.name("refs")
	for i, r := range refs {
		w.dst = append(w.dst, separator(i, '['))
		w.object([]textMember{{"id", r.ID}, {"role", r.Role}, {"type", r.Type}})
	}
	w.dst = append(w.dst, ']')
}

// textMember is a member of an object whose value is a text.
type textMember struct{ name, value string }

// object writes members that are given in canonical order.
func (w *bodyWriter) object(members []textMember) {
	if w.err != nil {
		return
	}
	if dst, err := appendTexts(w.dst, members); err != nil {
		w.err = err
	} else {
		w.dst = dst
	}
}

// appendTexts writes an object of texts that are given in canonical order, with plain names.
func appendTexts(dst []byte, members []textMember) (_ []byte, err error) {
	for i, m := range members {
		dst = append(dst, separator(i, '{'), '"')
		dst = append(dst, m.name...)
		dst = append(dst, '"', ':')
		if dst, err = appendString(dst, m.value); err != nil {
			return nil, err
		}
	}
	if len(members) == 0 {
		dst = append(dst, '{')
	}
	return append(dst, '}'), nil
}

// separator gives what stands in front of the i-th element: what opens the list, or a comma.
func separator(i int, opening byte) byte {
	if i == 0 {
		return opening
	}
	return ','
}

func (w *bodyWriter) sealed(parts []SealedPart) {
	if len(parts) == 0 {
		return
	}
	w.name("sealed")
	for i, p := range parts {
		w.dst = append(w.dst, separator(i, '['))
		w.dst = append(w.dst, `{"box":"`...)
		w.dst = p.Box.append(w.dst)
		w.dst = append(w.dst, `","field":`...)
		w.text(p.Field)
		w.dst = append(w.dst, `,"subject":`...)
		w.text(string(p.Subject))
		w.dst = append(w.dst, '}')
	}
	w.dst = append(w.dst, ']')
}
