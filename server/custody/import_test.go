package custody_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestTwentyThousandMovementsAreImported(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk := f.Custodian()
	const keys, holders, loans = 50, 20, 10_000
	var ids, persons []id.ID
	for i := range keys {
		ids = append(ids, f.Key(fmt.Sprint(i)).ID)
	}
	for i := range holders {
		persons = append(persons, f.Person(fmt.Sprintf("Person %d", i), "Facilities").ID)
	}
	begin := f.Clock.Now().AddDate(-1, 0, 0)
	past := make([]custody.PastLoan, loans)
	for i := range past {
		issued := begin.Add(time.Duration(i/keys) * 24 * time.Hour)
		returned := issued.Add(time.Hour)
		past[loans-1-i] = custody.PastLoan{ // newest first, to be sorted
			Key: ids[i%keys], Holder: persons[i%holders], IssuedBy: desk.Person, IssuedAt: issued, ReturnedAt: &returned, Comment: "tour",
		}
	}
	past[0].ReturnedAt, past[0].DueAt = nil, ptr(f.Clock.Now().Add(time.Hour))
	started := time.Now()
	stored, err := f.Custody.ImportMovements(t.Context(), access.System(), past)
	if err != nil || stored != loans {
		t.Fatal(stored, err)
	}
	t.Logf("%d movements in %s", 2*loans-1, time.Since(started).Round(time.Millisecond))
	if n := f.Count("SELECT COUNT(*) FROM loan"); n != loans {
		t.Fatalf("%d loans", n)
	}
	if n := f.Count("SELECT COUNT(*) FROM loan WHERE open_key IS NOT NULL"); n != 1 {
		t.Fatalf("%d open loans", n)
	}
	if n := f.Count("SELECT COUNT(*) FROM entry_index WHERE action IN (?, ?)", ledger.KeyIssued, ledger.KeyReturned); n != 2*loans-1 {
		t.Fatalf("%d entries", n)
	}
	e := f.Entries(ledger.KeyIssued)[0]
	if !e.OccurredAt.Equal(begin) || e.ActorID() != desk.Person || e.RecordedAt.Before(f.Clock.Now()) {
		t.Fatalf("%+v", e.Body)
	}
}

func TestAnImportRefusesWhatCannotHaveHappened(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	key, other, janis := f.Key("1"), f.Key("2"), f.Person("Jānis Bērziņš", "")
	f.Issue(f.Custodian(), janis, other)
	f.Clock.Advance(time.Hour)
	at := func(hours int) time.Time { return f.Clock.Now().Add(time.Duration(hours) * time.Hour) }
	loan := func(from, to int) custody.PastLoan {
		return custody.PastLoan{Key: key.ID, Holder: janis.ID, IssuedAt: at(from), ReturnedAt: ptr(at(to))}
	}
	open := custody.PastLoan{Key: key.ID, Holder: janis.ID, IssuedAt: at(-5)}
	out := loan(-9, 0)
	out.Key = other.ID
	stranger := loan(-9, -8)
	stranger.Holder = id.New()
	missing := loan(-9, -8)
	missing.Key = id.New()
	for name, c := range map[string]struct {
		loans []custody.PastLoan
		kind  fault.Kind
		field string
	}{
		"loans that overlap":            {[]custody.PastLoan{loan(-9, -7), loan(-8, -6)}, fault.Conflict, "movements.1"},
		"one inside another":            {[]custody.PastLoan{loan(-8, -7), loan(-9, -6)}, fault.Conflict, "movements.0"},
		"one after an open one":         {[]custody.PastLoan{open, loan(-4, -3)}, fault.Conflict, "movements.1"},
		"one that reaches into the now": {[]custody.PastLoan{out}, fault.Conflict, "movements.0"},
		"the future":                    {[]custody.PastLoan{loan(-1, 1)}, fault.BadInput, "movements.0"},
		"backwards":                     {[]custody.PastLoan{loan(-5, -3), loan(-1, -2)}, fault.BadInput, "movements.1"},
		"an unknown holder":             {[]custody.PastLoan{stranger}, fault.BadInput, "movements.0"},
		"an unknown key":                {[]custody.PastLoan{missing}, fault.BadInput, "movements.0"},
	} {
		stored, err := f.Custody.ImportMovements(t.Context(), access.System(), c.loans)
		if bad, ok := fault.As(err); !ok || bad.Kind != c.kind || bad.Field != c.field || stored != 0 {
			t.Errorf("%s: %d stored, %v", name, stored, err)
		}
	}
	if n := f.Count("SELECT COUNT(*) FROM loan"); n != 1 {
		t.Fatalf("%d loans", n)
	}
	touching := []custody.PastLoan{loan(-9, -8), loan(-8, -7), open}
	if stored, err := f.Custody.ImportMovements(t.Context(), access.System(), touching); err != nil || stored != 3 {
		t.Fatal(stored, err)
	}
	if _, err := f.Custody.ImportMovements(t.Context(), access.System(), touching[:1]); !fault.Is(err, fault.Conflict) {
		t.Fatalf("imported twice: %v", err)
	}
}

func TestAnImportNeedsTheRightsToManageAndToIssue(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	if _, err := f.Custody.ImportMovements(t.Context(), f.Custodian(), nil); !fault.Is(err, fault.Forbidden) {
		t.Fatal(err)
	}
}
