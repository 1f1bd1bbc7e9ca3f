package ledger

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/seal"
)

// An entry is kept in memory packed, which is shorter than its body and read in a third of the time:
//
//	hash, id, department, person   as they are
//	occurredAt, recordedAt         µs since 1970, varints
//	bytes of texts, of lengths     uvarints
//	lengths                        uvarints: how many refs and sealed parts, then of each text, the details and each box
//	texts, details, boxes          details in canonical form, boxes as sealed

// pack gives nil for an entry whose body cannot be written anew, byte for byte, from what would be kept.
func pack(e *Entry) []byte {
	var w packWriter
	w.length(len(e.Refs))
	w.length(len(e.Sealed))
	for _, word := range e.words() {
		w.text(*word)
	}
	for _, r := range e.Refs {
		w.text(r.Role)
		w.text(r.Type)
		w.text(r.ID)
	}
	for _, p := range e.Sealed {
		w.text(p.Field)
		w.text(string(p.Subject))
	}
	texts := len(w.content)
	if !w.details(e.Details) || !w.boxes(e.Sealed) {
		return nil
	}
	packed := w.behind(e, texts)
	var again Entry
	unpack(packed, &again, nil)
	if raw, err := again.Canonical(); err != nil || !bytes.Equal(raw, e.Raw) {
		return nil
	}
	return packed
}

// words are the texts that every body has, in the order in which they are packed.
func (b *Body) words() [9]*string {
	return [...]*string{
		&b.Action, &b.Actor, &b.Entity.ID, &b.Entity.Label, &b.Entity.Type, &b.Module, (*string)(&b.Outcome), &b.Source, (*string)(&b.Stream),
	}
}

// packWriter gathers what has a length.
type packWriter struct{ lengths, content []byte }

func (w *packWriter) length(n int) { w.lengths = binary.AppendUvarint(w.lengths, uint64(n)) }

func (w *packWriter) text(text string) {
	w.length(len(text))
	w.content = append(w.content, text...)
}

func (w *packWriter) bytes(some []byte) {
	w.length(len(some))
	w.content = append(w.content, some...)
}

func (w *packWriter) details(details map[string]any) bool {
	var written []byte
	var err error
	if len(details) > 0 {
		written, err = appendValue(nil, details, 0)
	}
	w.bytes(written)
	return err == nil
}

func (w *packWriter) boxes(parts []SealedPart) bool {
	for i := range parts {
		sealed, err := parts[i].Box.decoded()
		if err != nil {
			return false
		}
		w.bytes(sealed)
	}
	return true
}

// behind puts what was gathered behind what of an entry has no length. texts is how much of it are texts.
func (w *packWriter) behind(e *Entry, texts int) []byte {
	fixed := len(e.Leaf) + 3*len(id.ID{}) + 4*binary.MaxVarintLen64
	packed := make([]byte, 0, fixed+len(w.lengths)+len(w.content))
	packed = append(packed, e.Leaf[:]...)
	for _, one := range [...]id.ID{e.ID, e.Department, e.Person} {
		packed = append(packed, one[:]...)
	}
	packed = binary.AppendVarint(packed, e.OccurredAt.UnixMicro())
	packed = binary.AppendVarint(packed, e.RecordedAt.UnixMicro())
	packed = binary.AppendUvarint(packed, uint64(texts))
	packed = binary.AppendUvarint(packed, uint64(len(w.lengths)))
	return append(append(packed, w.lengths...), w.content...)
}

// unpack reads what pack gave into e; its boxes stay where they are.
func unpack(packed []byte, e *Entry, repeated *seen) {
	e.V = BodyVersion
	for _, fixed := range [...][]byte{e.Leaf[:], e.ID[:], e.Department[:], e.Person[:]} {
		packed = packed[copy(fixed, packed):]
	}
	r := packReader{lengths: packed}
	e.OccurredAt, e.RecordedAt = r.time(), r.time()
	texts, lengths := r.length(), r.length()
	r.lengths, r.content = r.lengths[:lengths], r.lengths[lengths:]
	r.texts, r.content = string(r.content[:texts]), r.content[texts:] // one piece of memory for all
	refs, parts := r.length(), r.length()
	for _, word := range e.words() {
		*word = r.text()
	}
	if refs > 0 {
		e.Refs = make([]Ref, refs)
	}
	for i := range e.Refs {
		e.Refs[i] = Ref{Role: r.text(), Type: r.text(), ID: r.text()}
	}
	if parts > 0 {
		e.Sealed = make([]SealedPart, parts)
	}
	for i := range e.Sealed {
		e.Sealed[i].Field, e.Sealed[i].Subject = r.text(), seal.Subject(r.text())
	}
	if details := r.bytes(); len(details) > 0 {
		e.Details = unpackDetails(details, e.Action, repeated)
	}
	for i := range e.Sealed {
		e.Sealed[i].Box = boxOf(r.bytes())
	}
}

// unpackDetails reads what pack has read before.
func unpackDetails(text []byte, action string, repeated *seen) (details map[string]any) {
	r := textReader{text: text, seen: repeated}
	if r.detailsOf(action, &details) {
		return details
	}
	_ = json.Unmarshal(text, &details)
	return details
}

// packReader gives lengths, and what is so long, in turn.
type packReader struct {
	lengths, content []byte
	texts            string
}

func (r *packReader) length() int {
	n, size := binary.Uvarint(r.lengths)
	r.lengths = r.lengths[size:]
	return int(n)
}

func (r *packReader) time() time.Time {
	n, size := binary.Varint(r.lengths)
	r.lengths = r.lengths[size:]
	return time.UnixMicro(n).UTC()
}

func (r *packReader) text() (text string) {
	n := r.length()
	text, r.texts = r.texts[:n], r.texts[n:]
	return text
}

func (r *packReader) bytes() (some []byte) {
	n := r.length()
	some, r.content = r.content[:n:n], r.content[n:]
	return some
}
