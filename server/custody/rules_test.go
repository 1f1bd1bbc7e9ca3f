package custody

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

func TestNumbersSortNaturally(t *testing.T) {
	t.Parallel()
	sorted := []string{"1", "2", "9", "10", "101", "1000", "A1", "a2", "A10", "B-7", "b-8", "B-10", "B-10a", "Ā 1"}
	shuffled := slices.Clone(sorted)
	slices.Reverse(shuffled)
	slices.SortFunc(shuffled, func(a, b string) int { return strings.Compare(orderOf(a), orderOf(b)) })
	if !slices.Equal(shuffled, sorted) {
		t.Fatalf("sorted as %q", shuffled)
	}
}

func TestOrderOfNumbersIsTotalAndFitsItsColumn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringOfN(rapid.RuneFrom([]rune("0019aAbÄ-. ")), 1, MaxNumber, -1)
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		if (orderOf(a) == orderOf(b)) != (a == b) {
			t.Fatalf("%q and %q have one place", a, b)
		}
		if n := utf8.RuneCountInString(orderOf(a)); n > 255 {
			t.Fatalf("%d characters", n)
		}
	})
}

func TestOrderOfWholeNumbersIsNumeric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint64().Draw(t, "a"), rapid.Uint64().Draw(t, "b")
		if got := strings.Compare(orderOf(decimal(a)), orderOf(decimal(b))); (got < 0) != (a < b) {
			t.Fatalf("%d against %d gives %d", a, b, got)
		}
	})
}

func decimal(n uint64) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return decimal(n/10) + string(rune('0'+n%10))
}

func TestStateIsDerivedFromLoanAndDates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	before, after := now.Add(-time.Microsecond), now.Add(time.Microsecond)
	for name, c := range map[string]struct {
		key  Key
		out  bool
		due  *time.Time
		want KeyState
	}{
		"in the cabinet":         {want: Available},
		"out":                    {out: true, want: Issued},
		"out, due later":         {out: true, due: &after, want: Issued},
		"out, due now":           {out: true, due: &now, want: Overdue},
		"out, due before":        {out: true, due: &before, want: Overdue},
		"lost while out":         {key: Key{LostAt: &before}, out: true, due: &before, want: Lost},
		"retired":                {key: Key{RetiredAt: &before}, want: Retired},
		"retired after its loss": {key: Key{RetiredAt: &now, LostAt: &before}, want: Retired},
	} {
		if got := stateOf(&c.key, c.out, c.due, now); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestTextsSayHowManyCharactersWereSent(t *testing.T) {
	t.Parallel()
	_, err := prose("comment", strings.Repeat("ā", 2001), MaxComment)
	f, ok := fault.As(err)
	if !ok || f.Field != "comment" || !strings.Contains(f.Message, "2001 characters") || !strings.Contains(f.Message, "2000") {
		t.Fatalf("%+v", f)
	}
	if _, err := prose("comment", strings.Repeat("ā", 2000), MaxComment); err != nil {
		t.Fatal(err)
	}
	if _, err := text("label", "two\nlines", MaxLabel); fault.KindOf(err) != fault.BadInput {
		t.Fatal(err)
	}
	if got, err := text("label", "  trimmed ", MaxLabel); got != "trimmed" || err != nil {
		t.Fatalf("%q %v", got, err)
	}
}

func TestKeysMustBeOneToAHundredAndDistinct(t *testing.T) {
	t.Parallel()
	many := make([]id.ID, 101)
	for i := range many {
		many[i] = id.New()
	}
	twice := []id.ID{many[0], many[1], many[0]}
	for field, keys := range map[string][]id.ID{
		"keys": nil, "keys ": many, "keys.2": twice, "keys.1": {many[0], {}},
	} {
		err := distinct("keys", keys, 1, MaxKeysAtOnce)
		if f, ok := fault.As(err); !ok || f.Field != strings.TrimSpace(field) {
			t.Errorf("%q: %v", field, err)
		}
	}
	if err := distinct("keys", many[:100], 1, MaxKeysAtOnce); err != nil {
		t.Fatal(err)
	}
}

func TestMovementsOfOneKeyFollowEachOther(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) *time.Time { at := now.Add(-d); return &at }
	for name, c := range map[string]struct {
		m        moment
		earliest time.Time
		want     time.Time
		field    string
	}{
		"now":                             {earliest: *ago(time.Hour), want: now},
		"now, though the clock went back": {earliest: now.Add(time.Hour), want: now.Add(time.Hour)},
		"from paper":                      {m: moment{ago(time.Hour), "power cut"}, earliest: *ago(time.Hour), want: *ago(time.Hour)},
		"from paper, out of order":        {m: moment{ago(time.Hour), "power cut"}, earliest: *ago(time.Minute), field: "occurredAt"},
		"from the future":                 {m: moment{ago(-time.Microsecond), "power cut"}, field: "occurredAt"},
		"from another century":            {m: moment{ago(20 * 365 * 24 * time.Hour), "power cut"}, field: "occurredAt"},
	} {
		got, err := c.m.when(now, c.earliest, "101")
		if f, _ := fault.As(err); c.field != "" && (f == nil || f.Field != c.field) || c.field == "" && (err != nil || !got.Equal(c.want)) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for field, m := range map[string]moment{"reason": {occurredAt: &now}, "occurredAt": {reason: "power cut"}} {
		if f, ok := fault.As(m.check()); !ok || f.Field != field {
			t.Errorf("%s alone is let through", field)
		}
	}
}

func TestDueTimesLieAfterTheIssue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	paper := now.Add(-3 * time.Hour)
	for name, c := range map[string]struct {
		due, issued time.Time
		ok          bool
	}{
		"later":                             {now.Add(time.Microsecond), now, true},
		"now":                               {now, now, false},
		"before":                            {now.Add(-time.Hour), now, false},
		"past, for an issue noted on paper": {now.Add(-time.Hour), paper, true},
		"before the issue noted on paper":   {now.Add(-4 * time.Hour), paper, false},
		"in twenty years":                   {now.AddDate(20, 0, 0), now, false},
	} {
		if err := checkDue(&c.due, c.issued, now); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := checkDue(nil, now, now); err != nil {
		t.Fatal(err)
	}
}

func TestAConflictNamesItsKeysInASentence(t *testing.T) {
	t.Parallel()
	anna := &HolderNamed{Name: "Anna"}
	many := slices.Repeat([]KeyNamed{{Number: "7"}}, 8)
	for want, keys := range map[string][]KeyNamed{
		"Key 101 (Anna) is":                 {{Number: "101", Holder: anna}},
		"Keys 101 (Anna) and B-7 are":       {{Number: "101", Holder: anna}, {Number: "B-7"}},
		"Keys 7, 7, 7, 7, 7 and 3 more are": many,
	} {
		if got := sentence(keys).String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
