package graph

import (
	"context"
	"io"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/logbook"
)

// writeRows writes the edges of a log's page itself where plain fields alone are asked for. For each field of each row
// gqlgen makes contexts, closures and goroutines, which costs several times what reading the page does. The bytes are
// the same; whatever is not plain, or null where the schema allows none, is left to gqlgen for the whole page.
func (r *Resolver) writeRows(ctx context.Context, next graphql.Resolver) (any, error) {
	edges, err := next(ctx)
	if field := graphql.GetFieldContext(ctx); err == nil && field.Field.Name == "edges" {
		if rows, isLog := rowsOf(edges); isLog {
			w := rowWriter{ctx: ctx, resolver: r, operation: graphql.GetOperationContext(ctx)}
			if text, ok := w.write(field.Field, rows); ok {
				return text, nil
			}
		}
	}
	return edges, err
}

// row is an edge of a log's page.
type row struct {
	cursor string
	kind   string // of its node, as the schema calls it
	node   *logbook.Entry
}

// rowsOf gives the edges of a log's page, and false for those of any other list.
func rowsOf(edges any) (rows []row, isLog bool) {
	switch list := edges.(type) {
	case []*model.ActivityLogEdge:
		return rowsFrom(list, func(e *model.ActivityLogEdge) (string, logbook.LogEntry) { return e.Cursor, e.Node }), true
	case []*model.AuthLogEdge:
		return rowsFrom(list, func(e *model.AuthLogEdge) (string, logbook.LogEntry) { return e.Cursor, e.Node }), true
	case []*model.KeyLogEdge:
		return rowsFrom(list, func(e *model.KeyLogEdge) (string, logbook.LogEntry) { return e.Cursor, e.Node }), true
	case []*model.SystemLogEdge:
		return rowsFrom(list, func(e *model.SystemLogEdge) (string, logbook.LogEntry) { return e.Cursor, e.Node }), true
	case []*model.TimelineEdge:
		return rowsFrom(list, func(e *model.TimelineEdge) (string, logbook.LogEntry) { return e.Cursor, e.Node }), true
	case []*model.WorkLogEdge:
		return rowsFrom(list, func(e *model.WorkLogEdge) (string, logbook.LogEntry) { return e.Cursor, e.Node }), true
	}
	return nil, false
}

func rowsFrom[E any](edges []*E, parts func(*E) (cursor string, node logbook.LogEntry)) []row {
	rows := make([]row, len(edges))
	for i, edge := range edges {
		cursor, node := parts(edge)
		rows[i] = row{cursor: cursor, kind: kindOf(node), node: node.Common()}
	}
	return rows
}

// kindOf gives the schema's name of an entry's type.
func kindOf(node logbook.LogEntry) string {
	switch node.(type) {
	case *logbook.ActivityEntry:
		return "ActivityEntry"
	case *logbook.AuthEntry:
		return "AuthEntry"
	case *logbook.KeyEntry:
		return "KeyLogEntry"
	case *logbook.SystemEntry:
		return "SystemEntry"
	case *logbook.WorkEntry:
		return "WorkEntry"
	}
	return ""
}

// rowsText is a field's value as it stands in the answer.
type rowsText []byte

// MarshalGQL implements graphql.Marshaler.
func (text rowsText) MarshalGQL(w io.Writer) { _, _ = w.Write(text) }

// bytesPerField is about what a field with its name takes.
const bytesPerField = 40

// rowWriter writes the rows of one page. It lives no longer.
type rowWriter struct {
	ctx       context.Context
	resolver  *Resolver
	operation *graphql.OperationContext
}

// write gives false when gqlgen must do it.
func (w *rowWriter) write(field graphql.CollectedField, rows []row) (text rowsText, ok bool) {
	edge, ok := compile(w.operation, field.Selections, field.Definition.Type.Name(), nil, w.edgeColumn)
	if !ok {
		return nil, false
	}
	text = append(make(rowsText, 0, 2+len(rows)*bytesPerField*(1+countFields(field.Selections))), '[')
	for i, one := range rows {
		if i > 0 {
			text = append(text, ',')
		}
		if text, ok = edge.append(text, one); !ok {
			return nil, false
		}
	}
	return append(text, ']'), true
}

// countFields counts the fields that are asked for, without those in named fragments.
func countFields(set ast.SelectionSet) (n int) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			n += 1 + countFields(s.SelectionSet)
		case *ast.InlineFragment:
			n += countFields(s.SelectionSet)
		}
	}
	return n
}

// column appends the value of a field; false when there is none although there must be.
type column[T any] func(dst []byte, of T) ([]byte, bool)

// columns are the fields of an object in the order in which they are asked for.
type columns[T any] []struct {
	name  []byte // as it stands before the value
	value column[T]
}

func (all columns[T]) append(dst []byte, of T) ([]byte, bool) {
	dst = append(dst, '{')
	for i := range all {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, all[i].name...)
		var ok bool
		if dst, ok = all[i].value(dst, of); !ok {
			return nil, false
		}
	}
	return append(dst, '}'), true
}

// compile makes columns of a selection on an object; false when a field is no plain one, or comes later (@defer). also
// names the interface that the type implements.
func compile[T any](operation *graphql.OperationContext, set ast.SelectionSet, kind string, also []string,
	columnOf func(graphql.CollectedField) column[T],
) (all columns[T], ok bool) {
	fields := graphql.CollectFields(operation, set, append([]string{kind}, also...))
	all = make(columns[T], 0, len(fields))
	names := make(map[string]bool, len(fields))
	for _, field := range fields {
		if field.IsDeferred() || names[field.Alias] {
			return nil, false
		}
		names[field.Alias] = true
		value := columnOf(field)
		if field.Name == "__typename" {
			value = func(dst []byte, _ T) ([]byte, bool) { return appendText(dst, kind), true }
		}
		if value == nil {
			return nil, false
		}
		all = append(all, struct {
			name  []byte
			value column[T]
		}{append(appendText(nil, field.Alias), ':'), value})
	}
	return all, true
}
