package httpd

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/fault"
)

func trusted(t *testing.T, texts ...string) proxies {
	t.Helper()
	p, err := ParseProxies(texts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheClientIsTheNearestAddressThatIsNoTrustedProxy(t *testing.T) {
	p := trusted(t, "10.0.0.0/8", "192.0.2.1", "fd00::/8", "::ffff:172.16.0.0/108")
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.1:80", "203.0.113.9", "203.0.113.9"},
		{"192.0.2.1:80", "1.1.1.1, 203.0.113.9", "203.0.113.9"},                         // the first one was forged
		{"192.0.2.1:80", "1.1.1.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"},               // two proxies
		{"192.0.2.1:80", "10.1.1.1", "10.1.1.1"},                                        // nobody but proxies
		{"172.17.0.1:80", "203.0.113.9", "203.0.113.9"},                                 // its block is written as IPv6
		{"[fd00::1]:80", "2001:db8::7", "2001:db8::7"},                                  //
		{"192.0.2.1:80", "::ffff:203.0.113.9", "203.0.113.9"},                           //
		{"198.51.100.4:80", "203.0.113.9", "198.51.100.4"},                              // no proxy: not believed
		{"192.0.2.1:80", "", "192.0.2.1"},                                               //
		{"192.0.2.1:80", "unknown", "192.0.2.1"},                                        //
		{"192.0.2.1:80", "203.0.113.9, <script>", "192.0.2.1"},                          //
		{"192.0.2.1:80", strings.Repeat("10.0.0.1, ", 50_000) + "10.0.0.1", "10.0.0.1"}, // bounded
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := p.client(r); got != c.want {
			t.Errorf("%s for %.60s: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

func TestHeadersOfATrustedProxyAreBelieved(t *testing.T) {
	c := testConfig()
	c.TrustedProxies = trusted(t, "192.0.2.1") // where httptest's requests come from
	header := map[string]string{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
	w := answerTo(t, c, "POST", "/graphql", header)
	if !strings.Contains(w.Body.String(), "203.0.113.9") || w.Header().Get("Strict-Transport-Security") == "" {
		t.Errorf("%s, %v", w.Body, w.Header())
	}
	header["X-Forwarded-Proto"] = "https, http" // the proxy's own word is the last
	if w := answerTo(t, c, "POST", "/graphql", header); w.Header().Get("Strict-Transport-Security") != "" {
		t.Error("HSTS over plain HTTP")
	}
	if w := answerTo(t, testConfig(), "POST", "/graphql", header); w.Header().Get("Strict-Transport-Security") != "" {
		t.Error("HSTS because a stranger says so")
	}
}

func TestProxiesThatAreNoAddressAreExplained(t *testing.T) {
	for _, bad := range []string{"proxy.example.org", "10.0.0.0/33", "", "10.0.0"} {
		if _, err := ParseProxies([]string{bad}); !fault.Is(err, fault.BadInput) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
