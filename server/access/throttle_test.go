package access_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/access"
)

func TestThrottleLosesNoCountAndPassesOncePerWindow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const window = 10 * time.Second
		throttle := access.NewThrottle[int, int](window, 100)
		now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		lastPassed := map[int]time.Time{}
		given, told := 0, 0
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "pause")) * time.Millisecond)
			if rapid.IntRange(0, 9).Draw(t, "drain") == 0 {
				for _, held := range throttle.Drain(now) {
					told += held.Times
				}
				continue
			}
			key := rapid.IntRange(0, 3).Draw(t, "key")
			given++
			times, pass := throttle.Pass(key, now, key)
			if !pass {
				continue
			}
			told += times
			if last, passed := lastPassed[key]; passed && now.Sub(last) < window {
				t.Fatalf("key %d passed twice within %v", key, now.Sub(last))
			}
			lastPassed[key] = now
		}
		for _, held := range throttle.Drain(now.Add(window)) {
			told += held.Times
		}
		if told != given {
			t.Fatalf("%d of %d were told of", told, given)
		}
	})
}
