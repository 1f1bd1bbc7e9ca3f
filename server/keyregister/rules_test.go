package keyregister

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func riga(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestTimesAreReadAsRegistersWroteThem(t *testing.T) {
	zone := riga(t)
	for _, c := range []struct{ text, after, want string }{
		{"2025-05-20T10:30:00Z", "", "2025-05-20T10:30:00Z"},
		{"2025-05-20 10:30:00.500", "", "2025-05-20T07:30:00.5Z"},
		{"2025-05-20T10:30:00+02:00", "", "2025-05-20T08:30:00Z"},
		{"20.05.2025 10:30", "", "2025-05-20T07:30:00Z"},
		{"1747810800", "", "2025-05-21T07:00:00Z"},
		{"1747810800000", "", "2025-05-21T07:00:00Z"},
		{"2025-10-26 03:30:00", "", "2025-10-26T00:30:00Z"},
		{"2025-10-26 03:30:00", "2025-10-26T00:45:00Z", "2025-10-26T01:30:00Z"},
		{"2025-10-26 02:59:59", "", "2025-10-25T23:59:59Z"},
		{"2025-10-26 04:00:00", "", "2025-10-26T02:00:00Z"},
		{"2025-03-30 02:59:59", "", "2025-03-30T00:59:59Z"},
		{"2025-03-30 03:30:00", "", "2025-03-30T01:30:00Z"},
		{"2025-03-30 04:00:00", "", "2025-03-30T01:00:00Z"},
		{"", "", ""}, {"kādreiz", "", ""}, {"-5", "", ""}, {"NaN", "", ""}, {"1e300", "", ""},
	} {
		var after time.Time
		if c.after != "" {
			after, _ = time.Parse(time.RFC3339, c.after)
		}
		at, ok := moment(c.text, zone, after)
		got := ""
		if ok {
			got = at.Format(time.RFC3339Nano)
		}
		if got != c.want {
			t.Errorf("%q after %q: %s, not %s", c.text, c.after, got, c.want)
		}
	}
}

func TestLoansOfAKeyNeverOverlapAndEveryMovementIsAccountedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
		moves := make([]move, rapid.IntRange(0, 40).Draw(t, "moves"))
		for i := range moves {
			moves[i] = move{
				place: fmt.Sprint(i), id: fmt.Sprint(i), kind: rapid.SampledFrom([]moveKind{issue, giveBack}).Draw(t, "kind"),
				key: rapid.SampledFrom([]string{"1", "2"}).Draw(t, "key"), holder: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "holder"),
				at: start.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "at")) * time.Minute),
			}
		}
		skipped := 0
		loans := pair(moves, func(string, string) { skipped++ })
		used, last := 0, map[string]*loan{}
		for _, l := range loans {
			if used++; !l.open() && !l.inferred {
				used++
			}
			if before := last[l.key]; before != nil && (before.open() || l.issuedAt.Before(before.returnedAt)) {
				t.Fatalf("%+v overlaps %+v", l, before)
			}
			last[l.key] = l
		}
		if used+skipped != len(moves) {
			t.Fatalf("%d used and %d skipped of %d", used, skipped, len(moves))
		}
	})
}

func TestNobodyIsMadeTheHolderByAnIDThatIsMissing(t *testing.T) {
	g := &register{
		zone: riga(t), now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), say: func(string, ...any) {},
		names: map[string]string{}, numbers: map[string]string{}, persons: map[string]string{}, users: map[string]string{},
	}
	for _, err := range []error{
		g.takePersons([]row{{place: "persons, row 1", values: map[string]string{"name": "Anna Kalniņa"}}}),
		g.takeUsers([]row{{place: "users, row 1", values: map[string]string{"fullname": "Kaspars Ozols"}}}),
		g.takeKeys([]row{{place: "keys 1", values: map[string]string{"id": "1", "number": "101"}}}),
		g.takeMoves([]row{
			{place: "logs 1", values: map[string]string{"id": "1", "keyid": "1", "action": "issued", "time": "2025-05-20T10:30:00Z", "username": "Marta Liepa"}},
			{place: "logs 2", values: map[string]string{"id": "2", "keyid": "1", "action": "issued", "time": "2025-05-21T10:30:00Z"}},
		}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(g.moves) != 2 || g.names[g.moves[0].holder] != "Marta Liepa" || g.moves[1].holder != "" {
		t.Fatalf("%+v", g.moves)
	}
}
