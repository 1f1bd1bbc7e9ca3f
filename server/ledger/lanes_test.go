package ledger

import (
	"testing"
	"time"
)

// waitAt has n followers wait at a moment, and gives their places.
func waitAt(w *lanes, n int, now time.Time) []*lane {
	places := make([]*lane, n)
	for i := range places {
		places[i] = w.join(nil, now)
	}
	return places
}

func wokenOf(places []*lane) (n int) {
	for _, place := range places {
		select {
		case <-place.woken:
			n++
		default:
		}
	}
	return n
}

func TestAfterARestFollowersAreWokenAtOnceAndAFewAtATime(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	w := newLanes()
	places := waitAt(&w, 2*laneSize+1, begin)
	now := begin.Add(time.Second)
	if pause := w.wakeNext(now); pause != 0 || wokenOf(places) != 0 {
		t.Fatalf("%d were woken for nothing", wokenOf(places))
	}
	w.allDue()
	for _, want := range []int{laneSize, 2 * laneSize, 2*laneSize + 1} {
		if pause := w.wakeNext(now); pause != lanePause || wokenOf(places) != want {
			t.Fatalf("%d are awake and the next wait %s, want %d", wokenOf(places), pause, want)
		}
	}
	if pause := w.wakeNext(now); pause != 0 {
		t.Errorf("when all are awake, the waker rests %s instead of until there is more", pause)
	}
}

func TestUnderLoadAFollowerRestsBetweenTwoWakings(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := newLanes()
	places := waitAt(&w, 1, now)
	w.allDue()
	if pause := w.wakeNext(now.Add(laneRest / 4)); pause != laneRest*3/4 || wokenOf(places) != 0 {
		t.Errorf("woken after a quarter of the rest, or to be woken in %s", pause)
	}
	if w.wakeNext(now.Add(laneRest)); wokenOf(places) != 1 {
		t.Error("not woken after the rest")
	}
}

func TestAFollowerKeepsItsPlaceUntilItIsWoken(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := newLanes()
	place := w.join(nil, now)
	for range 10 * laneSize {
		if w.join(place, now) != place {
			t.Fatal("a follower that looked again took another place")
		}
	}
	if len(w.open) != 1 {
		t.Fatalf("one follower takes %d lanes", len(w.open))
	}
	w.allDue()
	if late := w.join(nil, now); late == place {
		t.Error("one who came later waits where those are for whom there is something already")
	}
	w.wakeNext(now.Add(laneRest))
	if w.join(place, now) == place {
		t.Error("a follower waits in a place that was woken")
	}
}
