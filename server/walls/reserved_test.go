package walls

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
)

func TestAWallCountsReservationsOfItsGroupsOnEachDayThatTheyReachInto(t *testing.T) {
	t.Parallel()
	f := open(t)
	shown, other := f.Key("A"), f.Key("B")
	group := f.Group("Shown", shown)
	narrow, whole := f.paired(t, ApproveInput{Groups: []id.ID{group.ID}}), f.paired(t, ApproveInput{})
	anna, desk := f.Person("Anna Eglīte", ""), f.Custodian()
	reserve := func(key *custody.Key, from, lasts time.Duration) *custody.ReservationChange {
		begin := f.Clock.Now().Add(from)
		made, err := f.Custody.Reserve(t.Context(), desk, custody.ReserveInput{Keys: custodytest.IDs(key), Holder: anna.ID, From: begin, To: begin.Add(lasts)})
		check(t, err)
		return made
	}
	reserve(shown, time.Hour, 24*time.Hour)
	reserve(other, time.Hour, time.Hour)
	cancelled := reserve(other, 3*time.Hour, time.Hour)
	_, err := f.Custody.CancelReservation(t.Context(), desk, custody.CancelReservationInput{Reservation: cancelled.Reservations[0].ID})
	check(t, err)
	ofGroup, err := f.walls.Show(t.Context(), narrow)
	check(t, err)
	ofAll, err := f.walls.Show(t.Context(), whole)
	check(t, err)
	if ofGroup.Today.Reserved != 1 || ofAll.Today.Reserved != 2 {
		t.Errorf("today %d are reserved in the group and %d in all, want 1 and 2", ofGroup.Today.Reserved, ofAll.Today.Reserved)
	}
	reached := 0
	for _, day := range ofGroup.Calendar.Days {
		reached += day.Reserved
	}
	if reached != 2 {
		t.Errorf("the reservation reaches into %d days, want today and tomorrow", reached)
	}
}
