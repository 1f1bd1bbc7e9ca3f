package sample

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
)

func TestTheTrickleHasProgramsRecordWhatIsDoneInThemNow(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	inviteAll(t, f)
	trickle := NewTrickle(servicesOn(t, f))
	for range 8 {
		if err := trickle.record(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	made := append(f.Entries("ticket.opened"), f.Entries("asset.moved")...)
	if len(made) != 8 || !made[0].OccurredAt.Equal(f.Clock.Now().Truncate(time.Microsecond)) || made[0].ActorID().IsZero() {
		t.Errorf("%+v", made)
	}
}

// What somebody who tries keytrail out makes and issues must not move, or be given away, under his hands.
func TestTheTrickleLeavesAloneWhatUsersMadeAndIssued(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	organisation, _ := organise()
	ours, user := map[id.ID]bool{}, (*access.Actor)(nil)
	for i, one := range organisation.people[:custodians()[1]+1] {
		person := f.Person(one.name, "")
		if ours[person.ID] = true; i == custodians()[0] {
			user = f.Actor(person, "custodian") // at the desk, with the sample account
		}
	}
	for _, one := range organisation.keys[:6] {
		f.Key(one.number)
	}
	theirs := f.Person("Zelma Ozola-Krūze", "")
	own, lent := f.Key("own"), f.Key("own and lent")
	due := f.Clock.Now().Add(time.Hour)
	if _, err := f.Custody.Issue(t.Context(), user, custody.IssueInput{Keys: custodytest.IDs(lent), Holder: theirs.ID, DueAt: &due}); err != nil {
		t.Fatal(err)
	}
	trickle := NewTrickle(servicesOn(t, f))
	for range 120 {
		if err := trickle.move(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.Clock.Advance(time.Minute)
	}
	loans, err := f.Custody.Loans(t.Context(), access.System(), custody.LoanFilter{}, page.Request{First: atMost(200)})
	if err != nil {
		t.Fatal(err)
	}
	returned := 0
	for _, loan := range loans.Items {
		switch {
		case loan.KeyID == own.ID, loan.KeyID == lent.ID && (loan.HolderID != theirs.ID || loan.ReturnedAt != nil):
			t.Errorf("a key of a user's was moved: %+v", loan)
		case loan.KeyID != lent.ID && !ours[loan.HolderID]:
			t.Errorf("a person whom a user made was given a key: %+v", loan)
		case loan.ReturnedAt != nil:
			returned++
		}
	}
	if returned == 0 || len(loans.Items) < 8 {
		t.Errorf("of %d loans, %d were returned: the organisation stands still", len(loans.Items), returned)
	}
}
