package logbook

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/people"
)

// brute counts movements per local day by looking at every entry.
func brute(all []ledger.Entry, in *time.Location, dates []people.Date, counts func(*ledger.Entry) bool) []CalendarDay {
	days := make([]CalendarDay, len(dates))
	for i, date := range dates {
		days[i].Date = date
	}
	for i := range all {
		e := &all[i]
		day := slices.Index(dates, people.Date(e.OccurredAt.In(in).Format(time.DateOnly)))
		if day < 0 || e.Stream != ledger.StreamKey || !counts(e) {
			continue
		}
		switch e.Action {
		case ledger.KeyIssued:
			days[day].Issued++
		case ledger.KeyReturned:
			days[day].Returned++
		}
	}
	return days
}

// year is entries of a year, most of them around the changes of the clocks.
func (w *world) year(f *fixture, n int) []ledger.Entry {
	f.t.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	changes := []time.Time{
		time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	}
	for start := 0; start < n; start += 500 {
		drafts := make([]ledger.Draft, 0, 500)
		for len(drafts) < 500 {
			d := w.entry(r)
			if d.Stream == ledger.StreamActivity {
				d.Stream = ledger.StreamKey
			}
			around := changes[r.IntN(len(changes))]
			d.OccurredAt = around.Add(time.Duration(r.Int64N(int64(72*time.Hour))) - 36*time.Hour).Truncate(time.Microsecond)
			drafts = append(drafts, d)
		}
		ledgertest.Append(f.t, f.DB, f.Ledger, drafts...)
	}
	return must[[]ledger.Entry](f.t)(f.Ledger.Read(f.t.Context(), f.DB, 0, 2*n))
}

func TestTheCalendarAgreesWithCountingEveryEntry(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	all := w.year(f, 3000)
	counted := 0
	rapid.Check(t, func(rt *rapid.T) {
		r := CalendarRequest{TimeZone: rapid.SampledFrom(zones()).Draw(rt, "zone"), Days: rapid.IntRange(1, 40).Draw(rt, "days")}
		start := rapid.SampledFrom([]string{"2026-03-27", "2026-04-03", "2026-10-23", "2026-10-30"}).Draw(rt, "around")
		from := must[time.Time](t)(time.Parse(time.DateOnly, start)).AddDate(0, 0, -rapid.IntRange(0, 30).Draw(rt, "earlier"))
		r.From = people.Date(from.Format(time.DateOnly))
		switch rapid.IntRange(0, 4).Draw(rt, "filter") {
		case 1:
			r.Filter.Group = rapid.SampledFrom(w.groups).Draw(rt, "group")
		case 2:
			r.Filter.Key = rapid.SampledFrom(w.keys).Draw(rt, "key")
		case 3:
			r.Filter.KeyNumber = rapid.SampledFrom(w.numbers).Draw(rt, "number")
		}
		actor, scope := w.actor(rt)
		actor.Roles = map[access.Scope][]string{access.All: {"custodian"}, access.Department: {"manager"}, access.Own: {"member"}}[scope]
		q, err := f.book.newQuery(t.Context(), actor, []span{{ledger.StreamKey, scope}}, Filter{Key: r.Filter.Key, KeyNumber: r.Filter.KeyNumber, KeyGroup: r.Filter.Group})
		if err != nil {
			rt.Fatal(err)
		}
		got, err := f.book.Calendar(t.Context(), actor, r)
		if err != nil {
			rt.Fatal(err)
		}
		want := brute(all, zone(t, r.TimeZone), dates(got), func(e *ledger.Entry) bool {
			if scope == access.Department && r.Filter == (CalendarFilter{}) { // the department's own movements
				return !actor.Department.IsZero() && e.Department == actor.Department
			}
			return q.matches(e) && reaches(scope, actor, e)
		})
		if diff := cmp.Diff(want, got.Days); diff != "" {
			rt.Fatal(diff)
		}
		for _, day := range got.Days {
			counted += day.Issued + day.Returned
		}
	})
	if counted < 1000 {
		t.Fatalf("only %d movements were counted", counted)
	}
}

func dates(c *Calendar) []people.Date {
	all := make([]people.Date, len(c.Days))
	for i, day := range c.Days {
		all[i] = day.Date
	}
	return all
}

func TestTheCalendarCountsWhatIsDueAndWhereAKeyBelongs(t *testing.T) {
	t.Parallel()
	f := open(t)
	custodian, janis := f.Custodian(), f.Person("Jānis Bērziņš", "Facilities")
	north := f.KeyOf(custody.CreateKeyInput{Number: "1", Building: "North"})
	south := f.KeyOf(custody.CreateKeyInput{Number: "2", Building: "South"})
	due := f.Clock.Now().Add(48 * time.Hour)
	must[*custody.Movement](t)(f.Custody.Issue(t.Context(), custodian, custody.IssueInput{Keys: custodytest.IDs(north, south), Holder: janis.ID, DueAt: &due}))
	f.Return(custodian, south)
	from := f.Clock.Now().Add(24 * time.Hour) // over the midnight of Riga
	must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), custodian, custody.ReserveInput{
		Keys: custodytest.IDs(south), Holder: janis.ID, From: from, To: from.Add(24 * time.Hour),
	}))
	gone := must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), custodian, custody.ReserveInput{
		Keys: custodytest.IDs(south), Holder: janis.ID, From: from.Add(24 * time.Hour), To: from.Add(25 * time.Hour),
	}))
	must[*custody.ReservationChange](t)(f.Custody.CancelReservation(t.Context(), custodian, custody.CancelReservationInput{Reservation: gone.Reservations[0].ID}))
	for name, c := range map[string]struct {
		filter CalendarFilter
		want   []CalendarDay
	}{
		"everything": {CalendarFilter{}, []CalendarDay{{"2026-11-22", 2, 1, 0, 0}, {"2026-11-23", 0, 0, 0, 1}, {"2026-11-24", 0, 0, 1, 1}}},
		"north":      {CalendarFilter{Building: "North"}, []CalendarDay{{"2026-11-22", 1, 0, 0, 0}, {"2026-11-23", 0, 0, 0, 0}, {"2026-11-24", 0, 0, 1, 0}}},
		"south":      {CalendarFilter{Building: "South"}, []CalendarDay{{"2026-11-22", 1, 1, 0, 0}, {"2026-11-23", 0, 0, 0, 1}, {"2026-11-24", 0, 0, 0, 1}}},
		"nowhere":    {CalendarFilter{Building: "East"}, []CalendarDay{{"2026-11-22", 0, 0, 0, 0}, {"2026-11-23", 0, 0, 0, 0}, {"2026-11-24", 0, 0, 0, 0}}},
	} {
		got := must[*Calendar](t)(f.book.Calendar(t.Context(), custodian, CalendarRequest{From: "2026-11-22", Days: 3, Filter: c.filter}))
		if diff := cmp.Diff(&Calendar{TimeZone: "Europe/Riga", Days: c.want}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestACalendarFeedSendsAtOnceAndAfterEachChange(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.book.coalesce = time.Millisecond
	custodian, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Key("1")
	calendars := make(chan *Calendar)
	go func() {
		_ = f.book.FollowCalendar(t.Context(), custodian, CalendarRequest{Days: DefaultDays}, always(custodian), func(c *Calendar) bool {
			select {
			case calendars <- c:
				return true
			case <-t.Context().Done():
				return false
			}
		})
	}()
	today := func() CalendarDay {
		t.Helper()
		select {
		case c := <-calendars:
			return c.Days[daysBefore]
		case <-time.After(patience):
			t.Fatal("no calendar came")
		}
		return CalendarDay{}
	}
	if day := today(); day != (CalendarDay{Date: "2026-11-22"}) {
		t.Fatalf("%+v", day)
	}
	f.Issue(custodian, janis, key)
	if day := today(); day.Issued != 1 || day.Returned != 0 {
		t.Fatalf("%+v", day)
	}
	f.Key("2") // changes no day
	f.Return(custodian, key)
	if day := today(); day.Issued != 1 || day.Returned != 1 {
		t.Fatalf("%+v", day)
	}
	must[*custody.ReservationChange](t)(f.Custody.Reserve(t.Context(), custodian, custody.ReserveInput{
		Keys: custodytest.IDs(key), Holder: janis.ID, From: f.Clock.Now().Add(time.Hour), To: f.Clock.Now().Add(2 * time.Hour),
	}))
	if day := today(); day.Reserved != 1 {
		t.Fatalf("%+v", day)
	}
}

func TestTheLastOfManyChangesReachesTheCalendarFeed(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.book.coalesce = 50 * time.Millisecond
	custodian, janis := f.Custodian(), f.Person("Jānis Bērziņš", "")
	var keys []id.ID
	for i := range 60 {
		keys = append(keys, f.Key(fmt.Sprint(i)).ID)
	}
	sent := make(chan int, 1000)
	go func() {
		_ = f.book.FollowCalendar(t.Context(), custodian, CalendarRequest{Days: DefaultDays}, always(custodian), func(c *Calendar) bool {
			sent <- c.Days[daysBefore].Issued
			return true
		})
	}()
	begun := time.Now()
	for _, key := range keys {
		must[*custody.Movement](t)(f.Custody.Issue(t.Context(), custodian, custody.IssueInput{Keys: []id.ID{key}, Holder: janis.ID}))
	}
	deadline := time.After(patience)
	for count := 0; ; count++ {
		select {
		case issued := <-sent:
			if issued == len(keys) {
				if most := int(time.Since(begun)/f.book.coalesce) + 2; count > most {
					t.Fatalf("%d calendars for %d movements, where at most %d are told apart", count, len(keys), most)
				}
				return
			}
		case <-deadline:
			t.Fatal("the last movement is missing")
		}
	}
}

func TestACalendarFeedMovesOnAtMidnight(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.book.coalesce, f.book.recheck = time.Millisecond, time.Millisecond
	first := make(chan people.Date)
	go func() {
		_ = f.book.FollowCalendar(t.Context(), access.System(), CalendarRequest{Days: 1}, always(access.System()), func(c *Calendar) bool {
			select {
			case first <- c.Days[0].Date:
				return true
			case <-t.Context().Done():
				return false
			}
		})
	}()
	for _, want := range []people.Date{"2026-11-15", "2026-11-16"} {
		select {
		case day := <-first:
			if day != want {
				t.Fatal(day)
			}
		case <-time.After(patience):
			t.Fatal("the day does not change")
		}
		f.Clock.Advance(14 * time.Hour)
	}
}
