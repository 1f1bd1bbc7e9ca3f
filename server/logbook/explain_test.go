package logbook

import (
	"context"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// plan is a row of EXPLAIN.
type plan struct{ table, kind, key, extra string }

func (f *fixture) explain(q *query, w page.Window, at *place) []plan {
	f.t.Helper()
	text, args, err := q.compile(w, at)
	if err != nil {
		f.t.Fatal(err)
	}
	rows, err := f.DB.Query(f.t.Context(), "EXPLAIN "+text, args...)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	var plans []plan
	for rows.Next() {
		columns := map[string]any{}
		if err := rows.MapScan(columns); err != nil {
			f.t.Fatal(err)
		}
		plans = append(plans, planOf(columns))
	}
	return plans
}

func planOf(columns map[string]any) plan {
	word := func(name string) string {
		if b, ok := columns[name].([]byte); ok {
			return string(b)
		}
		return ""
	}
	return plan{word("table"), word("type"), word("key"), word("Extra")}
}

// touched is how many rows of indexes and tables a query reads, by the server's own count.
func (f *fixture) touched(q *query, w page.Window) (touched, found int) {
	f.t.Helper()
	text, args, err := q.compile(w, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	f.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		before, err := handlerReads(ctx, tx)
		if err != nil {
			return err
		}
		var places []place
		if err := tx.Select(ctx, &places, text, args...); err != nil {
			return err
		}
		after, err := handlerReads(ctx, tx)
		touched, found = after-before, len(places)
		return err
	})
	return touched, found
}

func handlerReads(ctx context.Context, tx *mysql.Tx) (int, error) {
	var counters []struct {
		Name  string `db:"Variable_name"`
		Value int    `db:"Value"`
	}
	err := tx.Select(ctx, &counters, "SHOW SESSION STATUS WHERE Variable_name IN ('Handler_read_key', 'Handler_read_next', 'Handler_read_prev')")
	total := 0
	for _, c := range counters {
		total += c.Value
	}
	return total, err
}

// mostWithWords is how many conditions are tried together with words: the others are only looked at in the rows that the
// words lead to, so that more of them change nothing.
const mostWithWords = 4

// mostInEachWindow is how many conditions are tried together in every window and for every scope; of more, one of each in turn.
const mostInEachWindow = 3

func TestEveryFilterGoesAlongAnIndexInItsOrder(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	seedMany(f, w, 20_000)
	me := &access.Actor{Person: w.persons[0], Department: w.departments[0], Source: "keytrail"}
	sees := map[access.Scope]string{access.All: "auditor", access.Department: "manager", access.Own: "member"}
	conditions := w.conditions()
	many := f.manyKeys(maxBranches + 8)
	conditions = append(conditions, func(f *Filter) { f.KeyGroup = many })
	at := &place{Seq: 9000, OccurredAt: w.begin.Add(12 * time.Hour)}
	scopes := []access.Scope{access.All, access.Department, access.Own}
	for n, scope := range scopes {
		me.Roles = []string{sees[scope]}
		for combination := range 1 << len(conditions) {
			filter := combined(conditions, combination)
			if !filter.Person.IsZero() {
				filter.Person, filter.Actor = concernedOrActed(filter.Person, bits.OnesCount(uint(combination))+n)
			}
			if !tried(filter, combination, n, len(scopes)) {
				continue
			}
			q := must[*query](t)(f.book.newQuery(t.Context(), me, []span{{ledger.StreamKey, scope}}, filter))
			if q.empty() {
				continue
			}
			windows := []page.Window{{Limit: 50, Backward: true, Cursor: "x"}, {Limit: 50}, {Limit: 50, Cursor: "x"}}
			if bits.OnesCount(uint(combination)) > mostInEachWindow { // they differ in direction and bounds alone
				windows = windows[combination/len(scopes)%len(windows):][:1]
			}
			for _, window := range windows {
				where := at
				if window.Cursor == "" {
					where = nil
				}
				for _, p := range f.explain(q, window, where) {
					if complaint := p.complaint(); complaint != "" {
						t.Fatalf("%s %+v: %s", scope, filter, complaint)
					}
				}
			}
		}
	}
}

// concernedOrActed asks in one turn for whom entries concern, too, in the next for who acted alone, then for both.
func concernedOrActed(one id.ID, turn int) (person, actor id.ID) {
	return []id.ID{one, {}, one}[turn%3], []id.ID{{}, one, one}[turn%3]
}

// tried reports whether a combination of conditions is tried in one of so many turns: few in each, more in one of them.
func tried(filter Filter, combination, turn, turns int) bool {
	many := bits.OnesCount(uint(combination))
	if filter.Text != "" && many > mostWithWords {
		return false
	}
	return many <= mostInEachWindow || combination%turns == turn
}

// conditions are what a filter may ask for, each on its own.
func (w *world) conditions() []func(*Filter) {
	from, to := w.begin.Add(time.Hour), w.begin.Add(20*time.Hour)
	everything := Filter{
		From: &from, To: &to, Person: w.persons[1], Source: "keytrail", Department: w.departments[0], EntityType: "key",
		Entity: w.keys[1].String(), Key: w.keys[1], KeyNumber: "1", KeyGroup: w.groups[0], Action: ledger.KeyIssued,
		Module: "cabinet", Outcome: ledger.Denied, IP: w.addresses[0], Text: "ardurvis 7",
	}
	return []func(*Filter){
		func(f *Filter) { f.From, f.To = everything.From, everything.To },
		func(f *Filter) { f.Person = everything.Person },
		func(f *Filter) { f.Department = everything.Department },
		func(f *Filter) { f.EntityType, f.Entity = everything.EntityType, everything.Entity },
		func(f *Filter) { f.Key = everything.Key },
		func(f *Filter) { f.KeyNumber = everything.KeyNumber },
		func(f *Filter) { f.KeyGroup = everything.KeyGroup },
		func(f *Filter) { f.Action = everything.Action },
		func(f *Filter) { f.IP = everything.IP },
		func(f *Filter) { f.Source = everything.Source },
		func(f *Filter) { f.Module = everything.Module },
		func(f *Filter) { f.Outcome = everything.Outcome },
		func(f *Filter) { f.Text = everything.Text },
	}
}

// combined sets the conditions of which a bit is set. In half of all combinations the id of an entity stands without its type.
func combined(conditions []func(*Filter), combination int) (f Filter) {
	for i, set := range conditions {
		if combination&(1<<i) != 0 {
			set(&f)
		}
	}
	if bits.OnesCount(uint(combination))%2 == 0 {
		f.EntityType = ""
	}
	return f
}

// manyKeys makes a group of more keys than get a branch each.
func (f *fixture) manyKeys(n int) id.ID {
	f.t.Helper()
	keys := make([]*custody.Key, n)
	for i := range keys {
		keys[i] = f.Key(fmt.Sprint("many-", i))
	}
	return f.Group("many", keys...).ID
}

// complaint says what is wrong with a step of a plan: it must walk along a named index, which gives the order.
func (p plan) complaint() string {
	if p.kind == "eq_ref" && p.key == "PRIMARY" || p.table == "x" && p.kind == "ref" && p.key == "entry_object_seq" { // looked up for each entry on the way
		return ""
	}
	if strings.HasPrefix(p.table, "<") || p.extra == "Impossible WHERE" { // the union of the branches, a page of each
		return ""
	}
	switch {
	case p.kind != "range" && p.kind != "ref" && p.kind != "const":
		return fmt.Sprintf("a scan: %+v", p)
	case !strings.HasSuffix(p.key, "_time") && (p.table != "a" && p.table != "w0" && p.table != byObject || p.key != "PRIMARY"):
		return fmt.Sprintf("no index: %+v", p)
	case strings.Contains(p.extra, "filesort"), strings.Contains(p.extra, "temporary"):
		return fmt.Sprintf("sorted: %+v", p)
	}
	return ""
}

// What somebody did, and what concerns him, are pages that everybody asks for.
func TestAPersonsPageIsFoundInTheIndexAlone(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	seedMany(f, w, 2_000)
	from := w.begin.Add(time.Hour)
	for name, c := range map[string]struct {
		filter Filter
		scope  access.Scope
		role   string
	}{
		"what he did and what concerns him": {Filter{From: &from, Person: w.persons[1]}, access.All, "auditor"},
		"what he did":                       {Filter{From: &from, Actor: w.persons[1]}, access.All, "auditor"},
		"what is mine":                      {Filter{From: &from}, access.Own, "member"},
	} {
		me := &access.Actor{Person: w.persons[0], Source: "keytrail", Roles: []string{c.role}}
		q := must[*query](t)(f.book.newQuery(t.Context(), me, []span{{ledger.StreamKey, c.scope}}, c.filter))
		for _, p := range f.explain(q, page.Window{Limit: 50}, nil) {
			if strings.HasSuffix(p.key, "_time") && !strings.Contains(p.extra, "Using index") {
				t.Errorf("%s: rows are read, too: %+v", name, p)
			}
		}
	}
}

func seedMany(f *fixture, w *world, n int) {
	f.t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	for range n / 500 {
		drafts := make([]ledger.Draft, 500)
		for i := range drafts {
			drafts[i] = w.entry(r)
		}
		ledgertest.Append(f.t, f.DB, f.Ledger, drafts...)
	}
	f.indexWords()
}

func TestAPageTouchesAboutAsManyRowsAsItShows(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	seedMany(f, w, 10_000)
	me := &access.Actor{Person: w.persons[0], Source: "keytrail", Roles: []string{"auditor"}}
	const size = 20
	rare := ledger.Draft{Stream: ledger.StreamKey, Action: "cabinet.opened", Entity: ledger.Entity{Type: "key"}, Source: "till", Outcome: ledger.Success}
	ledgertest.Append(t, f.DB, f.Ledger, slices.Repeat([]ledger.Draft{rare}, size+1)...)
	seedMany(f, w, 5_000)
	till := &access.Actor{Source: "till", Roles: []string{access.RoleIntegrator}}
	for name, c := range map[string]struct {
		filter Filter
		scope  access.Scope
		most   int // what other streams put in between, and branches of which only one page is needed, come on top
	}{
		"nothing":      {Filter{}, access.All, 2 * size},
		"a key":        {Filter{Key: w.keys[1]}, access.All, 4 * size},
		"a number":     {Filter{KeyNumber: "0"}, access.All, 8 * size},
		"an action":    {Filter{Action: ledger.KeyIssued}, access.All, 4 * size},
		"a person":     {Filter{Person: w.persons[1]}, access.All, 5 * size},
		"an actor":     {Filter{Actor: w.persons[1]}, access.All, 3 * size}, // under two ids
		"what is mine": {Filter{}, access.Own, 5 * size},
		"a source":     {Filter{Source: "till"}, access.All, 2 * size},
		"a program's":  {Filter{}, access.OwnSource, 2 * size},
		"an address":   {Filter{IP: w.addresses[0]}, access.All, 6 * size},  // a row of each of two tables
		"a rare word":  {Filter{Text: "opened key"}, access.All, 6 * size},  // found by the rarer word
		"words":        {Filter{Text: "key issued"}, access.All, 20 * size}, // both are frequent, so many are passed by
	} {
		actor := me
		if c.scope == access.OwnSource {
			actor = till
		}
		q := must[*query](t)(f.book.newQuery(t.Context(), actor, []span{{ledger.StreamKey, c.scope}}, c.filter))
		touched, found := f.touched(q, page.Window{Limit: size})
		if found != size+1 || touched > c.most {
			t.Errorf("%s: %d rows were touched for %d", name, touched, found)
		}
	}
}

// What is flagged leads along an index of its own; every other state is looked up for each entry on the way.
func TestAFilterByReviewGoesAlongAnIndexWithAnyTwoOtherConditions(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	seedMany(f, w, 4_000)
	_, err := f.DB.Exec(t.Context(), "INSERT INTO entry_review (seq, occurred_at, state) SELECT seq, occurred_at, 1 + seq % 2 FROM entry_index WHERE seq % 4 = 0")
	if err != nil {
		t.Fatal(err)
	}
	me := &access.Actor{Person: w.persons[0], Department: w.departments[0], Source: "keytrail"}
	sees := map[access.Scope]string{access.All: "auditor", access.Department: "manager"}
	conditions := w.conditions()
	for scope, role := range sees {
		me.Roles = []string{role}
		for _, state := range []ReviewState{Unreviewed, Flagged, Reviewed} {
			for first := range conditions {
				for second := range first + 1 {
					filter := Filter{Review: state}
					conditions[0](&filter) // which such a filter needs
					conditions[first](&filter)
					conditions[second](&filter)
					q := must[*query](t)(f.book.newQuery(t.Context(), me, []span{{ledger.StreamKey, scope}}, filter))
					if q.empty() {
						continue
					}
					for _, p := range f.explain(q, page.Window{Limit: 50}, nil) {
						if complaint := p.complaint(); complaint != "" {
							t.Fatalf("%s %+v: %s", scope, filter, complaint)
						}
					}
				}
			}
		}
	}
}
