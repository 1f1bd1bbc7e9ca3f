package rules

import (
	"container/list"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// The bounds of what an evaluator remembers. Beyond them it forgets the groups that were not met for the longest time.
const (
	MaxGroups = 10_000
	MaxPoints = 100_000
)

// Finding is what a rule found.
type Finding struct {
	// Group names the group, "" where entries are not told apart.
	Group string
	// At is when it happened; for silence, when it had lasted as long as the rule says.
	At time.Time
	// Evidence is the entries it rests on, oldest first: at most MaxCount.
	Evidence []uint64
	// Person is who acted or whom it concerns where entries are told apart by that, and Department his where it is known.
	Person, Department id.ID
}

// Join adds what another finding rests on. Evidence may then name an entry twice. It may write behind f's evidence, which
// must not be shared.
func (f *Finding) Join(other *Finding) {
	f.Evidence = append(f.Evidence, other.Evidence...)
	if other.At.After(f.At) {
		f.At = other.At
	}
}

// Evaluator applies one rule to events. It is used by one goroutine.
type Evaluator struct {
	rule   Rule
	zone   *time.Location
	groups map[string]*list.Element // of *group
	byUse  *list.List               // the group that was met last is in front
	points int
	// now is when the newest event was recorded.
	now time.Time
	// dropped counts the groups that were forgotten for lack of room while they mattered, and lost is when the newest of
	// them was met last.
	dropped int
	lost    time.Time
	// heard is the last sign of life and heardSeq its entry; silent is set once silence since then was told.
	heard    time.Time
	heardSeq uint64
	hasHeard bool
	silent   bool
}

// group is what is remembered of a group: entries of the window that ends with the newest, and those that came when they
// lay behind it already, both in order of time; or when it was met last.
type group struct {
	name   string
	points []point
	behind []point
	seen   time.Time
}

type point struct {
	at    time.Time
	seq   uint64
	thing string // what it is about, for Volume
}

// NewEvaluator makes an evaluator of a rule that remembers nothing. Silence counts from since on, other kinds don't
// look at it. Working hours are of zone's clocks.
func NewEvaluator(rule Rule, zone *time.Location, since time.Time) *Evaluator {
	return &Evaluator{rule: rule, zone: zone, groups: map[string]*list.Element{}, byUse: list.New(), heard: since}
}

// Observe looks at the next event in the ledger's order. It gives what the rule found, nil for nothing.
func (v *Evaluator) Observe(e *Event) *Finding {
	if e.RecordedAt.After(v.now) {
		v.now = e.RecordedAt
	}
	if !v.rule.Filter.Matches(e) {
		return nil
	}
	switch v.rule.Kind {
	case OutsideHours:
		return v.outside(e)
	case Silence:
		return v.hear(e)
	}
	name, ok := v.rule.Group.groupOf(e)
	if !ok {
		return nil
	}
	if v.rule.Kind == FirstSeen {
		return v.meet(e, name)
	}
	return v.count(e, name)
}

func (v *Evaluator) outside(e *Event) *Finding {
	name, ok := v.rule.Group.groupOf(e)
	if !ok || e.IsLate() || v.rule.Hours.include(e.at(), v.zone) {
		return nil
	}
	return v.found(e, name, []uint64{e.Seq})
}

func (v *Evaluator) found(e *Event, name string, evidence []uint64) *Finding {
	f := &Finding{Group: name, At: e.at(), Evidence: evidence}
	switch v.rule.Group {
	case ByActor:
		f.Person = e.Actor
	case ByPerson:
		f.Person = e.Person
	}
	if !f.Person.IsZero() && f.Person == e.Person {
		f.Department = e.Department
	}
	return f
}

// meet remembers when a group was met, and finds one that is new. What comes late is learned from, too. While a group that
// was forgotten might be taken for new, it only learns.
func (v *Evaluator) meet(e *Event, name string) *Finding {
	g := v.groupNamed(name)
	isNew := g.seen.IsZero() || e.at().Sub(g.seen) > v.rule.Window
	if e.at().After(g.seen) {
		g.seen = e.at()
	}
	v.forget()
	if !isNew || e.IsLate() || v.Forgetful() {
		return nil
	}
	return v.found(e, name, []uint64{e.Seq})
}

// count adds an event to its group, and finds whether enough lie together with it: in the window that ends with the newest
// or, for what came later than others that were newer, in any window as long.
func (v *Evaluator) count(e *Event, name string) *Finding {
	if e.IsLate() {
		return nil
	}
	g := v.groupNamed(name)
	p := point{e.at(), e.Seq, v.thing(e)}
	before := g.size()
	g.forgetBehind(v.now.Add(-v.rule.Lookback()))
	if g.isBehind(p.at, v.rule.Window) {
		g.addBehind(p, v.rule.Count)
	} else {
		g.add(p)
		g.shift(v.rule.Window, v.rule.Count)
	}
	v.points += g.size() - before
	v.forget()
	together := g.points
	if len(together) < v.rule.Count || !has(together, p.seq) {
		together = g.around(p, v.rule.Window, v.rule.Count)
	}
	if len(together) == 0 {
		return nil
	}
	evidence := make([]uint64, len(together))
	for i, p := range together {
		evidence[i] = p.seq
	}
	f := v.found(e, name, evidence)
	f.At = together[len(together)-1].at
	return f
}

// thing names what an event is about, "" where that doesn't matter or is nothing.
func (v *Evaluator) thing(e *Event) string {
	if v.rule.Kind != Volume || e.EntityID == "" {
		return ""
	}
	return e.EntityType + "\x00" + e.EntityID
}

// add inserts a point by its time. Of the points of one thing, only the newest counts.
func (g *group) add(p point) {
	if p.thing != "" {
		for i := range g.points {
			if g.points[i].thing != p.thing {
				continue
			}
			if p.at.Before(g.points[i].at) {
				return
			}
			g.points = append(g.points[:i], g.points[i+1:]...)
			break
		}
	}
	g.points = insert(g.points, p)
}

// insert puts a point among others by its time, behind those of the same.
func insert(points []point, p point) []point {
	i := len(points)
	for i > 0 && p.at.Before(points[i-1].at) {
		i--
	}
	return slices.Insert(points, i, p)
}

// shift drops what lies before the window, and of the rest all but the newest: as many as are enough.
func (g *group) shift(window time.Duration, enough int) {
	start := g.points[len(g.points)-1].at.Add(-window)
	drop := max(0, len(g.points)-enough)
	for !g.points[drop].at.After(start) {
		drop++
	}
	if drop > 0 {
		g.points = append(g.points[:0], g.points[drop:]...)
	}
}

func has(points []point, seq uint64) bool {
	return slices.ContainsFunc(points, func(p point) bool { return p.seq == seq })
}

// hear takes an event as a sign of life, and finds the silence that it ended unless Tick did. What comes late is none.
func (v *Evaluator) hear(e *Event) *Finding {
	at := e.at()
	if e.IsLate() || !at.After(v.heard) {
		return nil
	}
	var f *Finding
	if !v.silent {
		f = v.silence(at)
	}
	v.heard, v.heardSeq, v.hasHeard, v.silent = at, e.Seq, true, false
	return f
}

// Tick finds a silence that goes on at now, once. now must not go back behind events that were observed.
func (v *Evaluator) Tick(now time.Time) *Finding {
	if v.rule.Kind != Silence || v.silent {
		return nil
	}
	f := v.silence(now)
	v.silent = f != nil
	return f
}

func (v *Evaluator) silence(until time.Time) *Finding {
	if until.Sub(v.heard) <= v.rule.Window {
		return nil
	}
	f := &Finding{At: v.heard.Add(v.rule.Window)}
	if v.hasHeard {
		f.Evidence = []uint64{v.heardSeq}
	}
	return f
}
