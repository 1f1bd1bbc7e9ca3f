package ledger

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/seal"
)

// requirePackedAs checks that an entry is the same after it was packed, if it can be.
func requirePackedAs(t rapid.TB, e *Entry) (packed bool) {
	t.Helper()
	text := pack(e)
	if text == nil {
		return false
	}
	got := Entry{Seq: e.Seq, Raw: e.Raw}
	unpack(text, &got, nil)
	if diff := cmp.Diff(e, &got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%q, packed (-want +got):\n%s", e.Raw, diff)
	}
	got.Raw = nil
	if raw, err := got.Canonical(); err != nil || !bytes.Equal(raw, e.Raw) {
		t.Fatalf("%q came back as %q: %v", e.Raw, raw, err)
	}
	return true
}

func TestEveryEntryThatThisVersionWritesCanBePacked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDraft(t)
		switch rapid.IntRange(0, 2).Draw(t, "actor") {
		case 0:
			d.Actor, d.System = id.ID{}, true
		case 1:
			d.Actor = id.ID{}
		}
		if rapid.Bool().Draw(t, "bare") {
			d.Details, d.Entity = nil, Entity{}
		}
		sealed := make([]SealedPart, rapid.IntRange(0, 5).Draw(t, "parts"))
		for i := range sealed {
			sealed[i] = SealedPart{Field: rapid.String().Draw(t, "field"), Subject: seal.Person(id.New()), Box: boxOf(rapid.SliceOf(rapid.Byte()).Draw(t, "box"))}
		}
		b, err := encode(&d, sealed)
		if err != nil {
			t.Fatal(err)
		}
		b.patch(time.UnixMicro(rapid.Int64Range(1, 4e15).Draw(t, "recorded")))
		entries, err := decodeRows([]row{{Seq: 7, Body: b.raw, Leaf: bytes.Repeat([]byte{3}, 32)}})
		if err != nil {
			t.Fatal(err)
		}
		if !requirePackedAs(t, &entries[0]) {
			t.Fatalf("%s cannot be packed", b.raw)
		}
	})
}

func TestWhatWouldNotComeBackByteForByteIsNotPacked(t *testing.T) {
	t.Parallel()
	b, err := encode(&Draft{ID: id.New(), Action: KeyIssued, Stream: StreamKey, Source: SourceKeytrail, Outcome: Success, Actor: id.New(), OccurredAt: time.Unix(1_700_000_000, 0)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.patch(time.Now())
	for name, replaced := range map[string][2]string{
		"a later version":       {`"v":1}`, `"v":2}`},
		"an unknown member":     {`"v":1}`, `"v":1,"x":1}`},
		"details with nothing":  {`"id":`, `"details":{},"id":`},
		"an actor who is no id": {`"actor":"`, `"actor":"x`},
		"a time to the second":  {`20.000000Z"`, `20Z"`},
		"a box that is none":    {`"source"`, `"sealed":[{"box":"-","field":"a","subject":"b"}],"source"`},
	} {
		raw := bytes.Replace(b.raw, []byte(replaced[0]), []byte(replaced[1]), 1)
		entries, err := decodeRows([]row{{Body: raw, Leaf: make([]byte, 32)}})
		if err != nil || bytes.Equal(raw, b.raw) {
			t.Fatalf("%s: %s: %v", name, raw, err)
		}
		if packed := pack(&entries[0]); packed != nil {
			t.Errorf("%s was packed: %s", name, raw)
		}
	}
}
