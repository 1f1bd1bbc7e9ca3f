package sample

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// The people of what is under way, as indexes into the plan's.
const (
	anEngineer = 4  // the one of the manager's account
	aMember    = 13 // the one of the member's account
	aGuard     = 8  // of the department Security
)

// today is what is under way when the organisation is loaded: what pages beside the calendar and the list of keys show.
type today struct {
	*loading
	now    time.Time
	desk   *access.Actor
	office *custody.Service
}

// loadToday leaves something of everything under way: reservations past and to come, an approval, a ring, a group with
// takers, a handover and a correction.
func (l *loading) loadToday(ctx context.Context) error {
	d := &today{loading: l, now: l.Now(), office: custody.New(l.DB, l.Ledger, l.Access, l.People, l.zone, l.Now)}
	d.desk = &access.Actor{
		Person: l.persons[custodians()[0]].ID, Department: l.persons[custodians()[0]].Department,
		Roles: []string{"custodian"}, Source: ledger.SourceKeytrail,
	}
	for _, step := range []func(context.Context) error{d.reservations, d.approval, d.ring, d.takers, d.handover} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// key makes a key of the key room itself, long ago.
func (d *today) key(ctx context.Context, in custody.CreateKeyInput) (id.ID, error) {
	in.Building, in.Cabinet = "Main building", "M9"
	workshop := custody.New(d.DB, d.Ledger, d.Access, d.People, d.zone, d.then)
	made, err := workshop.CreateKey(ctx, access.System(), in)
	if err != nil {
		return id.ID{}, err
	}
	d.keys = append(d.keys, made)
	return made.ID, nil
}

// at is custody by a clock that stands still.
func (d *today) at(instant time.Time) *custody.Service {
	return custody.New(d.DB, d.Ledger, d.Access, d.People, d.zone, func() time.Time { return instant })
}

// reservations are one that was used and corrected afterwards, one that nobody came for, and some to come.
func (d *today) reservations(ctx context.Context) error {
	key, err := d.key(ctx, custody.CreateKeyInput{Number: "V-1", Label: "Minibus", Category: "Vehicle"})
	if err != nil {
		return err
	}
	reserve := func(when time.Time, from, to time.Duration, holder int, comment string) error {
		_, err := d.at(when).Reserve(ctx, d.desk, custody.ReserveInput{
			Keys: []id.ID{key}, Holder: d.persons[holder].ID, From: when.Add(from), To: when.Add(to), Comment: comment,
		})
		return err
	}
	past := d.now.Add(-72 * time.Hour).Truncate(time.Hour)
	if err := reserve(past, time.Hour, 4*time.Hour, aMember, "Delivery"); err != nil {
		return err
	}
	if err := d.use(ctx, key, past.Add(time.Hour)); err != nil {
		return err
	}
	if err := reserve(past, 30*time.Hour, 33*time.Hour, anEngineer, "Excursion"); err != nil {
		return err
	}
	for i, comment := range []string{"Fair in Liepāja", "Eksāmens", "Delivery"} {
		from := time.Duration(21+i*50) * time.Hour
		if err := reserve(d.now.Truncate(time.Hour), from, from+5*time.Hour, aMember, comment); err != nil {
			return err
		}
	}
	return nil
}

// use takes what was reserved out and back, and corrects a moment that was written down wrongly.
func (d *today) use(ctx context.Context, key id.ID, at time.Time) error {
	taken, err := d.at(at).Issue(ctx, d.desk, custody.IssueInput{Keys: []id.ID{key}, Holder: d.persons[aMember].ID})
	if err != nil {
		return err
	}
	if _, err := d.at(at.Add(2*time.Hour)).Return(ctx, d.desk, custody.ReturnInput{Keys: []id.ID{key}}); err != nil {
		return err
	}
	earlier := at.Add(-10 * time.Minute)
	_, err = d.at(at.Add(3*time.Hour)).CorrectMovement(ctx, d.desk, custody.CorrectInput{
		Entry: taken.Entries[len(taken.Entries)-1].Seq, OccurredAt: &earlier, Reason: "Written down ten minutes late",
	})
	return err
}

// approval asks for a key that a second person has to approve.
func (d *today) approval(ctx context.Context) error {
	key, err := d.key(ctx, custody.CreateKeyInput{Number: "S-1", Label: "Safe of the cash desk", Category: "Cabinet", ApprovalRequired: true})
	if err != nil {
		return err
	}
	_, err = d.office.Issue(ctx, d.desk, custody.IssueInput{Keys: []id.ID{key}, Holder: d.persons[aMember].ID, Comment: "Inventory"})
	return err
}

// ring hangs three keys together.
func (d *today) ring(ctx context.Context) error {
	var keys []id.ID
	for _, one := range []custody.CreateKeyInput{
		{Number: "C-1", Label: "Yard gate", Category: "Gate"}, {Number: "C-2", Label: "Refuse store", Category: "Room"},
		{Number: "C-3", Label: "Roof hatch", Category: "Technical"},
	} {
		key, err := d.key(ctx, one)
		if err != nil {
			return err
		}
		keys = append(keys, key)
	}
	_, err := d.office.SaveRing(ctx, access.System(), custody.SaveRingInput{Name: "Caretaker", Keys: keys})
	return err
}

// takers makes a group for a department, and at night for whoever has the desk; its key is out with a guard for good.
func (d *today) takers(ctx context.Context) error {
	key, err := d.key(ctx, custody.CreateKeyInput{Number: "N-1", Label: "Guards' room", Category: "Room"})
	if err != nil {
		return err
	}
	nights := custody.Window{Days: []custody.Weekday{"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"}, From: "20:00", To: "06:00"}
	_, err = d.office.SaveGroup(ctx, access.System(), custody.SaveGroupInput{
		Name: "Guards", Keys: []id.ID{key},
		Takers: &[]custody.Taker{{DepartmentID: d.persons[aGuard].Department}, {Role: "custodian", Window: &nights}},
	})
	if err != nil {
		return err
	}
	_, err = d.office.Issue(ctx, d.desk, custody.IssueInput{Keys: []id.ID{key}, Holder: d.persons[aGuard].ID, Comment: "Permanent"})
	return err
}

// handover offers a key that is out to the member, who has not accepted it yet.
func (d *today) handover(ctx context.Context) error {
	key, err := d.key(ctx, custody.CreateKeyInput{Number: "V-2", Label: "Tool trailer", Category: "Vehicle"})
	if err != nil {
		return err
	}
	if _, err := d.at(d.now.Add(-25*time.Hour)).Issue(ctx, d.desk, custody.IssueInput{Keys: []id.ID{key}, Holder: d.persons[anEngineer].ID}); err != nil {
		return err
	}
	_, err = d.office.HandOver(ctx, d.desk, custody.HandOverInput{Keys: []id.ID{key}, To: d.persons[aMember].ID, Comment: "Meeting with guests"})
	return err
}
