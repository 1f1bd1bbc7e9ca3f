package id_test

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/id"
)

func TestAnIDReadsBackFromItsTextAndFromTheDatabase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		made := id.NewAt(time.UnixMilli(rapid.Int64Range(0, 1<<44).Draw(t, "ms")))
		parsed, err := id.Parse(made.String())
		if err != nil || parsed != made {
			t.Fatalf("%v, %v", parsed, err)
		}
		value, err := made.Value()
		if err != nil {
			t.Fatal(err)
		}
		var scanned id.ID
		if err := scanned.Scan(value); err != nil || scanned != made {
			t.Fatalf("%v, %v", scanned, err)
		}
	})
}

func TestTheZeroIDIsNothing(t *testing.T) {
	t.Parallel()
	var zero id.ID
	value, err := zero.Value()
	if err != nil || value != nil || zero.String() != "" || !zero.IsZero() {
		t.Fatalf("%v, %v, %q", value, err, zero.String())
	}
	read := id.New()
	if err := read.Scan(nil); err != nil || !read.IsZero() {
		t.Fatalf("%v, %v", read, err)
	}
}

func TestWhatIsNoIDIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "1", "01a20498149f73a4994fca888dd3b2ed", "01a20498-149f-73a4-994f-ca888dd3b2eg", "{01a20498-149f-73a4-994f-ca888dd3b2}"} {
		if got, err := id.Parse(text); err == nil {
			t.Errorf("%q was read as %s", text, got)
		}
		var fromGraph id.ID
		if err := fromGraph.UnmarshalGQL(text); err == nil {
			t.Errorf("%q was read from GraphQL", text)
		}
	}
	var scanned id.ID
	if err := scanned.Scan([]byte{1, 2}); err == nil {
		t.Error("two bytes were read as an id")
	}
}

func TestIDsOfLaterMomentsSortLater(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	early, late := id.NewAt(at), id.NewAt(at.Add(time.Millisecond))
	if bytes.Compare(early[:], late[:]) >= 0 {
		t.Fatalf("%s does not sort before %s", early, late)
	}
}
