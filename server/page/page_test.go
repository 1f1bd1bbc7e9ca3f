package page_test

import (
	"encoding/binary"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/page"
)

func number(n int) *int { return &n }

func cursor(n int) string { return page.Encode(binary.BigEndian.AppendUint32(nil, uint32(n))) }

// cut pages over 0 to total-1 as a table would be read.
func cut(t interface{ Fatal(...any) }, r page.Request, total int) page.Page[int] {
	w, err := r.Window()
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	if w.Backward {
		at = total
	}
	if w.Cursor != "" {
		payload, err := page.Decode("after", w.Cursor)
		if err != nil {
			t.Fatal(err)
		}
		at = int(binary.BigEndian.Uint32(payload))
	}
	step := 1
	if w.Backward {
		step = -1
	}
	var rows []int
	for n := at + step; n >= 0 && n < total && len(rows) <= w.Limit; n += step {
		rows = append(rows, n)
	}
	return page.Cut(w, rows, cursor)
}

func TestPagesInEitherDirectionGiveTheWholeListOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(0, 60).Draw(t, "total")
		size := rapid.IntRange(1, 20).Draw(t, "size")
		var want, forward, backward []int
		for n := range total {
			want = append(want, n)
		}
		for r := (page.Request{First: number(size)}); ; {
			p := cut(t, r, total)
			forward = append(forward, p.Items...)
			if !p.Info.HasNextPage {
				break
			}
			r.After = p.Info.EndCursor
		}
		for r := (page.Request{Last: number(size)}); ; {
			p := cut(t, r, total)
			backward = append(slices.Clone(p.Items), backward...)
			if !p.Info.HasPreviousPage {
				break
			}
			r.Before = p.Info.StartCursor
		}
		if !slices.Equal(forward, want) || !slices.Equal(backward, want) {
			t.Fatalf("forward %v, backward %v", forward, backward)
		}
	})
}

func TestAPageThatCannotBeIsRefusedByName(t *testing.T) {
	t.Parallel()
	for field, r := range map[string]page.Request{
		"first":  {First: number(0)},
		"last":   {Last: number(501)},
		"after":  {Last: number(5), After: cursor(1)},
		"before": {First: number(5), Before: cursor(1)},
	} {
		_, err := r.Window()
		if f, ok := fault.As(err); !ok || f.Kind != fault.BadInput || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := (page.Request{First: number(-1)}).Window(); !fault.Is(err, fault.BadInput) {
		t.Error("first: -1 was accepted")
	}
}

func TestADamagedCursorIsNotAPlaceInTheList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		good := page.Encode(rapid.SliceOfN(rapid.Byte(), 1, 24).Draw(t, "payload"))
		bad := []byte(good)
		at := rapid.IntRange(0, len(bad)-1).Draw(t, "at")
		bad[at] = rapid.SampledFrom([]byte("ABCxyz019-_")).Filter(func(b byte) bool { return b != good[at] }).Draw(t, "byte")
		for _, c := range []string{string(bad), good[:len(good)-1], good + "A", "!" + good} {
			if _, err := page.Decode("after", c); !fault.Is(err, fault.BadInput) {
				t.Fatalf("%q of %q was accepted", c, good)
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(page.Encode([]byte("payload")))
	f.Add("")
	f.Fuzz(func(t *testing.T, c string) {
		payload, err := page.Decode("after", c)
		if err == nil && page.Encode(payload) != c {
			t.Fatalf("%q decodes and is not what is encoded", c)
		}
	})
}
