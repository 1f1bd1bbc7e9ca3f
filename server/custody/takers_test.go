package custody

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

func riga(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// local reads what the clocks of a zone show together with their offset, as on the days when that is needed.
func local(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04 -07:00", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestATimeOfDayIsTheNextInstantThatTheClocksShowIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at, want string
		time     LocalTime
	}{
		"later today":                            {"2026-11-26 12:00 +02:00", "2026-11-26 17:00 +02:00", "17:00"},
		"it is just that time":                   {"2026-11-26 17:00 +02:00", "2026-11-27 17:00 +02:00", "17:00"},
		"midnight":                               {"2026-11-26 17:00 +02:00", "2026-11-27 00:00 +02:00", "00:00"},
		"over the end of a year":                 {"2026-12-31 18:00 +02:00", "2027-01-01 17:00 +02:00", "17:00"},
		"after the clocks went forward":          {"2027-03-28 01:00 +02:00", "2027-03-28 17:00 +03:00", "17:00"},
		"a time that was left out":               {"2027-03-28 01:00 +02:00", "2027-03-28 04:30 +03:00", "03:30"},
		"the day behind one that was left out":   {"2027-03-28 05:00 +03:00", "2027-03-29 03:30 +03:00", "03:30"},
		"the first of a time that comes twice":   {"2026-10-25 01:00 +03:00", "2026-10-25 03:30 +03:00", "03:30"},
		"between both":                           {"2026-10-25 03:45 +03:00", "2026-10-26 03:30 +02:00", "03:30"},
		"after the clocks went back":             {"2026-10-25 03:45 +02:00", "2026-10-25 17:00 +02:00", "17:00"},
		"the evening before they went back":      {"2026-10-24 23:00 +03:00", "2026-10-25 17:00 +02:00", "17:00"},
		"the evening before they go forward":     {"2027-03-27 23:00 +02:00", "2027-03-28 17:00 +03:00", "17:00"},
		"an hour that just does not come twice":  {"2026-10-25 01:00 +03:00", "2026-10-25 02:59 +03:00", "02:59"},
		"an hour that comes just behind the gap": {"2027-03-28 01:00 +02:00", "2027-03-28 04:00 +03:00", "04:00"},
	} {
		if got, want := c.time.after(local(t, c.at), riga(t)), local(t, c.want); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", name, got.In(riga(t)), want)
		}
	}
}

func TestATimeOfDayComesWithinTwoDaysAndShowsItUnlessItIsLeftOut(t *testing.T) {
	t.Parallel()
	zone := riga(t)
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "at"), 0)
		minute := rapid.IntRange(0, 24*60-1).Draw(t, "minute")
		clock := LocalTime(time.Date(2026, 1, 1, 0, minute, 0, 0, time.UTC).Format("15:04"))
		next := clock.after(at, zone)
		if !next.After(at) || next.Sub(at) > 48*time.Hour {
			t.Fatalf("%s after %s", next, at)
		}
		if shown := next.In(zone).Format("15:04"); shown != string(clock) && (minute < 180 || minute >= 240) {
			t.Fatalf("the clocks show %s, not %s", shown, clock)
		}
	})
}

func TestWindowsGoByTheClocks(t *testing.T) {
	t.Parallel()
	office := &Window{Days: []Weekday{"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"}, From: "08:00", To: "17:00"}
	night := &Window{Days: []Weekday{"SATURDAY"}, From: "22:00", To: "06:00"}
	whole := &Window{Days: []Weekday{"SUNDAY"}, From: "00:00", To: "00:00"}
	for name, c := range map[string]struct {
		window *Window
		at     string
		want   bool
	}{
		"always":                                 {nil, "2026-11-28 03:00 +02:00", true},
		"at its beginning":                       {office, "2026-11-26 08:00 +02:00", true},
		"before its end":                         {office, "2026-11-26 16:59 +02:00", true},
		"at its end":                             {office, "2026-11-26 17:00 +02:00", false},
		"on another day":                         {office, "2026-11-28 12:00 +02:00", false},
		"the night begins":                       {night, "2026-11-28 22:00 +02:00", true},
		"the night goes on":                      {night, "2026-11-29 05:59 +02:00", true},
		"the night is over":                      {night, "2026-11-29 06:00 +02:00", false},
		"the night before":                       {night, "2026-11-28 02:00 +02:00", false},
		"the night after":                        {night, "2026-11-29 22:30 +02:00", false},
		"a whole day begins":                     {whole, "2026-11-29 00:00 +02:00", true},
		"a whole day ends":                       {whole, "2026-11-29 23:59 +02:00", true},
		"a whole day is over":                    {whole, "2026-11-30 00:00 +02:00", false},
		"the night in which the clocks go back":  {night, "2026-10-25 05:30 +02:00", true},
		"in the hour that they show again":       {night, "2026-10-25 03:30 +02:00", true},
		"behind the hour that they leave out":    {night, "2027-03-28 04:00 +03:00", true},
		"and its end as they show it":            {night, "2027-03-28 06:00 +03:00", false},
		"office hours after they went forward":   {office, "2027-03-29 08:00 +03:00", true},
		"a minute before, by the same clocks":    {office, "2027-03-29 07:59 +03:00", false},
		"an instant of another zone's yesterday": {office, "2026-11-26 23:30 -07:00", true},
	} {
		if got := c.window.covers(local(t, c.at), riga(t)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhoMayTakeAKey(t *testing.T) {
	t.Parallel()
	anna, laboratory := id.New(), id.New()
	noon, night := local(t, "2026-11-26 12:00 +02:00"), local(t, "2026-11-26 23:00 +02:00")
	byDay := &Window{Days: Weekdays(), From: "08:00", To: "17:00"}
	open, hers := GroupRules{}, GroupRules{Takers: []Taker{{PersonID: anna}}}
	lab := GroupRules{Takers: []Taker{{DepartmentID: laboratory, Window: byDay}, {Role: "custodian"}}}
	for name, c := range map[string]struct {
		groups []GroupRules
		who    person
		at     time.Time
		want   bool
	}{
		"no group":                               {nil, person{id: id.New()}, noon, true},
		"a group for everybody":                  {[]GroupRules{open}, person{id: id.New()}, noon, true},
		"the person named":                       {[]GroupRules{hers}, person{id: anna}, noon, true},
		"another person":                         {[]GroupRules{hers}, person{id: id.New()}, noon, false},
		"the department by day":                  {[]GroupRules{lab}, person{id: anna, department: laboratory}, noon, true},
		"the department by night":                {[]GroupRules{lab}, person{id: anna, department: laboratory}, night, false},
		"the role by night":                      {[]GroupRules{lab}, person{id: anna, roles: []string{"member", "custodian"}}, night, true},
		"another role":                           {[]GroupRules{lab}, person{id: anna, roles: []string{"member"}}, noon, false},
		"nobody's department is none":            {[]GroupRules{{Takers: []Taker{{Role: "x"}}}}, person{id: anna}, noon, false},
		"one of two groups allows it":            {[]GroupRules{lab, hers}, person{id: anna}, night, true},
		"none of two groups allows it":           {[]GroupRules{lab, hers}, person{id: id.New()}, noon, false},
		"a group for everybody opens no other":   {[]GroupRules{open, hers}, person{id: id.New()}, noon, false},
		"a group for everybody closes no other":  {[]GroupRules{open, hers}, person{id: anna}, noon, true},
		"the department through another of them": {[]GroupRules{hers, lab}, person{id: id.New(), department: laboratory}, noon, true},
	} {
		if got := mayTake(c.groups, c.who, c.at, riga(t)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhenAKeyIsDueByDefault(t *testing.T) {
	t.Parallel()
	minutes := func(n int) *DefaultLoan { return &DefaultLoan{Minutes: &n} }
	until := func(clock LocalTime) *DefaultLoan { return &DefaultLoan{Until: &clock} }
	for name, c := range map[string]struct {
		at, want string
		groups   []GroupRules
	}{
		"no group":                          {"2026-11-26 12:00 +02:00", "", nil},
		"a group that says nothing":         {"2026-11-26 12:00 +02:00", "", []GroupRules{{}}},
		"minutes":                           {"2026-11-26 12:00 +02:00", "2026-11-26 13:30 +02:00", []GroupRules{{DefaultLoan: minutes(90)}}},
		"minutes over the clocks' change":   {"2026-10-25 02:30 +03:00", "2026-10-25 03:30 +02:00", []GroupRules{{DefaultLoan: minutes(120)}}},
		"the end of the shift":              {"2026-11-26 12:00 +02:00", "2026-11-26 17:00 +02:00", []GroupRules{{DefaultLoan: until("17:00")}}},
		"the end of the next shift":         {"2026-11-26 18:00 +02:00", "2026-11-27 17:00 +02:00", []GroupRules{{DefaultLoan: until("17:00")}}},
		"the earliest of two":               {"2026-11-26 12:00 +02:00", "2026-11-26 13:00 +02:00", []GroupRules{{DefaultLoan: until("17:00")}, {DefaultLoan: minutes(60)}}},
		"the curfew comes first":            {"2026-11-26 12:00 +02:00", "2026-11-26 16:00 +02:00", []GroupRules{{DefaultLoan: until("17:00"), Curfew: "16:00"}}},
		"the curfew comes later":            {"2026-11-26 12:00 +02:00", "2026-11-26 17:00 +02:00", []GroupRules{{DefaultLoan: until("17:00"), Curfew: "18:00"}}},
		"another group's curfew":            {"2026-11-26 12:00 +02:00", "2026-11-26 16:00 +02:00", []GroupRules{{DefaultLoan: until("17:00")}, {Curfew: "16:00"}}},
		"a curfew alone":                    {"2026-11-26 12:00 +02:00", "2026-11-26 18:00 +02:00", []GroupRules{{Curfew: "18:00"}}},
		"a curfew that was, for tomorrow's": {"2026-11-26 19:00 +02:00", "2026-11-27 18:00 +02:00", []GroupRules{{Curfew: "18:00"}}},
		"the night when clocks go forward":  {"2027-03-27 22:00 +02:00", "2027-03-28 06:00 +03:00", []GroupRules{{DefaultLoan: until("06:00")}}},
	} {
		due := defaultDue(c.groups, local(t, c.at), riga(t))
		switch {
		case c.want == "" && due != nil:
			t.Errorf("%s: %s", name, due)
		case c.want != "" && (due == nil || !due.Equal(local(t, c.want))):
			t.Errorf("%s: %s, want %s", name, due, c.want)
		}
	}
}

func TestRulesThatCannotBeAreRefusedByName(t *testing.T) {
	t.Parallel()
	someone := id.New()
	knows := func(role string) bool { return role == "member" }
	for field, takers := range map[string][]Taker{
		"takers":               make([]Taker, MaxTakers+1),
		"takers.0":             {{}},
		"takers.1":             {{Role: "member"}, {Role: "member", PersonID: someone}},
		"takers.0 ":            {{Role: "nobody"}},
		"takers.0.window.days": {{Role: "member", Window: &Window{From: "08:00", To: "17:00"}}},
		"takers.0.window.from": {{Role: "member", Window: &Window{Days: Weekdays(), From: "8:00", To: "17:00"}}},
		"takers.0.window.to":   {{Role: "member", Window: &Window{Days: Weekdays(), From: "08:00", To: "24:00"}}},
	} {
		f, ok := fault.As(checkTakers(takers, knows))
		if !ok || f.Kind != fault.BadInput || f.Field != trimmed(field) {
			t.Errorf("%s: %+v", field, f)
		}
	}
	zero, much, late := 0, MaxDefaultMinutes+1, LocalTime("25:00")
	for _, loan := range []*DefaultLoan{{}, {Minutes: &zero}, {Minutes: &much}, {Until: &late}, {Minutes: &much, Until: &late}} {
		if !fault.Is(loan.check(), fault.BadInput) {
			t.Errorf("%+v is taken", loan)
		}
	}
}

func trimmed(field string) string {
	for len(field) > 0 && field[len(field)-1] == ' ' {
		field = field[:len(field)-1]
	}
	return field
}

func TestWhichReservationsALoanMeetsAndUses(t *testing.T) {
	t.Parallel()
	clock := func(hour int) time.Time { return time.Date(2026, 11, 26, hour, 0, 0, 0, time.UTC) }
	until := func(hour int) *time.Time { at := clock(hour); return &at }
	r := &Reservation{From: clock(12), To: clock(14)}
	for name, c := range map[string]struct {
		loan        period
		meets, uses bool
	}{
		"before":                           {period{clock(8), until(12)}, false, false},
		"behind":                           {period{clock(14), until(15)}, false, false},
		"behind, for good":                 {period{clock(14), nil}, false, false},
		"begins in it":                     {period{clock(13), until(15)}, true, true},
		"begins with it, ends before":      {period{clock(12), until(13)}, true, true},
		"all of it":                        {period{clock(11), until(14)}, true, true},
		"all of it and more":               {period{clock(11), until(20)}, true, true},
		"for good":                         {period{clock(11), nil}, true, true},
		"reaches into it and is due there": {period{clock(11), until(13)}, true, false},
	} {
		if c.loan.meets(r) != c.meets || c.loan.usesUp(r) != c.uses {
			t.Errorf("%s: meets %v, uses %v", name, c.loan.meets(r), c.loan.usesUp(r))
		}
	}
}
