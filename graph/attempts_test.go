package graph

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

func TestSignInsFromOneAddressAreSlowedDown(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 31, 0, 0, time.UTC)
	a := newAttempts(func() time.Time { return now })
	for i := range attemptsAtOnce {
		if err := a.allow("192.0.2.1"); err != nil {
			t.Fatalf("attempt %d: %v", i, err)
		}
	}
	if err := a.allow("192.0.2.1"); !fault.Is(err, fault.RateLimited) {
		t.Errorf("one too many: %v", err)
	}
	if err := a.allow("192.0.2.2"); err != nil {
		t.Errorf("another address: %v", err)
	}
	now = now.Add(time.Second)
	for range attemptsPerSecond {
		if err := a.allow("192.0.2.1"); err != nil {
			t.Errorf("after a second: %v", err)
		}
	}
}
