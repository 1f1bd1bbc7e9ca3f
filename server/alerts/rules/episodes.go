package rules

import "time"

// joinsWithin is how soon a finding must come again, at the least, to belong to the one before.
const joinsWithin = time.Hour

// Episodes tells how many alerts findings would have been, if nobody had resolved one in between: what a group gives
// again within the rule's window, or an hour, belongs to the alert before. It remembers MaxGroups groups.
type Episodes struct {
	within time.Duration
	last   map[string]time.Time
}

// NewEpisodes makes the episodes of a rule.
func NewEpisodes(r *Rule) *Episodes {
	within := joinsWithin
	if r.Kind == Threshold || r.Kind == Volume {
		within = max(within, r.Window)
	}
	return &Episodes{within: within, last: map[string]time.Time{}}
}

// Begins reports whether a finding begins a new alert. Findings are given in the order in which they were found.
func (e *Episodes) Begins(f *Finding) bool {
	last, known := e.last[f.Group]
	if !known && len(e.last) >= MaxGroups {
		clear(e.last)
	}
	if f.At.After(last) {
		e.last[f.Group] = f.At
	}
	return !known || f.At.Sub(last) > e.within
}
