package custody_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

func TestIssueAndReturnAreOneLoanAndTwoEntries(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", "Facilities"), f.Key("101")
	due := f.Clock.Now().Add(8 * time.Hour)
	issuedAt := f.Clock.Advance(time.Minute)
	issued, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{
		Keys: custodytest.IDs(key), Holder: janis.ID, DueAt: &due, Comment: " Room 204 usage ",
	})
	if err != nil {
		t.Fatal(err)
	}
	returnedAt := f.Clock.Advance(time.Hour)
	returned, err := f.Custody.Return(t.Context(), desk, custody.ReturnInput{Keys: custodytest.IDs(key)})
	if err != nil {
		t.Fatal(err)
	}
	loan := returned.Loans[0]
	if loan.ID != issued.Loans[0].ID || loan.HolderID != janis.ID || !loan.IssuedAt.Equal(issuedAt) || !loan.DueAt.Equal(due) ||
		loan.ReturnedAt == nil || !loan.ReturnedAt.Equal(returnedAt) || loan.IssuedByID != desk.Person || loan.ReturnedByID != desk.Person {
		t.Fatalf("%+v", loan)
	}
	for i, e := range []ledger.Entry{issued.Entries[0], returned.Entries[0]} {
		if e.Entity != (ledger.Entity{Type: "key", ID: key.ID.String(), Label: "101"}) || e.Person != janis.ID ||
			e.Department != janis.Department || e.ActorID() != desk.Person || e.Ref(custody.RefLoan) != loan.ID.String() ||
			e.ID != []id.ID{loan.IssuedEntry, loan.ReturnedEntry}[i] || !e.OccurredAt.Equal([]time.Time{issuedAt, returnedAt}[i]) {
			t.Errorf("%+v", e.Body)
		}
		for _, personal := range []string{"Jānis", "Bērziņš", "Room 204", "192.0.2.7"} {
			if strings.Contains(string(e.Raw), personal) {
				t.Errorf("%q stands in the entry in plain", personal)
			}
		}
	}
	var comment string
	if _, err := f.Ledger.Unseal(t.Context(), &issued.Entries[0], ledger.FieldComment, &comment); err != nil || comment != "Room 204 usage" {
		t.Fatalf("%q %v", comment, err)
	}
	var holder ledger.HolderDetails
	if _, err := f.Ledger.Unseal(t.Context(), &issued.Entries[0], ledger.FieldHolder, &holder); err != nil || holder.Name != janis.Name {
		t.Fatalf("%+v %v", holder, err)
	}
}

func TestIssueRefusesBadInputAndLeavesNothing(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis := f.Custodian(), f.Person("Jānis Bērziņš", "")
	good, retired := f.Key("1"), f.Key("2")
	if _, err := f.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: retired.ID}); err != nil {
		t.Fatal(err)
	}
	past, future := f.Clock.Now().Add(-time.Hour), f.Clock.Now().Add(time.Hour)
	before := f.Count("SELECT size FROM {ledger}.head")
	for field, in := range map[string]custody.IssueInput{
		"keys":        {Holder: janis.ID},
		"keys.1":      {Keys: []id.ID{good.ID, id.New()}, Holder: janis.ID},
		"keys.0":      {Keys: []id.ID{retired.ID, good.ID}, Holder: janis.ID},
		"holder":      {Keys: []id.ID{good.ID}},
		"holder ":     {Keys: []id.ID{good.ID}, Holder: id.New()},
		"dueAt":       {Keys: []id.ID{good.ID}, Holder: janis.ID, DueAt: &past},
		"comment":     {Keys: []id.ID{good.ID}, Holder: janis.ID, Comment: strings.Repeat("ž", 2001)},
		"reason":      {Keys: []id.ID{good.ID}, Holder: janis.ID, OccurredAt: &past},
		"reason ":     {Keys: []id.ID{good.ID}, Holder: janis.ID, OccurredAt: &past, Reason: strings.Repeat("ž", 501)},
		"occurredAt":  {Keys: []id.ID{good.ID}, Holder: janis.ID, Reason: "power cut"},
		"occurredAt ": {Keys: []id.ID{good.ID}, Holder: janis.ID, OccurredAt: &future, Reason: "power cut"},
	} {
		_, err := f.Custody.Issue(t.Context(), desk, in)
		if bad, ok := fault.As(err); !ok || bad.Kind != fault.BadInput || bad.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if loans, size := f.Count("SELECT COUNT(*) FROM loan"), f.Count("SELECT size FROM {ledger}.head"); loans != 0 || size != before {
		t.Fatalf("%d loans, %d entries", loans, size-before)
	}
}

func TestSeveralKeysAreIssuedAllOrNone(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, anna := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Person("Anna Kalniņa", "")
	keys := []*custody.Key{f.Key("1"), f.Key("2"), f.Key("3")}
	f.Issue(desk, janis, keys[1])
	_, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(keys...), Holder: anna.ID})
	out := conflicting(t, err)
	if len(out) != 1 || out[0].Number != "2" || out[0].Holder == nil || out[0].Holder.Name != "Jānis Bērziņš" {
		t.Fatalf("%+v", out)
	}
	if n := f.Count("SELECT COUNT(*) FROM loan"); n != 1 {
		t.Fatalf("%d loans", n)
	}
	f.Return(desk, keys[1])
	made := f.Issue(desk, anna, keys...)
	for i, e := range made.Entries {
		if e.Entity.ID != keys[i].ID.String() || made.Loans[i].KeyID != keys[i].ID {
			t.Fatalf("entry %d is about another key", i)
		}
	}
}

func conflicting(t *testing.T, err error) []custody.KeyNamed {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Conflict {
		t.Fatalf("no conflict: %v", err)
	}
	keys, _ := f.Data["keys"].([]custody.KeyNamed)
	return keys
}

func TestAConflictNamesTheHolderOnlyToWhoMayKnow(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	key := f.Key("101")
	f.Issue(f.Custodian(), f.Person("Jānis Bērziņš", "Facilities"), key)
	blind := f.Actor(f.Person("Ilze Liepa", "Security"), "custodian")
	blind.Roles = []string{"lender"} // may issue, and see only what concerns her
	for _, rule := range [][2]string{{"keys.issue", "all"}, {"keys.view", "own"}} {
		if _, err := f.DB.Exec(t.Context(), "INSERT INTO role_policy (role, permission, scope) VALUES ('lender', ?, ?)", rule[0], rule[1]); err != nil {
			t.Fatal(err)
		}
	}
	reloaded := reload(t, f)
	_, err := reloaded.Issue(t.Context(), blind, custody.IssueInput{Keys: custodytest.IDs(key), Holder: blind.Person})
	if out := conflicting(t, err); len(out) != 1 || out[0].Number != "101" || out[0].Holder != nil {
		t.Fatalf("%+v", out)
	}
	if strings.Contains(err.Error(), "Jānis") {
		t.Fatal(err)
	}
}

func TestReturnRefusesKeysThatAreNotOut(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, out, in := f.Custodian(), f.Key("1"), f.Key("2")
	f.Issue(desk, f.Person("Jānis Bērziņš", ""), out)
	_, err := f.Custody.Return(t.Context(), desk, custody.ReturnInput{Keys: custodytest.IDs(out, in)})
	if named := conflicting(t, err); len(named) != 1 || named[0].Number != "2" {
		t.Fatalf("%+v", named)
	}
	if n := f.Count("SELECT COUNT(*) FROM loan WHERE open_key IS NOT NULL"); n != 1 {
		t.Fatal("the other key was returned all the same")
	}
}

func TestMovementsNotedOnPaperKeepTheirTimeAndReason(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Key("1")
	at := f.Clock.Now().Add(-3 * time.Hour)
	due := at.Add(time.Hour)
	made, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{
		Keys: custodytest.IDs(key), Holder: janis.ID, DueAt: &due, OccurredAt: &at, Reason: "power cut; Jānis signed the sheet",
	})
	if err != nil {
		t.Fatal(err)
	}
	e := made.Entries[0]
	if !e.OccurredAt.Equal(at) || !e.RecordedAt.Equal(f.Clock.Now()) || !made.Loans[0].IssuedAt.Equal(at) || !made.Loans[0].Overdue {
		t.Fatalf("%+v %+v", e.Body, made.Loans[0])
	}
	var reason string
	if found, err := f.Ledger.Unseal(t.Context(), &e, custody.FieldReason, &reason); !found || err != nil || !strings.HasPrefix(reason, "power cut") {
		t.Fatalf("%q %v", reason, err)
	}
	early := at.Add(-time.Minute)
	_, err = f.Custody.Return(t.Context(), desk, custody.ReturnInput{Keys: custodytest.IDs(key), OccurredAt: &early, Reason: "power cut"})
	if bad, ok := fault.As(err); !ok || bad.Field != "occurredAt" {
		t.Fatalf("returned before it was issued: %v", err)
	}
	back := at.Add(2 * time.Hour)
	if _, err := f.Custody.Return(t.Context(), desk, custody.ReturnInput{Keys: custodytest.IDs(key), OccurredAt: &back, Reason: "power cut"}); err != nil {
		t.Fatal(err)
	}
	_, err = f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: janis.ID, OccurredAt: &at, Reason: "power cut"})
	if bad, ok := fault.As(err); !ok || bad.Field != "occurredAt" {
		t.Fatalf("two loans of one key overlap: %v", err)
	}
}

func TestAnIssueLiesBehindTheLastReturnEvenWhenTheClockWentBack(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Key("1")
	f.Issue(desk, janis, key)
	back := f.Return(desk, key)
	f.Clock.Advance(-time.Hour)
	again, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: janis.ID})
	if err != nil || again.Loans[0].IssuedAt.Before(*back.Loans[0].ReturnedAt) {
		t.Fatalf("%+v %v", again, err)
	}
}

func TestOnlyWhoMayIssueMovesKeysAndARefusalIsRecorded(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	janis, key := f.Person("Jānis Bērziņš", ""), f.Key("1")
	if _, err := f.Custody.Issue(t.Context(), nil, custody.IssueInput{}); !fault.Is(err, fault.Unauthenticated) {
		t.Fatal(err)
	}
	for _, role := range []string{"member", "auditor", "manager"} {
		actor := f.Actor(f.Person("Somebody of "+role, ""), role)
		_, err := f.Custody.Issue(t.Context(), actor, custody.IssueInput{Keys: custodytest.IDs(key), Holder: janis.ID})
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
	if n := len(f.Entries(ledger.AccessDenied)); n != 3 {
		t.Fatalf("%d refusals were recorded", n)
	}
}

func TestAKeyOfSomebodyErasedCanBeReturned(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Key("1")
	f.Issue(desk, janis, key)
	f.InTx(func(ctx context.Context, tx *mysql.Tx) error { return f.Seal.Destroy(ctx, tx, seal.Person(janis.ID)) })
	other := reload(t, f)
	made := must[*custody.Movement](t)(other.Return(t.Context(), desk, custody.ReturnInput{Keys: custodytest.IDs(key), Comment: "found in his drawer"}))
	var comment string
	if _, err := f.Ledger.Unseal(t.Context(), &made.Entries[0], ledger.FieldComment, &comment); err != nil || comment != "found in his drawer" {
		t.Fatalf("%q %v", comment, err)
	}
	_, err := other.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: janis.ID})
	if bad, ok := fault.As(err); !ok || bad.Field != "holder" {
		t.Fatal(err)
	}
}
