package limit

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/page"
)

func TestFieldsThatAskTheDatabaseForEachParentWeigh(t *testing.T) {
	for query, fits := range map[string]bool{
		"{ key(number: \"1\") { history(first: 500) { edges { node { seq action } } } } }":                                          true,
		"{ keys(first: 500) { edges { node { history(first: 1) { edges { cursor } } } } } }":                                        true,
		"{ keys(first: 500) { totalCount states { count } edges { node { id number label } } } }":                                   true,
		"{ keys(first: 500) { edges { node { " + named(4, "history(first: 1) { edges { cursor } }"):                                 false,
		"{ " + named(5, "keys(first: 500) { edges { node { "+named(15, "history(first: 1) { edges { cursor } }")+" } } }"):          false,
		"{ " + named(15, "keys(first: 1) { edges { node { "+named(15, "history(first: 1) { edges { cursor } }")+" } } }"):           true,
		"{ " + named(15, "keys(first: 20) { edges { node { "+named(15, "history(first: 1) { edges { cursor } }")+" } } }"):          false,
		"{ keyLog(first: 500) { edges { node { key { " + named(3, "history(first: 1) { edges { cursor } }") + " } } } } }":          false,
		"{ ...P } fragment P on Query { keys(first: 500) { ...E } } fragment E on KeyConnection { edges { ...N ...M } } " + parts(): false,
	} {
		err := Check(parse(t, closed(query)).Operations[0], nil)
		if fits && err != nil || !fits && !fault.Is(err, fault.TooComplex) {
			t.Errorf("%.100s: %v", query, err)
		}
	}
}

// named asks for a field under n names.
func named(n int, field string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d: %s", i, field)
	}
	return b.String()
}

// parts are fragments of an edge that weigh little enough each, and too much together.
func parts() string {
	const part = " fragment %s on KeyEdge { node { %s: history(first: 1) { edges { cursor } } %s2: history(first: 1) { edges { cursor } } } }"
	return fmt.Sprintf(part, "N", "n", "n") + fmt.Sprintf(part, "M", "m", "m")
}

func closed(query string) string {
	return query + strings.Repeat(" }", strings.Count(query, "{")-strings.Count(query, "}"))
}

func TestOnlyTheEdgesOfAPageComeAsOftenAsItIsLong(t *testing.T) {
	query := "{ keys(first: 500) { totalCount edges { node { id } } } }"
	c := &checker{fragments: map[*ast.FragmentDefinition]measure{}}
	if m := c.selection(parse(t, query).Operations[0].SelectionSet); m.cost != 1+queryCost+500*3 || m.depth != 4 {
		t.Errorf("%+v", m)
	}
}

// documentLine is one document in the app's generated table of documents.
var documentLine = regexp.MustCompile(`(?m)^    ("\\n.*"): types\.`)

func TestEverythingThatTheAppAsksFits(t *testing.T) {
	text, err := os.ReadFile("../../frontend/src/gql/gql.ts")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, line := range documentLine.FindAllSubmatch(text, -1) {
		var document string
		if err := json.Unmarshal(line[1], &document); err != nil {
			t.Fatal(err)
		}
		all.WriteString(document)
	}
	document := parse(t, all.String())
	if len(document.Operations) < 20 {
		t.Fatalf("only %d operations were found: the test looks in the wrong place", len(document.Operations))
	}
	for _, operation := range document.Operations {
		variables := map[string]any{}
		for _, v := range operation.VariableDefinitions {
			if v.Type.Name() == "Int" {
				variables[v.Variable] = page.MaxSize
			}
		}
		if err := Check(operation, variables); err != nil {
			t.Errorf("%s: %v", operation.Name, err)
		}
	}
}

func parse(t *testing.T, query string) *ast.QueryDocument {
	t.Helper()
	files, err := filepath.Glob("../../schema/*.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	var sources []*ast.Source
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: file, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	document, errs := gqlparser.LoadQuery(schema, query)
	if errs != nil {
		t.Fatal(errs)
	}
	return document
}
