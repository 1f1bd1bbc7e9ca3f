package custody_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
)

func clock(t custody.LocalTime) *custody.LocalTime { return &t }

func TestAGroupKeepsItsRulesUntilTheyAreChanged(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	anna := f.Person("Anna Kalniņa", "Security")
	takers := []custody.Taker{
		{PersonID: anna.ID, Window: &custody.Window{Days: []custody.Weekday{"MONDAY", "SUNDAY"}, From: "22:00", To: "06:00"}},
		{DepartmentID: anna.Department}, {Role: "custodian"},
	}
	save := func(in custody.SaveGroupInput) *custody.KeyGroup {
		return must[*custody.KeyGroup](t)(f.Custody.SaveGroup(t.Context(), access.System(), in))
	}
	minutes := 90
	group := save(custody.SaveGroupInput{Name: "Cellar", Takers: &takers, DefaultLoan: &custody.DefaultLoan{Minutes: &minutes}, Curfew: clock("18:00")})
	stored := func() []custody.Taker {
		return must[map[id.ID][]custody.Taker](t)(f.Custody.TakersOf(t.Context(), []id.ID{group.ID}))[group.ID]
	}
	if diff := cmp.Diff(takers, stored()); diff != "" || *group.DefaultLoan().Minutes != 90 || *group.Curfew != "18:00" {
		t.Fatal(diff, group)
	}
	renamed := save(custody.SaveGroupInput{ID: group.ID, Name: "Basement"})
	if diff := cmp.Diff(takers, stored()); diff != "" || renamed.DefaultLoan() == nil || renamed.Curfew == nil {
		t.Fatal(diff, renamed)
	}
	save(custody.SaveGroupInput{ID: group.ID, Name: "Basement", Takers: &takers, Curfew: clock("18:00")})
	if entries := f.Entries(ledger.KeyGroupUpdated); len(entries) != 1 {
		t.Fatalf("what changes nothing is recorded: %+v", entries)
	}
	freed := save(custody.SaveGroupInput{ID: group.ID, Name: "Basement", Takers: &[]custody.Taker{}, DefaultLoan: &custody.DefaultLoan{Until: clock("17:00")}, Curfew: clock("")})
	if len(stored()) != 0 || freed.Curfew != nil || *freed.DefaultLoan().Until != "17:00" || freed.DefaultLoan().Minutes != nil {
		t.Fatalf("%+v", freed)
	}
	if bare := save(custody.SaveGroupInput{ID: group.ID, Name: "Basement", DefaultLoan: &custody.DefaultLoan{}}); bare.DefaultLoan() != nil {
		t.Fatalf("%+v", bare)
	}
	for _, e := range f.Entries(ledger.KeyGroupCreated) {
		if strings.Contains(string(e.Raw), "Anna") {
			t.Error("a name stands in the entry in plain")
		}
	}
	for field, wrong := range map[string][]custody.Taker{"takers.0": {{PersonID: id.New()}}, "takers.1": {{Role: "member"}, {DepartmentID: id.New()}}, "takers.0 ": {{Role: "screen"}}} {
		_, err := f.Custody.SaveGroup(t.Context(), access.System(), custody.SaveGroupInput{ID: group.ID, Name: "Basement", Takers: &wrong})
		if refused, ok := fault.As(err); !ok || refused.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// ruled is a fixture with a key that only Security may take, and by day only.
func openRuled(t *testing.T) (f *custodytest.Fixture, key *custody.Key, guard *people.Person) {
	f = custodytest.Open(t)
	key, guard = f.Key("101"), f.Person("Gatis Sargs", "Security")
	byDay := &custody.Window{Days: custody.Weekdays(), From: "08:00", To: "17:00"}
	must[*custody.KeyGroup](t)(f.Custody.SaveGroup(t.Context(), access.System(), custody.SaveGroupInput{
		Name: "Vault", Keys: custodytest.IDs(key), Takers: &[]custody.Taker{{DepartmentID: guard.Department, Window: byDay}}, Curfew: clock("18:00"),
	}))
	return f, key, guard
}

func TestOnlyThoseWhoMayTakeAKeyGetIt(t *testing.T) {
	t.Parallel()
	f, key, guard := openRuled(t)
	desk, janis := f.Custodian(), f.Person("Jānis Bērziņš", "Facilities")
	issue := func(by *access.Actor, to *people.Person, in custody.IssueInput) (*custody.Movement, error) {
		in.Keys, in.Holder, in.DefaultDue = custodytest.IDs(key), to.ID, in.DueAt == nil
		return f.Custody.Issue(t.Context(), by, in)
	}
	_, err := issue(desk, janis, custody.IssueInput{OverrideReason: "He insists"})
	takers, _ := detail(t, err, fault.Forbidden, "takers").(fault.Texts)
	if len(takers) != 1 || !strings.HasPrefix(takers[0].String(), "the department Security") || detail(t, err, fault.Forbidden, "required") != nil {
		t.Errorf("%q %v", takers, err)
	}
	if denied := f.Entries(ledger.AccessDenied); len(denied) != 1 || denied[0].Details["reason"] != "not_a_taker" || denied[0].ActorID() != desk.Person {
		t.Errorf("%+v", denied)
	}
	if _, err := f.Custody.Reserve(t.Context(), desk, custody.ReserveInput{Keys: custodytest.IDs(key), Holder: janis.ID, From: hours(f, 1), To: hours(f, 2)}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("it is reserved: %v", err)
	}
	made := must[*custody.Movement](t)(issue(desk, guard, custody.IssueInput{OverrideReason: "not needed"}))
	if due := made.Loans[0].DueAt; due == nil || due.In(custodytest.Riga(t)).Format("15:04") != "18:00" {
		t.Errorf("due at %v", due)
	}
	if has(made.Entries[0], custody.FieldOverride) {
		t.Error("a reason that was not needed is recorded")
	}
	f.Return(desk, key)
	f.Clock.Advance(5 * time.Hour) // 17:31 in Riga
	if _, err := issue(desk, guard, custody.IssueInput{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("in the evening: %v", err)
	}
	admin := f.Actor(f.Person("Anna Kalniņa", ""), "admin")
	if _, err := issue(admin, janis, custody.IssueInput{}); detail(t, err, fault.Forbidden, "required") != "overrideReason" {
		t.Errorf("%v", err)
	}
	made = must[*custody.Movement](t)(issue(admin, janis, custody.IssueInput{OverrideReason: "Fire drill"}))
	var reason string
	if _, err := f.Ledger.Unseal(t.Context(), &made.Entries[0], custody.FieldOverride, &reason); reason != "Fire drill" || err != nil || strings.Contains(string(made.Entries[0].Raw), "Fire") {
		t.Errorf("%q %v", reason, err)
	}
}

func TestNobodyGetsAKeyAfterHisLastDay(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, giver := f.Custodian(), f.Person("Anna Kalniņa", "Facilities")
	admin := f.Actor(f.Person("Dace Ozola", ""), "admin")
	free, held := f.Key("101"), f.Key("102")
	f.Issue(desk, giver, held)
	today := f.Clock.Now().In(custodytest.Riga(t))
	guest := must[*people.Person](t)(f.People.Create(t.Context(), access.System(), people.CreateInput{Name: "Guest", ValidUntil: people.Date(today.Format(time.DateOnly))}))
	issue := func(by *access.Actor, why string) (*custody.Movement, error) {
		return f.Custody.Issue(t.Context(), by, custody.IssueInput{Keys: custodytest.IDs(free), Holder: guest.ID, OverrideReason: why})
	}
	must[*custody.Movement](t)(issue(desk, ""))
	f.Return(desk, free)
	tomorrow := time.Date(today.Year(), today.Month(), today.Day()+1, 0, 0, 0, 0, today.Location())
	reserve := custody.ReserveInput{Keys: custodytest.IDs(free), Holder: guest.ID, From: tomorrow, To: tomorrow.Add(time.Hour)}
	if _, err := f.Custody.Reserve(t.Context(), desk, reserve); detail(t, err, fault.Forbidden, "lastDay") != guest.ValidUntil {
		t.Errorf("it is reserved for him: %v", err)
	}
	reserve.From = tomorrow.Add(-time.Minute)
	must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), desk, reserve))
	f.Clock.Advance(tomorrow.Sub(f.Clock.Now()))
	if _, err := issue(desk, "He insists"); detail(t, err, fault.Forbidden, "required") != nil {
		t.Errorf("the desk: %v", err)
	}
	if _, err := f.Custody.HandOver(t.Context(), f.Actor(giver, "member"), custody.HandOverInput{Keys: custodytest.IDs(held), To: guest.ID}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("it is handed over to him: %v", err)
	}
	if denied := f.Entries(ledger.AccessDenied); len(denied) != 3 || denied[1].Details["reason"] != "has_left" {
		t.Errorf("%+v", denied)
	}
	if _, err := issue(admin, ""); detail(t, err, fault.Forbidden, "required") != "overrideReason" {
		t.Errorf("%v", err)
	}
	if made := must[*custody.Movement](t)(issue(admin, "He packs his things")); !has(made.Entries[0], custody.FieldOverride) {
		t.Error("the reason is not recorded")
	}
}

func has(e ledger.Entry, field string) bool {
	return slices.ContainsFunc(e.Sealed, func(p ledger.SealedPart) bool { return p.Field == field })
}

func TestADueTimeDoesNotPassACurfew(t *testing.T) {
	t.Parallel()
	f, key, guard := openRuled(t)
	desk, admin := f.Custodian(), f.Actor(f.Person("Anna Kalniņa", ""), "admin")
	evening, night := hours(f, 5), hours(f, 8) // 17:31 and 20:31 in Riga
	issue := func(by *access.Actor, due *time.Time, why string) error {
		_, err := f.Custody.Issue(t.Context(), by, custody.IssueInput{Keys: custodytest.IDs(key), Holder: guard.ID, DueAt: due, OverrideReason: why})
		if err == nil {
			f.Return(desk, key)
		}
		return err
	}
	for name, due := range map[string]*time.Time{"too late": &night, "until further notice": nil} {
		if wrong, ok := fault.As(issue(desk, due, "please")); !ok || wrong.Kind != fault.BadInput || wrong.Field != "dueAt" || wrong.Data["required"] != nil {
			t.Errorf("%s: %v", name, wrong)
		}
		if required := detail(t, issue(admin, due, ""), fault.BadInput, "required"); required != "overrideReason" {
			t.Errorf("%s: %v", name, required)
		}
		if err := issue(admin, due, "Night shift"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := issue(desk, &evening, ""); err != nil {
		t.Error(err)
	}
	due := must[map[id.ID]*time.Time](t)(f.Custody.DefaultDueByKey(t.Context(), []id.ID{key.ID, f.Key("2").ID}))
	if len(due) != 1 || due[key.ID] == nil || due[key.ID].In(custodytest.Riga(t)).Format("15:04") != "18:00" {
		t.Errorf("%v", due)
	}
}

func TestAKeyIsACopyOfOneThatIsNone(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	original := f.Key("1")
	spare := f.KeyOf(custody.CreateKeyInput{Number: "1a", Kind: custody.Spare, CopyOf: original.ID, ApprovalRequired: true})
	read := must[*custody.Key](t)(f.Custody.Key(t.Context(), access.System(), spare.ID, ""))
	if read.Kind != custody.Spare || read.CopyOfID != original.ID || !read.ApprovalRequired || original.Kind != custody.Standard {
		t.Fatalf("%+v", read)
	}
	copies := must[map[id.ID][]*custody.Key](t)(f.Custody.CopiesByKey(t.Context(), access.System(), custodytest.IDs(original)))
	if len(copies[original.ID]) != 1 || copies[original.ID][0].ID != spare.ID {
		t.Fatalf("%+v", copies)
	}
	update := func(key *custody.Key, in custody.UpdateKeyInput) (*custody.Key, error) {
		in.ID = key.ID
		return f.Custody.UpdateKey(t.Context(), access.System(), in)
	}
	other, none := f.Key("2"), id.ID{}
	for name, c := range map[string]struct{ key, of *custody.Key }{
		"of itself": {other, other}, "of a copy": {other, spare}, "one that has copies": {original, other}, "of none": {other, &custody.Key{ID: id.New()}},
	} {
		if _, err := update(c.key, custody.UpdateKeyInput{CopyOf: &c.of.ID}); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	master := custody.Master
	changed := must[*custody.Key](t)(update(spare, custody.UpdateKeyInput{CopyOf: &none, Kind: &master, ApprovalRequired: ptr(false)}))
	if !changed.CopyOfID.IsZero() || changed.Kind != custody.Master || changed.ApprovalRequired || changed.Version != 2 {
		t.Fatalf("%+v", changed)
	}
	if changes, _ := f.Entries(ledger.KeyUpdated)[0].Details["changes"].([]any); len(changes) != 3 {
		t.Fatalf("%+v", changes)
	}
}
