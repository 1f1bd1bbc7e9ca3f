package presence

import (
	"sync"
	"time"
)

// Tolerance is how far two clocks may differ before the local one is taken to be wrong.
const Tolerance = 5 * time.Second

// Timeline turns steady time into dates. It starts from the machine's clock, does not follow when that one is set
// while it runs, and follows the server's where the two differ by more than Tolerance.
// Its methods may be called from several goroutines.
type Timeline struct {
	mu   sync.Mutex
	zero time.Time // the date of steady zero
}

// NewTimeline reads wall, the machine's clock, at the moment at.
func NewTimeline(wall time.Time, at Steady) *Timeline {
	return &Timeline{zero: dateOfZero(wall, at)}
}

// At gives the date of a moment, in UTC, to the millisecond.
func (t *Timeline) At(at Steady) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.zero.Add(time.Duration(at)).Truncate(time.Millisecond)
}

// Learn takes the server's time at the moment at, and tells whether the timeline was wrong.
func (t *Timeline) Learn(server time.Time, at Steady) bool {
	off := server.Sub(t.At(at))
	if off.Abs() <= Tolerance {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.zero = dateOfZero(server, at)
	return true
}

// dateOfZero drops Go's own monotonic reading, which would be compared instead of the date.
func dateOfZero(date time.Time, at Steady) time.Time {
	return date.Round(0).UTC().Add(-time.Duration(at))
}
