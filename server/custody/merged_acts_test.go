package custody_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// merged is somebody who was on record twice: twin's row turned out to be anna.
type merged struct {
	*custodytest.Fixture
	desk       *access.Actor
	twin, anna *people.Person
}

func openMerged(t *testing.T) *merged {
	t.Helper()
	f := custodytest.Open(t)
	return &merged{Fixture: f, desk: f.Custodian(), twin: f.Person("Anna Kalnina", "Office"), anna: f.Person("Anna Kalniņa", "Office")}
}

// herself merges the two, and gives her as whoever signs in.
func (f *merged) herself(role string) *access.Actor {
	f.Merge(f.twin.ID, f.anna.ID)
	actor := f.Actor(f.anna, role)
	actor.Merged = f.People.MergedFrom(f.anna.ID)
	return actor
}

func TestWhoWasMergedActsForTheKeysHeldUnderTheOtherID(t *testing.T) {
	t.Parallel()
	f := openMerged(t)
	given, lost, marta := f.Key("1"), f.Key("2"), f.Person("Marta", "Office")
	f.Issue(f.desk, f.twin, given, lost)
	herself := f.herself("member")
	must[*custody.Handovers](t)(f.Custody.HandOver(t.Context(), herself, custody.HandOverInput{Keys: custodytest.IDs(given), To: marta.ID}))
	must[*custody.Report](t)(f.Custody.ReportLost(t.Context(), herself, custody.ReportInput{Key: lost.ID}))
	_, err := f.Custody.HandOver(t.Context(), f.desk, custody.HandOverInput{Keys: custodytest.IDs(given), To: f.anna.ID})
	if found, ok := fault.As(err); !ok || found.Field != "to" {
		t.Errorf("handed over to its holder: %v", err)
	}
}

func TestHandoversOfWhoWasMergedAreHers(t *testing.T) {
	t.Parallel()
	f := openMerged(t)
	given, received, marta := f.Key("1"), f.Key("2"), f.Person("Marta", "Office")
	f.Issue(f.desk, f.twin, given)
	f.Issue(f.desk, marta, received)
	offer := func(key *custody.Key, to *people.Person) *custody.Handover {
		return must[*custody.Handovers](t)(f.Custody.HandOver(t.Context(), f.desk, custody.HandOverInput{Keys: custodytest.IDs(key), To: to.ID})).Handovers[0]
	}
	gives, receives := offer(given, marta), offer(received, f.twin)
	herself := f.herself("custodian")
	for name, person := range map[string]id.ID{"who stays": f.anna.ID, "who is gone": f.twin.ID} {
		found, err := f.Custody.Handovers(t.Context(), f.desk, custody.HandoverFilter{Person: person}, page.Request{})
		if err != nil || len(found.Items) != 2 {
			t.Errorf("of %s: %d, %v", name, len(found.Items), err)
		}
	}
	mine := f.Actor(f.anna, "member")
	mine.Merged = herself.Merged
	if found, err := f.Custody.Handovers(t.Context(), mine, custody.HandoverFilter{}, page.Request{}); err != nil || len(found.Items) != 2 {
		t.Errorf("she sees %d, %v", len(found.Items), err)
	}
	_, err := f.Custody.AcceptHandover(t.Context(), herself, custody.AcceptInput{Handover: gives.ID, Accept: true})
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("the giver accepted for the receiver: %v", err)
	}
	if _, err := f.Custody.AcceptHandover(t.Context(), mine, custody.AcceptInput{Handover: receives.ID, Accept: true}); err != nil {
		t.Errorf("she accepts: %v", err)
	}
	if _, err := f.Custody.CancelHandover(t.Context(), mine, custody.CancelInput{Handover: gives.ID}); err != nil {
		t.Errorf("she cancels: %v", err)
	}
}

func TestNobodyHandsAKeyOverToHimself(t *testing.T) {
	t.Parallel()
	f := openMerged(t)
	key := f.Key("1")
	f.Issue(f.desk, f.twin, key)
	made := must[*custody.Handovers](t)(f.Custody.HandOver(t.Context(), f.desk, custody.HandOverInput{Keys: custodytest.IDs(key), To: f.anna.ID}))
	f.herself("member")
	badge := "00-1"
	must[*people.Person](t)(f.People.Update(t.Context(), access.System(), people.UpdateInput{ID: f.anna.ID, Badge: &badge}))
	_, err := f.Custody.AcceptHandover(t.Context(), f.desk, custody.AcceptInput{Handover: made.Handovers[0].ID, Accept: true, Badge: badge})
	if !fault.Is(err, fault.Conflict) {
		t.Fatalf("%v", err)
	}
	must[*custody.Handovers](t)(f.Custody.CancelHandover(t.Context(), f.desk, custody.CancelInput{Handover: made.Handovers[0].ID}))
}

func TestReservationsOfWhoWasMergedAreHers(t *testing.T) {
	t.Parallel()
	f := openMerged(t)
	used, cancelled := f.Key("1"), f.Key("2")
	reserve := func(by *access.Actor, key *custody.Key) *custody.Reservation {
		return must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), by, custody.ReserveInput{
			Keys: custodytest.IDs(key), Holder: f.twin.ID, From: f.Clock.Now(), To: f.Clock.Now().Add(time.Hour),
		})).Reservations[0]
	}
	first, second := reserve(f.desk, used), reserve(f.Actor(f.twin, "member"), cancelled)
	herself := f.herself("member")
	f.Issue(f.desk, f.anna, used) // it would be a CONFLICT if it were kept for somebody else
	found := must[page.Page[*custody.Reservation]](t)(f.Custody.Reservations(t.Context(), f.desk,
		custody.ReservationFilter{Key: used.ID, States: []custody.ReservationState{custody.ReservationUsed}}, page.Request{}))
	if len(found.Items) != 1 || found.Items[0].ID != first.ID {
		t.Errorf("used are %v", found.Items)
	}
	must[*custody.ReservationChange](t)(f.Custody.CancelReservation(t.Context(), herself, custody.CancelReservationInput{Reservation: second.ID}))
}

func TestWhoWasMergedMayTakeWhatWasAllowedUnderTheOtherID(t *testing.T) {
	t.Parallel()
	f := openMerged(t)
	key := f.Key("1")
	takers := []custody.Taker{{PersonID: f.twin.ID}}
	must[*custody.KeyGroup](t)(f.Custody.SaveGroup(t.Context(), access.System(),
		custody.SaveGroupInput{Name: "Hers", Keys: custodytest.IDs(key), Takers: &takers}))
	herself := f.herself("member")
	free := must[[]*custody.Key](t)(f.Custody.Reservable(t.Context(), herself,
		custody.ReservableRequest{From: f.Clock.Now(), To: f.Clock.Now().Add(time.Hour)}))
	if len(free) != 1 {
		t.Errorf("%d keys are offered", len(free))
	}
	f.Issue(f.desk, f.anna, key)
}

func TestApprovalsOfWhoWasMergedAreFoundAndNeverHersToDecide(t *testing.T) {
	t.Parallel()
	f := openMerged(t)
	key, janis := f.KeyOf(custody.CreateKeyInput{Number: "1", ApprovalRequired: true}), f.Person("Jānis", "Office")
	ask := func(by *access.Actor, to *people.Person) *custody.Approval {
		return must[*custody.Movement](t)(f.Custody.Issue(t.Context(), by, custody.IssueInput{Keys: custodytest.IDs(key), Holder: to.ID})).Approvals[0]
	}
	hers := ask(f.desk, f.twin)
	asked := ask(f.Actor(f.twin, "custodian"), janis)
	herself := f.herself("custodian")
	yes := true
	if found := must[page.Page[*custody.Approval]](t)(f.Custody.Approvals(t.Context(), herself, custody.ApprovalFilter{MayDecide: &yes}, page.Request{})); len(found.Items) != 0 {
		t.Errorf("she is offered %d to decide", len(found.Items))
	}
	for name, person := range map[string]id.ID{"who stays": f.anna.ID, "who is gone": f.twin.ID} {
		found := must[page.Page[*custody.Approval]](t)(f.Custody.Approvals(t.Context(), f.desk, custody.ApprovalFilter{Holder: person}, page.Request{}))
		if len(found.Items) != 1 || found.Items[0].ID != hers.ID {
			t.Errorf("of %s: %v", name, found.Items)
		}
	}
	must[*custody.Movement](t)(f.Custody.CancelApproval(t.Context(), herself, asked.ID, ""))
}

func TestACorrectionKnowsWhoWasMerged(t *testing.T) {
	t.Parallel()
	f := openMerged(t)
	made := f.Issue(f.desk, f.twin, f.Key("1"))
	f.herself("member")
	_, err := f.Custody.CorrectMovement(t.Context(), f.desk, custody.CorrectInput{Entry: made.Entries[0].Seq, Holder: f.anna.ID, Reason: "it was her"})
	if found, ok := fault.As(err); !ok || found.Field != "entry" {
		t.Fatalf("it was her already: %v", err)
	}
}

func TestCountsThatWhoWasMergedTookAreHers(t *testing.T) {
	t.Parallel()
	f := openMerged(t)
	f.KeyOf(custody.CreateKeyInput{Number: "1", Cabinet: "A"})
	count := must[*custody.Count](t)(f.Custody.CountInventory(t.Context(), f.Actor(f.twin, "custodian"), custody.CountInput{Cabinet: "A", Numbers: []string{"1"}}))
	herself := f.herself("member")
	if found := must[*custody.Inventory](t)(f.Custody.Inventory(t.Context(), herself, count.Inventory.ID)); found == nil {
		t.Error("it is not shown")
	}
}

func TestWhoLeftIsFoundByKeysHeldUnderTheOtherID(t *testing.T) {
	t.Parallel()
	f := openMerged(t)
	f.Issue(f.desk, f.twin, f.Key("1"))
	f.Issue(f.desk, f.anna, f.Key("2"))
	f.herself("member")
	until := people.Date("2026-01-31")
	must[*people.Person](t)(f.People.Update(t.Context(), access.System(), people.UpdateInput{ID: f.anna.ID, ValidUntil: &until}))
	leavers := must[[]custody.Leaver](t)(f.Custody.Leavers(t.Context(), f.DB, "2026-02-01", id.ID{}, 10))
	if len(leavers) != 1 || leavers[0].Person != f.anna.ID {
		t.Fatalf("%v", leavers)
	}
	if out := must[[]custody.Out](t)(f.Custody.OutOfPerson(t.Context(), f.DB, f.anna.ID, 10)); len(out) != 2 {
		t.Errorf("she holds %d keys", len(out))
	}
	f.Return(f.desk, must[*custody.Key](t)(f.Custody.Key(t.Context(), f.desk, id.ID{}, "2")))
	if leavers := must[[]custody.Leaver](t)(f.Custody.Leavers(t.Context(), f.DB, "2026-02-01", id.ID{}, 10)); len(leavers) != 1 {
		t.Errorf("with a key under the other id alone: %v", leavers)
	}
}
