package ledger

import "time"

const (
	// laneSize is how many followers are woken at once, and lanePause the least time before the next are. Go's scheduler
	// looks for answers from the network only when nothing else is to be done: five hundred woken at once would
	// hold up every transaction, and the head's lock with it, at each of its statements.
	laneSize  = 96
	lanePause = 2 * time.Millisecond
	// laneRest is the least time between two times that a follower is woken: under load, some entries go out together.
	// The first one after a rest waits for nothing.
	laneRest = 10 * time.Millisecond
)

// lane is where some followers wait, until woken is closed.
type lane struct {
	woken  chan struct{}
	opened time.Time
	size   int
}

// lanes is all followers that wait, those who came first in front.
type lanes struct {
	open []*lane
	// ready is how many lanes, from the front, there is something for.
	ready int
	// due is given something when there is something for somebody.
	due chan struct{}
}

func newLanes() lanes { return lanes{due: make(chan struct{}, 1)} }

// join gives the place of one who waits: the one that he has, unless that was woken.
func (w *lanes) join(place *lane, now time.Time) *lane {
	if place != nil {
		select {
		case <-place.woken:
		default:
			return place
		}
	}
	if n := len(w.open); n == w.ready || w.open[n-1].size == laneSize {
		w.open = append(w.open, &lane{woken: make(chan struct{}), opened: now})
	}
	last := w.open[len(w.open)-1]
	last.size++
	return last
}

// allDue says that there is something for all who wait.
func (w *lanes) allDue() {
	w.ready = len(w.open)
	select {
	case w.due <- struct{}{}:
	default:
	}
}

// wakeNext wakes the first lane if there is something for it and it has rested. It gives how long to wait before it
// is called again, 0 for until something is due.
func (w *lanes) wakeNext(now time.Time) time.Duration {
	if w.ready == 0 {
		return 0
	}
	first := w.open[0]
	if early := laneRest - now.Sub(first.opened); early > 0 {
		return early
	}
	close(first.woken)
	w.open[0] = nil
	w.open, w.ready = w.open[1:], w.ready-1
	return lanePause
}
