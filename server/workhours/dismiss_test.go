package workhours_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

func TestADismissedUserWaitsNoMoreAndStillBecomesWhoeverIsNamedSo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.report(t, works(`FACTORY\stranger`, "2026-11-25 08:00"), stops(`FACTORY\stranger`, "2026-11-25 09:30"))
	b.process(t)
	waiting := func() int {
		list, err := b.hours.Unknown(t.Context(), access.System(), page.Request{})
		check(t, err)
		return len(list.Items)
	}
	const source = "till"
	if n := waiting(); n != 1 {
		t.Fatalf("%d wait", n)
	}
	for i, want := range []bool{true, false} {
		before := b.size(t)
		if dismissed, err := b.hours.Dismiss(t.Context(), access.System(), source, `factory\STRANGER`); err != nil || dismissed != want {
			t.Errorf("time %d: %v, %v", i+1, dismissed, err)
		}
		if grown := b.size(t) - before; (grown == 1) != want {
			t.Errorf("time %d added %d entries", i+1, grown)
		}
	}
	if e := b.entry(t, b.size(t)-1); e.Action != ledger.AccessWorkUserDismissed || bytes.Contains(bytes.ToLower(e.Raw), []byte("stranger")) {
		t.Errorf("%s", e.Raw)
	}
	b.report(t, works(`FACTORY\stranger`, "2026-11-25 10:00"))
	b.process(t)
	if n := waiting(); n != 0 {
		t.Errorf("%d wait after one more report", n)
	}
	if _, err := b.hours.Dismiss(t.Context(), access.System(), source, "nobody"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a user whom nobody named: %v", err)
	}
	anna := b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	names := append(anna.ExternalNames, people.ExternalName{Source: source, Name: `FACTORY\stranger`})
	_, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: anna.ID, ExternalNames: &names})
	check(t, err)
	b.process(t)
	if left, days := count(t, b, "work_unknown"), b.days(t, anna.ID); left != 0 || len(days) != 1 || days[0].Working < (90*time.Minute).Microseconds() {
		t.Errorf("%d are left, and Anna worked %v", left, days)
	}
}

func (b *bundle) size(t testing.TB) uint64 {
	t.Helper()
	_, size, err := b.Ledger.LastRecorded(t.Context())
	check(t, err)
	return size
}
