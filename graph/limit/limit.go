// Package limit refuses GraphQL operations that would cost too much, before anything is executed. Everything is
// computed once for each fragment, so that the check itself stays cheap for fragments that spread each other.
package limit

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/page"
)

// Limits of one operation.
const (
	MaxDepth              = 10
	MaxIntrospectionDepth = 15
	MaxAliases            = 15
	MaxDirectives         = 50
	// MaxCost is in fields that may be resolved: a field costs one, and a list its size times what it holds.
	MaxCost = 150_000
	// listSize is assumed of lists that cannot be cut.
	listSize = 10
	// proofCost is what a proof takes compared to a plain field.
	proofCost = 20
	// queryCost is what a field takes that asks the database anew for each of its parents.
	queryCost = 100
)

// weightOf is what resolving a field takes by itself, compared to a plain one.
func weightOf(field string) int {
	switch field {
	case "proof":
		return proofCost
	case "history", "states", "totalCount":
		return queryCost
	}
	return 1
}

// Extension is the check as a gqlgen extension.
type Extension struct{}

// ExtensionName implements graphql.HandlerExtension.
func (Extension) ExtensionName() string { return "Limits" }

// Validate implements graphql.HandlerExtension.
func (Extension) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext implements graphql.OperationContextMutator.
func (Extension) MutateOperationContext(_ context.Context, o *graphql.OperationContext) *gqlerror.Error {
	if err := Check(o.Operation, o.Variables); err != nil {
		return gqlerror.Wrap(err)
	}
	return nil
}

// Check refuses a validated operation that is too deep, has too many aliases or directives, or costs too much.
func Check(operation *ast.OperationDefinition, variables map[string]any) error {
	c := &checker{variables: variables, fragments: map[*ast.FragmentDefinition]measure{}}
	m := c.selection(operation.SelectionSet)
	switch {
	case c.refusal != nil:
		return c.refusal
	case m.depth > MaxDepth:
		return tooComplex("The query is %d levels deep; at most %d are allowed.", m.depth, MaxDepth)
	case m.introspection > MaxIntrospectionDepth:
		return tooComplex("The introspection is %d levels deep; at most %d are allowed.", m.introspection, MaxIntrospectionDepth)
	case c.directives+len(operation.Directives) > MaxDirectives:
		return tooComplex("The query has more than %d directives.", MaxDirectives)
	case m.cost > MaxCost:
		return tooComplex("The query may resolve more than %d fields: ask for fewer fields or shorter lists.", MaxCost)
	}
	return nil
}

func tooComplex(format string, args ...any) error {
	return fault.New(fault.TooComplex, format, args...)
}

// measure is what a selection takes. The edges of a page are kept apart, since only they come as often as the page is
// long. Depth below __schema and __type counts as introspection.
type measure struct{ cost, edges, depth, introspection int }

func (m measure) plus(other measure) measure {
	return measure{
		cost: min(m.cost+other.cost, MaxCost+1), edges: min(m.edges+other.edges, MaxCost+1), depth: max(m.depth, other.depth),
		introspection: max(m.introspection, other.introspection),
	}
}

type checker struct {
	variables  map[string]any
	fragments  map[*ast.FragmentDefinition]measure
	directives int
	refusal    error
}

func (c *checker) selection(set ast.SelectionSet) measure {
	c.checkAliases(set)
	return c.sum(set)
}

func (c *checker) sum(set ast.SelectionSet) measure {
	var total measure
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			c.directives += len(s.Directives)
			total = total.plus(c.field(s))
		case *ast.InlineFragment:
			c.directives += len(s.Directives)
			total = total.plus(c.sum(s.SelectionSet))
		case *ast.FragmentSpread:
			c.directives += len(s.Directives)
			total = total.plus(c.fragment(s.Definition))
		}
	}
	return total
}

// fragment measures a fragment the first time it is met. Cycles never get here: validation refuses them.
func (c *checker) fragment(f *ast.FragmentDefinition) measure {
	if f == nil {
		return measure{}
	}
	if m, known := c.fragments[f]; known {
		return m
	}
	m := c.sum(f.SelectionSet)
	c.fragments[f] = m
	return m
}

func (c *checker) field(f *ast.Field) measure {
	below := c.selection(f.SelectionSet)
	if f.Name == "__schema" || f.Name == "__type" {
		return measure{cost: 1 + below.cost, introspection: below.depth + 1}
	}
	m := measure{depth: below.depth + 1, introspection: below.introspection}
	cost := min(weightOf(f.Name)+c.whole(f, below), MaxCost+1)
	if f.Name == "edges" {
		m.edges = cost
	} else {
		m.cost = cost
	}
	return m
}

// whole is what everything below a field takes: a page's edges as often as the page is long, and all of a list as
// often as it may be.
func (c *checker) whole(f *ast.Field, below measure) int {
	switch {
	case f.Definition == nil || f.Name == "edges": // whose number the page knows
		return below.cost + below.edges
	case f.Definition.Arguments.ForName("first") != nil && f.Definition.Type.Elem != nil:
		return c.pageSize(f) * (below.cost + below.edges)
	case f.Definition.Arguments.ForName("first") != nil:
		return below.cost + c.pageSize(f)*below.edges
	case f.Definition.Type.Elem != nil:
		return listSize * (below.cost + below.edges)
	}
	return below.cost + below.edges
}

func (c *checker) pageSize(f *ast.Field) int {
	size := page.DefaultSize
	for _, name := range []string{"first", "last"} {
		argument := f.Arguments.ForName(name)
		if argument == nil {
			continue
		}
		value, err := argument.Value.Value(c.variables)
		if n, ok := asInt(value); err == nil && ok {
			size = min(max(n, 1), page.MaxSize) // what lies outside is refused by the list itself
		}
	}
	return size
}

func asInt(value any) (int, bool) {
	switch n := value.(type) {
	case int64:
		return int(n), true
	case int:
		return n, true
	case interface{ Int64() (int64, error) }:
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
}

// checkAliases counts, in one selection with its fragments, under how many names each field is asked for.
func (c *checker) checkAliases(set ast.SelectionSet) {
	names := map[string]map[string]bool{}
	c.collect(set, names, map[*ast.FragmentDefinition]bool{})
}

func (c *checker) collect(set ast.SelectionSet, names map[string]map[string]bool, seen map[*ast.FragmentDefinition]bool) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if names[s.Name] == nil {
				names[s.Name] = map[string]bool{}
			}
			names[s.Name][s.Alias] = true
			if c.refusal == nil {
				c.refusal = checkNames(s.Name, len(names[s.Name]))
			}
		case *ast.InlineFragment:
			c.collect(s.SelectionSet, names, seen)
		case *ast.FragmentSpread:
			if s.Definition != nil && !seen[s.Definition] {
				seen[s.Definition] = true
				c.collect(s.Definition.SelectionSet, names, seen)
			}
		}
	}
}

// checkNames refuses a field that is asked for under too many names. One operation may try one password.
func checkNames(field string, names int) error {
	switch {
	case field == "signIn" && names > 1:
		return tooComplex("One operation may sign in once.")
	case slices.Contains([]string{"changePassword", "confirmPassword", "setPassword"}, field) && names > 1:
		return tooComplex("One operation may try one password.")
	case names > MaxAliases:
		return tooComplex("The query asks for one field under more than %d names.", MaxAliases)
	}
	return nil
}
