package rules

import (
	"cmp"
	"slices"
	"time"
)

// leastBehind is how many entries of a group that came behind its window are remembered at least; or as many as four
// times what is enough.
const leastBehind = 64

// isBehind reports whether a moment lies before the window that ends with the newest: as an entry does that waited in a
// program's queue while another told of something newer.
func (g *group) isBehind(at time.Time, window time.Duration) bool {
	n := len(g.points)
	return n > 0 && !at.After(g.points[n-1].at.Add(-window))
}

// addBehind remembers an entry that came behind the window, and forgets the oldest where there are many.
func (g *group) addBehind(p point, enough int) {
	g.behind = insert(g.behind, p)
	if most := max(leastBehind, 4*enough); len(g.behind) > most {
		g.behind = slices.Delete(g.behind, 0, len(g.behind)-most)
	}
}

// forgetBehind forgets what no entry that still counts can lie together with.
func (g *group) forgetBehind(start time.Time) {
	keep, _ := slices.BinarySearchFunc(g.behind, start, func(p point, t time.Time) int { return p.at.Compare(t) })
	g.behind = slices.Delete(g.behind, 0, keep)
}

// around gives enough points that lie in one window with a point, among them at least one that came behind; none where
// there are too few. Of the points of one thing in a window, only the newest counts, or the point itself.
func (g *group) around(p point, window time.Duration, enough int) []point {
	if len(g.behind) == 0 || !has(g.behind, p.seq) && !has(g.points, p.seq) {
		return nil
	}
	near := slices.Concat(g.behind, g.points)
	near = slices.DeleteFunc(near, func(q point) bool { return !q.at.After(p.at.Add(-window)) || !q.at.Before(p.at.Add(window)) })
	slices.SortStableFunc(near, func(a, b point) int { return a.at.Compare(b.at) })
	things := map[string]int{} // how many points in the window are about each
	start, others := 0, 0      // others are about nothing that has a name
	count := func(q point, by int) {
		if q.thing == "" {
			others += by
		} else if things[q.thing] += by; things[q.thing] == 0 {
			delete(things, q.thing)
		}
	}
	for end, last := range near {
		count(last, 1)
		for ; !near[start].at.After(last.at.Add(-window)); start++ {
			count(near[start], -1)
		}
		if !last.at.Before(p.at) && others+len(things) >= enough && has(near[start:end+1], p.seq) {
			return newestOf(near[start:end+1], p, enough)
		}
	}
	return nil
}

// newestOf gives enough points, each about another thing, with one of them that must be there.
func newestOf(points []point, must point, enough int) []point {
	chosen := []point{must}
	for _, q := range slices.Backward(points) {
		if len(chosen) == enough {
			break
		}
		same := func(c point) bool { return c.seq == q.seq || q.thing != "" && c.thing == q.thing }
		if !slices.ContainsFunc(chosen, same) {
			chosen = append(chosen, q)
		}
	}
	slices.SortFunc(chosen, func(a, b point) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.seq, b.seq)) })
	return chosen
}
