package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/seal"
)

// requireAsGeneral checks that a body is read as the general decoder reads it.
func requireAsGeneral(t rapid.TB, raw []byte) {
	t.Helper()
	var want Body
	wantErr := json.Unmarshal(raw, &want)
	got, err := Decode(raw)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%q: %v, want %v", raw, err, wantErr)
	}
	if err != nil {
		return
	}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Fatalf("%q (-want +got):\n%s", raw, diff)
	}
	entries, err := decodeRows([]row{{Body: raw}, {Body: raw}})
	if err != nil {
		t.Fatalf("%q, twice: %v", raw, err)
	}
	for i := range entries {
		if diff := cmp.Diff(&want, &entries[i].Body); diff != "" {
			t.Fatalf("%q, read with others (-want +got):\n%s", raw, diff)
		}
	}
	requirePackedAs(t, &entries[0])
}

func TestBodiesAreDecodedDirectlyAndAsTheGeneralDecoderWould(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDraft(t)
		sealed := []SealedPart{{Field: "comment", Subject: seal.Person(d.Actor), Box: boxOf(rapid.SliceOf(rapid.Byte()).Draw(t, "box"))}}
		b, err := encode(&d, sealed)
		if err != nil {
			t.Fatal(err)
		}
		requireAsGeneral(t, b.raw)
	})
	b, err := encode(&Draft{ID: id.New(), Action: KeyIssued, Stream: StreamKey, Source: SourceKeytrail, Outcome: Success}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r := (&textReader{text: b.raw}); !r.body(&Body{}) {
		t.Fatalf("%s was left to the general decoder", b.raw)
	}
}

func TestBodiesThatAreReadTogetherAreReadAsEachAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		details := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) any { return drawJSON(t, 2) }), 1, 3).Draw(t, "details")
		rows := make([]row, rapid.IntRange(2, 8).Draw(t, "rows"))
		for i := range rows {
			d := drawDraft(t)
			d.Action = rapid.SampledFrom([]string{"entity.updated", "entity.deleted"}).Draw(t, "action")
			d.Details = map[string]any{"value": rapid.SampledFrom(details).Draw(t, "value")}
			b, err := encode(&d, nil)
			if err != nil {
				t.Fatal(err)
			}
			rows[i] = row{Seq: uint64(i), Body: b.raw}
		}
		entries, err := decodeRows(rows)
		if err != nil {
			t.Fatal(err)
		}
		for i := range entries {
			alone, err := Decode(rows[i].Body)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(alone, &entries[i].Body); diff != "" {
				t.Fatalf("%s (-alone +together):\n%s", rows[i].Body, diff)
			}
		}
	})
}

func TestABoxThatIsNotBase64IsRefusedWhenItIsOpened(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a", "AAA", "AAAA\n", "AA\r\nAA", "AA AA", "----", "AAAA=", "\x00AAA"} {
		if sealed, err := (Box{text: []byte(text)}).decoded(); err == nil {
			t.Errorf("%q was read as %x", text, sealed)
		}
	}
	for _, sealed := range [][]byte{{}, {0}, {0xff, 0xfe}, bytes.Repeat([]byte{1}, 1000)} {
		if got, err := (Box{text: boxOf(sealed).append([]byte{})}).decoded(); err != nil || !bytes.Equal(got, sealed) {
			t.Errorf("%x came back as %x, %v", sealed, got, err)
		}
	}
}

func TestATextEndsWhereEachByteAloneWouldTell(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.SampledFrom([]byte{0, 1, 0x1f, ' ', '!', '"', '#', '[', '\\', ']', 'a', 0x7f, 0x80, 0x9f, 0xa2, 0xdc, 0xff})).Draw(t, "text")
		want := bytes.IndexFunc(text, func(r rune) bool { return r == '"' || r == '\\' || r < ' ' })
		if want < 0 {
			want = len(text)
		}
		if got := lengthUnescaped(text); got != want {
			t.Fatalf("%q: %d, want %d", text, got, want)
		}
	})
}

func TestBodiesOfLaterVersionsStayReadable(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		`{"action":"a","later":{"x":[1]},"v":2}`,
		` { "action" : "a" , "v" : 1 } `,
		`{"details":null,"v":1}`,
		`{"entity":{"id":"1","kind":"new","label":"l","type":"t"}}`,
	} {
		requireAsGeneral(t, []byte(raw))
	}
}

func TestPartsAreReadDirectlyAndAsTheGeneralDecoderWould(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		drawn := Origin{Name: text.Draw(t, "name"), IP: text.Draw(t, "ip"), UserAgent: text.Draw(t, "agent"), Place: text.Draw(t, "place")}
		plain, err := json.Marshal(map[string]string{"name": drawn.Name, "ip": drawn.IP, "place": drawn.Place, "userAgent": drawn.UserAgent})
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range [][]byte{plain, append([]byte(" "), plain...), []byte(`{"unknown":1,` + string(plain[1:]))} {
			var want, got Origin
			if err := errors.Join(json.Unmarshal(part, &want), readPart(part, &got)); err != nil || got != want {
				t.Fatalf("%s: %v, %v, want %v", part, got, err, want)
			}
		}
		quoted, err := json.Marshal(drawn.Name)
		if err != nil {
			t.Fatal(err)
		}
		var want, got string
		if err := errors.Join(json.Unmarshal(quoted, &want), readPart(quoted, &got)); err != nil || got != want {
			t.Fatalf("%s: %q, %v, want %q", quoted, got, err, want)
		}
	})
	for _, broken := range []string{"", `"`, `"a" `, `{"ip":"a"`, `{"ip":"a",}`, `{"ip":1}`, "\"\xff\"", `{"name":"b","ip":"a"}`, `{"ip":"a","ip":"b"}`, "null"} {
		var want, got Origin
		wantErr := json.Unmarshal([]byte(broken), &want)
		if err := readPart([]byte(broken), &got); (err == nil) != (wantErr == nil) || got != want {
			t.Errorf("%q: %v, %v, want %v, %v", broken, got, err, want, wantErr)
		}
	}
}

// What reading a body costs, of an event of another program as bench/ makes them.
func BenchmarkDecode(b *testing.B) {
	person, actor := id.New(), id.New()
	draft := &Draft{
		ID: id.New(), Stream: StreamActivity, Action: "invoice.updated", Source: "billing", Actor: actor, Person: person, Outcome: Success,
		OccurredAt: time.Now(), Module: "billing", Entity: Entity{Type: "invoice", ID: "inv-001234", Label: "inv-001234"},
		Details: map[string]any{"purpose": "billing", "status": 200.0},
	}
	part := SealedPart{Field: FieldActor, Subject: seal.Person(actor), Box: boxOf(make([]byte, 120))}
	content := SealedPart{Field: "content", Subject: seal.Person(actor), Box: boxOf(make([]byte, 400))}
	body, err := encode(draft, []SealedPart{part, content})
	if err != nil {
		b.Fatal(err)
	}
	rows := make([]row, 50)
	for i := range rows {
		rows[i] = row{Seq: uint64(i), Body: bytes.Clone(body.raw)}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decodeRows(rows); err != nil {
			b.Fatal(err)
		}
	}
}
