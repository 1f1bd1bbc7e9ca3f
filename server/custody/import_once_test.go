package custody_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestWhatIsImportedOnceIsMarkedAndNeverRepeated(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	key, holder := f.Key("1"), f.Person("Anna", "")
	issued := f.Clock.Now().Add(-5 * time.Hour)
	returned, later := issued.Add(time.Hour), issued.Add(2*time.Hour)
	actor := *access.System()
	actor.Source = "key-register"
	open := custody.PastLoan{Key: key.ID, Holder: holder.ID, IssuedAt: issued, IssueKey: "one"}
	closed := open
	closed.ReturnedAt, closed.ReturnKey, closed.ReturnInferred = &returned, "two", true
	next := custody.PastLoan{Key: key.ID, Holder: holder.ID, IssuedAt: returned, ReturnedAt: &later, IssueKey: "three", ReturnKey: "four"}
	within := custody.PastLoan{Key: key.ID, Holder: holder.ID, IssuedAt: issued.Add(time.Minute), ReturnedAt: ptr(issued.Add(2 * time.Minute)), IssueKey: "five", ReturnKey: "six"}
	for i, step := range []struct {
		past                              []custody.PastLoan
		stored, closed, repeated, refused int
	}{
		{[]custody.PastLoan{open}, 1, 0, 0, 0},
		{[]custody.PastLoan{open}, 0, 0, 1, 0},
		{[]custody.PastLoan{closed, next}, 1, 1, 0, 0},
		{[]custody.PastLoan{next, closed}, 0, 0, 2, 0},
		{[]custody.PastLoan{within}, 0, 0, 0, 1},
	} {
		got, err := f.Custody.ImportOnce(t.Context(), &actor, step.past, nil)
		if err != nil || got.Stored != step.stored || got.Closed != step.closed || got.Repeated != step.repeated || len(got.Refused) != step.refused {
			t.Fatalf("step %d: %+v %v", i, got, err)
		}
	}
	returns := f.Entries(ledger.KeyReturned)
	if len(returns) != 2 || returns[0].Details["inferred"] != true || returns[1].Details["inferred"] != nil {
		t.Fatalf("%+v", returns)
	}
	for _, e := range append(returns, f.Entries(ledger.KeyIssued)...) {
		if e.Details["imported"] != true || e.Source != "key-register" {
			t.Errorf("%+v", e.Body)
		}
	}
}
