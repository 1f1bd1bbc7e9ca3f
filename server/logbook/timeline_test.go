package logbook

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// timeline gives the places of what an actor sees, newest first.
func (f *fixture) timeline(actor *access.Actor, filter Filter) []uint64 {
	f.t.Helper()
	size := page.MaxSize
	p := must[page.Page[LogEntry]](f.t)(f.book.Timeline(f.t.Context(), actor, filter, page.Request{First: &size}))
	return seqsOf(f.t, p.Items)
}

func seqsOf(t testing.TB, entries []LogEntry) []uint64 {
	t.Helper()
	seqs := make([]uint64, len(entries))
	for i, e := range entries {
		seqs[i] = must[place](t)(placeOf("after", e.Place())).Seq
	}
	return seqs
}

func TestATimelineShowsOfEachStreamWhatTheActorMaySeeAndNothingElse(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for _, person := range []*people.Person{d.janis, d.anna} {
		d.append(ledger.Draft{
			Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Outcome: ledger.Success,
			Actor: person.ID, Person: person.ID, Department: person.Department,
		})
	}
	for name, c := range map[string]struct {
		roles []string
		sees  map[ledger.Stream]access.Scope
	}{
		"auditor":              {[]string{"auditor"}, map[ledger.Stream]access.Scope{ledger.StreamKey: access.All, ledger.StreamActivity: access.All, ledger.StreamAuth: access.All}},
		"custodian":            {[]string{"custodian"}, map[ledger.Stream]access.Scope{ledger.StreamKey: access.All}},
		"custodian and member": {[]string{"custodian", "member"}, map[ledger.Stream]access.Scope{ledger.StreamKey: access.All, ledger.StreamActivity: access.Own, ledger.StreamAuth: access.Own}},
		"manager":              {[]string{"manager"}, map[ledger.Stream]access.Scope{ledger.StreamKey: access.Department, ledger.StreamActivity: access.Department, ledger.StreamAuth: access.Department}},
		"member":               {[]string{"member"}, map[ledger.Stream]access.Scope{ledger.StreamKey: access.Own, ledger.StreamActivity: access.Own, ledger.StreamAuth: access.Own}},
	} {
		actor := d.Actor(d.janis, c.roles[0])
		actor.Roles = c.roles
		var want []uint64
		for _, e := range must[[]ledger.Entry](t)(d.Ledger.Read(t.Context(), d.DB, 0, 1000)) {
			if scope, seen := c.sees[e.Stream]; seen && reaches(scope, actor, &e) {
				want = append(want, e.Seq)
			}
		}
		got := d.timeline(actor, Filter{})
		slices.Sort(got)
		if !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s sees %v, want %v", name, got, want)
		}
	}
	if _, err := d.book.Timeline(t.Context(), d.Actor(d.janis, "nothing"), Filter{}, page.Request{}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
	if _, err := d.book.Timeline(t.Context(), nil, Filter{}, page.Request{}); !fault.Is(err, fault.Unauthenticated) {
		t.Error(err)
	}
	for _, streams := range [][]ledger.Stream{{ledger.StreamSystem}, slices.Repeat([]ledger.Stream{ledger.StreamKey}, 9)} {
		_, err := d.book.Timeline(t.Context(), d.custodian, Filter{Streams: streams}, page.Request{})
		if bad, ok := fault.As(err); !ok || bad.Field != "streams" {
			t.Errorf("%s: %v", streams, err)
		}
	}
}

// mixed gives streams with scopes as several roles together may have them.
func mixed(t *rapid.T) []span {
	var spans []span
	for _, stream := range []ledger.Stream{ledger.StreamKey, ledger.StreamActivity, ledger.StreamAuth} {
		scope := rapid.SampledFrom([]access.Scope{access.None, access.All, access.Department, access.Own, access.OwnSource}).Draw(t, string(stream))
		if scope != access.None {
			spans = append(spans, span{stream, scope})
		}
	}
	return spans
}

func TestFiltersOnSeveralStreamsAgreeInSQLAndInMemory(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	f.seed(w, 400)
	all := must[[]ledger.Entry](t)(f.Ledger.Read(t.Context(), f.DB, 0, 10_000))
	matched := 0
	rapid.Check(t, func(rt *rapid.T) {
		actor, _ := w.actor(rt)
		actor.Roles = []string{rapid.SampledFrom([]string{"auditor", "manager", "member"}).Draw(rt, "sees addresses as")}
		matched += f.agreeOn(t.Context(), rt, all, actor, mixed(rt), w.filter(rt))
	})
	if matched < 1000 {
		t.Fatalf("the filters matched only %d entries", matched)
	}
}

func TestEveryFilterOfATimelineGoesAlongIndexesInTheirOrder(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	seedMany(f, w, 10_000)
	me := &access.Actor{Person: w.persons[0], Department: w.departments[0], Source: "keytrail", Roles: []string{"auditor"}}
	at := &place{Seq: 9000, OccurredAt: w.begin.Add(12 * time.Hour)}
	scopes := []access.Scope{access.All, access.Department, access.Own, access.OwnSource}
	r := rand.New(rand.NewPCG(5, 6))
	conditions := w.conditions()
	for combination := range 1 << len(conditions) {
		filter := combined(conditions, combination)
		if !tried(filter, combination, 0, len(scopes)) {
			continue // a stream's part of the plan is that of the stream alone, of which each is tried
		}
		spans := []span{
			{ledger.StreamKey, scopes[r.IntN(len(scopes))]}, {ledger.StreamActivity, scopes[r.IntN(len(scopes))]}, {ledger.StreamAuth, scopes[r.IntN(len(scopes))]},
		}
		q := must[*query](t)(f.book.newQuery(t.Context(), me, spans, filter))
		for _, p := range f.explain(q, page.Window{Limit: 50, Cursor: "x"}, at) {
			if complaint := p.complaint(); complaint != "" {
				t.Fatalf("%v %+v: %s", spans, filter, complaint)
			}
		}
	}
}

func TestAPageOfATimelineTouchesAboutAsManyRowsAsItShows(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	seedMany(f, w, 10_000)
	const size = 20
	rare := ledger.Draft{
		Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Module: "invoices", Outcome: ledger.Denied,
		Department: w.groups[2], // nobody else's
	}
	f.append(slices.Repeat([]ledger.Draft{rare}, size+1)...)
	seedMany(f, w, 5_000)
	spans := []span{{ledger.StreamKey, access.All}, {ledger.StreamActivity, access.All}, {ledger.StreamAuth, access.All}}
	manager := &access.Actor{Person: w.persons[0], Department: rare.Department, Roles: []string{"manager"}}
	for name, c := range map[string]struct {
		filter Filter
		spans  []span
		most   int
	}{
		"nothing":      {Filter{}, spans, 6 * size},
		"an action":    {Filter{Action: rare.Action}, spans, 2 * size},
		"a module":     {Filter{Module: rare.Module}, spans, 3 * size},
		"a department": {Filter{Department: rare.Department}, spans, 3 * size},
		"a manager's":  {Filter{}, []span{{ledger.StreamActivity, access.Department}}, 40 * size}, // the manager's own come on top
	} {
		q := must[*query](t)(f.book.newQuery(t.Context(), manager, c.spans, c.filter))
		touched, found := f.touched(q, page.Window{Limit: size})
		if found != size+1 || touched > c.most {
			t.Errorf("%s: %d rows were touched for %d", name, touched, found)
		}
	}
}

func TestATimelineFeedGivesEveryStreamThatTheActorMaySee(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	begin := d.seqs(auditor, Filter{}, 500)
	first := must[page.Page[LogEntry]](t)(d.book.Timeline(ctx, auditor, Filter{}, page.Request{Last: ptr(1)})).Items[0].Place()
	var got []uint64
	err := d.book.FollowTimeline(ctx, auditor, first, Filter{}, always(auditor), takeAll(func(some []Delivery[LogEntry]) bool {
		for _, delivery := range some {
			e, err := delivery.Open(ctx)
			if err != nil {
				t.Error(err)
				return false
			}
			got = append(got, seqsOf(t, []LogEntry{e})...)
		}
		return len(got) < len(begin)-1
	}))
	if err != nil || ctx.Err() != nil || !slices.IsSorted(got) || len(got) != len(begin)-1 {
		t.Fatalf("%v of %v: %v", got, begin, err)
	}
}
