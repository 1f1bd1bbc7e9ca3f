package graph_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
)

// rawAnswer is what came back for a request that was sent as it is.
type rawAnswer struct {
	status int
	header http.Header
	body   string
	// rest is what came behind the answer: nothing, unless one request was read as two.
	rest string
}

func sendRaw(t *testing.T, s *graphtest.Server, text string) rawAnswer {
	t.Helper()
	conn := dialRaw(t.Context(), t, s.URL, text)
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatalf("%.60q: %v", text, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%.60q: %v", text, err)
	}
	rest, _ := io.ReadAll(reader) // until the connection is closed
	return rawAnswer{response.StatusCode, response.Header, string(body), string(rest)}
}

func TestNoPathLeadsOutOfTheAppAndTheTiles(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for _, path := range []string{
		"/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/.%2e/.%2e/etc/passwd", "/%252e%252e/etc/passwd",
		"/assets/../../etc/passwd", "/assets/..%2f..%2fetc/passwd", "/assets/....//....//etc/passwd", "//etc/passwd", "/./etc/passwd",
		`/..\..\etc\passwd`, `/assets/..\..\etc\passwd`, "/assets/..%5c..%5cetc%5cpasswd", "/assets/%00", "/assets/app.js%00.html", "/assets/app.js/..",
		"/%c0%ae%c0%ae/etc/passwd", "/%ef%bc%8f..%ef%bc%8fetc/passwd", "/assets", "/assets/", "/.git/config", "/C:/Windows/win.ini", "file:///etc/passwd",
		"/tlog/../../master.key", "/tlog/tile/../../../master.key", "/tlog/tile/0/..%2f..%2f..%2fmaster.key", "/tlog/tile/0/%2e%2e/%2e%2e/master.key",
		"/tlog/tile/entries/..%2f..%2f..%2fmaster.key", `/tlog/tile/0/..\..\master.key`, "/tlog/tile/%2e%2e/000", "/tlog/tile/0/x001/..%5c067",
		"/tlog/tile/0/000.p/..%2f1", "/tlog/tile/0//000", "/tlog/tile/-1/000", "/tlog/tile/0/-01", "/tlog/tile/0/x000/000", "/tlog/%2e%2e%2fgraphql",
		"/api/..%2fgraphql", "/api/%2e%2e/graphql?query=%7B__typename%7D", "//evil.example/..", "//evil.example/%2e%2e/x", `/\evil.example/..`,
	} {
		answer := sendRaw(t, s.Server, "GET "+path+" HTTP/1.1\r\nHost: keytrail\r\nConnection: close\r\n\r\n")
		switch {
		case answer.status >= 300 && answer.status < 400: // to the same address, cleaned
			location := answer.header.Get("Location")
			if !strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//") || strings.ContainsAny(location, "\\\r\n") {
				t.Errorf("%s: sent to %q", path, location)
			}
		case answer.status == http.StatusOK && strings.Contains(answer.body, "<title>keytrail</title>"): // the page itself
		case answer.status != http.StatusNotFound && answer.status != http.StatusBadRequest:
			t.Errorf("%s: %d %.200q", path, answer.status, answer.body)
		}
		if strings.Contains(answer.body, "root:") || answer.rest != "" {
			t.Errorf("%s: %.200q, and behind it %.200q", path, answer.body, answer.rest)
		}
	}
}

func TestWhatAClientClaimsToBeAskedAsComesBackNowhere(t *testing.T) {
	t.Parallel()
	s := graphtest.StartWith(t, graphtest.Options{Limits: wire.DefaultLimits(), Origins: []string{"https://desk.example.org"}})
	const get = "GET /graphql?query=%7B__typename%7D HTTP/1.1\r\n"
	for name, c := range map[string]struct {
		request  string
		statuses []int
	}{
		"a foreign host":             {get + "Host: evil.example\r\n", []int{200}},
		"an absolute address":        {"GET http://evil.example/graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: keytrail\r\n", []int{200}},
		"a forwarded host":           {get + "Host: keytrail\r\nX-Forwarded-Host: evil.example\r\nX-Host: evil.example\r\nForwarded: host=evil.example\r\n", []int{200}},
		"another address beside":     {get + "Host: keytrail\r\nX-Original-URL: /evil.example\r\nX-Rewrite-URL: /evil.example\r\n", []int{200}},
		"no host":                    {get, []int{400}},
		"two hosts":                  {get + "Host: keytrail\r\nHost: evil.example\r\n", []int{400}},
		"a host with a path":         {get + "Host: keytrail/evil.example\r\n", []int{200, 400}},
		"a host with markup":         {get + "Host: <script>evil.example\r\n", []int{400}},
		"a host with a user":         {get + "Host: keytrail@evil.example\r\n", []int{200, 400}},
		"a redirect of a host":       {"GET /a/../b HTTP/1.1\r\nHost: evil.example\r\n", []int{301, 307, 308, 404}},
		"a line break in the path":   {"GET /a%0d%0aSet-Cookie:%20evil.example=1/../b HTTP/1.1\r\nHost: keytrail\r\n", []int{301, 307, 308, 404}},
		"a line break in the query":  {"GET /a/../b?x=%0d%0aSet-Cookie:%20a=1 HTTP/1.1\r\nHost: keytrail\r\n", []int{301, 307, 308, 404}},
		"a line break in a tile":     {"GET /tlog/tile/0/%0d%0aSet-Cookie:%20evil.example=1 HTTP/1.1\r\nHost: keytrail\r\n", []int{404}},
		"a folded header":            {get + "Host: keytrail\r\nX-Request-Id: a\r\n Set-Cookie: evil.example=1\r\n", []int{200, 400}},
		"a bare line feed":           {get + "Host: keytrail\r\nX-Request-Id: a\nSet-Cookie: evil.example=1\r\n", []int{200, 400}},
		"NUL in a header":            {get + "Host: keytrail\r\nX-Request-Id: a\x00evil.example\r\n", []int{400}},
		"an id of the request":       {get + "Host: keytrail\r\nX-Request-Id: evil.example\r\nX-Correlation-Id: evil.example\r\n", []int{200}},
		"an origin like a known one": {get + "Host: keytrail\r\nOrigin: https://desk.example.org.evil.example\r\n", []int{200, 403}},
		"an origin with a line":      {get + "Host: keytrail\r\nOrigin: https://desk.example.org%0d%0aevil.example: 1\r\n", []int{200, 403}},
		"a cookie with a line":       {get + "Host: keytrail\r\nCookie: keytrail_session=%0d%0aevil.example; session=evil.example\r\n", []int{200}},
		"a token with a line":        {get + "Host: keytrail\r\nAuthorization: Bearer evil.example%0d%0aX: 1\r\n", []int{401}},
		"two lengths":                {"POST /graphql HTTP/1.1\r\nHost: keytrail\r\nContent-Length: 5\r\nContent-Length: 50\r\n", []int{400}},
		"a length and chunks": {
			"POST /graphql HTTP/1.1\r\nHost: keytrail\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: xchunked\r\n", []int{400, 501},
		},
	} {
		answer := sendRaw(t, s, c.request+"Connection: close\r\n\r\n")
		if !slices.Contains(c.statuses, answer.status) || answer.rest != "" {
			t.Errorf("%s: %d %.200q %.200q", name, answer.status, answer.body, answer.rest)
		}
		if all := fmt.Sprint(answer.header) + answer.body; strings.Contains(strings.ReplaceAll(all, "/a%0D%0ASet-Cookie:%20evil.example=1", ""), "evil.example") {
			t.Errorf("%s: comes back in %s", name, all)
		}
		if cookies := answer.header.Values("Set-Cookie"); len(cookies) > 0 || answer.header.Get("Access-Control-Allow-Origin") == "https://desk.example.org" {
			t.Errorf("%s: %v", name, answer.header)
		}
	}
}

func TestAForgedForwardingHeaderIsNotOnRecord(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	const forged = "203.0.113.9"
	s.Anonymous().Post(t, `{"query":"mutation { signIn(input: {username: \"member\", password: \"not the password\"}) { viewer { roles } } }"}`, http.Header{
		"Content-Type": {"application/json"}, "X-Forwarded-For": {forged}, "X-Real-Ip": {forged}, "True-Client-Ip": {forged},
		"Client-Ip": {forged}, "Forwarded": {"for=" + forged}, "X-Client-Ip": {forged}, "Cf-Connecting-Ip": {forged},
	})
	count := func(ip string) string {
		return string(s.As("admin").Do(t, `query($ip: String!) { authLog(filter: {ip: $ip, action: "auth.sign_in_failed"}) { edges { node { action } } } }`, map[string]any{"ip": ip}).Text)
	}
	if got := count(forged); strings.Contains(got, "auth.sign_in_failed") || strings.Contains(got, "errors") {
		t.Errorf("under the forged address: %s", got)
	}
	if got := count("127.0.0.1"); !strings.Contains(got, "auth.sign_in_failed") {
		t.Errorf("under the true one: %s", got)
	}
}
