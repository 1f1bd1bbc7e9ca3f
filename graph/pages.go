package graph

import (
	"github.com/keytrail/keytrail/server/page"
)

func pageRequest(first *int, after *string, last *int, before *string) page.Request {
	return page.Request{First: first, After: value(after), Last: last, Before: value(before)}
}

// edges makes a page's edges.
func edges[T, E any](p page.Page[T], edge func(cursor string, node T) *E) []*E {
	list := make([]*E, len(p.Items))
	for i, item := range p.Items {
		list[i] = edge(p.Cursors[i], item)
	}
	return list
}

// value gives what a pointer points to, and the zero value for nil.
func value[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

// optional gives nil for the zero value, which is null in GraphQL.
func optional[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// present gives a pointer to what was found, and nil for what was not.
func present[T any](v T, found bool) *T {
	if !found {
		return nil
	}
	return &v
}

// pointers gives pointers to the members of a list, which is what generated code wants.
func pointers[T any](list []T) []*T {
	all := make([]*T, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	return all
}
