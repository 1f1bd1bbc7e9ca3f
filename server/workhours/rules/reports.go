// Package rules says what reports of work mean: when somebody worked, how many real work hours that makes, and on which
// days. It decides without I/O, and only by what it is given.
package rules

import (
	"cmp"
	"slices"
	"time"
)

const (
	// Block is the continuous work that makes one real work hour.
	Block = 40 * time.Minute
	// Cap is how long a program that reports only changes is trusted without a further report.
	Cap = 12 * time.Hour
	// MaxEvery bounds what a program says of how often it repeats itself, so that no report counts beyond Cap.
	MaxEvery = 4 * time.Hour
	// silence is how many intervals without a report end a state.
	silence = 3
)

// Report says that somebody works at a workstation, or does not, from a time on.
type Report struct {
	At time.Time
	// Workstation tells workstations of one person apart; "" is one as well.
	Workstation string
	Working     bool
	// Every is how often the program repeats its state, 0 for one that reports only changes.
	Every time.Duration
}

// Span is a time of work. Spans of one person never overlap and stand in order.
type Span struct {
	From, To time.Time
	// Estimated says that nobody reported the end: it is what Cap allows.
	Estimated bool
	// Corrected says that a person, and no program, said so.
	Corrected bool
}

// Work gives when somebody worked at any workstation, as known at now: reports of later times do not count yet. The order
// of reports, and how often one is repeated, do not matter.
func Work(reports []Report, now time.Time) []Span {
	var certain, estimated []Span
	for workstation := range byWorkstation(until(reports, now)) {
		for i, r := range workstation {
			var next *Report
			if i+1 < len(workstation) {
				next = &workstation[i+1]
			}
			span := r.span(next, now)
			switch {
			case !span.From.Before(span.To):
			case span.Estimated:
				estimated = append(estimated, span)
			default:
				certain = append(certain, span)
			}
		}
	}
	certain = union(certain)
	return tidy(append(certain, without(union(estimated), certain)...))
}

func until(reports []Report, now time.Time) []Report {
	if !slices.ContainsFunc(reports, func(r Report) bool { return r.At.After(now) }) {
		return reports
	}
	return slices.DeleteFunc(slices.Clone(reports), func(r Report) bool { return r.At.After(now) })
}

// byWorkstation gives the reports of each workstation in order of time, one for each instant.
func byWorkstation(reports []Report) func(yield func([]Report) bool) {
	sorted := slices.SortedFunc(slices.Values(reports), compare)
	sorted = slices.CompactFunc(sorted, func(a, b Report) bool { return a.Workstation == b.Workstation && a.At.Equal(b.At) })
	return func(yield func([]Report) bool) {
		for len(sorted) > 0 {
			n := slices.IndexFunc(sorted, func(r Report) bool { return r.Workstation != sorted[0].Workstation })
			if n < 0 {
				n = len(sorted)
			}
			if !yield(sorted[:n:n]) {
				return
			}
			sorted = sorted[n:]
		}
	}
}

// compare orders reports. Of those for one instant the first counts: a stop, else the one that promises the soonest next.
func compare(a, b Report) int {
	return cmp.Or(cmp.Compare(a.Workstation, b.Workstation), a.At.Compare(b.At), rank(a)-rank(b), cmp.Compare(a.Every, b.Every))
}

func rank(r Report) int {
	switch {
	case !r.Working:
		return 0
	case r.Every > 0:
		return 1
	}
	return 2
}

// span gives what a report says of the time until the next one; an empty span where it says nothing.
func (r Report) span(next *Report, now time.Time) Span {
	if !r.Working {
		return Span{From: r.At, To: r.At}
	}
	if next != nil && next.At.Before(r.At.Add(r.patience())) {
		return Span{From: r.At, To: next.At}
	}
	end := r.At.Add(cmp.Or(r.Every, Cap))
	if next == nil && now.Before(end) {
		return Span{From: r.At, To: now}
	}
	return Span{From: r.At, To: end, Estimated: r.Every == 0}
}

// patience is how long a report counts when none follows.
func (r Report) patience() time.Duration { return cmp.Or(silence*r.Every, Cap) }

// AtWork reports whether somebody of whom this is a workstation's last report works at now.
func (r Report) AtWork(now time.Time) bool { return r.Working && now.Before(r.At.Add(r.patience())) }

// Unsettled gives the earliest report on which time alone still has an influence at now; false when there is none.
func Unsettled(reports []Report, now time.Time) (since time.Time, ok bool) {
	note := func(at time.Time) {
		if !ok || at.Before(since) {
			since, ok = at, true
		}
	}
	for _, r := range reports {
		if r.At.After(now) {
			note(r.At)
		}
	}
	for workstation := range byWorkstation(until(reports, now)) {
		if last := workstation[len(workstation)-1]; last.Working && now.Before(last.At.Add(cmp.Or(last.Every, Cap))) {
			note(last.At)
		}
	}
	return since, ok
}
