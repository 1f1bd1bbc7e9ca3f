package sample

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/workhours"
)

const (
	shortestPause = 5 * time.Second
	longestPause  = 20 * time.Second
	// usuallyOut is how many keys the trickle keeps out, about: with more, it returns more than it issues.
	usuallyOut = 30
	// programsShare is of how many steps one is something that was done in another program.
	programsShare = 4
)

// Trickle keeps the sample organisation moving: every few seconds a key is issued or returned, or another program records
// something, and people come and go. It keeps to the people and keys of the sample, and returns what it issued itself: what
// users make and issue is theirs.
type Trickle struct {
	Services
	random        *rand.Rand
	organisation  *plan
	custodianName string          // of the one without an account, as who it acts
	names         map[string]bool // of the sample's people
	numbers       map[string]bool // of its keys
	attended      time.Time       // until when attendance is reported
}

// NewTrickle makes a trickle; Run starts it.
func NewTrickle(s Services) *Trickle {
	t := &Trickle{
		Services: s, random: rand.New(rand.NewPCG(uint64(s.Now().UnixNano()), seed)),
		names: map[string]bool{}, numbers: map[string]bool{},
	}
	organisation, _ := organise()
	t.organisation, t.attended = organisation, s.Now().Add(-missed)
	t.custodianName = organisation.people[custodians()[1]].name
	for _, one := range organisation.people {
		t.names[one.name] = true
	}
	for _, one := range organisation.keys {
		t.numbers[one.number] = true
	}
	return t
}

// Run keeps it moving until ctx ends. What somebody else moved at the same moment is left to him.
func (t *Trickle) Run(ctx context.Context) error {
	for {
		pause := time.NewTimer(shortestPause + time.Duration(t.random.Int64N(int64(longestPause-shortestPause))))
		select {
		case <-ctx.Done():
			pause.Stop()
			return nil
		case <-pause.C:
		}
		step := t.move
		if t.random.IntN(programsShare) == 0 {
			step = t.record
		}
		for _, err := range []error{step(ctx), t.attend(ctx)} {
			if err != nil && ctx.Err() == nil && !fault.Is(err, fault.Conflict) {
				t.Logger.Warn("the sample organisation stands still", "error", err)
			}
		}
	}
}

func (t *Trickle) move(ctx context.Context) error {
	by := t.custodian()
	open := true
	out, err := t.Custody.Loans(ctx, by, custody.LoanFilter{Open: &open}, page.Request{First: atMost(200)})
	if err != nil {
		return err
	}
	if t.random.IntN(2*usuallyOut) < len(out.Items) {
		return t.giveBack(ctx, by, out.Items)
	}
	return t.takeOut(ctx, by)
}

// giveBack returns a key that was issued since sample data were loaded or is due, so that long loans stay. Those that users
// issued stay, too.
func (t *Trickle) giveBack(ctx context.Context, by *access.Actor, out []*custody.Loan) error {
	var candidates []id.ID
	for _, loan := range out {
		if loan.IssuedByID == by.Person && loan.DueAt != nil && t.Now().Sub(loan.IssuedAt) < 20*time.Hour {
			candidates = append(candidates, loan.KeyID)
		}
	}
	if len(candidates) == 0 {
		return t.takeOut(ctx, by)
	}
	key := candidates[t.random.IntN(len(candidates))]
	_, err := t.Custody.Return(ctx, by, custody.ReturnInput{Keys: []id.ID{key}})
	return err
}

// record has a program record what somebody does in it now.
func (t *Trickle) record(ctx context.Context) error {
	now := t.Now()
	d := t.organisation.assetMoved(t.random, now)
	if t.random.IntN(2) == 0 {
		d = t.organisation.ticket(t.random, int(now.Unix()%100_000), now)[0]
	}
	by := t.organisation.people[d.by]
	if t.isGone(d.program, by.login()) {
		return nil
	}
	in := eventOf(d, by)
	in.EventID = id.New().String()
	_, err := t.Activity.Record(ctx, programActor(d.program), []*activity.Input{in}, false)
	return err
}

// isGone reports whether a program knows nobody by a name: he was erased, and is not to come back.
func (t *Trickle) isGone(program, name string) bool {
	_, known := t.People.Known(program, name)
	return !known
}

// attend has workstations report who began or ended work since they last did.
func (t *Trickle) attend(ctx context.Context) error {
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		return err
	}
	now := t.Now()
	said := slices.DeleteFunc(t.organisation.attendance(t.attended, now, zone), func(one presence) bool {
		return t.isGone(workhours.SourceWorkstation, t.organisation.people[one.person].windowsUser())
	})
	if err := report(ctx, t.Work, t.organisation, said); err != nil {
		return err
	}
	t.attended = now
	return nil
}

func (t *Trickle) takeOut(ctx context.Context, by *access.Actor) error {
	free, err := t.Custody.Keys(ctx, by, custody.KeyFilter{States: []custody.KeyState{custody.Available}}, page.Request{First: atMost(200)})
	if err != nil {
		return err
	}
	holders, _, err := t.People.List(ctx, by, people.Filter{}, page.Request{First: atMost(200)})
	if err != nil {
		return err
	}
	keys := slices.DeleteFunc(free.Items, func(k *custody.Key) bool { return !t.numbers[k.Number] })
	takers := slices.DeleteFunc(holders.Items, func(p *people.Person) bool { return !t.names[p.Name] })
	if len(keys) == 0 || len(takers) == 0 {
		return nil
	}
	all := comments()
	due := t.Now().Add(time.Duration(1+t.random.IntN(8)) * time.Hour).Truncate(15 * time.Minute)
	_, err = t.Custody.Issue(ctx, by, custody.IssueInput{
		Keys:    []id.ID{keys[t.random.IntN(len(keys))].ID},
		Holder:  takers[t.random.IntN(len(takers))].ID,
		DueAt:   &due,
		Comment: all[t.random.IntN(len(all))],
	})
	return err
}

// custodian is the person at the desk.
func (t *Trickle) custodian() *access.Actor {
	for _, person := range t.People.Search(t.custodianName) {
		return &access.Actor{Person: person, Source: ledger.SourceKeytrail, Roles: []string{"custodian"}}
	}
	return access.System()
}

func atMost(n int) *int { return &n }
