package custody_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
)

// modelActor is somebody with what the model knows of his rights: a custodian handles every key, an admin may go against
// the rules of groups besides, and anybody else sees and reserves for himself.
type modelActor struct {
	*access.Actor
	custodian, admin bool
}

// reaches reports whether the actor's right to see keys and to reserve them reaches a holder.
func (a modelActor) reaches(holder id.ID) bool { return a.custodian || a.Person == holder }

// storeroom runs random steps against the service and the model.
type storeroom struct {
	f       *custodytest.Fixture
	ctx     context.Context
	actors  []modelActor
	holders []*people.Person
	// desk may see everything.
	desk    *access.Actor
	group   id.ID
	cabinet string
	// read is up to where the ledger has been compared, and steps how many were taken.
	read  uint64
	steps int
	model model
}

func TestRandomStepsOfSeveralActorsAgreeWithAModel(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	members := []*people.Person{f.Person("Anna", "Security"), f.Person("Jānis", "Facilities")}
	badged, err := f.People.Create(t.Context(), access.System(), people.CreateInput{Name: "Pēteris", Badge: badgeOfModel})
	if err != nil {
		t.Fatal(err)
	}
	desk := f.Granted(f.Custodian())
	actors := []modelActor{
		{desk, true, false}, {f.Granted(f.Actor(f.Person("Olga", ""), "custodian")), true, false}, {f.Granted(f.Actor(badged, "custodian")), true, false},
		{f.Granted(f.Actor(f.Person("Ada", ""), "admin")), true, true},
		{f.Actor(members[0], "member"), false, false}, {f.Actor(members[1], "member"), false, false},
	}
	room := 0
	rapid.Check(t, func(rt *rapid.T) {
		room++
		s := &storeroom{f: f, ctx: t.Context(), actors: actors, holders: append(members, badged), desk: desk}
		s.furnish(t, room)
		for range between(rt, "rounds", 1, 16) {
			s.take(rt)
			s.agree(rt)
		}
	})
}

// furnish hangs up six keys: a plain one, one in another cabinet, two on a ring, one that a second person has to approve,
// and one whose group has takers, hours, a default and a curfew.
func (s *storeroom) furnish(t *testing.T, room int) {
	s.cabinet = fmt.Sprint("C", room)
	var made []*custody.Key
	for i := range 6 {
		k := &modelKey{number: fmt.Sprintf("%d-%d", room, i), cabinet: s.cabinet, ringed: i == 2 || i == 3, marked: i == 4, ruled: i == 5}
		if i == 1 {
			k.cabinet += "-other"
		}
		key := s.f.KeyOf(custody.CreateKeyInput{Number: k.number, Cabinet: k.cabinet, ApprovalRequired: k.marked})
		k.id, made = key.ID, append(made, key)
		s.model.keys = append(s.model.keys, k)
	}
	s.group = s.f.Group(fmt.Sprint(room), made...).ID
	name := fmt.Sprint("model ", room)
	must[*custody.KeyRing](t)(s.f.Custody.SaveRing(s.ctx, access.System(), custody.SaveRingInput{Name: name, Keys: custodytest.IDs(made[2], made[3])}))
	m := &s.model
	m.riga, m.department, m.facilities, m.named = custodytest.Riga(t), map[id.ID]id.ID{}, s.holders[1].Department, s.holders[2].ID
	for _, p := range s.holders {
		m.department[p.ID] = p.Department
	}
	hours := &custody.Window{Days: custody.Weekdays()[:5], From: "08:00", To: "16:00"}
	must[*custody.KeyGroup](t)(s.f.Custody.SaveGroup(s.ctx, access.System(), custody.SaveGroupInput{
		Name: name, Keys: custodytest.IDs(made[5]), DefaultLoan: &custody.DefaultLoan{Minutes: ptr(modelDefault)}, Curfew: ptr(custody.LocalTime("18:00")),
		Takers: &[]custody.Taker{{DepartmentID: m.facilities, Window: hours}, {PersonID: m.named}},
	}))
	s.read = uint64(s.f.Count("SELECT size FROM {ledger}.head"))
}

// stepsAtOnce is how many steps are taken before everything is compared.
const stepsAtOnce = 3

// take takes a few steps; one for which there is nothing yet is none.
func (s *storeroom) take(t *rapid.T) {
	for range stepsAtOnce {
		s.step(t)
		s.agreeOnStates(t)
		s.agreeOnHistory(t)
	}
}

// step takes one of all steps.
func (s *storeroom) step(t *rapid.T) {
	steps := map[string]func(*rapid.T){
		"issue": s.issue, "return": s.takeBack, "retire": s.retire, "reserve": s.reserve, "cancelReservation": s.cancelReservation,
		"decide": s.decide, "takeBackRequest": s.cancelRequest, "extend": s.extend, "lose": s.lose, "find": s.find,
		"handOver": s.handOver, "accept": s.accept, "cancelHandover": s.cancelHandover, "correct": s.correct, "void": s.void,
		"changeHolder": s.changeHolder, "count": s.count, "resolve": s.resolve, "wait": s.wait,
	}
	often := []string{"issue", "issue", "issue", "issue", "reserve", "handOver", "accept", "accept", "find"} // what others build on
	steps[fair(t, "step", append(often, slices.Sorted(maps.Keys(steps))...))](t)
}

// turn turns the clock, so that no two steps have one time, and gives the time.
func (s *storeroom) turn() time.Time {
	s.steps++
	return s.f.Clock.Advance(time.Minute)
}

// once gives an idempotency key that was never used.
func (s *storeroom) once() string { return fmt.Sprint(s.cabinet, "/", s.steps) }

// fair draws one of some, each about as often as any other, while rapid's own choice much prefers the first ones.
func fair[V any](t *rapid.T, label string, some []V) V {
	return some[between(t, label, 0, len(some)-1)]
}

// between draws a number from least to most, fairly.
func between(t *rapid.T, label string, least, most int) int {
	bits := rapid.SliceOfN(rapid.Bool(), 10, 10)
	n := 0
	for _, bit := range bits.Draw(t, label) {
		if n *= 2; bit {
			n++
		}
	}
	return least + n*(most-least+1)>>10
}

// likely draws one of some, and half of the time one of those with which a step can come to something.
func likely[V any](t *rapid.T, label string, some []V, is func(V) bool) V {
	if fit := slices.DeleteFunc(slices.Clone(some), func(one V) bool { return !is(one) }); len(fit) > 0 && rapid.Bool().Draw(t, label+" fits") {
		some = fit
	}
	return fair(t, label, some)
}

func (s *storeroom) key(t *rapid.T, is func(*modelKey) bool) *modelKey {
	return likely(t, "key", s.model.keys, is)
}

// some draws one to three keys, the first of them as key does.
func (s *storeroom) some(t *rapid.T, is func(*modelKey) bool) []*modelKey {
	keys := []*modelKey{s.key(t, is)}
	for range between(t, "more", 0, 2) {
		if other := s.key(t, is); !slices.Contains(keys, other) {
			keys = append(keys, other)
		}
	}
	return keys
}

// actor draws who acts; those who may do most come most often.
func (s *storeroom) actor(t *rapid.T) modelActor {
	return s.actors[fair(t, "by", []int{0, 0, 0, 1, 2, 3, 3, 4, 5})]
}

func (s *storeroom) person(t *rapid.T, label string) *people.Person {
	return fair(t, label, s.holders)
}

// overrideReason draws a reason to go against the rules, "" as a rule.
func overrideReason(t *rapid.T) string {
	return fair(t, "override", []string{"", "", "It burns"})
}

func (s *storeroom) wait(t *rapid.T) {
	longest := fair(t, "longest", []int{90, 90, 90, 26 * 60})
	s.f.Clock.Advance(time.Duration(between(t, "minutes", 0, longest)) * time.Minute)
}

// touched are the tables that the steps write.
func touched() []string {
	return []string{
		"physical_key", "key_ring", "key_group", "key_group_key", "key_group_taker", "loan", "reservation", "approval", "approval_key",
		"key_handover", "inventory", "inventory_difference", "idempotency",
	}
}

// rows counts the rows of every table that the steps write, and the entries.
func (s *storeroom) rows(t *rapid.T) string {
	counts := make([]string, len(touched()))
	for i, table := range touched() {
		counts[i] = "(SELECT COUNT(*) FROM " + table + ")"
	}
	var rows string
	if err := s.f.DB.Get(s.ctx, &rows, "SELECT CONCAT_WS(' ', "+strings.Join(counts, ", ")+")"); err != nil {
		t.Fatal(err)
	}
	return rows
}

// expect demands how a step ends: with one of the kinds of fault, or well when none is named. One that is refused leaves
// nothing but the record of its refusal.
func (s *storeroom) expect(t *rapid.T, act func() error, want ...fault.Kind) bool {
	want = slices.DeleteFunc(want, func(kind fault.Kind) bool { return kind == "" })
	if len(want) == 0 {
		if err := act(); err != nil {
			t.Fatalf("%v, want none", err)
		}
		return true
	}
	rows, size := s.rows(t), uint64(s.f.Count("SELECT size FROM {ledger}.head"))
	err := act()
	if !slices.ContainsFunc(want, func(kind fault.Kind) bool { return fault.Is(err, kind) }) {
		t.Fatalf("%v, want %q", err, want)
	}
	if after := s.rows(t); after != rows {
		t.Fatalf("%v left rows in %v: %s, before %s", err, touched(), after, rows)
	}
	left, readErr := s.f.Ledger.Read(s.ctx, s.f.DB, size, 100)
	if readErr != nil {
		t.Fatal(readErr)
	}
	f, _ := fault.As(err)
	for _, e := range left {
		if e.Action != ledger.AccessDenied || f.Kind != fault.Forbidden && f.Field != "badge" {
			t.Fatalf("%v left %s", err, e.Action)
		}
	}
	return false
}

// entryOf gives the place of the entry that says of a key what was done.
func entryOf(entries []ledger.Entry, action string, key *modelKey) uint64 {
	for i := range entries {
		if entries[i].Action == action && entries[i].Entity.ID == key.id.String() {
			return entries[i].Seq
		}
	}
	return 0
}
