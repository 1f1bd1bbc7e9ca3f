package scalar_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/keytrail/keytrail/graph/scalar"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

func written(m graphql.Marshaler) string {
	var b bytes.Buffer
	m.MarshalGQL(&b)
	return b.String()
}

func TestTimesAreWrittenInUTCWithMicroseconds(t *testing.T) {
	riga := time.FixedZone("", 2*3600)
	for want, at := range map[string]time.Time{
		`"2026-11-22T10:31:00.000000Z"`: time.Date(2026, 11, 22, 12, 31, 0, 0, riga),
		`"0001-01-01T00:00:00.000001Z"`: time.Date(1, 1, 1, 0, 0, 0, 1999, time.UTC),
	} {
		if got := written(scalar.MarshalTime(at)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTimesOfAnyOffsetAreRead(t *testing.T) {
	want := time.Date(2026, 11, 22, 10, 31, 0, 123_456_000, time.UTC)
	for _, text := range []string{"2026-11-22T10:31:00.123456Z", "2026-11-22T12:31:00.123456789+02:00"} {
		if got, err := scalar.UnmarshalTime(text); err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
}

func TestWhatIsNoValueIsBadInput(t *testing.T) {
	for name, err := range map[string]error{
		"a day as time":      second(scalar.UnmarshalTime("2026-11-22")),
		"a number as time":   second(scalar.UnmarshalTime(json.Number("1"))),
		"a day there is not": second(scalar.UnmarshalDate("2026-02-30")),
		"an empty date":      second(scalar.UnmarshalDate("")),
		"a word as id":       second(scalar.UnmarshalID("x")),
		"the nil id":         second(scalar.UnmarshalID("00000000-0000-0000-0000-000000000000")),
		"a text as Int":      second(scalar.UnmarshalInt("1")),
		"33 bits":            second(scalar.UnmarshalInt(json.Number("4294967296"))),
		"a fraction":         second(scalar.UnmarshalInt(json.Number("1.5"))),
		"a negative Int64":   second(scalar.UnmarshalInt64("-1")),
		"65 bits":            second(scalar.UnmarshalInt64("18446744073709551616")),
		"an empty cursor":    second(scalar.UnmarshalCursor("")),
	} {
		if !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsAbsentIsNull(t *testing.T) {
	for name, m := range map[string]graphql.Marshaler{
		"id": scalar.MarshalID(id.ID{}), "cursor": scalar.MarshalCursor(""), "date": scalar.MarshalDate(""),
	} {
		if got := written(m); got != "null" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if i, err := scalar.UnmarshalID(nil); err != nil || !i.IsZero() {
		t.Error(i, err)
	}
}

func TestLargeNumbersKeepTheirDigits(t *testing.T) {
	const digits = "9007199254740993"
	n, err := scalar.UnmarshalInt64(digits)
	if got := written(scalar.MarshalInt64(n)); err != nil || got != `"`+digits+`"` {
		t.Error(got, err)
	}
}

func second[T any](_ T, err error) error { return err }
