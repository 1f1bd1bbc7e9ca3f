package custody_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// crowd is many people at many desks around few keys.
type crowd struct {
	f      *custodytest.Fixture
	actors []*access.Actor
	keys   []id.ID

	mu           sync.Mutex
	reservations []id.ID
	approvals    []id.ID
}

func TestTwoHundredPeopleAtFiftyKeysBreakNothingSilently(t *testing.T) {
	t.Parallel()
	const people, keys, steps = 200, 50, 5
	c := &crowd{f: custodytest.Open(t)}
	for i := range keys {
		c.keys = append(c.keys, c.f.KeyOf(custody.CreateKeyInput{Number: fmt.Sprint(i), ApprovalRequired: i%5 == 0}).ID)
	}
	for i := range people {
		c.actors = append(c.actors, c.f.Granted(c.f.Actor(c.f.Person(fmt.Sprint("Person ", i), ""), "custodian")))
	}
	start := make(chan struct{})
	var done sync.WaitGroup
	for i := range people {
		done.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 1))
			<-start
			for range steps {
				if err := c.step(t, c.actors[i], random); err != nil && !slices.Contains([]fault.Kind{fault.Conflict, fault.Forbidden}, fault.KindOf(err)) {
					t.Errorf("%v", err)
				}
			}
		})
	}
	close(start)
	done.Wait()
	c.checkRecord(t)
}

// step has somebody do something, often to the same keys as others at the same time.
func (c *crowd) step(t *testing.T, by *access.Actor, random *rand.Rand) error {
	key, holder, now := c.keys[random.IntN(len(c.keys))], c.actors[random.IntN(len(c.actors))].Person, c.f.Clock.Now()
	hour := func(n int) time.Time { return now.Add(time.Duration(n) * time.Hour) }
	switch random.IntN(8) {
	case 0, 1:
		from := random.IntN(8)
		made, err := c.f.Custody.Reserve(t.Context(), by, custody.ReserveInput{Keys: c.pair(key, random), Holder: holder, From: hour(from), To: hour(from + 1 + random.IntN(3))})
		if err == nil {
			c.remember(&c.reservations, made.Reservations[0].ID)
		}
		return err
	case 2:
		if one := c.recall(&c.reservations, random); !one.IsZero() {
			_, err := c.f.Custody.CancelReservation(t.Context(), by, custody.CancelReservationInput{Reservation: one})
			return err
		}
	case 3:
		if one := c.recall(&c.approvals, random); !one.IsZero() {
			_, err := c.f.Custody.Decide(t.Context(), by, custody.DecideInput{Approval: one, Approve: random.IntN(4) > 0})
			return err
		}
	case 4, 5:
		_, err := c.f.Custody.Return(t.Context(), by, custody.ReturnInput{Keys: []id.ID{key}})
		return err
	}
	due := hour(1 + random.IntN(6))
	in := custody.IssueInput{Keys: c.pair(key, random), Holder: holder, DueAt: &due}
	if random.IntN(3) == 0 {
		in.OverrideReason = "It burns"
	}
	made, err := c.f.Custody.Issue(t.Context(), by, in)
	if err == nil && len(made.Approvals) > 0 {
		c.remember(&c.approvals, made.Approvals[0].ID)
	}
	return err
}

// pair gives a key and sometimes a second one, in any order.
func (c *crowd) pair(key id.ID, random *rand.Rand) []id.ID {
	if other := c.keys[random.IntN(len(c.keys))]; other != key && random.IntN(3) == 0 {
		return []id.ID{key, other}
	}
	return []id.ID{key}
}

func (c *crowd) remember(list *[]id.ID, one id.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*list = append(*list, one)
}

func (c *crowd) recall(list *[]id.ID, random *rand.Rand) id.ID {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(*list) == 0 {
		return id.ID{}
	}
	return (*list)[random.IntN(len(*list))]
}

// kept is a reservation as the record tells of it.
type kept struct {
	id, holder string
	from, to   string
}

// checkRecord goes through the ledger in order: at no place has a key two holders, do two reservations of one key lie
// across each other, is a reservation broken that no entry tells of, or a marked key issued without a second person.
func (c *crowd) checkRecord(t *testing.T) {
	t.Helper()
	entries, err := c.f.Ledger.Read(t.Context(), c.f.DB, 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	out, ahead, told := map[string]bool{}, map[string][]kept{}, map[string]bool{}
	broken := map[string]bool{}
	counted := map[string]int{}
	for i := range entries {
		e := &entries[i]
		key, reservation := e.Entity.ID, e.Ref(custody.RefReservation)
		counted[e.Action]++
		switch e.Action {
		case ledger.KeyIssued:
			if out[key] {
				t.Errorf("entry %d issues a key that is out", e.Seq)
			}
			out[key] = true
			c.checkApproved(t, e)
			c.useUp(e, ahead, broken)
		case ledger.KeyReturned:
			if !out[key] {
				t.Errorf("entry %d returns a key that is in", e.Seq)
			}
			out[key] = false
		case ledger.KeyReserved:
			r := kept{reservation, e.Person.String(), e.Details["from"].(string), e.Details["to"].(string)}
			for _, other := range ahead[key] {
				if other.from < r.to && r.from < other.to {
					t.Errorf("entry %d reserves across %+v", e.Seq, other)
				}
			}
			ahead[key] = append(ahead[key], r)
		case ledger.KeyReservationCancelled:
			ahead[key] = slices.DeleteFunc(ahead[key], func(r kept) bool { return r.id == reservation })
		case ledger.KeyReservationOverridden:
			told[reservation+e.Ref(custody.RefBrokenBy)] = true
		}
	}
	for each := range broken {
		if !told[each] {
			t.Errorf("a reservation was broken silently: %s", each)
		}
	}
	for each := range told {
		if !broken[each] {
			t.Errorf("a reservation is said to be broken that is not: %s", each)
		}
	}
	c.checkTables(t, out, ahead)
	for _, action := range []string{ledger.KeyIssued, ledger.KeyReturned, ledger.KeyReserved, ledger.KeyReservationCancelled, ledger.KeyReservationOverridden, ledger.KeyApprovalGranted} {
		if counted[action] == 0 {
			t.Errorf("nobody came as far as %s", action)
		}
	}
}

// checkApproved demands a second person where the key is marked.
func (c *crowd) checkApproved(t *testing.T, e *ledger.Entry) {
	t.Helper()
	marked := slices.IndexFunc(c.keys, func(key id.ID) bool { return key.String() == e.Entity.ID })%5 == 0
	approver := e.Ref(custody.RefApprover)
	if marked && approver == "" || approver != "" && (approver == e.ActorID().String() || approver == e.Person.String()) {
		t.Errorf("entry %d issues a marked key: approved by %q", e.Seq, approver)
	}
}

// useUp takes away what an issue uses up, and notes which reservations of others it breaks, with the loan.
func (c *crowd) useUp(e *ledger.Entry, ahead map[string][]kept, broken map[string]bool) {
	used := map[string]bool{}
	for _, ref := range e.Refs {
		used[ref.ID] = used[ref.ID] || ref.Role == custody.RefReservation
	}
	due, _ := e.Details["dueAt"].(string)
	ahead[e.Entity.ID] = slices.DeleteFunc(ahead[e.Entity.ID], func(r kept) bool {
		if r.holder != e.Person.String() && r.from < due {
			broken[r.id+e.Ref(custody.RefLoan)] = true
		}
		return used[r.id]
	})
}

// checkTables demands that the state says what the record does.
func (c *crowd) checkTables(t *testing.T, out map[string]bool, ahead map[string][]kept) {
	t.Helper()
	open, held := 0, 0
	for _, key := range c.keys {
		if out[key.String()] {
			open++
		}
		held += len(ahead[key.String()])
	}
	if n := c.f.Count("SELECT COUNT(*) FROM loan WHERE open_key IS NOT NULL"); n != open {
		t.Errorf("%d loans are open, and the record says %d", n, open)
	}
	if n := c.f.Count("SELECT COUNT(*) FROM reservation WHERE held_key IS NOT NULL"); n != held {
		t.Errorf("%d reservations count, and the record says %d", n, held)
	}
	if n := c.f.Count("SELECT COUNT(*) FROM reservation a JOIN reservation b ON a.held_key = b.held_key AND a.id < b.id AND a.from_at < b.to_at AND b.from_at < a.to_at"); n != 0 {
		t.Errorf("%d pairs of reservations lie across each other", n)
	}
}
