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
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

func (f *movements) reserveFor(t *testing.T, who *people.Person, key *custody.Key, from, to time.Duration) *custody.Reservation {
	t.Helper()
	now := f.Clock.Now()
	in := custody.ReserveInput{Keys: custodytest.IDs(key), Holder: who.ID, From: now.Add(from), To: now.Add(to)}
	return must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), f.desk, in)).Reservations[0]
}

func data(t *testing.T, err error, want fault.Kind) map[string]any {
	t.Helper()
	told, ok := fault.As(err)
	if !ok || told.Kind != want {
		t.Fatalf("%v, want %s", err, want)
	}
	return told.Data
}

func TestALoanIsNotExtendedIntoAReservationUnlessSomebodySaysWhy(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	now := f.Clock.Now()
	due := now.Add(time.Hour)
	loan := f.issueUntil(t, f.key, &due)
	kept := f.reserveFor(t, f.marta, f.key, 2*time.Hour, 3*time.Hour)
	own := f.reserveFor(t, f.janis, f.key, 90*time.Minute, 100*time.Minute)
	in := custody.ExtendInput{Loan: loan.ID, DueAt: now.Add(2*time.Hour + time.Minute)}
	_, err := f.Custody.Extend(t.Context(), f.desk, in)
	if told := data(t, err, fault.Conflict); told["reservations"] == nil || told["required"] != "overrideReason" {
		t.Errorf("%v", told)
	}
	if n := len(f.Entries(ledger.KeyExtended)) + len(f.Entries(ledger.KeyReservationOverridden)); n != 0 || !f.loan(t, loan.ID).DueAt.Equal(due) {
		t.Fatalf("a refusal left %d entries", n)
	}
	in.OverrideReason = "It burns"
	made := must[*custody.LoanChange](t)(f.Custody.Extend(t.Context(), f.desk, in))
	broken := f.only(t, ledger.KeyReservationOverridden)
	if f.part(t, &made.Entry, custody.FieldOverride) != "It burns" || made.Entry.Ref(custody.RefReservation) != own.ID.String() ||
		broken.Ref(custody.RefReservation) != kept.ID.String() || broken.Ref(custody.RefBrokenBy) != loan.ID.String() || broken.Person != f.marta.ID {
		t.Fatalf("%s %s", made.Entry.Raw, broken.Raw)
	}
}

func TestALoanIsNotExtendedPastACurfewUnlessAManagerSaysWhy(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	curfew := custody.LocalTime("18:00") // it is 12:31 in Riga
	must[*custody.KeyGroup](t)(f.Custody.SaveGroup(t.Context(), access.System(),
		custody.SaveGroupInput{Name: "Cellar", Keys: custodytest.IDs(f.key), Curfew: &curfew}))
	due := f.Clock.Now().Add(time.Hour)
	loan := f.issueUntil(t, f.key, &due)
	in := custody.ExtendInput{Loan: loan.ID, DueAt: f.Clock.Now().Add(6 * time.Hour), OverrideReason: "It burns"}
	_, err := f.Custody.Extend(t.Context(), f.desk, in)
	if told := data(t, err, fault.BadInput); told["latest"] != "2026-11-22T16:00:00.000000Z" || told["required"] != nil {
		t.Errorf("%v", told)
	}
	made := must[*custody.LoanChange](t)(f.Custody.Extend(t.Context(), access.System(), in))
	if f.part(t, &made.Entry, custody.FieldOverride) != "It burns" {
		t.Errorf("%s", made.Entry.Raw)
	}
}

func TestAHandoverAsksWhoMayTakeTheKeyBothTimes(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	f.Issue(f.desk, f.janis, f.key)
	group := f.Group("Cellar", f.key)
	only := func(who *people.Person) {
		must[*custody.KeyGroup](t)(f.Custody.SaveGroup(t.Context(), access.System(),
			custody.SaveGroupInput{ID: group.ID, Name: "Cellar", Takers: &[]custody.Taker{{PersonID: who.ID}}}))
	}
	only(f.marta)
	h := f.offer(t, f.Actor(f.janis, "member"), f.key)
	only(f.janis)
	_, err := f.Custody.HandOver(t.Context(), f.Actor(f.janis, "member"), custody.HandOverInput{Keys: custodytest.IDs(f.key), To: f.marta.ID})
	data(t, err, fault.Forbidden)
	_, err = f.Custody.AcceptHandover(t.Context(), f.Actor(f.marta, "member"), custody.AcceptInput{Handover: h.ID, Accept: true})
	data(t, err, fault.Forbidden)
	if n := len(f.Entries(ledger.AccessDenied)); n != 2 || f.handover(t, h.ID).State != custody.HandoverPending {
		t.Fatalf("%d refusals are recorded", n)
	}
	only(f.marta)
	must[*custody.Handovers](t)(f.Custody.AcceptHandover(t.Context(), f.Actor(f.marta, "member"), custody.AcceptInput{Handover: h.ID, Accept: true}))
}

func TestAHandoverBreaksAReservationOnlyForACustodianAndUsesUpTheReceiversOwn(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	now := f.Clock.Now()
	due, longer := now.Add(time.Hour), now.Add(4*time.Hour)
	f.issueUntil(t, f.key, &due)
	kept := f.reserveFor(t, f.janis, f.key, 2*time.Hour, 3*time.Hour)
	own := f.reserveFor(t, f.marta, f.key, 61*time.Minute, 70*time.Minute)
	in := custody.HandOverInput{Keys: custodytest.IDs(f.key), To: f.marta.ID, DueAt: &longer, OverrideReason: "It burns"}
	_, err := f.Custody.HandOver(t.Context(), f.Actor(f.janis, "member"), in)
	if told := data(t, err, fault.Conflict); told["required"] != nil || told["reservations"] == nil {
		t.Errorf("%v", told)
	}
	offered := must[*custody.Handovers](t)(f.Custody.HandOver(t.Context(), f.desk, in))
	accept := custody.AcceptInput{Handover: offered.Handovers[0].ID, Accept: true, IdempotencyKey: "a"}
	made := must[*custody.Handovers](t)(f.Custody.AcceptHandover(t.Context(), f.Actor(f.marta, "member"), accept))
	again := must[*custody.Handovers](t)(f.Custody.AcceptHandover(t.Context(), f.Actor(f.marta, "member"), accept))
	broken := f.only(t, ledger.KeyReservationOverridden)
	if broken.Ref(custody.RefReservation) != kept.ID.String() || f.part(t, broken, custody.FieldReason) != "It burns" ||
		made.Entries[0].Ref(custody.RefReservation) != own.ID.String() || len(again.Loans) != 2 {
		t.Fatalf("%s %s", broken.Raw, made.Entries[0].Raw)
	}
}

func TestAMarkedKeyIsNotHandedOver(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	marked := f.KeyOf(custody.CreateKeyInput{Number: "500", ApprovalRequired: true})
	asked := must[*custody.Movement](t)(f.Custody.Issue(t.Context(), f.Granted(f.desk), custody.IssueInput{Keys: custodytest.IDs(marked), Holder: f.janis.ID}))
	must[*custody.Movement](t)(f.Custody.Decide(t.Context(), f.Custodian(), custody.DecideInput{Approval: asked.Approvals[0].ID, Approve: true}))
	_, err := f.Custody.HandOver(t.Context(), f.desk, custody.HandOverInput{Keys: custodytest.IDs(marked), To: f.marta.ID})
	data(t, err, fault.Conflict)
}

func TestARingIsHandedOverWholeAndALostKeyLeavesTheOthersOut(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	third := f.Key("103")
	ringOf(t, f.Fixture, "Ring", f.key, f.other, third)
	f.Issue(f.desk, f.janis, f.key)
	offered := must[*custody.Handovers](t)(f.Custody.HandOver(t.Context(), f.Actor(f.janis, "member"), custody.HandOverInput{Keys: custodytest.IDs(f.other), To: f.marta.ID}))
	if len(offered.Handovers) != 3 || offered.Entries[0].Ref(custody.RefBulk) == "" {
		t.Fatalf("%d were offered", len(offered.Handovers))
	}
	must[*custody.Report](t)(f.Custody.ReportLost(t.Context(), f.desk, custody.ReportInput{Key: third.ID}))
	if f.state(t, third) != custody.Lost || f.state(t, f.key) != custody.Issued || f.state(t, f.other) != custody.Issued {
		t.Fatal("more is lost than one key")
	}
	made := must[*custody.Handovers](t)(f.Custody.AcceptHandover(t.Context(), f.Actor(f.marta, "member"), custody.AcceptInput{Handover: offered.Handovers[0].ID, Accept: true}))
	if len(made.Handovers) != 2 || len(made.Loans) != 4 || made.Handovers[0].ID != offered.Handovers[0].ID || made.Loans[3].HolderID != f.marta.ID {
		t.Fatalf("%+v", made)
	}
}

func TestAnAnnulledIssueGivesBackTheReservationThatItUsedUnlessItsTimeIsTaken(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	annul := func(from, until time.Duration, meanwhile func()) (custody.ReservationState, *custody.Correction) {
		due := f.Clock.Now().Add(until)
		r := f.reserveFor(t, f.janis, f.key, from, from+time.Hour)
		made := must[*custody.Movement](t)(f.Custody.Issue(t.Context(), f.desk, custody.IssueInput{Keys: []id.ID{f.key.ID}, Holder: f.janis.ID, DueAt: &due}))
		meanwhile()
		fixed := must[*custody.Correction](t)(f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: made.Entries[0].Seq, Void: true, Reason: "A mistake"}))
		found := must[page.Page[*custody.Reservation]](t)(f.Custody.Reservations(t.Context(), f.desk,
			custody.ReservationFilter{Key: f.key.ID, States: custody.ReservationStates()}, page.Request{}))
		at := slices.IndexFunc(found.Items, func(one *custody.Reservation) bool { return one.ID == r.ID })
		return found.Items[at].State, fixed
	}
	if got, fixed := annul(0, 30*time.Minute, func() {}); got != custody.ReservationActive || f.state(t, f.key) != custody.Reserved ||
		fixed.Entry.Details[custody.DetailReservations] == nil {
		t.Errorf("%s", got)
	}
	f.Clock.Advance(2 * time.Hour)
	if got, _ := annul(0, 30*time.Minute, func() { f.Clock.Advance(2 * time.Hour) }); got != custody.ReservationUsed {
		t.Errorf("its time has passed, and it is %s", got)
	}
	if got, _ := annul(0, 30*time.Minute, func() { f.reserveFor(t, f.marta, f.key, 40*time.Minute, 50*time.Minute) }); got != custody.ReservationUsed {
		t.Errorf("another lies across it, and it is %s", got)
	}
}
