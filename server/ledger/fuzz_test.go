package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/gowebpki/jcs"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/seal"
)

// decodeJSON reads one JSON value and nothing behind it, keeping the digits of numbers.
func decodeJSON(text []byte) (value any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errNotJSON
	}
	return value, nil
}

func FuzzValuesAreCanonical(f *testing.F) {
	for _, text := range []string{
		`null`, `true`, `"\u2028\ud83d\ude00<>&"`, `-0`, `1e21`, `1E-7`, `9007199254740992`, `9007199254740993`, `0.1`,
		`5e-324`, `1.7976931348623157e308`, `1e400`, `[1,[],{}]`, `{"b":1,"a":{"\ufb33":1,"\ud83d\ude02":2}}`, `{"a":1,"a":2}`, `"\ud800"`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, err := decodeJSON(text)
		if err != nil {
			return
		}
		got, err := appendValue(nil, value, 0)
		if err != nil {
			return // it cannot be kept exactly
		}
		plain, err := json.Marshal([]any{value}) // the oracle takes objects and arrays only
		if err != nil {
			t.Fatal(err)
		}
		want, err := jcs.Transform(plain)
		if err != nil {
			t.Fatalf("the oracle refuses %s: %v", plain, err)
		}
		if !bytes.Equal(got, want[1:len(want)-1]) {
			t.Fatalf("wrote %s, want %s", got, want[1:len(want)-1])
		}
		if again, err := appendJSON(nil, got, 0); err != nil || !bytes.Equal(again, got) {
			t.Fatalf("wrote %s, and %s again: %v", got, again, err)
		}
	})
}

func FuzzBodiesReadBackAsWritten(f *testing.F) {
	f.Add("invoice.updated", "billing", "module", "invoice", "17", "Rēķins <17>", int64(1_700_000_000_000_000), true, []byte(`{"n":1.5,"list":[null]}`), []byte("box"), "comment", "loan")
	f.Add("", "", "", "", "", "", int64(0), false, []byte(`{}`), []byte(nil), "", "")
	f.Add("a\xff", "\x00", "\u2028", "\"", "\\", "\ud7ff", int64(-1), false, []byte(`{"":""}`), []byte{0xff}, "\x7f", "\x1f")
	f.Fuzz(func(t *testing.T, action, source, module, entityType, entityID, label string, micros int64, known bool, details, box []byte, field, role string) {
		d := Draft{
			ID: id.New(), Stream: StreamActivity, Action: action, Source: source, Module: module, Outcome: Denied,
			Entity: Entity{Type: entityType, ID: entityID, Label: label}, System: !known,
		}
		if known {
			d.Actor, d.Person, d.Department = id.New(), id.New(), id.New()
			d.Refs = []Ref{{Role: role, Type: entityType, ID: entityID}}
		}
		if micros != 0 {
			d.OccurredAt = time.UnixMicro(micros % 250_000_000_000_000_000).UTC() // up to the year 9892
		}
		if value, err := decodeJSON(details); err == nil {
			d.Details, _ = value.(map[string]any)
		}
		if d.OccurredAt.Year() < 1 {
			return
		}
		sealed := []SealedPart{{Field: field, Subject: seal.Person(d.Actor), Box: boxOf(box)}}
		written, err := encode(&d, sealed)
		if err != nil {
			return // it cannot be kept exactly
		}
		at := time.Unix(1_800_000_000, 123_456_000).UTC()
		written.patch(at)
		if want, err := jcs.Transform(written.raw); err != nil || !bytes.Equal(want, written.raw) {
			t.Fatalf("wrote %s, want %s: %v", written.raw, want, err)
		}
		requireSameBody(t, &d, at, sealed, written.raw)
	})
}

// requireSameBody holds what is read to what was drafted.
func requireSameBody(t *testing.T, d *Draft, at time.Time, sealed []SealedPart, raw []byte) {
	t.Helper()
	requireAsGeneral(t, raw)
	got, err := Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	want := bodyOf(d, at)
	if got.V != want.V || got.ID != want.ID || got.Stream != want.Stream || got.Actor != want.Actor || got.Source != want.Source ||
		got.Person != want.Person || got.Department != want.Department || got.Action != want.Action || got.Entity != want.Entity ||
		got.Module != want.Module || got.Outcome != want.Outcome || got.ActorID() != d.Actor {
		t.Fatalf("read %+v, want %+v", got, want)
	}
	if !got.OccurredAt.Equal(want.OccurredAt) || !got.RecordedAt.Equal(at) {
		t.Fatalf("read %v and %v, want %v and %v", got.OccurredAt, got.RecordedAt, want.OccurredAt, at)
	}
	if len(got.Refs) != len(d.Refs) || len(d.Refs) > 0 && got.Refs[0] != d.Refs[0] {
		t.Fatalf("read refs %q, want %q", got.Refs, d.Refs)
	}
	if s := got.Sealed; len(s) != 1 || s[0].Field != sealed[0].Field || s[0].Subject != sealed[0].Subject || !s[0].Box.Equal(sealed[0].Box) {
		t.Fatalf("read sealed parts %q, want %q", got.Sealed, sealed)
	}
	if len(got.Details) == 0 && len(d.Details) == 0 {
		return
	}
	read, errRead := appendValue(nil, got.Details, 0)
	drafted, errDrafted := appendValue(nil, d.Details, 0)
	if errRead != nil || errDrafted != nil || !bytes.Equal(read, drafted) {
		t.Fatalf("read details %s, want %s (%v, %v)", read, drafted, errRead, errDrafted)
	}
}
