package custody_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
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

func TestALoanThatComesBackInALaterImportIsReturnedAndItsOfferCancelled(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, key, twin, marta := f.Custodian(), f.Key("1"), f.Person("Anna Kalnina", ""), f.Person("Marta", "")
	issued := f.Clock.Now().Add(-5 * time.Hour)
	past := custody.PastLoan{Key: key.ID, Holder: twin.ID, IssuedAt: issued, IssueKey: "one"}
	must[custody.Imported](t)(f.Custody.ImportOnce(t.Context(), access.System(), []custody.PastLoan{past}, nil))
	offered := must[*custody.Handovers](t)(f.Custody.HandOver(t.Context(), desk, custody.HandOverInput{Keys: custodytest.IDs(key), To: marta.ID})).Handovers[0]
	anna := f.Person("Anna Kalniņa", "")
	f.Merge(twin.ID, anna.ID)
	past.Holder, past.ReturnedAt, past.ReturnKey = anna.ID, ptr(issued.Add(time.Hour)), "two"
	done := must[custody.Imported](t)(f.Custody.ImportOnce(t.Context(), access.System(), []custody.PastLoan{past}, nil))
	if done.Closed != 1 {
		t.Fatalf("%+v", done)
	}
	last := must[map[id.ID]*custody.Loan](t)(f.Custody.LastLoans(t.Context(), desk, custodytest.IDs(key)))[key.ID]
	if last == nil || last.End == nil || *last.End != custody.EndReturned {
		t.Errorf("the last loan is %+v", last)
	}
	if waits := must[page.Page[*custody.Handover]](t)(f.Custody.Handovers(t.Context(), desk, custody.HandoverFilter{State: custody.HandoverPending}, page.Request{})); len(waits.Items) != 0 {
		t.Error("an offer of a key that came back waits")
	}
	if e := f.Entries(ledger.KeyReturned); len(e) != 1 || e[0].Ref("cancelledHandover") != offered.ID.String() {
		t.Errorf("%+v", e)
	}
	back := f.Entries(ledger.KeyReturned)[0]
	f.Issue(desk, marta, key)
	_, err := f.Custody.CorrectMovement(t.Context(), desk, custody.CorrectInput{
		Entry: f.Entries(ledger.KeyIssued)[1].Seq, OccurredAt: ptr(back.OccurredAt.Add(-time.Minute)), Reason: "earlier",
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("it was issued before it came back: %v", err)
	}
}
