package ledger

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/seal"
)

func jsonValues() *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any { return drawJSON(t, 3) })
}

func drawJSON(t *rapid.T, depth int) any {
	kinds := 5
	if depth > 0 {
		kinds = 7
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.String().Draw(t, "string")
	case 3:
		return int(rapid.Int64Range(-maxSafeInteger+1, maxSafeInteger-1).Draw(t, "int"))
	case 4:
		return rapid.Float64().Filter(func(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }).Draw(t, "float")
	case 5:
		list := make([]any, rapid.IntRange(0, 4).Draw(t, "length"))
		for i := range list {
			list[i] = drawJSON(t, depth-1)
		}
		return list
	}
	object := map[string]any{}
	for range rapid.IntRange(0, 4).Draw(t, "members") {
		object[rapid.String().Draw(t, "name")] = drawJSON(t, depth-1)
	}
	return object
}

func TestValuesAreWrittenAsTheCanonicaliserWouldWriteThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := jsonValues().Draw(t, "value")
		got, err := appendValue(nil, value, 0)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		// The oracle takes objects and arrays only.
		want, err := jcs.Transform(append(append([]byte("["), plain...), ']'))
		if err != nil {
			t.Fatalf("the oracle refuses it: %v", err)
		}
		if !bytes.Equal(got, want[1:len(want)-1]) {
			t.Fatalf("wrote %s, want %s", got, want[1:len(want)-1])
		}
	})
}

func TestNamesAreInTheOrderOfTheirUTF16(t *testing.T) {
	t.Parallel()
	names := rapid.StringOfN(rapid.SampledFrom([]rune("a\u007fé\u07ff\u0800\ud7ff\ue000\ufffd\U00010000\U000fffff\U0010ffff")), 0, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := names.Draw(t, "a"), names.Draw(t, "b")
		want := slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		if got := compareUTF16(a, b); cmp.Compare(got, 0) != want {
			t.Fatalf("%q and %q compare as %d, want %d", a, b, got, want)
		}
	})
}

func BenchmarkCanonicalText(b *testing.B) {
	text := []byte(`{"before":{"total":123,"currency":"EUR","status":"draft","note":"to be checked by the second person"},` +
		`"after":{"total":77,"currency":"EUR","status":"sent","note":"checked, and sent by post on the same day"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := appendJSON(make([]byte, 0, len(text)), text, 0); err != nil {
			b.Fatal(err)
		}
	}
}

func TestBodiesAreCanonicalAndReadBackAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDraft(t)
		sealed := []SealedPart{{Field: "comment", Subject: seal.Person(d.Actor), Box: boxOf(rapid.SliceOf(rapid.Byte()).Draw(t, "box"))}}
		b, err := encode(&d, sealed)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(1_800_000_000, 123_456_000).UTC()
		b.patch(at)
		want, err := jcs.Transform(b.raw)
		if err != nil {
			t.Fatalf("not JSON: %v\n%s", err, b.raw)
		}
		if !bytes.Equal(b.raw, want) {
			t.Fatalf("not canonical:\n%s\n%s", b.raw, want)
		}
		got, err := Decode(b.raw)
		if err != nil {
			t.Fatal(err)
		}
		if got.ID != d.ID || got.Action != d.Action || !got.RecordedAt.Equal(at) || got.Entity != d.Entity || got.Module != d.Module {
			t.Fatalf("read back %+v of %+v", got, d)
		}
		if want := occurredAt(&d, at); !got.OccurredAt.Equal(want) {
			t.Fatalf("occurred at %v, want %v", got.OccurredAt, want)
		}
	})
}

func drawDraft(t *rapid.T) Draft {
	d := Draft{
		ID: id.New(), Stream: StreamActivity, Actor: id.New(), Source: rapid.String().Draw(t, "source"),
		Action: "entity.updated", Module: rapid.String().Draw(t, "module"), Outcome: Success,
		Entity: Entity{Type: rapid.String().Draw(t, "type"), ID: rapid.String().Draw(t, "id"), Label: rapid.String().Draw(t, "label")},
	}
	if rapid.Bool().Draw(t, "has time") {
		d.OccurredAt = time.UnixMicro(rapid.Int64Range(1, 4e15).Draw(t, "micros")).UTC()
	}
	if rapid.Bool().Draw(t, "has person") {
		d.Person = id.New()
		d.Refs = []Ref{{Role: "loan", Type: "loan", ID: id.New().String()}}
	}
	d.Details = map[string]any{"value": drawJSON(t, 2)}
	return d
}

func TestWhatCannotBeKeptExactlyIsRefused(t *testing.T) {
	t.Parallel()
	deep := any("leaf")
	for range maxJSONDepth + 2 {
		deep = []any{deep}
	}
	for name, value := range map[string]any{
		"invalid UTF-8":           "a\xffb",
		"integer beyond 2^53":     int64(1) << 54,
		"number beyond 2^53":      json.Number("12345678901234567890"),
		"number beyond a double":  json.Number(strings.Repeat("9", 400) + ".5"),
		"not a number":            math.NaN(),
		"infinity":                math.Inf(1),
		"nested without end":      deep,
		"invalid UTF-8 in a name": map[string]any{"\xff": 1},
	} {
		if got, err := appendValue(nil, value, 0); err == nil {
			t.Errorf("%s was written as %s", name, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	d := Draft{ID: id.New(), Stream: StreamKey, Action: KeyIssued, Source: "keytrail", Outcome: Success}
	b, err := encode(&d, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b.raw)
	f.Add([]byte(`{"sealed":[{"box":"!"}],"actor":"x"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		requireAsGeneral(t, raw)
		if b, err := Decode(raw); err == nil {
			_ = b.ActorID()
			_ = b.Ref("loan")
		}
	})
}
