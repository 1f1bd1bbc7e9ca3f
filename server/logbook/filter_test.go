package logbook

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/page"
)

// world is the few values that entries and filters are made of, so that they often meet.
type world struct {
	persons, departments, keys []id.ID
	groups                     []id.ID
	numbers, addresses         []string
	begin                      time.Time
}

const worldHours = 24

func newWorld(f *fixture) *world {
	w := &world{begin: custodytest.Start().Add(-worldHours * time.Hour)}
	for range 3 {
		w.persons = append(w.persons, f.Person("Somebody", "").ID)
		w.departments = append(w.departments, id.New())
	}
	f.Merge(w.persons[0], w.persons[1])
	w.addresses = []string{"192.0.2.1", "192.0.2.2", "2001:db8::1"}
	var keys []*custody.Key
	for i := range 4 {
		keys = append(keys, f.Key(fmt.Sprint(i)))
		w.numbers = append(w.numbers, fmt.Sprint(i))
	}
	w.groups = []id.ID{f.Group("two", keys[0], keys[1]).ID, f.Group("none").ID, id.New()}
	must[*custody.Key](f.t)(f.Custody.RetireKey(f.t.Context(), access.System(), custody.RetireKeyInput{ID: keys[0].ID}))
	keys = append(keys, f.Key("0")) // a second key of that number
	w.keys = custodytest.IDs(keys...)
	return w
}

// pick gives one of the values, and often none.
func pick[T any](r *rand.Rand, values ...T) (one T) {
	if i := r.IntN(len(values) + 2); i < len(values) {
		one = values[i]
	}
	return one
}

func (w *world) entry(r *rand.Rand) ledger.Draft {
	d := ledger.Draft{
		Stream:     pick(r, ledger.StreamKey, ledger.StreamKey, ledger.StreamKey, ledger.StreamKey, ledger.StreamAuth),
		OccurredAt: w.begin.Add(time.Duration(r.IntN(worldHours*60)) * time.Minute),
		Actor:      pick(r, w.persons...), Person: pick(r, w.persons...), Department: pick(r, w.departments...),
		Action: ledger.KeyIssued, Module: pick(r, "cabinet", "Cabinet", "cabinet "), Outcome: pick(r, ledger.Outcomes()...),
		Source: pick(r, "keytrail", "billing"),
	}
	if d.Stream == "" {
		d.Stream = ledger.StreamActivity
	}
	if r.IntN(2) == 0 {
		d.Action = ledger.KeyReturned
	}
	if d.Actor.IsZero() {
		d.System = r.IntN(2) == 0
	}
	if ip := pick(r, append(w.addresses, "::ffff:192.0.2.1", "2001:0DB8::0:1", "a phone")...); ip != "" {
		d.Parts = []ledger.Part{ledger.OriginPart(d.Actor, w.begin, ledger.Origin{IP: ip})}
	}
	switch key := w.keys[r.IntN(len(w.keys))].String(); r.IntN(4) {
	case 0:
	case 1:
		d.Entity = ledger.Entity{Type: "account", ID: key, Label: "not a key"}
	default:
		d.Entity = ledger.Entity{Type: "key", ID: key, Label: "a key"}
	}
	for range r.IntN(3) { // often the entity itself, or the same twice
		d.Refs = append(d.Refs, ledger.Ref{Role: ledger.RoleObject, Type: pick(r, "key", "account", "account "), ID: w.keys[r.IntN(len(w.keys))].String()})
	}
	if note := pick(r, "Ārdurvis 7", "ardurvis", "seven"); note != "" {
		d.Details = map[string]any{"door": []any{note}}
	}
	return d
}

func (w *world) filter(t *rapid.T) Filter {
	maybe := func(name string) bool { return rapid.IntRange(0, 4).Draw(t, name) == 4 }
	var f Filter
	if maybe("from?") {
		f.From = ptr(w.begin.Add(time.Duration(rapid.IntRange(0, worldHours*60).Draw(t, "from")) * time.Minute))
	}
	if maybe("to?") {
		f.To = ptr(w.begin.Add(time.Duration(rapid.IntRange(0, worldHours*60).Draw(t, "to")) * time.Minute))
	}
	draw(t, maybe, "person", &f.Person, append(w.persons, id.New()))
	draw(t, maybe, "actor", &f.Actor, append(w.persons, id.New()))
	draw(t, maybe, "department", &f.Department, w.departments)
	draw(t, maybe, "key", &f.Key, w.keys)
	draw(t, maybe, "group", &f.KeyGroup, w.groups)
	draw(t, maybe, "number", &f.KeyNumber, append(w.numbers, "none"))
	draw(t, maybe, "entityType", &f.EntityType, []string{"key", "account", "key "})
	draw(t, maybe, "entity", &f.Entity, []string{w.keys[1].String(), w.keys[2].String() + " ", "none"})
	draw(t, maybe, "source", &f.Source, []string{"keytrail", "billing", "Billing"})
	draw(t, maybe, "action", &f.Action, []string{ledger.KeyIssued, ledger.KeyReturned, ledger.KeyCreated})
	draw(t, maybe, "module", &f.Module, []string{"cabinet", "Cabinet", "cabinet  ", "none"})
	draw(t, maybe, "outcome", &f.Outcome, ledger.Outcomes())
	draw(t, maybe, "stream", &f.Streams, [][]ledger.Stream{{ledger.StreamKey}, {ledger.StreamKey, ledger.StreamAuth}})
	draw(t, maybe, "text", &f.Text, []string{"ardurvis", "7 ĀRDURVIS", "key issued", "a KEY seven", w.keys[1].String(), "nowhere"})
	draw(t, maybe, "ip", &f.IP, append(w.addresses, "::ffff:192.0.2.2", "2001:db8:0:0::1", "198.51.100.1"))
	return f
}

func draw[T any](t *rapid.T, maybe func(string) bool, name string, into *T, from []T) {
	if maybe(name + "?") {
		*into = rapid.SampledFrom(from).Draw(t, name)
	}
}

func (w *world) actor(t *rapid.T) (*access.Actor, access.Scope) {
	a := &access.Actor{Person: rapid.SampledFrom(append(w.persons, id.ID{})).Draw(t, "me"), Source: "keytrail"}
	a.Merged = rapid.SampledFrom([][]id.ID{nil, {id.New()}, {w.persons[2], id.New()}}).Draw(t, "merged")
	a.Department = rapid.SampledFrom(append(w.departments, id.ID{})).Draw(t, "my department")
	return a, rapid.SampledFrom([]access.Scope{access.All, access.All, access.Department, access.Own}).Draw(t, "scope")
}

func (f *fixture) append(drafts ...ledger.Draft) {
	f.t.Helper()
	ledgertest.Append(f.t, f.DB, f.Ledger, drafts...)
}

// seed appends random entries in batches, in an order of time that is not that of seq.
func (f *fixture) seed(w *world, n int) {
	f.t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	drafts := make([]ledger.Draft, n)
	for i := range drafts {
		drafts[i] = w.entry(r)
	}
	for batch := range slices.Chunk(drafts, 500) {
		ledgertest.Append(f.t, f.DB, f.Ledger, batch...)
	}
	f.indexWords()
}

// indexWords makes what was appended findable by its words.
func (f *fixture) indexWords() {
	f.t.Helper()
	if err := f.Ledger.IndexWords(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

// expected is the list as the filter in memory makes it, newest first.
func (f *fixture) expected(ctx context.Context, all []ledger.Entry, q *query) ([]uint64, error) {
	var found []ledger.Entry
	m := f.book.maskFor(q.actor)
	for i := range all {
		if !q.takesIn(&all[i]) || !q.matches(&all[i]) {
			continue
		}
		if from, err := q.admitsIP(ctx, m, &all[i]); err != nil {
			return nil, err
		} else if from {
			found = append(found, all[i])
		}
	}
	slices.SortFunc(found, func(a, b ledger.Entry) int {
		if c := b.OccurredAt.Compare(a.OccurredAt); c != 0 {
			return c
		}
		return int(b.Seq) - int(a.Seq)
	})
	seqs := make([]uint64, len(found))
	for i := range found {
		seqs[i] = found[i].Seq
	}
	return seqs, nil
}

// read walks through the list that SQL makes.
func (f *fixture) read(ctx context.Context, q *query, backward bool, size int) ([]uint64, error) {
	var seqs []uint64
	for cursor := ""; ; {
		entries, err := f.book.read(ctx, q, page.Window{Limit: size, Backward: backward, Cursor: cursor})
		if err != nil {
			return nil, err
		}
		for _, e := range entries[:min(size, len(entries))] {
			seqs = append(seqs, e.Seq)
			cursor = cursorOf(&e)
		}
		if len(entries) <= size {
			break
		}
	}
	if backward {
		slices.Reverse(seqs)
	}
	return seqs, nil
}

// agree compares what SQL and memory let through, and gives how much that is. It fails for a filter that is refused.
func (f *fixture) agree(ctx context.Context, t *rapid.T, all []ledger.Entry, actor *access.Actor, scope access.Scope, filter Filter) int {
	t.Helper()
	return f.agreeOn(ctx, t, all, actor, []span{{ledger.StreamKey, scope}}, filter)
}

// agreeOn is agree for several streams, each with a scope of its own.
func (f *fixture) agreeOn(ctx context.Context, t *rapid.T, all []ledger.Entry, actor *access.Actor, spans []span, filter Filter) int {
	t.Helper()
	q, err := f.book.newQuery(ctx, actor, spans, filter)
	if err != nil {
		t.Fatal(err)
	}
	want, err := f.expected(ctx, all, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, backward := range []bool{false, true} {
		got, err := f.read(ctx, q, backward, rapid.IntRange(1, 60).Draw(t, "page"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("backward %v: SQL gives %v, memory %v", backward, got, want)
		}
	}
	return len(want)
}

func TestFiltersAgreeInSQLAndInMemory(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	f.seed(w, 400)
	all := must[[]ledger.Entry](t)(f.Ledger.Read(t.Context(), f.DB, 0, 10_000))
	matched, byAddress, byText := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		filter := w.filter(rt)
		if rapid.IntRange(0, 3).Draw(rt, "an address alone?") == 3 {
			filter = Filter{IP: rapid.SampledFrom(w.addresses).Draw(rt, "address")}
		} else if rapid.IntRange(0, 3).Draw(rt, "words alone?") == 3 {
			filter = Filter{Text: rapid.SampledFrom([]string{"ardurvis", "key 7", "seven issued"}).Draw(rt, "words")}
		}
		actor, scope := w.actor(rt)
		actor.Roles = []string{rapid.SampledFrom([]string{"auditor", "manager", "member"}).Draw(rt, "sees addresses as")}
		n := f.agree(t.Context(), rt, all, actor, scope, filter)
		matched += n
		if filter.IP != "" {
			byAddress += n
		}
		if filter.Text != "" {
			byText += n
		}
	})
	if matched < 1000 || byAddress < 50 || byText < 50 {
		t.Fatalf("the filters matched only %d entries, %d of them by their address and %d by their words", matched, byAddress, byText)
	}
}
