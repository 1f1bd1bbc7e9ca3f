package wire

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// shownBy writes down what a subscription shows of an event: everything that it selects, with the values of the
// variables that stand there. The arguments of the feed itself are left out, since they say which events come and
// not what is shown of one: readers with different filters, and those who resumed at different places, are shown the
// same. ok is false when it cannot be written down.
func shownBy(o *graphql.OperationContext) (text string, ok bool) {
	w := &shownWriter{fragments: map[string]bool{}, variables: map[string]*ast.VariableDefinition{}}
	w.directives(o.Operation.Directives)
	w.selections(o.Operation.SelectionSet, true)
	ok = w.values(o.Variables)
	return w.text.String(), ok
}

type shownWriter struct {
	text      strings.Builder
	fragments map[string]bool                    // those that were written
	variables map[string]*ast.VariableDefinition // those that occurred
}

func (w *shownWriter) write(parts ...string) {
	for _, part := range parts {
		w.text.WriteString(part)
	}
}

// selections writes what is selected; feed says that these are the fields of the subscription itself.
func (w *shownWriter) selections(set ast.SelectionSet, feed bool) {
	w.write("{")
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			w.write(" ", s.Alias, ":", s.Name)
			if !feed {
				w.arguments(s.Arguments)
			}
			w.directives(s.Directives)
			if len(s.SelectionSet) > 0 {
				w.selections(s.SelectionSet, false)
			}
		case *ast.InlineFragment:
			w.write(" ...on ", s.TypeCondition)
			w.directives(s.Directives)
			w.selections(s.SelectionSet, feed)
		case *ast.FragmentSpread:
			w.write(" ...", s.Name)
			w.directives(s.Directives)
			w.fragment(s.Definition, feed)
		}
	}
	w.write("}")
}

// fragment writes a fragment where it first occurs. One on the subscription occurs nowhere else.
func (w *shownWriter) fragment(f *ast.FragmentDefinition, feed bool) {
	if w.fragments[f.Name] {
		return
	}
	w.fragments[f.Name] = true
	w.write(" on ", f.TypeCondition)
	w.directives(f.Directives)
	w.selections(f.SelectionSet, feed)
}

func (w *shownWriter) directives(list ast.DirectiveList) {
	for _, d := range list {
		w.write(" @", d.Name)
		w.arguments(d.Arguments)
	}
}

func (w *shownWriter) arguments(list ast.ArgumentList) {
	w.write("(")
	for _, a := range list {
		w.write(a.Name, ":", a.Value.String(), ",")
		w.note(a.Value)
	}
	w.write(")")
}

// note remembers the variables in a value.
func (w *shownWriter) note(v *ast.Value) {
	if v.Kind == ast.Variable {
		w.variables[v.Raw] = v.VariableDefinition
	}
	for _, child := range v.Children {
		w.note(child.Value)
	}
}

// values writes the variables that occurred.
func (w *shownWriter) values(given map[string]any) bool {
	for _, name := range slices.Sorted(maps.Keys(w.variables)) {
		value, ok := given[name]
		if !ok {
			if d := w.variables[name]; d != nil && d.DefaultValue != nil {
				w.write(" $", name, "=default ", d.DefaultValue.String())
			}
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return false
		}
		w.write(" $", name, "=", string(text))
	}
	return true
}
