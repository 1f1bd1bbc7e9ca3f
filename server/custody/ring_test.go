package custody_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

func ringOf(t *testing.T, f *custodytest.Fixture, name string, keys ...*custody.Key) *custody.KeyRing {
	t.Helper()
	return must[*custody.KeyRing](t)(f.Custody.SaveRing(t.Context(), access.System(), custody.SaveRingInput{Name: name, Keys: custodytest.IDs(keys...)}))
}

func TestARingMovesAsAWhole(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, anna := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Person("Anna Kalniņa", "")
	a, b, c, alone := f.Key("1"), f.Key("2"), f.Key("3"), f.Key("4")
	ring := ringOf(t, f, "Cellar", c, a, b)
	if diff := cmp.Diff(custodytest.IDs(a, b, c), ring.KeyIDs); diff != "" {
		t.Fatal(diff)
	}
	made := f.Issue(desk, janis, alone, b)
	var moved []id.ID
	for _, l := range made.Loans {
		moved = append(moved, l.KeyID)
	}
	if diff := cmp.Diff(custodytest.IDs(alone, b, a, c), moved); diff != "" {
		t.Fatal(diff)
	}
	for i, e := range made.Entries {
		if e.Ref(custody.RefBulk) == "" || e.Ref(custody.RefBulk) != made.Entries[0].Ref(custody.RefBulk) || (e.Ref(custody.RefRing) == ring.ID.String()) != (i > 0) {
			t.Errorf("%+v", e.Refs)
		}
	}
	if _, err := f.Custody.SaveRing(t.Context(), access.System(), custody.SaveRingInput{ID: ring.ID, Name: "Cellar", Keys: custodytest.IDs(a, b)}); len(conflicting(t, err)) == 0 {
		t.Error("it is changed while it is out")
	}
	if err := f.Custody.DeleteRing(t.Context(), access.System(), ring.ID, ""); len(conflicting(t, err)) != 3 {
		t.Errorf("it is taken apart while it is out: %v", err)
	}
	back := f.Return(desk, a)
	if len(back.Loans) != 3 || len(f.Entries(ledger.KeyReturned)) != 3 || stateOf(t, f, alone) != custody.Issued {
		t.Fatalf("%+v", back.Loans)
	}
	kept := must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), desk, custody.ReserveInput{Keys: custodytest.IDs(a), Holder: anna.ID, From: hours(f, 1), To: hours(f, 2)}))
	if len(kept.Reservations) != 3 {
		t.Fatalf("%+v", kept.Reservations)
	}
	if _, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(c), Holder: janis.ID}); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	must[*custody.ReservationChange](t)(f.Custody.CancelReservation(t.Context(), desk, custody.CancelReservationInput{Reservation: kept.Reservations[1].ID}))
	if err := f.Custody.DeleteRing(t.Context(), access.System(), ring.ID, "d"); err != nil {
		t.Fatal(err)
	}
	if err := f.Custody.DeleteRing(t.Context(), access.System(), ring.ID, "d"); err != nil {
		t.Fatal(err)
	}
	if made := f.Issue(desk, janis, a); len(made.Loans) != 1 || made.Entries[0].Ref(custody.RefBulk) != "" {
		t.Fatalf("%+v", made.Loans)
	}
}

func TestCancellingAReservationOfARingCancelsTheRingsAndNothingElseOfTheBooking(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, anna := f.Custodian(), f.Person("Anna Kalniņa", "")
	a, b, alone := f.Key("1"), f.Key("2"), f.Key("3")
	ring := ringOf(t, f, "Cellar", a, b)
	reserve := func(from float64) []*custody.Reservation {
		in := custody.ReserveInput{Keys: custodytest.IDs(alone, a), Holder: anna.ID, From: hours(f, from), To: hours(f, from+1)}
		return must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), desk, in)).Reservations
	}
	booked, later := reserve(1), reserve(3)
	in := custody.CancelReservationInput{Reservation: booked[2].ID, Reason: "Not needed", IdempotencyKey: "c"}
	made := must[*custody.ReservationChange](t)(f.Custody.CancelReservation(t.Context(), desk, in))
	again := must[*custody.ReservationChange](t)(f.Custody.CancelReservation(t.Context(), desk, in))
	for i, want := range []*custody.Reservation{booked[2], booked[1]} {
		e := &made.Entries[i]
		if got := made.Reservations[i]; len(made.Reservations) != 2 || got.ID != want.ID || got.State != custody.ReservationCancelled || again.Reservations[i].ID != want.ID ||
			e.Ref(custody.RefReservation) != want.ID.String() || e.Ref(custody.RefRing) != ring.ID.String() || e.Ref(custody.RefBulk) != made.Entries[0].Ref(custody.RefBulk) {
			t.Errorf("%+v %+v", got, e.Refs)
		}
	}
	left := must[page.Page[*custody.Reservation]](t)(f.Custody.Reservations(t.Context(), desk, custody.ReservationFilter{}, page.Request{}))
	if len(left.Items) != 1+len(later) || left.Items[0].ID != booked[0].ID {
		t.Fatalf("%+v", left.Items)
	}
	if err := f.Custody.DeleteRing(t.Context(), access.System(), ring.ID, ""); err != nil {
		t.Fatal(err)
	}
	apart := must[*custody.ReservationChange](t)(f.Custody.CancelReservation(t.Context(), desk, custody.CancelReservationInput{Reservation: later[1].ID}))
	if len(apart.Reservations) != 1 {
		t.Fatalf("%d were cancelled although the ring is no more", len(apart.Reservations))
	}
}

func TestRingsAreMadeOfKeysThatAreInAndOnNoOtherRing(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis := f.Custodian(), f.Person("Jānis Bērziņš", "")
	a, b, c, out := f.Key("1"), f.Key("2"), f.Key("3"), f.Key("4")
	f.Issue(desk, janis, out)
	ring := ringOf(t, f, "Cellar", a, b)
	save := func(in custody.SaveRingInput) (*custody.KeyRing, error) {
		return f.Custody.SaveRing(t.Context(), access.System(), in)
	}
	stale := 7
	for name, refused := range map[string]struct {
		in   custody.SaveRingInput
		want fault.Kind
	}{
		"one key":                 {custody.SaveRingInput{Name: "New", Keys: custodytest.IDs(c)}, fault.BadInput},
		"no key":                  {custody.SaveRingInput{Name: "New"}, fault.BadInput},
		"no name":                 {custody.SaveRingInput{Keys: custodytest.IDs(c, out)}, fault.BadInput},
		"a key that is out":       {custody.SaveRingInput{Name: "New", Keys: custodytest.IDs(c, out)}, fault.Conflict},
		"a key of another ring":   {custody.SaveRingInput{Name: "New", Keys: custodytest.IDs(c, b)}, fault.Conflict},
		"a name that there is":    {custody.SaveRingInput{Name: "Cellar", Keys: custodytest.IDs(c, f.Key("5"))}, fault.Conflict},
		"a ring that there isn't": {custody.SaveRingInput{ID: id.New(), Name: "New"}, fault.NotFound},
		"an older version":        {custody.SaveRingInput{ID: ring.ID, Name: "New", Version: &stale}, fault.Conflict},
	} {
		if _, err := save(refused.in); !fault.Is(err, refused.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	changed := must[*custody.KeyRing](t)(save(custody.SaveRingInput{ID: ring.ID, Name: "Attic", Keys: custodytest.IDs(b, c)}))
	if changed.Name != "Attic" || changed.Version != 2 || !cmp.Equal(changed.KeyIDs, custodytest.IDs(b, c)) {
		t.Fatalf("%+v", changed)
	}
	if same := must[*custody.KeyRing](t)(save(custody.SaveRingInput{ID: ring.ID, Name: "Attic"})); same.Version != 2 || len(f.Entries(ledger.KeyRingUpdated)) != 1 {
		t.Fatalf("%+v", same)
	}
	if _, err := f.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: c.ID}); err != nil {
		t.Fatal(err)
	}
	rings := must[page.Page[*custody.KeyRing]](t)(f.Custody.Rings(t.Context(), desk, page.Request{}))
	if len(rings.Items) != 1 || !cmp.Equal(rings.Items[0].KeyIDs, custodytest.IDs(b)) {
		t.Fatalf("%+v", rings.Items)
	}
	if seen := must[page.Page[*custody.KeyRing]](t)(f.Custody.Rings(t.Context(), f.Actor(janis, "member"), page.Request{})); len(seen.Items) != 0 {
		t.Fatalf("a member sees %+v", seen.Items)
	}
}
