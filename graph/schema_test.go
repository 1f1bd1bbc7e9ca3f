package graph_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/keytrail/keytrail/graph/generated"
)

func schema() *ast.Schema {
	return generated.NewExecutableSchema(generated.Config{}).Schema()
}

func rootFields() []*ast.FieldDefinition {
	s := schema()
	var fields []*ast.FieldDefinition
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		for _, f := range root.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

func TestEveryRootFieldSaysWhoMayUseIt(t *testing.T) {
	for _, f := range rootFields() {
		rules := 0
		for _, name := range []string{"can", "signedIn", "public"} {
			if f.Directives.ForName(name) != nil {
				rules++
			}
		}
		if rules != 1 {
			t.Errorf("%s has %d of @can, @signedIn and @public; it needs exactly one", f.Name, rules)
		}
	}
}

func TestEveryRootFieldHasTestedOperationsAndARefusal(t *testing.T) {
	for _, f := range rootFields() {
		answers, err := filepath.Glob(filepath.Join("testdata", f.Name, "*.json"))
		if err != nil || len(answers) == 0 {
			t.Errorf("%s has no operations in testdata/%s", f.Name, f.Name)
			continue
		}
		refused := f.Directives.ForName("public") != nil
		for _, file := range answers {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			refused = refused || bytes.Contains(text, []byte(`"FORBIDDEN"`)) || bytes.Contains(text, []byte(`"UNAUTHENTICATED"`))
			if bytes.Contains(text, []byte(`"INTERNAL"`)) {
				t.Errorf("%s expects INTERNAL", file)
			}
		}
		if !refused {
			t.Errorf("testdata/%s has no caller who is refused", f.Name)
		}
	}
}

func TestEveryRootFieldIsDescribed(t *testing.T) {
	for _, f := range rootFields() {
		if f.Description == "" {
			t.Errorf("%s is not described", f.Name)
		}
	}
}
