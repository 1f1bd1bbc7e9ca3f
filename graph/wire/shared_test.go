package wire

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func once(text string, runs *atomic.Int32) func() ([]byte, bool) {
	return func() ([]byte, bool) {
		runs.Add(1)
		return []byte(text), true
	}
}

func TestAnEventIsExecutedOnceForAllWhoAskAtOnce(t *testing.T) {
	t.Parallel()
	s := newShared(time.Now)
	var runs atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if got := s.get(t.Context(), sharedKey{seq: 7}, once("seven", &runs)); string(got) != "seven" {
				t.Errorf("got %q", got)
			}
		})
	}
	all.Wait()
	if runs.Load() != 1 {
		t.Errorf("executed %d times", runs.Load())
	}
}

func TestAnEventIsNotGivenToAnotherViewNorForLong(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := newShared(func() time.Time { return now })
	var runs atomic.Int32
	mine, another := sharedKey{seq: 1}, sharedKey{view: view{1}, seq: 1}
	s.get(t.Context(), mine, once("for me", &runs))
	if got := s.get(t.Context(), another, once("for him", &runs)); string(got) != "for him" {
		t.Errorf("another view got %q", got)
	}
	now = now.Add(sharedFor - time.Millisecond)
	if got := s.get(t.Context(), mine, once("again", &runs)); string(got) != "for me" {
		t.Errorf("soon after came %q", got)
	}
	now = now.Add(time.Millisecond)
	if got := s.get(t.Context(), mine, once("anew", &runs)); string(got) != "anew" {
		t.Errorf("after %s came %q", sharedFor, got)
	}
	if len(s.known) != 1 {
		t.Errorf("%d results are kept", len(s.known))
	}
}

func TestWhatIsNotCommonIsExecutedByEach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShared(time.Now)
		waiting := make(chan struct{})
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				own := fmt.Sprint(i)
				got := s.get(t.Context(), sharedKey{}, func() ([]byte, bool) {
					<-waiting
					return []byte(own), false
				})
				if string(got) != own {
					t.Errorf("reader %s got what reader %s was shown", own, got)
				}
			})
		}
		synctest.Wait() // one executes and nine wait for him
		close(waiting)
		all.Wait()
		if len(s.known) != 0 {
			t.Errorf("%d results are kept", len(s.known))
		}
	})
}

func TestWhenTheOneWhoExecutesLeavesAnotherTakesHisPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShared(time.Now)
		first, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			s.get(first, sharedKey{}, func() ([]byte, bool) { <-first.Done(); return nil, false })
		})
		synctest.Wait()
		var runs atomic.Int32
		for range 10 {
			all.Go(func() {
				if got := s.get(t.Context(), sharedKey{}, once("done", &runs)); string(got) != "done" {
					t.Errorf("got %q", got)
				}
			})
		}
		synctest.Wait()
		leave()
		all.Wait()
		if runs.Load() != 1 {
			t.Errorf("executed %d times", runs.Load())
		}
	})
}

func TestSharedResultsAreBounded(t *testing.T) {
	t.Parallel()
	s := newShared(time.Now)
	for seq := range uint64(3 * sharedBytes / (1 << 20)) {
		s.get(t.Context(), sharedKey{seq: seq}, func() ([]byte, bool) { return make([]byte, 1<<20), true })
	}
	s.drop(time.Now())
	if s.bytes > sharedBytes || len(s.known) != len(s.kept) || len(s.known) == 0 {
		t.Errorf("%d bytes in %d results are kept, of which %d are known", s.bytes, len(s.kept), len(s.known))
	}
}
