package wire

import (
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

const shownSchema = `
	type Query { q: Int }
	type Subscription { feed(after: String, filter: F): E! }
	input F { a: Int, b: String }
	type E { seq: Int text(long: Boolean, f: F): String next: E }`

func shown(t *testing.T, document string, variables map[string]any) string {
	t.Helper()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: shownSchema})
	parsed, errs := gqlparser.LoadQuery(schema, document)
	if errs != nil {
		t.Fatal(errs)
	}
	values, err := validator.VariableValues(schema, parsed.Operations[0], variables)
	if err != nil {
		t.Fatal(err)
	}
	text, ok := shownBy(&graphql.OperationContext{Doc: parsed, Operation: parsed.Operations[0], Variables: values})
	if !ok {
		t.Fatal("it cannot be written down")
	}
	return text
}

func TestFeedsThatShowTheSameAreTheSame(t *testing.T) {
	t.Parallel()
	base := shown(t, `subscription { feed { seq text } }`, nil)
	for _, document := range []string{
		`subscription Named($a: String) { feed(after: $a) { seq text } }`,
		`subscription { feed(filter: {a: 1}) { seq, text } }`,
		"subscription {\n # a comment\n feed(after: \"x\", filter: {b: \"y\"}) { seq text } }",
	} {
		if got := shown(t, document, map[string]any{"a": "somewhere"}); got != base {
			t.Errorf("%s shows %s", document, got)
		}
	}
	withVariable := `subscription($f: F, $long: Boolean) { feed(filter: $f) { text(long: $long) } }`
	one := shown(t, withVariable, map[string]any{"f": map[string]any{"a": 1}, "long": true})
	if other := shown(t, withVariable, map[string]any{"f": map[string]any{"a": 2}, "long": true}); one != other {
		t.Errorf("with another filter it shows %s, not %s", other, one)
	}
}

func TestFeedsThatShowSomethingElseAreDifferent(t *testing.T) {
	t.Parallel()
	const long = `subscription($long: Boolean) { feed { text(long: $long) } }`
	seen := map[string]string{}
	for name, text := range map[string]string{
		"fields":                   shown(t, `subscription { feed { seq } }`, nil),
		"more fields":              shown(t, `subscription { feed { seq text } }`, nil),
		"another order":            shown(t, `subscription { feed { text seq } }`, nil),
		"an alias":                 shown(t, `subscription { feed { a: seq text } }`, nil),
		"an alias of the feed":     shown(t, `subscription { a: feed { seq text } }`, nil),
		"an argument":              shown(t, `subscription { feed { seq text(long: true) } }`, nil),
		"a text":                   shown(t, `subscription { feed { text(f: {b: "1"}) } }`, nil),
		"a text like syntax":       shown(t, `subscription { feed { text(f: {b: "\"}) }"}) } }`, nil),
		"a number":                 shown(t, `subscription { feed { text(f: {a: 1}) } }`, nil),
		"a nested selection":       shown(t, `subscription { feed { seq next { text } } }`, nil),
		"a variable that is true":  shown(t, long, map[string]any{"long": true}),
		"a variable that is false": shown(t, long, map[string]any{"long": false}),
		"a variable that is null":  shown(t, long, map[string]any{"long": nil}),
		"a variable left out":      shown(t, long, nil),
		"a default":                shown(t, `subscription($long: Boolean = true) { feed { text(long: $long) seq } }`, nil),
		"another default":          shown(t, `subscription($long: Boolean = false) { feed { text(long: $long) seq } }`, nil),
		"a condition":              shown(t, `subscription { feed { seq text @include(if: false) } }`, nil),
		"another condition":        shown(t, `subscription { feed { seq text @skip(if: false) } }`, nil),
		"a fragment":               shown(t, `subscription { feed { ...e } } fragment e on E { seq text }`, nil),
		"another fragment":         shown(t, `subscription { feed { ...e } } fragment e on E { text seq }`, nil),
		"nested fragments":         shown(t, `subscription { feed { ...e next { ...e } } } fragment e on E { seq }`, nil),
		"a variable in a fragment": shown(t, `subscription($long: Boolean!) { feed { ...e } } fragment e on E { text(long: $long) }`, map[string]any{"long": true}),
		"and with another value":   shown(t, `subscription($long: Boolean!) { feed { ...e } } fragment e on E { text(long: $long) }`, map[string]any{"long": false}),
	} {
		if other, twice := seen[text]; twice {
			t.Errorf("%s and %s show the same: %s", name, other, text)
		}
		seen[text] = name
	}
}
