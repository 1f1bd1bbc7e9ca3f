package custody_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

func numbers(list *custody.KeyList) string {
	all := make([]string, len(list.Items))
	for i, k := range list.Items {
		all[i] = k.Number
	}
	return strings.Join(all, " ")
}

// cabinet is a fixture with one key in each state but lost, in two buildings, one group and two departments.
type cabinet struct {
	*custodytest.Fixture
	desk        *access.Actor
	janis, anna *people.Person
	group       *custody.KeyGroup
	issued      *custody.Key
}

func openCabinet(t *testing.T) *cabinet {
	f := custodytest.Open(t)
	c := &cabinet{Fixture: f, desk: f.Custodian(), anna: f.Person("Anna Kalniņa", "Security")}
	c.janis = must[*people.Person](t)(f.People.Create(t.Context(), access.System(), people.CreateInput{
		Name: "Jānis Bērziņš", Department: "Facilities", Email: "janis@example.org",
	}))
	f.KeyOf(custody.CreateKeyInput{Number: "9", Label: "Boiler room", Building: "North", Room: "K-1", Cabinet: "Lobby 100%"})
	c.issued = f.KeyOf(custody.CreateKeyInput{Number: "10", Label: "Archīvs", Building: "South", Category: "archive"})
	late := f.KeyOf(custody.CreateKeyInput{Number: "B-7", Label: "Roof", Building: "South", Floor: "5"})
	gone := f.KeyOf(custody.CreateKeyInput{Number: "8", Label: "Old gate", Building: "Yard"})
	c.group = f.Group("Cellar", c.issued, late)
	f.Issue(c.desk, c.janis, c.issued)
	f.Clock.Advance(time.Minute)
	due := f.Clock.Now().Add(time.Hour)
	must[*custody.Movement](t)(f.Custody.Issue(t.Context(), c.desk, custody.IssueInput{Keys: custodytest.IDs(late), Holder: c.anna.ID, DueAt: &due}))
	must[*custody.Key](t)(f.Custody.RetireKey(t.Context(), access.System(), custody.RetireKeyInput{ID: gone.ID}))
	f.Clock.Advance(2 * time.Hour)
	return c
}

func TestKeysAreFoundByWhatIsOnThemAndByWhoHasThem(t *testing.T) {
	t.Parallel()
	c := openCabinet(t)
	for name, want := range map[string]struct {
		filter custody.KeyFilter
		found  string
	}{
		"everything in use":                   {custody.KeyFilter{}, "9 10 B-7"},
		"part of a number":                    {custody.KeyFilter{Search: "b-"}, "B-7"},
		"label, whatever accent":              {custody.KeyFilter{Search: "ARCHIVS"}, "10"},
		"category":                            {custody.KeyFilter{Search: "archive"}, "10"},
		"building":                            {custody.KeyFilter{Search: "north"}, "9"},
		"room":                                {custody.KeyFilter{Search: "k-1"}, "9"},
		"two words":                           {custody.KeyFilter{Search: "room north"}, "9"},
		"words of two keys":                   {custody.KeyFilter{Search: "room south"}, ""},
		"a percent sign":                      {custody.KeyFilter{Search: "100%"}, "9"},
		"a percent sign alone":                {custody.KeyFilter{Search: "1%0"}, ""},
		"an underscore":                       {custody.KeyFilter{Search: "_"}, ""},
		"holder":                              {custody.KeyFilter{Search: "berzins janis"}, "10"},
		"what a custodian may not see of him": {custody.KeyFilter{Search: "janis@"}, ""},
		"building exactly":                    {custody.KeyFilter{Building: "South"}, "10 B-7"},
		"group":                               {custody.KeyFilter{Group: c.group.ID}, "10 B-7"},
		"unknown group":                       {custody.KeyFilter{Group: id.New()}, ""},
		"held by":                             {custody.KeyFilter{Holder: c.anna.ID}, "B-7"},
		"available":                           {custody.KeyFilter{States: []custody.KeyState{custody.Available}}, "9"},
		"issued":                              {custody.KeyFilter{States: []custody.KeyState{custody.Issued}}, "10"},
		"overdue":                             {custody.KeyFilter{States: []custody.KeyState{custody.Overdue, custody.Overdue}}, "B-7"},
		"retired":                             {custody.KeyFilter{States: []custody.KeyState{custody.Retired}}, "8"},
		"every state":                         {custody.KeyFilter{States: custody.KeyStates()}, "8 9 10 B-7"},
	} {
		list := must[*custody.KeyList](t)(c.Custody.Keys(t.Context(), c.desk, want.filter, page.Request{}))
		total := must[int](t)(list.TotalCount(t.Context()))
		if got := numbers(list); got != want.found || total != len(list.Items) {
			t.Errorf("%s: %q of %d, want %q", name, got, total, want.found)
		}
	}
}

func TestStatesAreCountedWithoutTheStatesAskedFor(t *testing.T) {
	t.Parallel()
	c := openCabinet(t)
	f := custody.KeyFilter{Building: "South", States: []custody.KeyState{custody.Overdue}}
	list := must[*custody.KeyList](t)(c.Custody.Keys(t.Context(), c.desk, f, page.Request{}))
	want := []custody.KeyStateCount{
		{State: custody.Available}, {State: custody.Reserved}, {State: custody.Issued, Count: 1}, {State: custody.Overdue, Count: 1},
		{State: custody.Lost}, {State: custody.Retired},
	}
	if diff := cmp.Diff(want, must[[]custody.KeyStateCount](t)(list.States(t.Context()))); diff != "" {
		t.Fatal(diff)
	}
}

func TestAKeyShowsOnlyWhereTheScopeReaches(t *testing.T) {
	t.Parallel()
	c := openCabinet(t)
	for name, want := range map[string]struct {
		actor       *access.Actor
		keys, loans string
	}{
		"custodian":                {c.desk, "9 10 B-7", "B-7 10"},
		"manager of Facilities":    {c.Actor(c.Person("Māra Liepa", "Facilities"), "manager"), "10", "10"},
		"manager without a place":  {c.Actor(c.Person("Nora Liepa", ""), "manager"), "", ""},
		"the holder":               {c.Actor(c.anna, "member"), "B-7", "B-7"},
		"somebody without any key": {c.Actor(c.Person("Zane Liepa", "Facilities"), "member"), "", ""},
	} {
		list := must[*custody.KeyList](t)(c.Custody.Keys(t.Context(), want.actor, custody.KeyFilter{}, page.Request{}))
		total := must[int](t)(list.TotalCount(t.Context()))
		if got := numbers(list); got != want.keys || total != len(list.Items) {
			t.Errorf("%s sees the keys %q (%d), want %q", name, got, total, want.keys)
		}
		loans := must[page.Page[*custody.Loan]](t)(c.Custody.Loans(t.Context(), want.actor, custody.LoanFilter{}, page.Request{}))
		if got := c.keysOf(t, loans.Items); got != want.loans {
			t.Errorf("%s sees the loans of %q, want %q", name, got, want.loans)
		}
		one := must[*custody.Key](t)(c.Custody.Key(t.Context(), want.actor, c.issued.ID, ""))
		open := must[map[id.ID]*custody.Loan](t)(c.Custody.LoansOpenByKey(t.Context(), want.actor, custodytest.IDs(c.issued)))
		of := must[map[id.ID][]*custody.Loan](t)(c.Custody.OpenLoansOf(t.Context(), want.actor, []id.ID{c.janis.ID}))
		if none := must[map[id.ID]*custody.Loan](t)(c.Custody.LoansOpenByKey(t.Context(), nil, custodytest.IDs(c.issued))); len(none) != 0 {
			t.Fatal("nobody sees a loan")
		}
		if sees := strings.Contains(want.keys, "10"); (one != nil) != sees || (open[c.issued.ID] != nil) != sees || (len(of[c.janis.ID]) == 1) != sees {
			t.Errorf("%s: one way shows what another hides", name)
		}
	}
}

func (c *cabinet) keysOf(t *testing.T, loans []*custody.Loan) string {
	all := make([]string, len(loans))
	for i, l := range loans {
		all[i] = must[map[id.ID]*custody.Key](t)(c.Custody.KeysByID(t.Context(), c.desk, []id.ID{l.KeyID}))[l.KeyID].Number
	}
	return strings.Join(all, " ")
}

func TestLoansAreFiltered(t *testing.T) {
	t.Parallel()
	c := openCabinet(t)
	c.Return(c.desk, c.issued)
	due := c.Clock.Now().Add(-time.Hour)
	for name, want := range map[string]struct {
		filter custody.LoanFilter
		found  string
	}{
		"all, newest first": {custody.LoanFilter{}, "B-7 10"},
		"open":              {custody.LoanFilter{Open: ptr(true)}, "B-7"},
		"returned":          {custody.LoanFilter{Open: ptr(false)}, "10"},
		"overdue":           {custody.LoanFilter{Overdue: ptr(true)}, "B-7"},
		"not overdue":       {custody.LoanFilter{Overdue: ptr(false)}, "10"},
		"of a key":          {custody.LoanFilter{Key: c.issued.ID}, "10"},
		"of a holder":       {custody.LoanFilter{Holder: c.anna.ID}, "B-7"},
		"due in time":       {custody.LoanFilter{DueFrom: ptr(due.Add(-time.Hour)), DueTo: ptr(due.Add(time.Hour))}, "B-7"},
		"due later":         {custody.LoanFilter{DueFrom: ptr(due.Add(time.Hour))}, ""},
	} {
		loans := must[page.Page[*custody.Loan]](t)(c.Custody.Loans(t.Context(), c.desk, want.filter, page.Request{}))
		if got := c.keysOf(t, loans.Items); got != want.found {
			t.Errorf("%s: %q, want %q", name, got, want.found)
		}
	}
}

func TestLoansAreFoundByWhenTheKeyWasOut(t *testing.T) {
	t.Parallel()
	c := openCabinet(t)
	issued := must[page.Page[*custody.Loan]](t)(c.Custody.Loans(t.Context(), c.desk, custody.LoanFilter{Key: c.issued.ID}, page.Request{})).Items[0].IssuedAt
	c.Clock.Advance(time.Hour)
	c.Return(c.desk, c.issued)
	returned := c.Clock.Now()
	for name, want := range map[string]struct {
		at    time.Time
		found string
	}{
		"before it was issued": {issued.Add(-time.Microsecond), ""},
		"as it was issued":     {issued, "10"},
		"just before it ended": {returned.Add(-time.Microsecond), "10"},
		"as it ended":          {returned, ""},
	} {
		loans := must[page.Page[*custody.Loan]](t)(c.Custody.Loans(t.Context(), c.desk, custody.LoanFilter{Key: c.issued.ID, HeldAt: &want.at}, page.Request{}))
		if got := c.keysOf(t, loans.Items); got != want.found {
			t.Errorf("%s: %q, want %q", name, got, want.found)
		}
	}
}

func TestKeysArePagedInBothDirections(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	var want []string
	for i := range 25 {
		want = append(want, fmt.Sprint(i))
		f.Key(fmt.Sprint(i))
	}
	walk := func(backward bool) (got []string) {
		for cursor := ""; ; {
			r := page.Request{First: ptr(4), After: cursor}
			if backward {
				r = page.Request{Last: ptr(4), Before: cursor}
			}
			list := must[*custody.KeyList](t)(f.Custody.Keys(t.Context(), access.System(), custody.KeyFilter{}, r))
			if some := strings.Fields(numbers(list)); backward {
				got = append(some, got...)
				cursor = list.Info.StartCursor
			} else {
				got = append(got, some...)
				cursor = list.Info.EndCursor
			}
			if backward && !list.Info.HasPreviousPage || !backward && !list.Info.HasNextPage {
				return got
			}
		}
	}
	for _, backward := range []bool{false, true} {
		if diff := cmp.Diff(want, walk(backward)); diff != "" {
			t.Errorf("backward %v: %s", backward, diff)
		}
	}
	for field, r := range map[string]page.Request{
		"after": {After: "AAAA"}, "before": {Before: page.Encode([]byte("x"))}, "first": {First: ptr(501)},
	} {
		_, err := f.Custody.Keys(t.Context(), access.System(), custody.KeyFilter{}, r)
		if bad, ok := fault.As(err); !ok || bad.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestAKeyIsNamedByIDOrNumber(t *testing.T) {
	t.Parallel()
	c := openCabinet(t)
	key := must[*custody.Key](t)(c.Custody.Key(t.Context(), c.desk, id.ID{}, "B-7"))
	if key == nil || key.State != custody.Overdue {
		t.Fatalf("%+v", key)
	}
	for _, number := range []string{"b-7", "8", "nothing"} { // another case, a retired key, none
		if key := must[*custody.Key](t)(c.Custody.Key(t.Context(), c.desk, id.ID{}, number)); key != nil {
			t.Errorf("%s: %+v", number, key)
		}
	}
	if _, err := c.Custody.Key(t.Context(), c.desk, id.ID{}, ""); !fault.Is(err, fault.BadInput) {
		t.Error(err)
	}
	if _, err := c.Custody.Key(t.Context(), c.desk, key.ID, "B-7"); !fault.Is(err, fault.BadInput) {
		t.Error(err)
	}
	buildings := must[[]string](t)(c.Custody.Buildings(t.Context(), c.desk))
	if diff := cmp.Diff([]string{"North", "South"}, buildings); diff != "" {
		t.Error(diff)
	}
}

func TestDueLoansAreCountedPerDay(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis := f.Custodian(), f.Person("Jānis Bērziņš", "Facilities")
	midnight := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	var cellar []*custody.Key
	for i, due := range []time.Time{midnight.Add(-time.Second), midnight, midnight.Add(24*time.Hour - time.Second), midnight.Add(24 * time.Hour), midnight.Add(48 * time.Hour)} {
		key := f.KeyOf(custody.CreateKeyInput{Number: fmt.Sprint(i), Building: "B" + fmt.Sprint(i%2)})
		must[*custody.Movement](t)(f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: janis.ID, DueAt: &due}))
		cellar = append(cellar, key)
	}
	f.Return(desk, cellar[1])
	group := f.Group("Cellar", cellar[2:]...)
	bounds := []time.Time{midnight.Add(-24 * time.Hour), midnight, midnight.Add(24 * time.Hour), midnight.Add(48 * time.Hour)}
	for name, c := range map[string]struct {
		actor  *access.Actor
		filter custody.DueFilter
		want   []int
	}{
		"all":                {desk, custody.DueFilter{}, []int{1, 1, 1}},
		"group":              {desk, custody.DueFilter{Group: group.ID}, []int{0, 1, 1}},
		"building":           {desk, custody.DueFilter{Building: "B1"}, []int{0, 0, 1}},
		"key":                {desk, custody.DueFilter{Key: cellar[2].ID}, []int{0, 1, 0}},
		"number":             {desk, custody.DueFilter{KeyNumber: "0"}, []int{1, 0, 0}},
		"department":         {f.Actor(f.Person("Māra Liepa", "Facilities"), "manager"), custody.DueFilter{}, []int{1, 1, 1}},
		"another department": {f.Actor(f.Person("Nora Liepa", "Security"), "manager"), custody.DueFilter{}, []int{0, 0, 0}},
		"own":                {f.Actor(janis, "member"), custody.DueFilter{}, []int{1, 1, 1}},
		"without the right":  {f.Actor(janis, "nobody"), custody.DueFilter{}, []int{0, 0, 0}},
	} {
		if diff := cmp.Diff(c.want, must[[]int](t)(f.Custody.DueByDay(t.Context(), c.actor, bounds, c.filter))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
