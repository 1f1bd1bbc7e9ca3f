package webhooks

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/ledger"
)

func TestOnlyPublicAddressesAreCalledUnlessTheOperatorOpensOthers(t *testing.T) {
	t.Parallel()
	for text, open := range map[string]bool{
		"93.184.215.14": true, "2606:2800:21f:cb07::1": true, "8.8.8.8": true,
		"127.0.0.1": false, "127.255.0.9": false, "::1": false, "::": false, "0.0.0.0": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false,
		"10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "100.64.0.1": false,
		"169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "fd00:ec2::254": false, "fc00::1": false, "fec0::1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001::1": false, "::7f00:1": false,
		"224.0.0.1": false, "255.255.255.255": false, "ff02::1": false, "192.0.2.1": false, "198.18.0.1": false, "240.0.0.1": false,
	} {
		if got := newGuard(nil).allows(netip.MustParseAddr(text)); got != open {
			t.Errorf("%s: %t", text, got)
		}
	}
	opened := newGuard([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")})
	if !opened.allows(netip.MustParseAddr("10.1.2.3")) || !opened.allows(netip.MustParseAddr("::ffff:10.1.2.3")) || opened.allows(netip.MustParseAddr("10.2.0.1")) {
		t.Error("what the operator opened is not what is open")
	}
	if newGuard(nil).allows(netip.Addr{}) {
		t.Error("no address at all may be called")
	}
}

func TestAddressesThatEventsCannotGoToAreRefused(t *testing.T) {
	t.Parallel()
	s := &Service{guard: newGuard(nil)}
	for address, good := range map[string]bool{
		"https://example.org/hook": true, "https://example.org:8443/hook?key=1": true, "https://93.184.215.14/": true,
		"http://example.org/hook": false, "ftp://example.org": false, "https://": false, "example.org": false, "https:example.org": false,
		"https://user:word@example.org/": false, "https://example.org/#part": false, "https://127.0.0.1/": false, "https://[::1]/": false,
		"https://localhost/": false, "https://LOCALHOST./": false, "https://a.localhost/": false, "https://169.254.169.254/latest": false,
		"https://[::ffff:10.0.0.1]/": false, "https://example.org/" + strings.Repeat("x", maxURL): false, "\x00": false,
	} {
		if _, err := s.checkURL(address); (err == nil) != good {
			t.Errorf("%.80q: %v", address, err)
		}
	}
	s.config.AllowHTTP = true
	if _, err := s.checkURL("http://example.org/hook"); err != nil {
		t.Error(err)
	}
}

// TestSignaturesAreThoseOfStandardWebhooks uses the example of the specification.
func TestSignaturesAreThoseOfStandardWebhooks(t *testing.T) {
	t.Parallel()
	got := signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Error(got)
	}
	header := http.Header{}
	sign(header, []string{newSecret(), newSecret()}, "m", time.Unix(1614265330, 0), nil)
	if both := strings.Fields(header.Get("webhook-signature")); len(both) != 2 || both[0] == both[1] || header.Get("webhook-timestamp") != "1614265330" {
		t.Error(header)
	}
}

func TestPausesGrowAndStayBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := Config{FirstPause: time.Second, LongestPause: time.Hour}
		attempts, random := rapid.IntRange(1, 1000).Draw(t, "attempts"), rapid.Float64Range(0, 0.999).Draw(t, "random")
		pause, next := c.pause(attempts, random), c.pause(attempts+1, random)
		if pause < 800*time.Millisecond || pause > 72*time.Minute || next < pause {
			t.Fatalf("%v, then %v", pause, next)
		}
	})
}

func TestAClockThatWasAheadPutsNoTryOffForLongerThanAnyPause(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, c := range []struct{ longest, until, want time.Duration }{
		{time.Hour, 5 * time.Minute, 5 * time.Minute},
		{time.Hour, 72 * time.Hour, usualLongestPause},
		{10 * time.Hour, 11 * time.Hour, 11 * time.Hour},
		{10 * time.Hour, 72 * time.Hour, 12 * time.Hour},
	} {
		config := Config{LongestPause: c.longest}
		if got := config.untilNext(now.Add(c.until), now); got != c.want {
			t.Errorf("%v with pauses of up to %v: %v", c.until, c.longest, got)
		}
	}
}

func TestAnEventIsGivenUpAfterEnoughTriesOrTimeOrWhenTheReceiverIsGone(t *testing.T) {
	t.Parallel()
	c, now := Config{MaxAttempts: 3, MaxAge: time.Hour}, time.Now()
	for name, one := range map[string]struct {
		status, attempts int
		first            time.Time
		over             bool
	}{
		"first try":    {500, 1, now, false},
		"last try":     {500, 3, now, true},
		"long enough":  {0, 2, now.Add(-time.Hour), true},
		"gone":         {http.StatusGone, 1, now, true},
		"only missing": {http.StatusNotFound, 1, now, false},
	} {
		if c.givesUp(&Answer{Status: one.status}, one.attempts, one.first, now) != one.over {
			t.Error(name)
		}
	}
}

func TestEntriesAreTheEventsThatTheyShouldBe(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		stream ledger.Stream
		action string
		event  Event
	}{
		{ledger.StreamActivity, "invoice.deleted", ActionLogged},
		{ledger.StreamAuth, ledger.AuthSignInFailed, AuthAttemptLogged},
		{ledger.StreamAuth, "app_auth.signed_in", AuthAttemptLogged},
		{ledger.StreamAuth, ledger.AuthPasswordChanged, ""},
		{ledger.StreamKey, ledger.KeyIssued, KeyMoved},
		{ledger.StreamKey, ledger.KeyCreated, ""},
		{ledger.StreamSystem, ledger.LogRetentionRun, LogRetentionRun},
		{ledger.StreamSystem, ledger.AlertRaised, AlertRaised},
		{ledger.StreamSystem, ledger.AlertResolved, ""},
		{ledger.StreamSystem, ledger.PrivacyErasureApproved, PersonErased},
		{ledger.StreamWork, ledger.WorkWorking, ""},
	} {
		e := &ledger.Entry{Body: ledger.Body{Stream: one.stream, Action: one.action}}
		if event, is := eventOf(e); is != (one.event != "") || is && event != one.event {
			t.Errorf("%s is %q, %t", one.action, event, is)
		}
	}
	repeated := &ledger.Entry{Body: ledger.Body{Stream: ledger.StreamSystem, Action: ledger.AlertRepeated, Details: map[string]any{"evidence": 3}}}
	if event, is := eventOf(repeated); is {
		t.Errorf("an alert that goes on is %q", event)
	}
	repeated.Details["reopened"] = true
	if event, is := eventOf(repeated); !is || event != AlertRaised {
		t.Errorf("an alert that was opened again is %q", event)
	}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfDistinct(rapid.SampledFrom(Events()), func(e Event) Event { return e }).Draw(t, "events")
		if back := eventsOf(bitsOf(some)); len(back) != len(some) {
			t.Fatal(some, back)
		}
	})
}

func TestAReceiverMayAskForAPauseInSecondsOrUntilADate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "0": 0, "120": 2 * time.Minute, "9999999": usualLongestPause,
		"Sat, 28 Nov 2026 08:05:00 GMT": 5 * time.Minute, "Sat, 28 Nov 2026 07:05:00 GMT": 0, "Sun, 28 Nov 2027 08:00:00 GMT": usualLongestPause,
	} {
		if pause := retryAfter(value, now); pause != want {
			t.Errorf("%q is a pause of %v, not %v", value, want, pause)
		}
	}
}
