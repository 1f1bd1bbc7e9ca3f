package custody_test

import (
	"context"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

func (f *movements) correct(t *testing.T, in custody.CorrectInput) *custody.Correction {
	t.Helper()
	if in.Reason == "" {
		in.Reason = "It was noted wrongly"
	}
	return must[*custody.Correction](t)(f.Custody.CorrectMovement(t.Context(), f.desk, in))
}

func TestACorrectionIsAnAddedEntryAndTheLoanFollows(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	f.Clock.Advance(time.Hour)
	issued := f.Issue(f.desk, f.janis, f.key)
	entry := issued.Entries[0]
	at := entry.OccurredAt.Add(-10 * time.Minute)
	f.Clock.Advance(time.Minute)
	in := custody.CorrectInput{Entry: entry.Seq, OccurredAt: &at, Holder: f.marta.ID, Comment: "It was Marta", Reason: "Wrong name", IdempotencyKey: "c1"}
	made := f.correct(t, in)
	again := f.correct(t, in)
	if made.Loan.HolderID != f.marta.ID || made.Loan.Department != f.marta.Department || !made.Loan.IssuedAt.Equal(at) || !made.Loan.Open() ||
		made.Key.State != custody.Issued || again.Entry.Seq != made.Entry.Seq {
		t.Fatalf("%+v", made.Loan)
	}
	e := f.only(t, ledger.KeyCorrected)
	if seq, ok := e.RefSeq(custody.RefCorrects); !ok || seq != entry.Seq || e.Person != f.marta.ID || e.Ref(custody.RefPreviousHolder) != f.janis.ID.String() ||
		f.name(t, e, custody.FieldPreviousHolder) != f.janis.Name || f.part(t, e, ledger.FieldComment) != "It was Marta" || f.part(t, e, custody.FieldReason) != "Wrong name" {
		t.Fatalf("%s", e.Raw)
	}
	if same := must[[]ledger.Entry](t)(f.Ledger.ReadSeqs(t.Context(), f.DB, []uint64{entry.Seq})); string(same[0].Raw) != string(entry.Raw) {
		t.Error("the corrected entry changed")
	}
	if n := f.Count("SELECT COUNT(*) FROM entry_ref WHERE target = ? AND role = 'corrects' AND seq = ?", entry.Seq, e.Seq); n != 1 {
		t.Error("the reference is not indexed")
	}
}

func TestAReturnIsCorrectedBetweenItsNeighbours(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	first := f.Issue(f.desk, f.janis, f.key).Entries[0]
	f.Clock.Advance(time.Hour)
	back := f.Return(f.desk, f.key).Entries[0]
	f.Clock.Advance(time.Hour)
	second := f.Issue(f.desk, f.marta, f.key).Entries[0]
	f.Clock.Advance(time.Hour)
	try := func(at time.Time) error {
		_, err := f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: back.Seq, OccurredAt: &at, Reason: "late"})
		return err
	}
	if err := try(second.OccurredAt.Add(time.Second)); !fault.Is(err, fault.Conflict) {
		t.Errorf("after the next issue: %v", err)
	}
	if err := try(first.OccurredAt.Add(-time.Second)); !fault.Is(err, fault.Conflict) {
		t.Errorf("before its issue: %v", err)
	}
	if err := try(second.OccurredAt); err != nil {
		t.Error(err)
	}
	early := second.OccurredAt.Add(-time.Second)
	if _, err := f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: second.Seq, OccurredAt: &early, Reason: "late"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("the next issue before the corrected return: %v", err)
	}
	f.correct(t, custody.CorrectInput{Entry: first.Seq, OccurredAt: ptr(first.OccurredAt.Add(time.Minute))})
	if n := len(f.Entries(ledger.KeyCorrected)); n != 2 {
		t.Errorf("%d corrections", n)
	}
}

func TestAnIssueByMistakeIsVoidedAndTheKeyIsInAgain(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	issued := f.Issue(f.desk, f.janis, f.key).Entries[0]
	h := f.offer(t, f.Actor(f.janis, "member"), f.key)
	f.Clock.Advance(time.Hour)
	made := f.correct(t, custody.CorrectInput{Entry: issued.Seq, Void: true})
	if *made.Loan.End != custody.EndVoided || !made.Loan.ReturnedAt.Equal(made.Loan.IssuedAt) || made.Key.State != custody.Available {
		t.Fatalf("%+v", made.Loan)
	}
	if f.handover(t, h.ID).State != custody.HandoverCancelled {
		t.Error("the handover of a key that was never out waits")
	}
	if _, err := f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: issued.Seq, Comment: "still", Reason: "x"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("what was annulled was corrected: %v", err)
	}
	early := issued.OccurredAt.Add(-time.Second) // the key was in all the time, so it may have been issued then
	must[*custody.Movement](t)(f.Custody.Issue(t.Context(), f.desk, custody.IssueInput{Keys: custodytest.IDs(f.key), Holder: f.marta.ID, OccurredAt: &early, Reason: "on paper"}))
}

func TestAReturnByMistakeIsVoidedWhileTheKeyHasNotMoved(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	issued := f.Issue(f.desk, f.janis, f.key)
	back := f.Return(f.desk, f.key).Entries[0]
	made := f.correct(t, custody.CorrectInput{Entry: back.Seq, Void: true})
	if !made.Loan.Open() || made.Loan.End != nil || made.Loan.ID != issued.Loans[0].ID || made.Key.State != custody.Issued || made.Loan.HolderID != f.janis.ID {
		t.Fatalf("%+v", made.Loan)
	}
	second := f.Return(f.desk, f.key).Entries[0]
	if _, err := f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: back.Seq, Void: true, Reason: "x"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("the first return, once more: %v", err)
	}
	f.Issue(f.desk, f.marta, f.key)
	if _, err := f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: second.Seq, Void: true, Reason: "x"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("the key has another holder: %v", err)
	}
	if n := f.Count("SELECT COUNT(*) FROM loan WHERE open_key IS NOT NULL"); n != 1 {
		t.Errorf("%d holders", n)
	}
}

func TestAHandoverIsCorrectedAtBothOfItsLoans(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	old := f.Issue(f.desk, f.janis, f.key).Loans[0]
	f.Clock.Advance(time.Hour)
	h := f.offer(t, f.desk, f.key)
	must[*custody.Handovers](t)(f.Custody.AcceptHandover(t.Context(), f.Actor(f.marta, "member"), custody.AcceptInput{Handover: h.ID, Accept: true}))
	entry := f.only(t, ledger.KeyHandedOver)
	at := entry.OccurredAt.Add(-time.Minute)
	made := f.correct(t, custody.CorrectInput{Entry: entry.Seq, OccurredAt: &at})
	if before := f.loan(t, old.ID); !made.Loan.IssuedAt.Equal(at) || !before.ReturnedAt.Equal(at) || *before.End != custody.EndHandedOver {
		t.Fatalf("%+v %+v", made.Loan, before)
	}
	for name, in := range map[string]custody.CorrectInput{
		"void":               {Entry: entry.Seq, Void: true, Reason: "x"},
		"received by giver":  {Entry: entry.Seq, Holder: f.janis.ID, Reason: "x"},
		"nothing differs":    {Entry: entry.Seq, OccurredAt: &at, Reason: "x"},
		"nothing given":      {Entry: entry.Seq, Reason: "x"},
		"no reason":          {Entry: entry.Seq, Comment: "c"},
		"void and a time":    {Entry: entry.Seq, Void: true, OccurredAt: &at, Reason: "x"},
		"a correction":       {Entry: made.Entry.Seq, Comment: "c", Reason: "x"},
		"an entry of a key":  {Entry: f.only(t, ledger.KeyHandoverRequested).Seq, Comment: "c", Reason: "x"},
		"an unknown holder":  {Entry: entry.Seq, Holder: f.key.ID, Reason: "x"},
		"a reason of 501":    {Entry: entry.Seq, Comment: "c", Reason: long(501)},
		"a time in the next": {Entry: entry.Seq, OccurredAt: ptr(f.Clock.Now().Add(time.Hour)), Reason: "x"},
	} {
		if _, err := f.Custody.CorrectMovement(t.Context(), f.desk, in); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: 1 << 40, Comment: "c", Reason: "x"}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	for _, role := range []string{"member", "manager", "auditor"} {
		if _, err := f.Custody.CorrectMovement(t.Context(), f.Actor(f.marta, role), custody.CorrectInput{Entry: entry.Seq, Comment: "c", Reason: "x"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

func TestAMovementIsCorrectedAFewTimesAtMost(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	entry := f.Issue(f.desk, f.janis, f.key).Entries[0]
	for range custody.MaxCorrections {
		f.correct(t, custody.CorrectInput{Entry: entry.Seq, Comment: "again"})
	}
	_, err := f.Custody.CorrectMovement(t.Context(), access.System(), custody.CorrectInput{Entry: entry.Seq, Comment: "again", Reason: "x"})
	if !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
}

func TestAKeyIsNotOutAgainWithSomebodyWhoWasErased(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	f.Issue(f.desk, f.janis, f.key)
	back := f.Return(f.desk, f.key).Entries[0]
	f.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		_, err := f.People.Erase(ctx, tx, f.janis.ID, id.ID{})
		return err
	})
	_, err := f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: back.Seq, Void: true, Reason: "it did not come back"})
	if !fault.Is(err, fault.Conflict) || f.state(t, f.key) != custody.Available {
		t.Fatalf("%v, and the key is %s", err, f.state(t, f.key))
	}
}

func TestACorrectionLetsNobodyHandAKeyToHimself(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	issued := f.Issue(f.desk, f.janis, f.key).Entries[0]
	h := f.offer(t, f.desk, f.key)
	must[*custody.Handovers](t)(f.Custody.AcceptHandover(t.Context(), f.Actor(f.marta, "member"), custody.AcceptInput{Handover: h.ID, Accept: true}))
	_, err := f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: issued.Seq, Holder: f.marta.ID, Reason: "wrong name"})
	if found, ok := fault.As(err); !ok || found.Field != "holder" {
		t.Fatalf("%v", err)
	}
	other := f.Person("Zane Zīle", "Kitchen")
	f.correct(t, custody.CorrectInput{Entry: issued.Seq, Holder: other.ID})
}
