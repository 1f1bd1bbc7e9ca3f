package rules

import "time"

// Dropped is how many groups were forgotten for lack of room while they mattered.
func (v *Evaluator) Dropped() int { return v.dropped }

// Forgetful reports whether a group that was forgotten for lack of room would still matter: a rule that counts may have
// counted too little, and FirstSeen finds nothing.
func (v *Evaluator) Forgetful() bool { return v.dropped > 0 && v.matters(v.lost) }

// Now is when the newest event that was observed was recorded.
func (v *Evaluator) Now() time.Time { return v.now }

// matters reports whether a group that was met last at a time is worth being told of once it is forgotten. A group that is
// not known any more is taken for new, so FirstSeen also minds entries that may still come late.
func (v *Evaluator) matters(last time.Time) bool {
	if v.rule.Kind == FirstSeen {
		return !last.Before(v.now.Add(-v.rule.Lookback()))
	}
	return last.After(v.now.Add(-v.rule.Window))
}

func (v *Evaluator) groupNamed(name string) *group {
	if at, ok := v.groups[name]; ok {
		v.byUse.MoveToFront(at)
		return at.Value.(*group)
	}
	g := &group{name: name}
	v.groups[name] = v.byUse.PushFront(g)
	return g
}

// size is how many entries are remembered of a group.
func (g *group) size() int { return len(g.points) + len(g.behind) }

// last is when a group was met last.
func (g *group) last() time.Time {
	if n := len(g.points); n > 0 {
		return g.points[n-1].at
	}
	return g.seen
}

// forget makes room, and never forgets the group that was met last.
func (v *Evaluator) forget() {
	v.expire()
	for v.byUse.Len() > 1 && (v.byUse.Len() > MaxGroups || v.points > MaxPoints) {
		v.forgetOne()
	}
}

// expire forgets groups that nothing depends on any more, of those that were not met for the longest time.
func (v *Evaluator) expire() {
	start := v.now.Add(-v.rule.Lookback())
	for v.byUse.Len() > 1 && v.byUse.Back().Value.(*group).last().Before(start) {
		v.removeOldest()
	}
}

// forgetOne forgets the group that was not met for the longest time.
func (v *Evaluator) forgetOne() {
	last := v.removeOldest().last()
	if !v.matters(last) {
		return
	}
	v.dropped++
	if last.After(v.lost) {
		v.lost = last
	}
}

func (v *Evaluator) removeOldest() *group {
	g := v.byUse.Remove(v.byUse.Back()).(*group)
	delete(v.groups, g.name)
	v.points -= g.size()
	return g
}

// Remembered is how many groups and entries are remembered.
func (v *Evaluator) Remembered() int { return v.byUse.Len() + v.points }

// Shrink has evaluators forget until they remember no more than most together: always the one that remembers the most, but
// never its last group, so that a rule that needs little keeps all of it. FirstSeen comes last: without all of its groups, it
// can find nothing.
func Shrink(all []*Evaluator, most int) {
	sum := 0
	for _, v := range all {
		v.expire()
		sum += v.Remembered()
	}
	for sum > most {
		largest := largestOf(all, func(v *Evaluator) bool { return v.rule.Kind != FirstSeen })
		if largest == nil {
			largest = largestOf(all, func(*Evaluator) bool { return true })
		}
		if largest == nil {
			return
		}
		before := largest.Remembered()
		largest.forgetOne()
		sum -= before - largest.Remembered()
	}
}

// largestOf gives the one that remembers the most, of those that have a group to spare; nil where none has.
func largestOf(all []*Evaluator, counts func(*Evaluator) bool) (largest *Evaluator) {
	for _, v := range all {
		if v.byUse.Len() > 1 && counts(v) && (largest == nil || v.Remembered() > largest.Remembered()) {
			largest = v
		}
	}
	return largest
}
