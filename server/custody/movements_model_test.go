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
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// moved is a movement of a key as the model keeps it.
type moved struct {
	what  string // issued, returned, handedOver, lost, found
	at    time.Time
	entry uint64
}

// tracked is all that the model knows of a key: its movements in order, and what they come to.
type tracked struct {
	moves  []moved
	holder id.ID
	due    *time.Time
	loan   id.ID
	lost   bool
	// offered is the handover that waits, and to whom and until when.
	offered id.ID
	to      *people.Person
	until   time.Time
}

// ordered reports whether the movements follow each other and none lies in the future.
func ordered(moves []moved, now time.Time) bool {
	return slices.IsSortedFunc(moves, func(a, b moved) int { return a.at.Compare(b.at) }) && !moves[len(moves)-1].at.After(now)
}

// custodians' desk with a model beside it.
type modelled struct {
	f       *custodytest.Fixture
	ctx     context.Context
	desk    *access.Actor
	holders []*people.Person
	keys    []*custody.Key
	cabinet string
	known   map[id.ID]*tracked
}

func TestRandomLivesOfLoansAgreeWithAModel(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk := f.Custodian()
	holders := []*people.Person{f.Person("Anna", "Security"), f.Person("Jānis", "Facilities"), f.Person("Pēteris", "")}
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		m := &modelled{f: f, ctx: t.Context(), desk: desk, holders: holders, cabinet: fmt.Sprint("C", round), known: map[id.ID]*tracked{}}
		for i := range 3 {
			key := f.KeyOf(custody.CreateKeyInput{Number: fmt.Sprintf("m%d-%d", round, i), Cabinet: m.cabinet})
			m.keys, m.known[key.ID] = append(m.keys, key), &tracked{}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"issue": m.issue, "return": m.takeBack, "extend": m.extend, "lose": m.lose, "find": m.find, "offer": m.offer,
			"accept": m.accept, "correct": m.correct, "void": m.void, "count": m.count, "wait": m.wait, "": m.agree,
		})
	})
}

// draw chooses a key, and turns the clock, so that no two movements have one time.
func (m *modelled) draw(t *rapid.T) (*custody.Key, *tracked) {
	m.f.Clock.Advance(time.Minute)
	key := rapid.SampledFrom(m.keys).Draw(t, "key")
	return key, m.known[key.ID]
}

func (m *modelled) expect(t *rapid.T, err error, allowed bool) bool {
	if allowed != (err == nil) || err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.BadInput) {
		t.Fatalf("allowed: %v, but: %v", allowed, err)
	}
	return allowed
}

func (m *modelled) issue(t *rapid.T) {
	key, k := m.draw(t)
	to := rapid.SampledFrom(m.holders).Draw(t, "holder")
	in := custody.IssueInput{Keys: []id.ID{key.ID}, Holder: to.ID}
	if rapid.Bool().Draw(t, "due") {
		in.DueAt = ptr(m.f.Clock.Now().Add(12 * time.Hour))
	}
	made, err := m.f.Custody.Issue(m.ctx, m.desk, in)
	if m.expect(t, err, k.holder.IsZero() && !k.lost) {
		k.holder, k.due, k.loan = to.ID, in.DueAt, made.Loans[0].ID
		k.moves = append(k.moves, moved{"issued", m.f.Clock.Now(), made.Entries[0].Seq})
	}
}

func (m *modelled) takeBack(t *rapid.T) {
	key, k := m.draw(t)
	made, err := m.f.Custody.Return(m.ctx, m.desk, custody.ReturnInput{Keys: []id.ID{key.ID}})
	if m.expect(t, err, !k.holder.IsZero()) {
		k.moves = append(k.moves, moved{"returned", m.f.Clock.Now(), made.Entries[0].Seq})
		k.holder, k.offered = id.ID{}, id.ID{}
	}
}

func (m *modelled) extend(t *rapid.T) {
	_, k := m.draw(t)
	if k.loan.IsZero() {
		t.Skip("it was never out")
	}
	due := m.f.Clock.Now().Add(time.Duration(rapid.IntRange(-60, 120).Draw(t, "minutes")) * time.Minute)
	_, err := m.f.Custody.Extend(m.ctx, m.desk, custody.ExtendInput{Loan: k.loan, DueAt: due})
	if m.expect(t, err, !k.holder.IsZero() && k.due != nil && due.After(*k.due) && due.After(m.f.Clock.Now())) {
		k.due = &due
	}
}

func (m *modelled) lose(t *rapid.T) {
	key, k := m.draw(t)
	made, err := m.f.Custody.ReportLost(m.ctx, m.desk, custody.ReportInput{Key: key.ID})
	if m.expect(t, err, !k.lost) {
		k.moves = append(k.moves, moved{"lost", m.f.Clock.Now(), made.Entry.Seq})
		k.holder, k.offered, k.lost = id.ID{}, id.ID{}, true
	}
}

func (m *modelled) find(t *rapid.T) {
	key, k := m.draw(t)
	made, err := m.f.Custody.ReportFound(m.ctx, m.desk, custody.ReportInput{Key: key.ID})
	if m.expect(t, err, k.lost) {
		k.moves, k.lost = append(k.moves, moved{"found", m.f.Clock.Now(), made.Entry.Seq}), false
	}
}

func (m *modelled) offer(t *rapid.T) {
	key, k := m.draw(t)
	to := rapid.SampledFrom(m.holders).Draw(t, "receiver")
	made, err := m.f.Custody.HandOver(m.ctx, m.desk, custody.HandOverInput{Keys: []id.ID{key.ID}, To: to.ID})
	late := k.due != nil && !k.due.After(m.f.Clock.Now())
	if m.expect(t, err, !k.holder.IsZero() && k.holder != to.ID && !late) {
		k.offered, k.to, k.until = made.Handovers[0].ID, to, m.f.Clock.Now().Add(custody.HandoverTime)
		if k.due != nil && k.due.Before(k.until) {
			k.until = *k.due
		}
	}
}

func (m *modelled) accept(t *rapid.T) {
	_, k := m.draw(t)
	if k.offered.IsZero() {
		t.Skip("nothing was offered")
	}
	yes := rapid.Bool().Draw(t, "accepts")
	made, err := m.f.Custody.AcceptHandover(m.ctx, m.f.Actor(k.to, "member"), custody.AcceptInput{Handover: k.offered, Accept: yes})
	if !yes && err == nil {
		k.offered = id.ID{}
		return
	}
	if m.expect(t, err, yes && m.f.Clock.Now().Before(k.until)) {
		k.moves = append(k.moves, moved{"handedOver", m.f.Clock.Now(), made.Entries[0].Seq})
		k.holder, k.loan, k.offered, k.due = k.to.ID, made.Loans[1].ID, id.ID{}, made.Loans[1].DueAt
	}
}

// correct moves one of the movements to another time, which must go exactly when all still follow each other.
func (m *modelled) correct(t *rapid.T) {
	_, k := m.draw(t)
	if len(k.moves) == 0 {
		t.Skip("it never moved")
	}
	i := rapid.IntRange(0, len(k.moves)-1).Draw(t, "movement")
	at := k.moves[i].at.Add(time.Duration(rapid.IntRange(-30, 30).Draw(t, "seconds"))*10*time.Second + time.Second)
	after := slices.Clone(k.moves)
	after[i].at = at
	_, err := m.f.Custody.CorrectMovement(m.ctx, m.desk, custody.CorrectInput{Entry: k.moves[i].entry, OccurredAt: &at, Reason: "model"})
	reported := k.moves[i].what == "lost" || k.moves[i].what == "found"
	if m.expect(t, err, !reported && ordered(after, m.f.Clock.Now())) {
		k.moves = after
	}
}

// void annuls the last issue or return; one that is not the last is refused.
func (m *modelled) void(t *rapid.T) {
	_, k := m.draw(t)
	if len(k.moves) == 0 {
		t.Skip("it never moved")
	}
	i := rapid.IntRange(max(0, len(k.moves)-2), len(k.moves)-1).Draw(t, "movement")
	made, err := m.f.Custody.CorrectMovement(m.ctx, m.desk, custody.CorrectInput{Entry: k.moves[i].entry, Void: true, Reason: "model"})
	last := i == len(k.moves)-1
	what := k.moves[i].what
	if !m.expect(t, err, last && (what == "issued" || what == "returned")) {
		return
	}
	k.moves = k.moves[:i]
	if k.holder = (id.ID{}); what == "returned" {
		k.holder, k.due, k.loan = made.Loan.HolderID, made.Loan.DueAt, made.Loan.ID
	}
	k.offered = id.ID{}
}

// count scans some of the keys of the cabinet, and compares how many differ.
func (m *modelled) count(t *rapid.T) {
	m.f.Clock.Advance(time.Minute)
	scanned := rapid.SliceOfNDistinct(rapid.SampledFrom(m.keys), 1, len(m.keys), func(k *custody.Key) string { return k.Number }).Draw(t, "scanned")
	in := custody.CountInput{Cabinet: m.cabinet}
	expected, there, differ := 0, 0, 0
	for _, key := range m.keys {
		k := m.known[key.ID]
		in := k.holder.IsZero() && !k.lost
		seen := slices.Contains(scanned, key)
		if in {
			expected++
		}
		if in && seen {
			there++
		}
		if in != seen {
			differ++
		}
	}
	for _, key := range scanned {
		in.Numbers = append(in.Numbers, key.Number)
	}
	made, err := m.f.Custody.CountInventory(m.ctx, m.desk, in)
	if err != nil || made.Inventory.ExpectedCount != expected || made.Inventory.FoundCount != there || made.Inventory.DifferenceCount != differ {
		t.Fatalf("%+v %v, want %d, %d and %d", made, err, expected, there, differ)
	}
}

func (m *modelled) wait(t *rapid.T) {
	m.f.Clock.Advance(time.Duration(rapid.IntRange(1, 26).Draw(t, "hours")) * time.Hour)
}

// agree holds state, holders and loans against the model.
func (m *modelled) agree(t *rapid.T) {
	now := m.f.Clock.Now()
	for _, key := range m.keys {
		k := m.known[key.ID]
		want := custody.Available
		switch {
		case k.lost:
			want = custody.Lost
		case !k.holder.IsZero() && k.due != nil && !k.due.After(now):
			want = custody.Overdue
		case !k.holder.IsZero():
			want = custody.Issued
		}
		got, err := m.f.Custody.Key(m.ctx, m.desk, key.ID, "")
		if err != nil || got.State != want {
			t.Fatalf("key %s is %+v, want %s: %v", key.Number, got, want, err)
		}
		loans, err := m.f.Custody.Loans(m.ctx, m.desk, custody.LoanFilter{Key: key.ID}, page.Request{})
		if err != nil {
			t.Fatal(err)
		}
		m.agreeOnLoans(t, k, loans.Items)
	}
}

// agreeOnLoans demands that no two loans overlap, that the open one is the model's, and that loans that follow each
// other by a handover touch.
func (m *modelled) agreeOnLoans(t *rapid.T, k *tracked, loans []*custody.Loan) {
	loans = slices.DeleteFunc(loans, func(l *custody.Loan) bool { return l.End != nil && *l.End == custody.EndVoided })
	slices.SortFunc(loans, func(a, b *custody.Loan) int { return a.IssuedAt.Compare(b.IssuedAt) })
	var holder id.ID
	for i, l := range loans {
		if l.Open() {
			holder = l.HolderID
			if i != len(loans)-1 {
				t.Fatal("a loan follows one that is open")
			}
			continue
		}
		if i+1 < len(loans) && (loans[i+1].IssuedAt.Before(*l.ReturnedAt) || *l.End == custody.EndHandedOver && !loans[i+1].IssuedAt.Equal(*l.ReturnedAt)) {
			t.Fatalf("%+v and %+v do not follow each other", l, loans[i+1])
		}
	}
	if holder != k.holder {
		t.Fatalf("held by %s, want %s", holder, k.holder)
	}
}
