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
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// hours gives a time so many hours from now.
func hours(f *custodytest.Fixture, n float64) time.Time {
	return f.Clock.Now().Add(time.Duration(n * float64(time.Hour)))
}

// reserved keeps a key for somebody between hours from now.
func reserved(t *testing.T, f *custodytest.Fixture, by *access.Actor, holder *people.Person, key *custody.Key, from, to float64) *custody.Reservation {
	t.Helper()
	made, err := f.Custody.Reserve(t.Context(), by, custody.ReserveInput{
		Keys: custodytest.IDs(key), Holder: holder.ID, From: hours(f, from), To: hours(f, to), Comment: "For " + holder.Name,
	})
	if err != nil {
		t.Fatal(err)
	}
	return made.Reservations[0]
}

// detail gives what an error of a kind carries besides.
func detail(t *testing.T, err error, kind fault.Kind, name string) any {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind {
		t.Fatalf("%v, want %s", err, kind)
	}
	return f.Data[name]
}

func stateOf(t *testing.T, f *custodytest.Fixture, key *custody.Key) custody.KeyState {
	t.Helper()
	return must[*custody.Key](t)(f.Custody.Key(t.Context(), access.System(), key.ID, "")).State
}

func TestAReservationKeepsAKeyAndIsUsedUpByItsHolder(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", "Facilities"), f.Key("101")
	r := reserved(t, f, desk, janis, key, 1, 3)
	if r.State != custody.ReservationActive || r.Comment == nil || *r.Comment != "For Jānis Bērziņš" || stateOf(t, f, key) != custody.Available {
		t.Fatalf("%+v, and the key is %s", r, stateOf(t, f, key))
	}
	entry := f.Entries(ledger.KeyReserved)[0]
	if entry.Person != janis.ID || entry.Department != janis.Department || entry.Ref(custody.RefReservation) != r.ID.String() || entry.Entity.ID != key.ID.String() {
		t.Fatalf("%+v", entry.Body)
	}
	for _, personal := range []string{"Jānis", "Bērziņš", "For "} {
		if strings.Contains(string(entry.Raw), personal) {
			t.Errorf("%q stands in the entry in plain", personal)
		}
	}
	f.Clock.Advance(2 * time.Hour)
	if stateOf(t, f, key) != custody.Reserved {
		t.Fatalf("the key is %s", stateOf(t, f, key))
	}
	list := must[*custody.KeyList](t)(f.Custody.Keys(t.Context(), desk, custody.KeyFilter{States: []custody.KeyState{custody.Reserved}}, page.Request{}))
	if total, err := list.TotalCount(t.Context()); numbers(list) != "101" || total != 1 || err != nil {
		t.Fatal(numbers(list), total, err)
	}
	made := f.Issue(desk, janis, key)
	found := must[page.Page[*custody.Reservation]](t)(f.Custody.Reservations(t.Context(), desk, custody.ReservationFilter{States: custody.ReservationStates()}, page.Request{}))
	if len(found.Items) != 1 || found.Items[0].State != custody.ReservationUsed || found.Items[0].LoanID != made.Loans[0].ID {
		t.Fatalf("%+v", found.Items)
	}
	if refs := made.Entries[0].Ref(custody.RefReservation); refs != r.ID.String() {
		t.Fatalf("the issue refers to %q", refs)
	}
}

func TestReservationsOfAKeyDoNotLieAcrossEachOther(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, anna, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Person("Anna Kalniņa", ""), f.Key("101")
	r := reserved(t, f, desk, janis, key, 2, 4)
	for name, c := range map[string]struct{ from, to float64 }{
		"the same": {2, 4}, "inside": {2.5, 3}, "around": {1, 5}, "into its beginning": {1, 2.1}, "out of its end": {3.9, 6},
	} {
		_, err := f.Custody.Reserve(t.Context(), desk, custody.ReserveInput{
			Keys: custodytest.IDs(key), Holder: anna.ID, From: hours(f, c.from), To: hours(f, c.to),
		})
		named, _ := detail(t, err, fault.Conflict, "reservations").([]custody.ReservationNamed)
		if len(named) != 1 || named[0].ID != r.ID || named[0].Number != "101" || named[0].Holder == nil || named[0].Holder.Name != janis.Name {
			t.Errorf("%s: %+v", name, named)
		}
	}
	reserved(t, f, desk, anna, key, 1, 2)
	reserved(t, f, desk, anna, key, 4, 5)
	must[*custody.ReservationChange](t)(f.Custody.CancelReservation(t.Context(), desk, custody.CancelReservationInput{Reservation: r.ID, Reason: "ill"}))
	reserved(t, f, desk, anna, key, 2, 4)
	ahead := must[map[id.ID][]*custody.Reservation](t)(f.Custody.ReservationsAhead(t.Context(), desk, custodytest.IDs(key), nil, nil))
	if len(ahead[key.ID]) != 3 || ahead[key.ID][0].From.After(ahead[key.ID][1].From) {
		t.Fatalf("%+v", ahead[key.ID])
	}
	soon := hours(f, 3)
	if ahead = must[map[id.ID][]*custody.Reservation](t)(f.Custody.ReservationsAhead(t.Context(), desk, custodytest.IDs(key), &soon, nil)); len(ahead[key.ID]) != 2 {
		t.Fatalf("%+v", ahead[key.ID])
	}
}

func TestAKeyThatIsOutIsReservedOnlyBehindItsDueTime(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, anna := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Person("Anna Kalniņa", "")
	due := hours(f, 2)
	lent, kept := f.Key("1"), f.Key("2")
	must[*custody.Movement](t)(f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(lent), Holder: janis.ID, DueAt: &due}))
	f.Issue(desk, janis, kept)
	for _, key := range []*custody.Key{lent, kept} {
		_, err := f.Custody.Reserve(t.Context(), desk, custody.ReserveInput{Keys: custodytest.IDs(key), Holder: anna.ID, From: hours(f, 1), To: hours(f, 4)})
		if out := conflicting(t, err); len(out) != 1 || out[0].ID != key.ID {
			t.Errorf("%+v", out)
		}
	}
	reserved(t, f, desk, anna, lent, 2, 4)
	f.Clock.Advance(3 * time.Hour)
	if stateOf(t, f, lent) != custody.Overdue {
		t.Fatalf("the key is %s", stateOf(t, f, lent))
	}
	reserved(t, f, desk, janis, lent, 1, 2) // overdue: it should be back by now
}

func TestAReservationIsNotBrokenSilently(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, anna, key := f.Custodian(), f.Person("Jānis Bērziņš", "Facilities"), f.Person("Anna Kalniņa", ""), f.Key("101")
	r := reserved(t, f, desk, janis, key, 2, 4)
	before := f.Count("SELECT size FROM {ledger}.head")
	_, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: anna.ID})
	if named := detail(t, err, fault.Conflict, "reservations").([]custody.ReservationNamed); len(named) != 1 || named[0].ID != r.ID {
		t.Fatalf("%+v", named)
	}
	if required := detail(t, err, fault.Conflict, "required"); required != "overrideReason" {
		t.Fatalf("required is %v", required)
	}
	if size := f.Count("SELECT size FROM {ledger}.head"); size != before {
		t.Fatalf("%d entries were added", size-before)
	}
	due := hours(f, 2)
	must[*custody.Movement](t)(f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: anna.ID, DueAt: &due}))
	f.Return(desk, key)
	made := must[*custody.Movement](t)(f.Custody.Issue(t.Context(), desk, custody.IssueInput{
		Keys: custodytest.IDs(key), Holder: anna.ID, OverrideReason: "Water in the cellar", IdempotencyKey: "o",
	}))
	told := f.Entries(ledger.KeyReservationOverridden)
	if len(made.Entries) != 2 || len(told) != 1 || told[0].Person != janis.ID || told[0].Ref(custody.RefReservation) != r.ID.String() ||
		told[0].Ref(custody.RefBrokenBy) != made.Loans[0].ID.String() || strings.Contains(string(told[0].Raw), "Water") {
		t.Fatalf("%+v", told)
	}
	for _, c := range []struct {
		entry ledger.Entry
		field string
	}{{made.Entries[0], custody.FieldOverride}, {told[0], custody.FieldReason}} {
		var reason string
		if _, err := f.Ledger.Unseal(t.Context(), &c.entry, c.field, &reason); err != nil || reason != "Water in the cellar" {
			t.Errorf("%q %v", reason, err)
		}
	}
	again := must[*custody.Movement](t)(f.Custody.Issue(t.Context(), desk, custody.IssueInput{
		Keys: custodytest.IDs(key), Holder: anna.ID, OverrideReason: "Water in the cellar", IdempotencyKey: "o",
	}))
	if diff := cmp.Diff(made.Loans, again.Loans); diff != "" || len(again.Entries) != 2 {
		t.Fatal(diff)
	}
	stays := must[page.Page[*custody.Reservation]](t)(f.Custody.Reservations(t.Context(), desk, custody.ReservationFilter{Key: key.ID}, page.Request{}))
	if len(stays.Items) != 1 || stays.Items[0].ID != r.ID {
		t.Fatalf("%+v", stays.Items)
	}
}

func TestWhoMayReserveForWhom(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	janis, anna := f.Person("Jānis Bērziņš", "Facilities"), f.Person("Anna Kalniņa", "Security")
	member, manager := f.Actor(janis, "member"), f.Actor(f.Person("Māra Liepa", "Facilities"), "manager")
	reserve := func(by *access.Actor, holder *people.Person, from float64) (*custody.ReservationChange, error) {
		return f.Custody.Reserve(t.Context(), by, custody.ReserveInput{
			Keys: custodytest.IDs(f.Key(id.New().String()[:20] + holder.Name)), Holder: holder.ID, From: hours(f, from), To: hours(f, from+1), Comment: "mine",
		})
	}
	for name, c := range map[string]struct {
		by     *access.Actor
		holder *people.Person
		want   fault.Kind
	}{
		"a member for himself":                {member, janis, ""},
		"a member for somebody else":          {member, anna, fault.Forbidden},
		"a manager for one of the department": {manager, janis, ""},
		"a manager for another department":    {manager, anna, fault.Forbidden},
		"a custodian for anybody":             {f.Custodian(), anna, ""},
		"an auditor":                          {f.Actor(f.Person("Ilze Liepa", ""), "auditor"), anna, fault.Forbidden},
		"nobody":                              {nil, anna, fault.Unauthenticated},
	} {
		if _, err := reserve(c.by, c.holder, 1); (err == nil) != (c.want == "") || err != nil && !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	his, hers := must[*custody.ReservationChange](t)(reserve(manager, janis, 5)).Reservations[0], must[*custody.ReservationChange](t)(reserve(f.Custodian(), anna, 5)).Reservations[0]
	for name, c := range map[string]struct {
		by   *access.Actor
		one  id.ID
		want fault.Kind
	}{
		"another's":          {member, hers.ID, fault.NotFound},
		"none":               {member, id.New(), fault.NotFound},
		"without the right":  {f.Actor(f.Person("Ilze Liepa", ""), "auditor"), his.ID, fault.Forbidden},
		"his own, by others": {member, his.ID, ""},
	} {
		_, err := f.Custody.CancelReservation(t.Context(), c.by, custody.CancelReservationInput{Reservation: c.one})
		if (err == nil) != (c.want == "") || err != nil && !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := f.Custody.CancelReservation(t.Context(), member, custody.CancelReservationInput{Reservation: his.ID}); !fault.Is(err, fault.Conflict) {
		t.Errorf("cancelled twice: %v", err)
	}
	seen := must[page.Page[*custody.Reservation]](t)(f.Custody.Reservations(t.Context(), member, custody.ReservationFilter{States: custody.ReservationStates()}, page.Request{}))
	for _, r := range seen.Items {
		if r.HolderID != janis.ID {
			t.Errorf("a member sees %+v", r)
		}
	}
	if len(seen.Items) != 3 {
		t.Errorf("a member sees %d", len(seen.Items))
	}
}

func TestReservingRefusesBadInputAndLeavesNothing(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, good := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Key("1")
	retired := must[*custody.Key](t)(f.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: f.Key("2").ID}))
	valid := custody.ReserveInput{Keys: custodytest.IDs(good), Holder: janis.ID, From: hours(f, 1), To: hours(f, 2)}
	before := f.Count("SELECT size FROM {ledger}.head")
	for name, c := range map[string]struct {
		change func(in *custody.ReserveInput)
		field  string
	}{
		"no key":            {func(in *custody.ReserveInput) { in.Keys = nil }, "keys"},
		"an unknown key":    {func(in *custody.ReserveInput) { in.Keys = []id.ID{good.ID, id.New()} }, "keys.1"},
		"a retired key":     {func(in *custody.ReserveInput) { in.Keys = []id.ID{retired.ID} }, "keys.0"},
		"nobody":            {func(in *custody.ReserveInput) { in.Holder = id.ID{} }, "holder"},
		"an unknown person": {func(in *custody.ReserveInput) { in.Holder = id.New() }, "holder"},
		"the past":          {func(in *custody.ReserveInput) { in.From = hours(f, -1) }, "from"},
		"far ahead":         {func(in *custody.ReserveInput) { in.From, in.To = hours(f, 24*800), hours(f, 24*801) }, "from"},
		"backwards":         {func(in *custody.ReserveInput) { in.To = in.From }, "to"},
		"over before now":   {func(in *custody.ReserveInput) { in.From, in.To = hours(f, -0.05), hours(f, -0.01) }, "to"},
		"too long":          {func(in *custody.ReserveInput) { in.To = hours(f, 24*400) }, "to"},
		"a long comment":    {func(in *custody.ReserveInput) { in.Comment = strings.Repeat("ž", 2001) }, "comment"},
	} {
		in := valid
		c.change(&in)
		_, err := f.Custody.Reserve(t.Context(), desk, in)
		if wrong, ok := fault.As(err); !ok || wrong.Kind != fault.BadInput || wrong.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if size := f.Count("SELECT size FROM {ledger}.head"); size != before || f.Count("SELECT COUNT(*) FROM reservation") != 0 {
		t.Fatalf("%d entries were added", size-before)
	}
	retire := f.Key("3")
	reserved(t, f, desk, janis, retire, 1, 2)
	if _, err := f.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: retire.ID}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a key that is reserved is retired: %v", err)
	}
}

func TestAReservationThatWasMissedCountsNoMore(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, anna, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Person("Anna Kalniņa", ""), f.Key("101")
	r := reserved(t, f, desk, janis, key, 0, 1)
	f.Clock.Advance(time.Hour)
	found := must[page.Page[*custody.Reservation]](t)(f.Custody.Reservations(t.Context(), desk, custody.ReservationFilter{States: []custody.ReservationState{custody.ReservationMissed}}, page.Request{}))
	if len(found.Items) != 1 || found.Items[0].ID != r.ID || stateOf(t, f, key) != custody.Available {
		t.Fatalf("%+v", found.Items)
	}
	if _, err := f.Custody.CancelReservation(t.Context(), desk, custody.CancelReservationInput{Reservation: r.ID}); !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	f.Issue(desk, anna, key)
}

func TestAskingTwiceReservesOnce(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Key("101")
	in := custody.ReserveInput{Keys: custodytest.IDs(key), Holder: janis.ID, From: hours(f, 1), To: hours(f, 2), Comment: "once", IdempotencyKey: "r"}
	first := must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), desk, in))
	again := must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), desk, in))
	if diff := cmp.Diff(first.Reservations, again.Reservations); diff != "" || len(f.Entries(ledger.KeyReserved)) != 1 {
		t.Fatal(diff)
	}
	cancel := custody.CancelReservationInput{Reservation: first.Reservations[0].ID, IdempotencyKey: "c"}
	one := must[*custody.ReservationChange](t)(f.Custody.CancelReservation(t.Context(), desk, cancel))
	two := must[*custody.ReservationChange](t)(f.Custody.CancelReservation(t.Context(), desk, cancel))
	if one.Reservations[0].State != custody.ReservationCancelled || two.Reservations[0].State != custody.ReservationCancelled || len(f.Entries(ledger.KeyReservationCancelled)) != 1 {
		t.Fatalf("%+v and %+v", one.Reservations[0], two.Reservations[0])
	}
}

func TestWhatIsOfferedCanBeReservedAndNothingElse(t *testing.T) {
	t.Parallel()
	f, ruled, guard := openRuled(t)
	desk, janis := f.Custodian(), f.Person("Jānis Bērziņš", "Facilities")
	free, kept, late, lent, gone := f.Key("1"), f.Key("2"), f.Key("3"), f.Key("4"), f.Key("5")
	reserved(t, f, desk, janis, kept, 1, 3)
	for key, due := range map[*custody.Key]float64{late: 2, lent: 1} {
		at := hours(f, due)
		must[*custody.Movement](t)(f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: guard.ID, DueAt: &at}))
	}
	must[*custody.Key](t)(f.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: gone.ID}))
	from, to := hours(f, 1), hours(f, 2)
	for name, c := range map[string]struct {
		by     *access.Actor
		holder *people.Person
		search string
		want   []id.ID
	}{
		"a member for himself":   {f.Actor(janis, "member"), &people.Person{}, "", custodytest.IDs(free, lent)},
		"one who may take more":  {desk, guard, "", custodytest.IDs(free, lent, ruled)},
		"by what is on them":     {desk, guard, "room 1", custodytest.IDs(free, ruled)},
		"and not by who has one": {desk, guard, "Gatis", nil},
	} {
		found := must[[]*custody.Key](t)(f.Custody.Reservable(t.Context(), c.by, custody.ReservableRequest{Holder: c.holder.ID, From: from, To: to, Search: c.search}))
		if diff := cmp.Diff(append([]id.ID{}, c.want...), custodytest.IDs(found...)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, key := range []*custody.Key{free, kept, late, lent, gone, ruled} {
		offered := must[[]*custody.Key](t)(f.Custody.Reservable(t.Context(), desk, custody.ReservableRequest{Holder: janis.ID, From: from, To: to}))
		_, err := f.Custody.Reserve(t.Context(), desk, custody.ReserveInput{Keys: custodytest.IDs(key), Holder: janis.ID, From: from, To: to})
		if is := slices.ContainsFunc(offered, func(k *custody.Key) bool { return k.ID == key.ID }); is != (err == nil) {
			t.Errorf("key %s: offered %v, and %v", key.Number, is, err)
		}
	}
}
