package mysql

import "strings"

// Where gathers conditions that must all hold, and their values in the same order. The zero Where has none.
type Where struct {
	conditions []string
	args       []any
}

// And adds a condition with its values. A slice stands for IN (?) and is expanded by In.
func (w *Where) And(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.args = append(w.args, args...)
}

// SQL gives " WHERE a AND b", or nothing without conditions.
func (w *Where) SQL() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// Args gives the values, followed by more.
func (w *Where) Args(more ...any) []any {
	return append(append(make([]any, 0, len(w.args)+len(more)), w.args...), more...)
}

// Clone gives a copy that can grow by itself.
func (w *Where) Clone() *Where {
	return &Where{conditions: append([]string(nil), w.conditions...), args: append([]any(nil), w.args...)}
}
