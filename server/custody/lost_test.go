package custody_test

import (
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestALostKeyEndsItsLoanAndKeepsItsHolderOnRecord(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	issued := f.Issue(f.desk, f.janis, f.key)
	f.Clock.Advance(time.Minute)
	in := custody.ReportInput{Key: f.key.ID, Comment: "Fell into the canal", IdempotencyKey: "l1"}
	holder := f.Actor(f.janis, "member")
	lost := must[*custody.Report](t)(f.Custody.ReportLost(t.Context(), holder, in))
	again := must[*custody.Report](t)(f.Custody.ReportLost(t.Context(), holder, in))
	if lost.Key.State != custody.Lost || lost.Loan.Open() || *lost.Loan.End != custody.EndLost || again.Entry.Seq != lost.Entry.Seq || again.Loan.ID != lost.Loan.ID {
		t.Fatalf("%+v %+v", lost.Key, lost.Loan)
	}
	e := f.only(t, ledger.KeyLost)
	if e.Person != f.janis.ID || f.name(t, e, ledger.FieldHolder) != f.janis.Name || f.part(t, e, ledger.FieldComment) != in.Comment {
		t.Fatalf("%s", e.Raw)
	}
	last := must[map[id.ID]*custody.Loan](t)(f.Custody.LastLoans(t.Context(), f.desk, custodytest.IDs(f.key, f.other)))
	if len(last) != 1 || last[f.key.ID].ID != issued.Loans[0].ID || last[f.key.ID].HolderID != f.janis.ID {
		t.Fatalf("%+v", last)
	}
	if _, err := f.Custody.Issue(t.Context(), f.desk, custody.IssueInput{Keys: custodytest.IDs(f.key), Holder: f.marta.ID}); !fault.Is(err, fault.BadInput) {
		t.Errorf("a lost key was issued: %v", err)
	}
	if _, err := f.Custody.Return(t.Context(), f.desk, custody.ReturnInput{Keys: custodytest.IDs(f.key)}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a lost key was returned: %v", err)
	}
	if _, err := f.Custody.ReportLost(t.Context(), f.desk, custody.ReportInput{Key: f.key.ID}); !fault.Is(err, fault.Conflict) {
		t.Errorf("it was lost twice: %v", err)
	}
}

func TestAFoundKeyCanBeIssuedFromThenOn(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	must[*custody.Report](t)(f.Custody.ReportLost(t.Context(), f.desk, custody.ReportInput{Key: f.key.ID}))
	foundAt := f.Clock.Advance(time.Hour)
	found := must[*custody.Report](t)(f.Custody.ReportFound(t.Context(), f.desk, custody.ReportInput{Key: f.key.ID, Comment: "Under the mat"}))
	if found.Key.State != custody.Available || found.Key.LostAt != nil || !found.Key.FoundAt.Equal(foundAt) || !f.only(t, ledger.KeyFound).Person.IsZero() {
		t.Fatalf("%+v", found.Key)
	}
	f.Clock.Advance(time.Hour)
	early := foundAt.Add(-time.Minute)
	in := custody.IssueInput{Keys: custodytest.IDs(f.key), Holder: f.janis.ID, OccurredAt: &early, Reason: "on paper"}
	if _, err := f.Custody.Issue(t.Context(), f.desk, in); !fault.Is(err, fault.BadInput) {
		t.Errorf("it was issued while it was lost: %v", err)
	}
	in.OccurredAt = &foundAt
	must[*custody.Movement](t)(f.Custody.Issue(t.Context(), f.desk, in))
	if _, err := f.Custody.ReportFound(t.Context(), f.desk, custody.ReportInput{Key: f.key.ID}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a key that is not lost was found: %v", err)
	}
}

func TestALossIsForThoseWhoMayIssueTheKeyAndForItsHolder(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	f.Issue(f.desk, f.janis, f.key)
	for name, c := range map[string]struct {
		actor *access.Actor
		key   id.ID
		want  fault.Kind
	}{
		"another member":              {f.Actor(f.marta, "member"), f.key.ID, fault.NotFound},
		"a member, a key that is in":  {f.Actor(f.janis, "member"), f.other.ID, fault.NotFound},
		"a member, a key that is not": {f.Actor(f.janis, "member"), id.New(), fault.NotFound},
		"his manager":                 {f.Actor(f.Person("Māra Kļava", "Facilities"), "manager"), f.key.ID, fault.Forbidden},
		"an auditor":                  {f.Actor(f.Person("Aivars Zars", ""), "auditor"), f.other.ID, fault.Forbidden},
		"nobody":                      {nil, f.key.ID, fault.Unauthenticated},
	} {
		if _, err := f.Custody.ReportLost(t.Context(), c.actor, custody.ReportInput{Key: c.key}); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(f.Entries(ledger.AccessDenied)); n != 2 {
		t.Errorf("%d refusals are on record", n)
	}
	if _, err := f.Custody.ReportFound(t.Context(), f.Actor(f.janis, "member"), custody.ReportInput{Key: f.key.ID}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
	if f.state(t, f.key) != custody.Issued {
		t.Error("a refusal changed the key")
	}
	must[*custody.Key](t)(f.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: f.other.ID}))
	if _, err := f.Custody.ReportLost(t.Context(), f.desk, custody.ReportInput{Key: f.other.ID}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a retired key was lost: %v", err)
	}
}

func TestRefusalsTellTimesByTheClocksOfTheDisplayZone(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	due := f.Clock.Now().Add(time.Hour) // 13:31 in Riga
	loan := f.issueUntil(t, f.key, &due)
	must[*custody.Report](t)(f.Custody.ReportLost(t.Context(), f.desk, custody.ReportInput{Key: f.other.ID}))
	early, at := f.Clock.Now().Add(-time.Hour), f.Clock.Now()
	_, extended := f.Custody.Extend(t.Context(), f.desk, custody.ExtendInput{Loan: loan.ID, DueAt: due})
	_, lost := f.Custody.ReportLost(t.Context(), f.desk, custody.ReportInput{Key: f.other.ID})
	_, back := f.Custody.Return(t.Context(), f.desk, custody.ReturnInput{Keys: custodytest.IDs(f.key), OccurredAt: &early, Reason: "noted on paper"})
	_, moved := f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: f.Entries(ledger.KeyIssued)[0].Seq, OccurredAt: &due, Reason: "later"})
	zone := custodytest.Riga(t)
	for want, err := range map[string]error{"2026-11-22 13:31:00": extended, "since " + at.In(zone).Format(time.DateTime): lost, "at " + at.In(zone).Format(time.DateTime): back} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
	if moved == nil || strings.Contains(moved.Error(), "Z") {
		t.Errorf("%v", moved)
	}
	taken := must[*custody.Movement](t)(f.Custody.Return(t.Context(), f.desk, custody.ReturnInput{Keys: custodytest.IDs(f.key)}))
	if zone := taken.Loans[0].ReturnedAt.Location(); zone != time.UTC {
		t.Errorf("a time is given in %s", zone)
	}
}
