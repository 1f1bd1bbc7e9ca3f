package graph_test

import (
	"strings"
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
)

// oddTexts are texts that must be kept as they are, up to 200 characters each.
func oddTexts() map[string]string {
	return map[string]string{
		"markup":                     `<script>alert("1")</script>&amp;<img src=x onerror=alert(1)>`,
		"quotes and escapes":         `Robert'); DROP TABLE person;-- \ \n \u0041 "`,
		"a right-to-left override":   "Jānis \u202Egpj.exe\u202C Bērziņš",
		"marks of direction":         "\u200Fא\u200E b \u2066c\u2069 \u061C",
		"Arabic and Hebrew":          "محمد כהן",
		"zero-width characters":      "a\u200Bb\u200Cc\u200Dd\uFEFFe\u2060f",
		"emoji of four bytes":        "😀 👩‍👩‍👧‍👦 🏳️‍🌈 🇱🇻 𝔘𝔫𝔦",
		"190 combining marks":        "Z" + strings.Repeat("\u0300\u0327", 95),
		"a composed letter":          "Zo\u00EB",
		"the same letter decomposed": "Zoe\u0308",
		"letters beyond the plane":   "𠜎𠜱𠝹",
		"no character":               "a\uFFFEb\U0010FFFF",
		"other spaces within":        "a\u00A0b\u3000c\u2028d",
		"a formula":                  "=1+2@-+",
		"200 letters of four bytes":  strings.Repeat("𝔘", 200),
	}
}

func TestOddTextsAreKeptExactly(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	admin := s.As("admin")
	for name, text := range oddTexts() {
		ask := func(query string, variables map[string]any, path ...string) any {
			answer := admin.Do(t, query, variables)
			if answer.Code() != "" {
				t.Fatalf("%s: %s", name, answer.Text)
			}
			return dig(answer.Data, path...)
		}
		same := func(what string, got any) {
			if got != text {
				t.Errorf("%s as %s: %+q came back as %+q", name, what, text, got)
			}
		}
		person := ask(`mutation($t: String!) { createPerson(input: {name: $t, company: $t}) { person { id } } }`,
			map[string]any{"t": text}, "createPerson", "person", "id")
		key := ask(`mutation($n: String!, $t: String!) { createKey(input: {number: $n, label: $t}) { key { id } } }`,
			map[string]any{"n": "odd " + name, "t": text}, "createKey", "key", "id")
		same("a name", ask(`query($id: ID!) { person(id: $id) { name } }`, map[string]any{"id": person}, "person", "name"))
		same("a company", ask(`query($id: ID!) { person(id: $id) { company } }`, map[string]any{"id": person}, "person", "company"))
		same("a label", ask(`query($id: ID!) { key(id: $id) { label } }`, map[string]any{"id": key}, "key", "label"))

		comment := "Line one\n" + strings.Repeat(text, 8)
		issued := ask(`mutation($k: ID!, $h: ID!, $c: String!) { issueKeys(input: {keys: [$k], holder: $h, comment: $c}) { entries { seq } } }`,
			map[string]any{"k": key, "h": person, "c": comment}, "issueKeys", "entries")
		seq := issued.([]any)[0].(map[string]any)["seq"]
		entry := ask(`query($seq: Int64!) { entry(seq: $seq) { ... on KeyLogEntry { comment holder { name } } } }`, map[string]any{"seq": seq}, "entry")
		same("a holder in the log", dig(entry, "holder", "name"))
		if got := dig(entry, "comment"); got != comment {
			t.Errorf("%s as a comment: %+q came back as %+q", name, comment, got)
		}
		if found := ask(`query($t: String!) { people(search: $t) { edges { node { id } } } }`, map[string]any{"t": text}, "people", "edges"); len(found.([]any)) == 0 {
			t.Logf("%s is not found by search", name)
		}
	}
}

// dig follows names into what JSON was read into.
func dig(value any, path ...string) any {
	for _, name := range path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

func TestTextsBeyondTheirLimitAreRefusedByFieldAndNotRepeated(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	admin := s.As("admin")
	marks := "Z" + strings.Repeat("\u0300", 10_000)
	for field, query := range map[string]string{
		"name":    `mutation($t: String!) { createPerson(input: {name: $t}) { person { id } } }`,
		"company": `mutation($t: String!) { createPerson(input: {name: "Zoe", company: $t}) { person { id } } }`,
		"label":   `mutation($t: String!) { createKey(input: {number: "marks", label: $t}) { key { id } } }`,
		"comment": `mutation($t: String!) { issueKeys(input: {keys: ["` + s.IDs["key9"].String() + `"], holder: "` + s.IDs["janis"].String() + `", comment: $t}) { entries { seq } } }`,
		"search":  `query($t: String!) { people(search: $t) { totalCount } }`,
	} {
		answer := admin.Do(t, query, map[string]any{"t": marks})
		if answer.Code() != "BAD_USER_INPUT" || answer.Errors[0].Extensions["field"] != field {
			t.Errorf("%s: %s", field, answer.Text)
			continue
		}
		if message := answer.Errors[0].Message; !strings.Contains(message, "characters") || strings.Contains(message, "\u0300") || len(message) > 200 {
			t.Errorf("%s: %s", field, message)
		}
	}
	for _, control := range []string{"a\nb", "a\tb", "a\x1bb", "a\x7fb", "a\u0085b"} {
		answer := admin.Do(t, `mutation($t: String!) { createPerson(input: {name: $t}) { person { id } } }`, map[string]any{"t": control})
		if answer.Code() != "BAD_USER_INPUT" || answer.Errors[0].Extensions["field"] != "name" {
			t.Errorf("%q: %s", control, answer.Text)
		}
	}
}
