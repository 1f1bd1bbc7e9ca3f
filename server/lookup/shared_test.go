package lookup

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// source is a value that is read by hand: each reading takes what it is when it begins, and waits to be let go.
type source struct {
	value, readings atomic.Int64
	letGo           chan struct{}
}

func newSource() *source { return &source{letGo: make(chan struct{})} }

func (s *source) read(ctx context.Context, _ string) (int64, error) {
	s.readings.Add(1)
	value := s.value.Load()
	select {
	case <-s.letGo:
		return value, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func TestWhoAsksDuringAReadingSharesTheNextAndSeesWhatWasWrittenBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		from := newSource()
		shared := New(from.read)
		answers := make(chan int64, 10)
		ask := func() {
			value, err := shared.Get(t.Context(), "one")
			if err != nil {
				t.Error(err)
			}
			answers <- value
		}
		go ask()
		synctest.Wait()
		from.value.Store(1)
		for range 9 {
			go ask()
		}
		synctest.Wait()
		if n := from.readings.Load(); n != 1 {
			t.Fatalf("%d readings began while the first went on", n)
		}
		from.letGo <- struct{}{}
		if first := <-answers; first != 0 {
			t.Errorf("the first got %d", first)
		}
		from.letGo <- struct{}{}
		for range 9 {
			if value := <-answers; value != 1 {
				t.Errorf("somebody got %d, which was written over before he asked", value)
			}
		}
		if n := from.readings.Load(); n != 2 {
			t.Errorf("ten askers took %d readings", n)
		}
		synctest.Wait()
		if len(shared.under) != 0 {
			t.Error("a key that nobody reads is kept")
		}
	})
}

func TestKeysAreReadBesideEachOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		from := newSource()
		shared := New(from.read)
		for _, key := range []string{"one", "two"} {
			go func() { _, _ = shared.Get(t.Context(), key) }()
		}
		synctest.Wait()
		if n := from.readings.Load(); n != 2 {
			t.Errorf("%d readings began", n)
		}
		close(from.letGo)
	})
}

func TestWhoLeavesTakesNobodyElsesAnswerAlong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		from := newSource()
		shared := New(from.read)
		ask := func(ctx context.Context) chan error {
			done := make(chan error, 1)
			go func() { _, err := shared.Get(ctx, "one"); done <- err }()
			synctest.Wait()
			return done
		}
		ctx, leave := context.WithCancel(t.Context())
		first, second, third := ask(ctx), ask(ctx), ask(t.Context())
		leave()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("the first, who read: %v", err)
		}
		if err := <-second; !errors.Is(err, context.Canceled) {
			t.Errorf("the second, who waited: %v", err)
		}
		from.letGo <- struct{}{}
		if err := <-third; err != nil {
			t.Errorf("the third, who stayed: %v", err)
		}
	})
}

func TestAReadingThatNeverEndsIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		from := newSource()
		shared := New(from.read)
		go func() { _, _ = shared.Get(t.Context(), "one") }()
		synctest.Wait()
		done := make(chan error, 1)
		go func() { _, err := shared.Get(t.Context(), "one"); done <- err }()
		synctest.Wait()
		from.letGo <- struct{}{}
		if err := <-done; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it ended with %v", err)
		}
	})
}
