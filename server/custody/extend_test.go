package custody_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func (f *movements) issueUntil(t *testing.T, key *custody.Key, due *time.Time) *custody.Loan {
	t.Helper()
	made := must[*custody.Movement](t)(f.Custody.Issue(t.Context(), f.desk, custody.IssueInput{Keys: []id.ID{key.ID}, Holder: f.janis.ID, DueAt: due}))
	return made.Loans[0]
}

func TestALoanIsExtendedWithoutTheKeyComingBack(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	first := f.Clock.Now().Add(time.Hour)
	loan := f.issueUntil(t, f.key, &first)
	f.Clock.Advance(2 * time.Hour)
	next := f.Clock.Now().Add(time.Hour)
	in := custody.ExtendInput{Loan: loan.ID, DueAt: next, Reason: "The lift is late", IdempotencyKey: "x1"}
	made := must[*custody.LoanChange](t)(f.Custody.Extend(t.Context(), f.desk, in))
	again := must[*custody.LoanChange](t)(f.Custody.Extend(t.Context(), f.desk, in))
	if !made.Loan.Open() || !made.Loan.DueAt.Equal(next) || made.Loan.Overdue || again.Entry.Seq != made.Entry.Seq || !again.Loan.DueAt.Equal(next) {
		t.Fatalf("%+v, then %+v", made.Loan, again.Loan)
	}
	e := f.only(t, ledger.KeyExtended)
	if e.Person != f.janis.ID || e.Ref(custody.RefLoan) != loan.ID.String() || e.Details["dueAt"] != next.Format(ledger.TimeFormat) ||
		e.Details[custody.DetailPreviousDue] != first.Format(ledger.TimeFormat) || f.part(t, e, custody.FieldReason) != "The lift is late" {
		t.Fatalf("%s", e.Raw)
	}
}

func TestAnExtensionThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	now := f.Clock.Now()
	due := now.Add(time.Hour)
	loan, open := f.issueUntil(t, f.key, &due), f.issueUntil(t, f.Key("202"), nil)
	ended := f.issueUntil(t, f.other, &due)
	f.Return(f.desk, f.other)
	member := f.Actor(f.janis, "member")
	for name, c := range map[string]struct {
		in   custody.ExtendInput
		want fault.Kind
	}{
		"not later":        {custody.ExtendInput{Loan: loan.ID, DueAt: due}, fault.BadInput},
		"eleven years":     {custody.ExtendInput{Loan: loan.ID, DueAt: now.AddDate(11, 0, 0)}, fault.BadInput},
		"until further":    {custody.ExtendInput{Loan: open.ID, DueAt: due}, fault.Conflict},
		"ended":            {custody.ExtendInput{Loan: ended.ID, DueAt: due.Add(time.Hour)}, fault.Conflict},
		"no such loan":     {custody.ExtendInput{Loan: id.New(), DueAt: due.Add(time.Hour)}, fault.NotFound},
		"a reason of 501":  {custody.ExtendInput{Loan: loan.ID, DueAt: due.Add(time.Hour), Reason: long(501)}, fault.BadInput},
		"no loan is named": {custody.ExtendInput{DueAt: due.Add(time.Hour)}, fault.NotFound},
	} {
		if _, err := f.Custody.Extend(t.Context(), f.desk, c.in); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.Custody.Extend(t.Context(), member, custody.ExtendInput{Loan: loan.ID, DueAt: due.Add(time.Hour)}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the holder himself: %v", err)
	}
	if n := len(f.Entries(ledger.KeyExtended)); n != 0 || len(f.Entries(ledger.AccessDenied)) != 1 {
		t.Errorf("%d entries", n)
	}
	f.Clock.Advance(3 * time.Hour)
	if _, err := f.Custody.Extend(t.Context(), f.desk, custody.ExtendInput{Loan: loan.ID, DueAt: due.Add(time.Hour)}); !fault.Is(err, fault.BadInput) {
		t.Errorf("later than the due time and past all the same: %v", err)
	}
}
