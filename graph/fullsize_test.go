package graph_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
)

const million = 1_000_000

// TestAttacksOfFullSizeAreRefusedWithLittleMemory sends what is far beyond all limits, to who may send 128 KiB and to a
// program that records and may send more.
func TestAttacksOfFullSizeAreRefusedWithLittleMemory(t *testing.T) {
	s := graphtest.Seed(t)
	callers := map[string]*graphtest.Client{"nobody": s.Anonymous(), "an admin": s.As("admin"), "a program that records": s.As("till")}
	member := s.As("member")
	memory := watchMemory(t)
	for name, query := range map[string]string{
		"100,000 aliases":                     aliases(100_000),
		"100,000 times the same field":        "{" + strings.Repeat(" viewer", 100_000) + "}",
		"100,000 type names":                  "{" + strings.Repeat(" __typename", 100_000) + "}",
		"100,000 directives":                  "{ __typename" + strings.Repeat(" @include(if: true)", 100_000) + " }",
		"100,000 unknown directives":          "{ __typename" + strings.Repeat(" @x", 100_000) + " }",
		"100,000 operations":                  manyOperations(100_000),
		"100,000 variables":                   "query(" + manyVariables(100_000) + ") { __typename }",
		"selections a million deep":           strings.Repeat("{a", million) + strings.Repeat("}", million),
		"braces of 5 MB without an end":       strings.Repeat("{aaaa", million),
		"a list a million deep":               "{ keys(first: " + strings.Repeat("[", million) + strings.Repeat("]", million) + ") { totalCount } }",
		"an object a million deep":            "{ keys(filter: " + strings.Repeat("{a:", million) + "1" + strings.Repeat("}", million) + ") { totalCount } }",
		"inline fragments a million deep":     "{" + strings.Repeat("...{", million) + "a" + strings.Repeat("}", million) + "}",
		"a type a million deep":               "query($x: " + strings.Repeat("[", million) + "Int" + strings.Repeat("]", million) + ") { viewer { roles } }",
		"1000 conflicting arguments":          conflicting(1000),
		"20,000 unknown fields":               "{" + strings.Repeat(" x", 20_000) + "}",
		"a chain of 5000 fragments":           chain(5000),
		"a million lines of comment":          strings.Repeat("# a\n", million),
		"a million commas":                    strings.Repeat(",", million),
		"a number of 100,000 digits":          "{ keys(first: " + strings.Repeat("9", 100_000) + ") { totalCount } }",
		"a broken number of 100,000 digits":   "{ keys(first: 0" + strings.Repeat("9", 100_000) + ") { totalCount } }",
		"a block text of a million lines":     `{ key(number: """` + strings.Repeat("\n a", million) + `""") { id } }`,
		"a text of a million escaped letters": `{ key(number: "` + strings.Repeat(`\u0041`, million/2) + `") { id } }`,
	} {
		for who, client := range callers {
			body, err := json.Marshal(map[string]string{"query": query})
			if err != nil {
				t.Fatal(err)
			}
			wantRefusedSoon(t, client, who+": "+name, string(body), asJSON(), "BAD_USER_INPUT", "TOO_COMPLEX")
		}
	}
	for name, body := range map[string]string{
		"variables a million deep":     `{"query":"{ __typename }","variables":{"a":` + strings.Repeat("[", million) + strings.Repeat("]", million) + "}}",
		"a body a million deep":        strings.Repeat("[", million),
		"a million variables":          `{"query":"{ __typename }","variables":{"a":0` + strings.Repeat(`,"a":0`, million) + "}}",
		"64 MB":                        strings.Repeat("x", 64<<20),
		"64 MB of white space":         strings.Repeat(" ", 64<<20),
		"a number of a million digits": `{"query":"query($n: Int) { keys(first: $n) { totalCount } }","variables":{"n":` + strings.Repeat("9", million) + `}}`,
	} {
		for who, client := range callers {
			wantRefusedSoon(t, client, who+": "+name, body, asJSON(), "BAD_USER_INPUT", "TOO_COMPLEX")
		}
	}
	wantAnswerInTime(t, member)
	memory.wantBelow(t, attackMemory)
}

func asJSON() http.Header { return http.Header{"Content-Type": {"application/json"}} }

// wantRefusedSoon complains unless a body is answered with 4xx, one of some codes and few bytes, before anybody else
// would have to wait. The sender's own time counts, too: what is sent is up to 64 MB.
func wantRefusedSoon(t *testing.T, client *graphtest.Client, what, body string, header http.Header, codes ...string) {
	t.Helper()
	start := time.Now()
	answer := client.Post(t, body, header)
	took := time.Since(start)
	if answer.Status < 400 || answer.Status > 499 || len(answer.Text) > 10_000 {
		t.Errorf("%s: status %d, %d bytes: %.300s", what, answer.Status, len(answer.Text), answer.Text)
	}
	if !strings.Contains(strings.Join(codes, " "), answer.Code()) || answer.Code() == "" {
		t.Errorf("%s: %.300s", what, answer.Text)
	}
	if took > answeredWithin {
		t.Errorf("%s: took %v", what, took)
	}
}

func TestBodiesThatExpandAreNotExpanded(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	mutation := `{"query":"mutation { createPerson(input: {name: \"Mallory\"}) { person { id } } }"`
	bomb := zipped(t, mutation) + strings.Repeat(zipped(t, strings.Repeat(" ", 1<<20)), 64) + zipped(t, "}") // parts are one whole (RFC 1952)
	if len(bomb) > 128<<10 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	// A frame of zstd that says that it holds 1 GiB, in blocks of one repeated byte.
	zstd := "\x28\xb5\x2f\xfd\xa0\x00\x00\x00\x40" + strings.Repeat("\x02\x00\x10 ", 8192)
	for encoding, body := range map[string]string{
		"gzip": bomb, "GZIP": bomb, "x-gzip": bomb, "gzip, gzip": zipped(t, bomb), "zstd": zstd, "br": zstd, "deflate": bomb, "compress": bomb,
		"identity, gzip": bomb, "unheard": mutation + "}",
	} {
		for who, client := range map[string]*graphtest.Client{"nobody": s.Anonymous(), "an admin": s.As("admin"), "a program": s.As("till")} {
			header := asJSON()
			header.Set("Content-Encoding", encoding)
			if answer := client.Post(t, body, header); answer.Status != http.StatusUnsupportedMediaType || answer.Code() != "BAD_USER_INPUT" {
				t.Errorf("%s by %s: %d %.200s", encoding, who, answer.Status, answer.Text)
			}
		}
	}
	// Without saying so, it is no JSON.
	if answer := s.As("admin").Post(t, bomb, asJSON()); answer.Status != http.StatusBadRequest {
		t.Errorf("unnamed: %d", answer.Status)
	}
	if answer := s.As("admin").Do(t, `{ people(search: "Mallory") { totalCount } }`, nil); !strings.Contains(string(answer.Text), `"totalCount":0`) {
		t.Errorf("something was executed: %s", answer.Text)
	}
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
