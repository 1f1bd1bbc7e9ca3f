package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
)

// quick is how fast a refusal must be on a machine at rest. On a busy one it may take as many times longer as a
// request does that costs nothing, whose time there is usual.
const (
	quick = 100 * time.Millisecond * slowdown
	usual = 5 * time.Millisecond * slowdown
	tries = 5
)

// costlyDocuments are refused before anything is executed. Each is smaller than a request may be.
func costlyDocuments() map[string]string {
	return map[string]string{
		"selections 100 deep":            strings.Repeat("{ a ", 100) + strings.Repeat("}", 100),
		"selections 20000 deep":          strings.Repeat("{a", 20_000) + strings.Repeat("}", 20_000),
		"unterminated braces":            strings.Repeat("{a", 20_000),
		"a list 10000 deep":              "{ keys(first: " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + ") { totalCount } }",
		"an object 10000 deep":           "{ keys(filter: " + strings.Repeat("{a:", 10_000) + "1" + strings.Repeat("}", 10_000) + ") { totalCount } }",
		"a type 10000 deep":              "query($x: " + strings.Repeat("[", 10_000) + "Int" + strings.Repeat("]", 10_000) + ") { viewer { roles } }",
		"eleven levels":                  "{ keys { edges { node { loan { holder { openLoans { key { loan { holder { openLoans { overdue } } } } } } } } } } }",
		"a fragment that spreads itself": "{ ...F } fragment F on Query { ...F }",
		"fragments in a ring":            "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
		"an unused ring":                 "{ __typename } fragment F on Query { ...F }",
		"a ring through a field":         "{ viewer { ...F } } fragment F on Viewer { person { openLoans { holder { ...G } } } } fragment G on Person { openLoans { holder { ...G } } }",
		"fragments doubling 15 times":    doubling(15, 2),
		"fragments doubling 24 times":    doubling(24, 2),
		"fragments doubling 28 times":    doubling(28, 2),
		"fragments tenfold 30 times":     doubling(30, 10),
		"aliased children that double":   doublingAliases(6),
		"a chain of 1000 fragments":      chain(1000),
		"16 aliases of one field":        aliases(16),
		"4000 aliases":                   aliases(4_000),
		"1000 times the same field":      "{" + strings.Repeat(" __typename", 1000) + "}",
		"1000 directives":                "{ __typename" + strings.Repeat(" @include(if: true)", 1000) + " }",
		"60 directives":                  "{ " + strings.Repeat("__typename @include(if: true) ", 60) + "}",
		"1000 unknown directives":        "{ __typename" + strings.Repeat(" @x", 1000) + " }",
		"1000 operations":                manyOperations(1000),
		"1000 variables":                 "query(" + manyVariables(1000) + ") { __typename }",
		"100 conflicting arguments":      conflicting(100),
		"20000 unknown fields":           "{" + strings.Repeat(" x", 20_000) + "}",
		"a field name of 100 kB":         "{ " + strings.Repeat("x", 100_000) + " }",
		"a string of 100 kB":             `{ key(number: "` + strings.Repeat("x", 100_000) + `) { id } }`,
		"lists of lists of 500":          "{ keys(first: 500) { edges { node { history(first: 500) { edges { node { key { number } } } } } } } }",
		"histories of many keys":         histories(5, 15),
		"introspection 16 deep":          "{ __schema { types { fields { type { " + strings.Repeat("ofType { ", 16) + "name" + strings.Repeat(" }", 20) + " }",
		"only comments":                  strings.Repeat("# nothing\n", 5000),
		"only commas":                    strings.Repeat(",", 100_000),
	}
}

func TestDocumentsThatCostTooMuchAreRefusedAtOnce(t *testing.T) {
	s := graphtest.Seed(t)
	admin := s.As("admin")
	for name, query := range costlyDocuments() {
		for who, client := range map[string]*graphtest.Client{"admin": admin, "nobody": s.Anonymous()} {
			answer, took := fastest(t, client, query)
			if answer.Status < 400 || answer.Status > 499 || len(answer.Text) > 10_000 {
				t.Errorf("%s by %s: status %d, %d bytes: %.300s", name, who, answer.Status, len(answer.Text), answer.Text)
			}
			if code := answer.Code(); code != "BAD_USER_INPUT" && code != "TOO_COMPLEX" {
				t.Errorf("%s by %s: %s", name, who, code)
			}
			if len(answer.Errors) > 20 {
				t.Errorf("%s by %s: %d errors", name, who, len(answer.Errors))
			}
			if took > quick {
				t.Errorf("%s by %s: took %s at the best of %d, beside requests that cost nothing", name, who, took, tries)
			}
		}
	}
	if answer := admin.Do(t, "{ viewer { roles } }", nil); answer.Code() != "" {
		t.Errorf("afterwards: %s", answer.Text)
	}
}

// fastest gives the best of some times, each as it would be on a machine at rest.
func fastest(t *testing.T, client *graphtest.Client, query string) (answer *graphtest.Answer, took time.Duration) {
	t.Helper()
	took = time.Hour
	for range tries {
		free := timed(t, client, "{ __typename }")
		start := time.Now()
		answer = client.Do(t, query, nil)
		one := time.Since(start)
		if busy := min(free, timed(t, client, "{ __typename }")); busy > usual {
			one = time.Duration(float64(one) * float64(usual) / float64(busy))
		}
		if took = min(took, one); took < quick {
			break
		}
	}
	return answer, took
}

func timed(t *testing.T, client *graphtest.Client, query string) time.Duration {
	t.Helper()
	start := time.Now()
	client.Do(t, query, nil)
	return time.Since(start)
}

func doubling(levels, times int) string {
	var b strings.Builder
	b.WriteString("{ ...F0 }")
	for i := range levels {
		fmt.Fprintf(&b, " fragment F%d on Query {%s }", i, strings.Repeat(fmt.Sprintf(" ...F%d", i+1), times))
	}
	fmt.Fprintf(&b, " fragment F%d on Query { __typename }", levels)
	if levels == 15 && times == 2 { // few enough tokens to get as far as the cost
		return strings.Replace(b.String(), "{ __typename }", "{ keys(first: 500) { edges { node { groups { name } history(first: 500) { edges { node { seq } } } } } } }", 1)
	}
	return strings.Replace(b.String(), "{ __typename }", "{ keys { edges { node { groups { name keyCount version id } } } } }", 1)
}

func doublingAliases(levels int) string {
	selection := "name"
	for range levels {
		selection = "a: openLoans { holder { " + selection + " } } b: openLoans { holder { " + selection + " } }"
	}
	return "{ viewer { person { " + selection + " } } }"
}

// histories asks a page of keys under some names, and of each key its history under some names.
func histories(pages, names int) string {
	var b strings.Builder
	for i := range names {
		fmt.Fprintf(&b, " h%d: history(first: 1) { edges { cursor } }", i)
	}
	key := b.String()
	b.Reset()
	for i := range pages {
		fmt.Fprintf(&b, " k%d: keys(first: 500) { edges { node {%s } } }", i, key)
	}
	return "{" + b.String() + " }"
}

func chain(n int) string {
	var b strings.Builder
	b.WriteString("{ ...F0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query { ...F%d }", i, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Query { __typename }", n)
	return b.String()
}

func aliases(n int) string {
	var b strings.Builder
	b.WriteString("{")
	for i := range n {
		fmt.Fprintf(&b, " a%d: server { time }", i)
	}
	return b.String() + " }"
}

func manyOperations(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "query Q%d { __typename } ", i)
	}
	return b.String()
}

func manyVariables(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "$v%d: Int ", i)
	}
	return b.String()
}

func conflicting(n int) string {
	var b strings.Builder
	b.WriteString("{")
	for i := range n {
		fmt.Fprintf(&b, " keys(first: %d) { totalCount }", i+1)
	}
	return b.String() + " }"
}

func TestHarmlessDocumentsPass(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for _, query := range []string{
		"{ ...F ...F } fragment F on Query { server { time } }",
		aliases(15),
		"{ keys(first: 500) { totalCount states { state count } edges { cursor node { id number label state loan { id dueAt overdue holder { id name department { name } } } groups { id name } version } } } }",
		"{ keyLog(first: 100) { edges { node { seq body proof { hashes rootHash } actor { name } holder { name } key { number } } } } }",
		introspection,
	} {
		if answer := s.As("admin").Do(t, query, nil); answer.Code() != "" || answer.Status != http.StatusOK {
			t.Errorf("%.60s: %d %.300s", query, answer.Status, answer.Text)
		}
	}
}

// introspection is what code generators ask.
const introspection = `query { __schema { queryType { name } types { ...T } directives { name args { ...I } } } }
fragment T on __Type { kind name fields(includeDeprecated: true) { name args { ...I } type { ...R } } inputFields { ...I }
  interfaces { ...R } enumValues { name } possibleTypes { ...R } }
fragment I on __InputValue { name type { ...R } defaultValue }
fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } }`

func TestIntrospectionAndSuggestionsAreForThoseWhoAreSignedIn(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	if answer := s.Anonymous().Do(t, introspection, nil); answer.Code() == "" || bytes.Contains(answer.Text, []byte("KeyLogEntry")) {
		t.Errorf("%.300s", answer.Text)
	}
	const misspelt = "{ keyz { totalCount } }"
	if answer := s.Anonymous().Do(t, misspelt, nil); bytes.Contains(answer.Text, []byte("Did you mean")) {
		t.Errorf("%s", answer.Text)
	}
	if answer := s.As("member").Do(t, misspelt, nil); !bytes.Contains(answer.Text, []byte("Did you mean")) {
		t.Errorf("%s", answer.Text)
	}
}

func TestBodiesThatAreNoRequestAreRefusedAndNotRepeated(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	client := s.As("member")
	json := http.Header{"Content-Type": {"application/json"}}
	mutation := `{"query":"mutation { createPerson(input: {name: \"Mallory\"}) { person { id } } }"}`
	for name, c := range map[string]struct {
		body   string
		header http.Header
		status int
	}{
		"a batch":                    {"[" + mutation + "," + mutation + "]", json, 400},
		"two documents":              {mutation + mutation, json, 400},
		"a key twice":                {`{"query":"{ __typename }","query":"mutation { signOut }"}`, json, 400},
		"null":                       {`null`, json, 400},
		"a number as query":          {`{"query":1}`, json, 400},
		"a list as query":            {`{"query":[]}`, json, 400},
		"null as query":              {`{"query":null}`, json, 400},
		"no query":                   {`{}`, json, 400},
		"an empty body":              {``, json, 400},
		"markup":                     {`<script>alert(1)</script>`, json, 400},
		"variables that are a list":  {`{"query":"{ __typename }","variables":[1]}`, json, 400},
		"variables a million deep":   {`{"query":"{ __typename }","variables":{"a":` + strings.Repeat("[", 60_000), json, 400},
		"variables nested 9000 deep": {`{"query":"query($f: KeyFilter) { keys(filter: $f) { totalCount } }","variables":{"f":` + strings.Repeat(`[`, 9000) + strings.Repeat("]", 9000) + "}}", json, 400},
		"invalid UTF-8":              {"{\"query\":\"{ __typename }\xff\"}", json, 400},
		"half a surrogate pair":      {`{"query":"query($n: String) { key(number: $n) { id } }","variables":{"n":"\ud800"}}`, json, 400},
		"NUL":                        {`{"query":"query($n: String) { key(number: $n) { id } }","variables":{"n":"\u0000"}}`, json, 400},
		"200 kB":                     {`{"query":"{ __typename }","variables":{"a":"` + strings.Repeat("x", 200_000) + `"}}`, json, 413},
		"64 MB":                      {strings.Repeat("x", 64<<20), json, 413},
		"text/plain":                 {mutation, http.Header{"Content-Type": {"text/plain"}}, 415},
		"a form":                     {"query=mutation{signOut}", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, 415},
		"multipart":                  {mutation, http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}, 415},
		"application/graphql":        {"mutation { signOut }", http.Header{"Content-Type": {"application/graphql"}}, 415},
		"no type":                    {mutation, http.Header{"Content-Type": {}}, 415},
		"an odd charset":             {mutation, http.Header{"Content-Type": {"application/json; charset=utf-7"}}, 415},
		"a foreign origin":           {mutation, http.Header{"Content-Type": {"application/json"}, "Origin": {"https://evil.example"}}, 403},
		"a foreign site":             {mutation, http.Header{"Content-Type": {"application/json"}, "Sec-Fetch-Site": {"cross-site"}}, 403},
	} {
		answer := post(t, client, c.body, c.header)
		if answer.Status != c.status || len(answer.Text) > 10_000 || bytes.Contains(answer.Text, []byte("script")) {
			t.Errorf("%s: %d %.300s", name, answer.Status, answer.Text)
		}
	}
	if answer := s.As("admin").Do(t, `{ people(search: "Mallory") { totalCount } viewer { roles } }`, nil); !bytes.Contains(answer.Text, []byte(`"totalCount":0`)) {
		t.Errorf("something was executed: %s", answer.Text)
	}
}

// post sends a body that may be refused before it was read to its end.
func post(t *testing.T, client *graphtest.Client, body string, header http.Header) *graphtest.Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, client.URL+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	response, err := client.Client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return &graphtest.Answer{Status: response.StatusCode, Text: text}
}

func TestValuesThatAreOutOfRangeAreNamed(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for variables, field := range map[string]string{
		`{"n": -1}`: "first", `{"n": 0}`: "first", `{"n": 200000}`: "first",
		`{"n": ` + strings.Repeat("9", 100_000) + `}`: "", `{"n": 1.5}`: "", `{"n": "1"}`: "", `{"n": 99999999999}`: "",
	} {
		body := `{"query":"query($n: Int) { keys(first: $n) { totalCount } }","variables":` + variables + `}`
		answer := s.As("admin").Post(t, body, http.Header{"Content-Type": {"application/json"}})
		if answer.Code() != "BAD_USER_INPUT" || field != "" && answer.Errors[0].Extensions["field"] != field || len(answer.Text) > 10_000 {
			t.Errorf("%.40s: %d %.300s", variables, answer.Status, answer.Text)
		}
	}
}

func TestGetAsksQueriesOnly(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	client := s.As("member")
	for query, status := range map[string]int{
		"{ viewer { roles } }":           http.StatusOK,
		"mutation { signOut }":           http.StatusMethodNotAllowed,
		"subscription { keyFeed { seq }": http.StatusBadRequest,
		"":                               http.StatusBadRequest,
	} {
		response, err := client.Get(s.URL + "/graphql?" + url.Values{"query": {query}}.Encode())
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != status {
			t.Errorf("%s: %d", query, response.StatusCode)
		}
	}
	if answer := client.Do(t, "{ viewer { roles } }", nil); !bytes.Contains(answer.Text, []byte("member")) {
		t.Errorf("GET signed out: %s", answer.Text)
	}
}

func TestInnerErrorsAreShownByARequestIDOnly(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	client := s.As("admin")
	damageHead(t, s)
	answer := client.Do(t, "{ checkpoint { size } }", nil)
	id, _ := answer.Errors[0].Extensions["requestId"].(string)
	if answer.Code() != "INTERNAL" || id == "" || bytes.Contains(answer.Text, []byte("head")) {
		t.Fatalf("%s", answer.Text)
	}
	if !strings.Contains(s.Log.String(), id) {
		t.Errorf("the log does not know %s:\n%s", id, s.Log)
	}
}

// damageHead damages the ledger's head row, which no request can cause.
func damageHead(t *testing.T, s *graphtest.Seeded) {
	t.Helper()
	if _, err := s.DB.Exec(context.Background(), "UPDATE {ledger}.head SET frontier = 'x', size = size + 1"); err != nil {
		t.Fatal(err)
	}
}

func TestIdleSocketsDoNotKeepOthersFromBeingAnswered(t *testing.T) {
	t.Parallel()
	limits := wire.DefaultLimits()
	limits.Caller = 1000
	s := graphtest.StartWith(t, graphtest.Options{Limits: limits})
	client := s.Anonymous()
	for range 300 {
		if socket, _ := client.Dial(t, nil, wire.Protocol); socket == nil {
			t.Fatal("a socket was refused")
		}
	}
	start := time.Now()
	answer := client.Do(t, "{ server { version } }", nil)
	if took := time.Since(start); answer.Code() != "" || took > time.Second {
		t.Errorf("took %s: %s", took, answer.Text)
	}
}

func TestACallerMayBeginOnlySoManyOperationsByEachTransport(t *testing.T) {
	t.Parallel()
	limits := wire.DefaultLimits()
	limits.PerSecond = 1
	s := graphtest.SeedWith(t, graphtest.Options{Limits: limits})
	c := s.As("member")
	var last *graphtest.Answer
	for range 10 {
		if last = c.Do(t, "{ viewer { roles } }", nil); last.Code() != "" {
			break
		}
	}
	if last.Code() != "RATE_LIMITED" || last.Errors[0].Extensions["retryAfterSeconds"] == nil {
		t.Errorf("%s", last.Text)
	}
	if events := c.Events(t, "subscription { keyFeed { id } }", nil, 1); len(events) != 1 || !strings.Contains(string(events[0]), "RATE_LIMITED") {
		t.Errorf("over a stream: %s", events)
	}
	if answer := s.As("custodian").Do(t, "{ viewer { roles } }", nil); answer.Code() != "" {
		t.Errorf("another caller: %s", answer.Text)
	}
}
