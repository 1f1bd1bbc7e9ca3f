package access_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

// ofMany is the value of those that a throttle does not tell apart.
const ofMany = -1

func TestThrottleLosesNoCountAndPassesOncePerWindow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const window = 10 * time.Second
		throttle := access.NewThrottle[int, int](window, rapid.IntRange(1, 5).Draw(t, "kept"), func(int) int { return ofMany })
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

func TestMoreKeysThanAreKeptArePassedByNobodyAndCountedTogether(t *testing.T) {
	t.Parallel()
	const window, kept, keys, rounds = time.Minute, 4096, 20_000, 3
	throttle := access.NewThrottle[int](window, kept, func(int) int { return ofMany })
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	passed := 0
	for range rounds { // whoever was displaced would pass again in the next round
		for key := range keys {
			if _, pass := throttle.Pass(key, now, key); pass {
				passed++
			}
		}
	}
	if passed != kept {
		t.Errorf("%d passed within one window; want the first %d", passed, kept)
	}
	if held := throttle.Drain(now.Add(window - 1)); len(held) != 0 {
		t.Errorf("%d were told of before the window was over", len(held))
	}
	told, together := passed, 0
	for _, held := range throttle.Drain(now.Add(window)) {
		told += held.Times
		if held.Last == ofMany {
			together++
		}
	}
	if told != keys*rounds || together != 1 {
		t.Errorf("%d of %d were told of, %d times for those that found no place", told, keys*rounds, together)
	}
	if times, pass := throttle.Pass(keys-1, now.Add(window), 0); !pass || times != 1 {
		t.Errorf("after the window: %d %v", times, pass)
	}
}

func TestWhatIsRecordedOfManyNamesNobody(t *testing.T) {
	t.Parallel()
	who := id.New()
	draft := access.OfMany(ledger.Draft{
		Stream: ledger.StreamAuth, Action: ledger.AccessDenied, Outcome: ledger.Denied, Actor: who, Person: who, Department: who,
		Entity: ledger.Entity{Type: "permission", ID: "keys.view", Label: "keys.view"}, Refs: []ledger.Ref{{Role: "session", Type: "session", ID: who.String()}},
		Details: map[string]any{"permission": "keys.view"}, Parts: []ledger.Part{ledger.OriginPart(who, time.Now(), ledger.Origin{IP: "192.0.2.1"})},
	})
	want := ledger.Draft{
		Stream: ledger.StreamAuth, Action: ledger.AccessDenied, Outcome: ledger.Denied, Details: map[string]any{"reason": access.ReasonManyCallers},
	}
	if !reflect.DeepEqual(draft, want) {
		t.Errorf("got %+v", draft)
	}
}

func TestWhatIsRecordedOfManyCanBeRecorded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, action := range []string{ledger.AccessDenied, ledger.AuthSessionInvalid, ledger.AuthTokenInvalid, ledger.AuthSignInFailed} {
		ledgertest.Append(t, b.DB, b.Ledger, access.OfMany(ledger.Draft{Stream: ledger.StreamAuth, Action: action, Outcome: ledger.Denied}))
	}
}
