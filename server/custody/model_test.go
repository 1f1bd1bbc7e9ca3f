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
	// marked are the keys that a second person has to approve.
	marked       map[id.ID]bool
	reservations []*modelReservation
	approvals    []*modelApproval
}

func (m *model) state(key id.ID, now time.Time) custody.KeyState {
	switch due := m.due[key]; {
	case m.retired[key]:
		return custody.Retired
	case m.holder[key].IsZero() && m.reservedAt(key, now):
		return custody.Reserved
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
	actors  []*access.Actor
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
	actors := []*access.Actor{desk, f.Actor(f.Person("Olga", ""), "custodian"), f.Actor(holders[2], "custodian")}
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		s := &storeroom{f: f, ctx: t.Context(), desk: desk, actors: actors, holders: holders, model: model{
			holder: map[id.ID]id.ID{}, due: map[id.ID]*time.Time{}, retired: map[id.ID]bool{}, history: map[id.ID][]string{}, marked: map[id.ID]bool{},
		}}
		var keys []*custody.Key
		for i := range 4 {
			keys = append(keys, f.KeyOf(custody.CreateKeyInput{Number: fmt.Sprintf("%d-%d", round, i), ApprovalRequired: i == 3}))
		}
		s.model.marked[keys[3].ID] = true
		s.keys, s.group = custodytest.IDs(keys...), f.Group(fmt.Sprint(round), keys...).ID
		s.from = uint64(f.Count("SELECT size FROM {ledger}.head"))
		rt.Repeat(map[string]func(*rapid.T){
			"issue": s.issue, "return": s.takeBack, "retire": s.retire, "wait": s.wait, "reserve": s.reserve, "cancel": s.cancel,
			"decide": s.decide, "takeBackRequest": s.cancelRequest, "extend": s.extend, "handOver": s.handOver, "": s.agree,
		})
	})
}

func (s *storeroom) some(t *rapid.T) []id.ID {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(s.keys), 1, len(s.keys), rapid.ID[id.ID]).Draw(t, "keys")
}

func (s *storeroom) issue(t *rapid.T) {
	keys, to := s.some(t), rapid.SampledFrom(s.holders).Draw(t, "holder")
	by := rapid.SampledFrom(s.actors).Draw(t, "by")
	in := custody.IssueInput{Keys: keys, Holder: to.ID}
	if rapid.Bool().Draw(t, "due") {
		in.DueAt = ptr(s.f.Clock.Now().Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "minutes")) * time.Minute))
	}
	if rapid.IntRange(0, 3).Draw(t, "override") == 0 {
		in.OverrideReason = "It burns"
	}
	want := s.model.refusesIssue(keys, to.ID, in.DueAt, in.OverrideReason != "", s.f.Clock.Now())
	var made *custody.Movement
	s.expect(t, want, func() (err error) {
		made, err = s.f.Custody.Issue(s.ctx, by, in)
		return err
	})
	switch {
	case want != "":
	case slices.ContainsFunc(keys, func(key id.ID) bool { return s.model.marked[key] }):
		s.model.ask(made.Approvals[0], by.Person, in, s.f.Clock.Now())
	default:
		s.model.issue(keys, to.ID, in.DueAt, s.f.Clock.Now())
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
	s.expect(t, want, func() error {
		_, err := s.f.Custody.Return(s.ctx, s.desk, custody.ReturnInput{Keys: keys})
		return err
	})
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
	if s.model.retired[key] || !s.model.holder[key].IsZero() || len(s.model.ahead(key, s.f.Clock.Now())) > 0 {
		want = fault.Conflict
	}
	s.expect(t, want, func() error {
		_, err := s.f.Custody.RetireKey(s.ctx, access.System(), custody.RetireKeyInput{ID: key})
		return err
	})
	if want == "" {
		s.model.retired[key] = true
		s.model.history[key] = append(s.model.history[key], ledger.KeyRetired+" ")
	}
}

func (s *storeroom) wait(t *rapid.T) {
	longest := rapid.SampledFrom([]int{90, 90, 90, 26 * 60}).Draw(t, "longest")
	s.f.Clock.Advance(time.Duration(rapid.IntRange(0, longest).Draw(t, "minutes")) * time.Minute)
}

// expect demands how an action ends, and that one that is refused leaves nothing but the record of its refusal.
func (s *storeroom) expect(t *rapid.T, want fault.Kind, act func() error) {
	before := s.f.Count("SELECT size FROM {ledger}.head")
	err := act()
	if want == "" && err != nil || want != "" && !fault.Is(err, want) {
		t.Fatalf("%v, want %q", err, want)
	}
	if want == "" {
		return
	}
	left, err := s.f.Ledger.Read(s.ctx, s.f.DB, uint64(before), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if e.Action != ledger.AccessDenied || want != fault.Forbidden {
			t.Fatalf("what was refused as %s left %s", want, e.Action)
		}
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
	s.agreeOnBookings(t)
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
