package rules

import (
	"slices"
	"time"
)

// Correction is what somebody said of a time instead of what was reported.
type Correction struct {
	From, To time.Time
	Working  bool
}

// Correct gives spans as corrections have it, of which a later one counts more.
func Correct(spans []Span, corrections []Correction) []Span {
	for _, c := range corrections {
		if !c.From.Before(c.To) {
			continue
		}
		said := Span{From: c.From, To: c.To, Corrected: true}
		spans = without(spans, []Span{said})
		if c.Working {
			spans = append(spans, said)
		}
		spans = tidy(spans)
	}
	return spans
}

// Within gives what of spans lies between two instants.
func Within(spans []Span, from, to time.Time) []Span {
	var inside []Span
	for _, s := range spans {
		s.From, s.To = later(s.From, from), earlier(s.To, to)
		if s.From.Before(s.To) {
			inside = append(inside, s)
		}
	}
	return inside
}

// Replace gives spans with what they say between two instants replaced.
func Replace(spans []Span, from, to time.Time, by []Span) []Span {
	kept := without(spans, []Span{{From: from, To: to}})
	return tidy(append(kept, Within(by, from, to)...))
}

// union merges spans of one kind that overlap or meet.
func union(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return a.From.Compare(b.From) })
	var merged []Span
	for _, s := range spans {
		if n := len(merged); n > 0 && !merged[n-1].To.Before(s.From) {
			merged[n-1].To = later(merged[n-1].To, s.To)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// without cuts holes, which stand in order, out of spans, which do as well.
func without(spans, holes []Span) []Span {
	left := make([]Span, 0, len(spans)+len(holes))
	for _, s := range spans {
		first, _ := slices.BinarySearchFunc(holes, s.From, func(h Span, at time.Time) int {
			if h.To.After(at) {
				return 1
			}
			return -1
		})
		for _, h := range holes[first:] {
			if !h.From.Before(s.To) {
				break
			}
			if s.From.Before(h.From) {
				before := s
				before.To = h.From
				left = append(left, before)
			}
			s.From = later(s.From, h.To)
		}
		if s.From.Before(s.To) {
			left = append(left, s)
		}
	}
	return left
}

// tidy puts spans in order and joins those that meet and are of one kind.
func tidy(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return a.From.Compare(b.From) })
	var joined []Span
	for _, s := range spans {
		if n := len(joined); n > 0 && joined[n-1].To.Equal(s.From) && joined[n-1].Estimated == s.Estimated && joined[n-1].Corrected == s.Corrected {
			joined[n-1].To = s.To
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
