package logbook

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

// A text is a cursor of a place, and then the only one of it, or it is refused with the field's name.
func FuzzCursor(f *testing.F) {
	f.Add(cursorOf(&ledger.Entry{Seq: 7, Body: ledger.Body{OccurredAt: time.Date(2026, 11, 22, 10, 31, 0, 1000, time.UTC)}}))
	f.Add(page.Encode(make([]byte, 16)))
	f.Add(page.Encode([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")))
	f.Add("")
	f.Add("x")
	f.Fuzz(func(t *testing.T, cursor string) {
		at, err := placeOf("after", cursor)
		if err != nil {
			if bad, ok := fault.As(err); !ok || bad.Kind != fault.BadInput || bad.Field != "after" {
				t.Fatal(err)
			}
			return
		}
		if again := cursorOf(&ledger.Entry{Seq: at.Seq, Body: ledger.Body{OccurredAt: at.OccurredAt}}); again != cursor {
			t.Fatalf("%q and %q are both cursors of %+v", cursor, again, at)
		}
	})
}

// Every payload with a right checksum is a place or refused: fuzzing would not find the checksum.
func FuzzCursorPayload(f *testing.F) {
	f.Add(uint64(0), uint64(0))
	f.Add(uint64(math.MaxInt64), uint64(math.MaxUint64))
	f.Add(uint64(1<<63), uint64(1))
	f.Fuzz(func(t *testing.T, micros, seq uint64) {
		cursor := cursorOf(&ledger.Entry{Seq: seq, Body: ledger.Body{OccurredAt: time.UnixMicro(int64(micros))}})
		at, err := placeOf("before", cursor)
		if fault.Is(err, fault.BadInput) {
			return
		}
		if err != nil || at.Seq != seq || at.OccurredAt.UnixMicro() != int64(micros) || at.OccurredAt.Year() < 1970 || at.OccurredAt.Year() > 9999 {
			t.Fatalf("%+v, %v", at, err)
		}
	})
}

// anything is a filter of any values: what the world has, and what nobody would write.
func (w *world) anything(t *rapid.T) Filter {
	f := w.filter(t)
	text := rapid.OneOf(
		rapid.String(), rapid.SampledFrom([]string{"'", "\"", "\\", "?", "%", "_", "\x00", "' OR 1=1 -- ", "ā", "cabinet\t", " ", "\xff\xfe", strings.Repeat("x", 501)}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 40), func(b []byte) string { return string(b) }),
	)
	odd := func() bool { return rapid.IntRange(0, 9).Draw(t, "odd?") == 9 }
	for _, field := range []*string{&f.Source, &f.EntityType, &f.Entity, &f.KeyNumber, &f.Action, &f.Module, &f.IP, &f.Purpose} {
		if odd() {
			*field = text.Draw(t, "odd text")
		}
	}
	if odd() {
		f.Outcome = ledger.Outcome(text.Draw(t, "odd outcome"))
	}
	for _, field := range []**time.Time{&f.From, &f.To} {
		if odd() {
			*field = ptr(time.Unix(rapid.Int64Range(-1<<36, 1<<38).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")))
		}
	}
	for _, field := range []*id.ID{&f.Person, &f.Actor, &f.Department, &f.Key, &f.KeyGroup} {
		if odd() {
			*field = id.ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "odd id"))
		}
	}
	return f
}

// complaint says of a statement whose values stand in its text.
func (q *query) complaint(w page.Window, at *place) string {
	text, args, err := q.compile(w, at)
	switch {
	case err != nil:
		return err.Error()
	case strings.Count(text, "?") != len(args):
		return "another number of values than of places for them: " + text
	case strings.ContainsAny(text, "'\"\\`%#;") || strings.Contains(text, "--") || strings.Contains(text, "/*"):
		return "the text holds a value: " + text
	}
	return ""
}

// Any filter is refused by name, or SQL and memory let through the same.
func FuzzFilter(f *testing.F) {
	fixture := open(f)
	ctx := context.Background() // f's own may not be used inside the target
	w := newWorld(fixture)
	fixture.seed(w, 200)
	all := must[[]ledger.Entry](f)(fixture.Ledger.Read(f.Context(), fixture.DB, 0, 10_000))
	f.Add([]byte("a filter"))
	f.Add([]byte{})
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		filter := w.anything(t)
		actor, scope := w.actor(t)
		actor.Roles = []string{rapid.SampledFrom([]string{"auditor", "manager", "member"}).Draw(t, "sees addresses as")}
		q, err := fixture.book.newQuery(ctx, actor, []span{{ledger.StreamKey, scope}}, filter)
		if err != nil {
			if bad, ok := fault.As(err); !ok || bad.Kind != fault.BadInput || bad.Field == "" {
				t.Fatal(err)
			}
			return
		}
		if _, err := fixture.book.markOf(ctx, actor, viewing{view: viewKeyLog, filter: filter.words(), purpose: filter.Purpose}); err != nil {
			t.Fatal(err)
		}
		at := &place{Seq: 5, OccurredAt: w.begin}
		for _, window := range []page.Window{{Limit: 5}, {Limit: 5, Backward: true, Cursor: "x"}} {
			if !q.empty() {
				if complaint := q.complaint(window, at); complaint != "" {
					t.Fatal(complaint)
				}
			}
		}
		fixture.agree(ctx, t, all, actor, scope, filter)
	}))
}
