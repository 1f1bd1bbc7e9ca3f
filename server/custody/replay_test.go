package custody_test

import (
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestARepeatedIssueAnswersAsTheFirstTime(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis := f.Custodian(), f.Person("Jānis Bērziņš", "")
	due := f.Clock.Now().Add(time.Minute)
	in := custody.IssueInput{Keys: custodytest.IDs(f.Key("1"), f.Key("2")), Holder: janis.ID, DueAt: &due, IdempotencyKey: "dialog-7"}
	first := must[*custody.Movement](t)(f.Custody.Issue(t.Context(), desk, in))
	f.Clock.Advance(time.Hour) // the due time has passed, and the keys are out: neither matters any more
	second := must[*custody.Movement](t)(f.Custody.Issue(t.Context(), desk, in))
	for i := range first.Loans {
		if first.Loans[i].ID != second.Loans[i].ID || first.Entries[i].Seq != second.Entries[i].Seq || first.Entries[i].Leaf != second.Entries[i].Leaf {
			t.Fatalf("key %d: another answer", i)
		}
	}
	if n := len(f.Entries(ledger.KeyIssued)); n != 2 {
		t.Fatalf("%d entries", n)
	}
	in.Comment = "another request"
	if _, err := f.Custody.Issue(t.Context(), desk, in); !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	back := custody.ReturnInput{Keys: in.Keys, IdempotencyKey: "dialog-8"}
	must[*custody.Movement](t)(f.Custody.Return(t.Context(), desk, back))
	again := must[*custody.Movement](t)(f.Custody.Return(t.Context(), desk, back))
	if len(again.Loans) != 2 || again.Loans[0].ID != first.Loans[0].ID || len(f.Entries(ledger.KeyReturned)) != 2 {
		t.Fatalf("%+v", again.Loans)
	}
}

func TestTheSameRequestManyTimesAtOnceIsOneMovement(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Key("1")
	loans := make([]id.ID, clients)
	for _, err := range together(func(i int) error {
		made, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: janis.ID, IdempotencyKey: "once"})
		if err == nil {
			loans[i] = made.Loans[0].ID
		}
		return err
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, loan := range loans {
		if loan != loans[0] {
			t.Fatal("two answers")
		}
	}
	if n := len(f.Entries(ledger.KeyIssued)); n != 1 {
		t.Fatalf("%d entries", n)
	}
}

func TestARefusedRequestMayBeRepeatedWithItsKey(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Key("1")
	f.Issue(desk, janis, key)
	in := custody.IssueInput{Keys: custodytest.IDs(key), Holder: janis.ID, IdempotencyKey: "dialog-7"}
	if _, err := f.Custody.Issue(t.Context(), desk, in); !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	f.Return(desk, key)
	must[*custody.Movement](t)(f.Custody.Issue(t.Context(), desk, in))
}

func TestRepeatedChangesOfKeysAndGroupsAreRecordedOnce(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	admin := access.System()
	create := custody.CreateKeyInput{Number: "1", IdempotencyKey: "a"}
	key := must[*custody.Key](t)(f.Custody.CreateKey(t.Context(), admin, create))
	label := "Boiler room"
	update := custody.UpdateKeyInput{ID: key.ID, Label: &label, IdempotencyKey: "b"}
	nothing := custody.UpdateKeyInput{ID: key.ID, IdempotencyKey: "c"}
	group := custody.SaveGroupInput{Name: "Cellar", Keys: []id.ID{key.ID}, IdempotencyKey: "d"}
	retire := custody.RetireKeyInput{ID: key.ID, IdempotencyKey: "e"}
	var groups []id.ID
	for range 2 {
		same := must[*custody.Key](t)(f.Custody.CreateKey(t.Context(), admin, create))
		if same.ID != key.ID {
			t.Fatal("a second key")
		}
		if must[*custody.Key](t)(f.Custody.UpdateKey(t.Context(), admin, update)).Label != label {
			t.Fatal("not changed")
		}
		must[*custody.Key](t)(f.Custody.UpdateKey(t.Context(), admin, nothing))
		groups = append(groups, must[*custody.KeyGroup](t)(f.Custody.SaveGroup(t.Context(), admin, group)).ID)
	}
	if groups[0] != groups[1] {
		t.Fatal("a second group")
	}
	for range 2 {
		must[*custody.Key](t)(f.Custody.RetireKey(t.Context(), admin, retire))
	}
	for _, action := range []string{ledger.KeyCreated, ledger.KeyUpdated, ledger.KeyGroupCreated, ledger.KeyRetired} {
		if n := len(f.Entries(action)); n != 1 {
			t.Errorf("%s: %d entries", action, n)
		}
	}
}

func TestARepeatedReservationAnswersAsTheFirstTime(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	in := custody.ReserveInput{
		Keys: custodytest.IDs(f.Key("1")), Holder: f.Person("Anna", "").ID, From: f.Clock.Now(), To: hours(f, 1), IdempotencyKey: "dialog-9",
	}
	desk := f.Custodian()
	first := must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), desk, in))
	f.Clock.Advance(2 * time.Hour) // the answer was lost, and its time lies in the past
	again := must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), desk, in))
	if len(again.Reservations) != 1 || again.Reservations[0].ID != first.Reservations[0].ID || len(f.Entries(ledger.KeyReserved)) != 1 {
		t.Fatalf("%+v", again)
	}
	in.IdempotencyKey = "dialog-10"
	if _, err := f.Custody.Reserve(t.Context(), desk, in); !fault.Is(err, fault.BadInput) {
		t.Fatalf("a new one in the past: %v", err)
	}
}

func TestARepeatedImportOfKeysSaysWhatItDidTheFirstTime(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	f.KeyOf(custody.CreateKeyInput{Number: "1", Cabinet: "A"})
	f.KeyOf(custody.CreateKeyInput{Number: "2", Cabinet: "A"})
	in := custody.ImportKeysInput{CSV: "number,label,cabinet\n1,Boiler,A\n2,,A\n3,Attic,B\n", IdempotencyKey: "import-1"}
	var first *custody.KeyImport
	for range 2 {
		done := must[*custody.KeyImport](t)(f.Custody.ImportKeys(t.Context(), access.System(), in))
		if first == nil {
			first = done
		}
		if !done.Done || done.Created() != 1 || done.Updated() != 1 || done.Unchanged() != 1 {
			t.Fatalf("%d created, %d updated, %d unchanged", done.Created(), done.Updated(), done.Unchanged())
		}
		for i, row := range done.Rows {
			if row.Key != first.Rows[i].Key || !slices.Equal(row.Fields, first.Rows[i].Fields) {
				t.Errorf("line %d: %s of %s, and first %s of %s", row.Line, row.Fields, row.Key, first.Rows[i].Fields, first.Rows[i].Key)
			}
		}
	}
}
