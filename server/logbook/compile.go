package logbook

import (
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// maxBranches is how many keys get a branch of their own. Of more keys, so many entries are asked for that
// going through the stream finds a page soon.
const maxBranches = 32

// conditions is the filter in SQL, over i (entry_index): it lets through exactly what matches in filter.go does.
func (q *query) conditions() *mysql.Where {
	where := &mysql.Where{}
	where.And("i.stream = ?", q.stream.Code())
	inScope(where, q.scope, q.actor)
	if q.From != nil {
		where.And("i.occurred_at >= ?", q.From.UTC())
	}
	if q.To != nil {
		where.And("i.occurred_at < ?", q.To.UTC())
	}
	if !q.Person.IsZero() {
		where.And("(i.person = ? OR i.actor = ?)", q.Person, q.Person)
	}
	if !q.Department.IsZero() {
		where.And("i.department = ?", q.Department)
	}
	for _, f := range []struct{ condition, value string }{
		{"i.source = ?", q.Source},
		{"i.entity_type = ?", q.EntityType},
		{"i.entity_id = ?", q.Entity},
		{"i.action = ?", q.Action},
		{"i.module = ?", q.Module},
	} {
		if f.value != "" {
			where.And(f.condition, f.value)
		}
	}
	if q.keys != nil {
		where.And("i.entity_type = ? AND i.entity_id IN (?)", custody.EntityKey, q.keyIDs())
	}
	if q.Outcome != "" {
		where.And("i.outcome = ?", q.Outcome.Code())
	}
	return where
}

// branch is one index to go along, and what must hold besides the query's conditions.
type branch struct {
	index     string
	condition string
	args      []any
}

// branches chooses the indexes that lead to the fewest entries. A condition that two columns may fulfil, or
// several keys, becomes several branches: each is read in the order of its index and only as far as the page
// goes, which no single index could do.
func (q *query) branches() []branch {
	switch {
	case q.EntityType != "" && q.Entity != "":
		return []branch{{"entity_time", "i.entity_type = ? AND i.entity_id = ?", []any{q.EntityType, q.Entity}}}
	case q.keys != nil && len(q.keys) <= maxBranches:
		all := make([]branch, 0, len(q.keys))
		for _, key := range q.keyIDs() {
			all = append(all, branch{"entity_time", "i.entity_type = ? AND i.entity_id = ?", []any{custody.EntityKey, key}})
		}
		return all
	case !q.Person.IsZero():
		return []branch{{"actor_time", "i.actor = ?", []any{q.Person}}, {"person_time", "i.person = ?", []any{q.Person}}}
	case q.scope == access.Own:
		return []branch{{"actor_time", "i.actor = ?", []any{q.actor.Person}}, {"person_time", "i.person = ?", []any{q.actor.Person}}}
	case q.Action != "":
		return []branch{{"action_time", "i.action = ?", []any{q.Action}}}
	}
	return []branch{{"stream_time", "i.stream = ?", []any{q.stream.Code()}}}
}

// empty reports whether no entry can match.
func (q *query) empty() bool { return q.keys != nil && len(q.keys) == 0 }

// compile gives the statement for a page of places (seq, occurred_at), one more than the window takes.
func (q *query) compile(w page.Window, at *place) (string, []any, error) {
	direction, comparison := "DESC", "<"
	if w.Backward {
		direction, comparison = "ASC", ">"
	}
	where := q.conditions()
	if at != nil {
		// Written out, since a comparison of rows would not use the index.
		where.And("i.occurred_at "+comparison+"= ? AND (i.occurred_at "+comparison+" ? OR i.seq "+comparison+" ?)",
			at.OccurredAt, at.OccurredAt, at.Seq)
	}
	sorted := " ORDER BY occurred_at " + direction + ", seq " + direction + " LIMIT ?"
	var parts []string
	var args []any
	for _, b := range q.branches() {
		one := where.Clone()
		one.And(b.condition, b.args...)
		parts = append(parts, "SELECT i.seq, i.occurred_at FROM entry_index i FORCE INDEX ("+b.index+")"+one.SQL()+
			" ORDER BY i.occurred_at "+direction+", i.seq "+direction+" LIMIT ?")
		args = append(args, one.Args(w.Limit+1)...)
	}
	text := parts[0]
	if len(parts) > 1 {
		text = "(" + strings.Join(parts, ") UNION (") + ")" + sorted
		args = append(args, w.Limit+1)
	}
	return mysql.In(text, args...)
}
