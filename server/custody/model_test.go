package custody_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// model is the plainest account of keys that could be kept: who has which, until when, and what happened.
type model struct {
	holder  map[id.ID]id.ID
	due     map[id.ID]*time.Time
	retired map[id.ID]bool
	history map[id.ID][]string
}

func (m *model) state(key id.ID, now time.Time) custody.KeyState {
	switch due := m.due[key]; {
	case m.retired[key]:
		return custody.Retired
	case m.holder[key].IsZero():
		return custody.Available
	case due != nil && !now.Before(*due):
		return custody.Overdue
	}
	return custody.Issued
}

// storeroom runs random steps against the service and the model.
type storeroom struct {
	f       *custodytest.Fixture
	ctx     context.Context
	desk    *access.Actor
	holders []*people.Person
	keys    []id.ID
	group   id.ID
	from    uint64
	model   model
}

func TestRandomMovementsAgreeWithAModel(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk := f.Custodian()
	holders := []*people.Person{f.Person("Anna", "Security"), f.Person("Jānis", "Facilities"), f.Person("Pēteris", "")}
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		s := &storeroom{f: f, ctx: t.Context(), desk: desk, holders: holders, model: model{
			holder: map[id.ID]id.ID{}, due: map[id.ID]*time.Time{}, retired: map[id.ID]bool{}, history: map[id.ID][]string{},
		}}
		var keys []*custody.Key
		for i := range 4 {
			keys = append(keys, f.Key(fmt.Sprintf("%d-%d", round, i)))
		}
		s.keys, s.group = custodytest.IDs(keys...), f.Group(fmt.Sprint(round), keys...).ID
		s.from = uint64(f.Count("SELECT size FROM {ledger}.head"))
		rt.Repeat(map[string]func(*rapid.T){"issue": s.issue, "return": s.takeBack, "retire": s.retire, "wait": s.wait, "": s.agree})
	})
}

func (s *storeroom) some(t *rapid.T) []id.ID {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(s.keys), 1, len(s.keys), rapid.ID[id.ID]).Draw(t, "keys")
}

func (s *storeroom) issue(t *rapid.T) {
	keys, to := s.some(t), rapid.SampledFrom(s.holders).Draw(t, "holder")
	in := custody.IssueInput{Keys: keys, Holder: to.ID}
	if rapid.Bool().Draw(t, "due") {
		in.DueAt = ptr(s.f.Clock.Now().Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "minutes")) * time.Minute))
	}
	var want fault.Kind
	for _, key := range keys {
		if s.model.retired[key] && want == "" {
			want = fault.BadInput
		}
		if !s.model.holder[key].IsZero() {
			want = fault.Conflict
		}
	}
	_, err := s.f.Custody.Issue(s.ctx, s.desk, in)
	s.expect(t, err, want)
	if want == "" {
		for _, key := range keys {
			s.model.holder[key], s.model.due[key] = to.ID, in.DueAt
			s.model.history[key] = append(s.model.history[key], ledger.KeyIssued+" "+to.ID.String())
		}
	}
}

func (s *storeroom) takeBack(t *rapid.T) {
	keys := s.some(t)
	var want fault.Kind
	for _, key := range keys {
		if s.model.holder[key].IsZero() {
			want = fault.Conflict
		}
	}
	_, err := s.f.Custody.Return(s.ctx, s.desk, custody.ReturnInput{Keys: keys})
	s.expect(t, err, want)
	if want == "" {
		for _, key := range keys {
			s.model.history[key] = append(s.model.history[key], ledger.KeyReturned+" "+s.model.holder[key].String())
			s.model.holder[key], s.model.due[key] = id.ID{}, nil
		}
	}
}

func (s *storeroom) retire(t *rapid.T) {
	key := rapid.SampledFrom(s.keys).Draw(t, "key")
	var want fault.Kind
	if s.model.retired[key] || !s.model.holder[key].IsZero() {
		want = fault.Conflict
	}
	_, err := s.f.Custody.RetireKey(s.ctx, access.System(), custody.RetireKeyInput{ID: key})
	s.expect(t, err, want)
	if want == "" {
		s.model.retired[key] = true
		s.model.history[key] = append(s.model.history[key], ledger.KeyRetired+" ")
	}
}

func (s *storeroom) wait(t *rapid.T) {
	s.f.Clock.Advance(time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes")) * time.Minute)
}

func (s *storeroom) expect(t *rapid.T, err error, want fault.Kind) {
	if want == "" && err != nil || want != "" && !fault.Is(err, want) {
		t.Fatalf("%v, want %q", err, want)
	}
}

// agree compares state, history and counts with the model.
func (s *storeroom) agree(t *rapid.T) {
	now := s.f.Clock.Now()
	list, err := s.f.Custody.Keys(s.ctx, s.desk, custody.KeyFilter{Group: s.group, States: custody.KeyStates()}, page.Request{})
	if err != nil {
		t.Fatal(err)
	}
	counted := map[custody.KeyState]int{}
	for _, key := range list.Items {
		if want := s.model.state(key.ID, now); key.State != want {
			t.Fatalf("key %s is %s, want %s", key.Number, key.State, want)
		}
	}
	for _, key := range s.keys {
		counted[s.model.state(key, now)]++
	}
	counts, err := list.States(s.ctx)
	if err != nil || len(list.Items) != len(s.keys) {
		t.Fatal(len(list.Items), err)
	}
	for _, c := range counts {
		if c.Count != counted[c.State] {
			t.Fatalf("%d keys are %s, want %d", c.Count, c.State, counted[c.State])
		}
	}
	s.agreeOnHistory(t)
}

func (s *storeroom) agreeOnHistory(t *rapid.T) {
	entries, err := s.f.Ledger.Read(s.ctx, s.f.DB, s.from, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	history := map[id.ID][]string{}
	for _, e := range entries {
		if e.Stream != ledger.StreamKey {
			continue
		}
		key, err := id.Parse(e.Entity.ID)
		if err != nil {
			t.Fatal(err)
		}
		history[key] = append(history[key], e.Action+" "+e.Person.String())
	}
	for _, key := range s.keys {
		if !slices.Equal(history[key], s.model.history[key]) {
			t.Fatalf("the ledger has %q, want %q", history[key], s.model.history[key])
		}
		open, err := s.f.Custody.LoansOpenByKey(s.ctx, s.desk, []id.ID{key})
		if err != nil {
			t.Fatal(err)
		}
		var holder id.ID
		if open[key] != nil {
			holder = open[key].HolderID
		}
		if holder != s.model.holder[key] {
			t.Fatalf("held by %s, want %s", holder, s.model.holder[key])
		}
	}
}
