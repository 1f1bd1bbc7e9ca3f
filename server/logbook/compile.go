package logbook

import (
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// maxBranches is how many keys get a branch of their own. Of more keys, so many entries are asked for that
// going through the stream finds a page soon.
const maxBranches = 32

// conditions is the filter in SQL, over i (entry_index), for streams that are seen equally far: along b, it lets through
// exactly what takesIn in span.go and matches in filter.go do.
func (q *query) conditions(g spanGroup, b branch) *mysql.Where {
	where := &mysql.Where{}
	g.ofStreams(where)
	if b.settles != reachesOwn {
		inScope(where, g.scope, q.actor)
	}
	if !q.Person.IsZero() && b.settles != isOfPerson {
		where.And("(i.person IN (?) OR i.actor IN (?))", q.persons, q.persons)
	}
	if !q.Actor.IsZero() && b.settles != isByActor {
		where.And("i.actor IN (?)", q.actors)
	}
	if !q.Department.IsZero() {
		where.And("i.department = ?", q.Department)
	}
	for _, f := range []struct{ condition, value string }{
		{"i.source = ?", q.Source},
		{"i.action = ?", q.Action},
		{"i.module = ?", q.Module},
	} {
		if f.value != "" {
			where.And(f.condition, f.value)
		}
	}
	if b.settles != isOfEntity {
		q.whereEntity(where)
	}
	if q.keys != nil {
		where.And("i.entity_type = ? AND i.entity_id IN (?)", custody.EntityKey, q.keyIDs())
	}
	if q.Outcome != "" {
		where.And("i.outcome = ?", q.Outcome.Code())
	}
	if q.ip.IsValid() {
		q.originShown(where)
	}
	if q.Review != "" {
		q.reviewed(where)
	}
	if q.concerning {
		where.And("i.person IS NOT NULL")
	}
	return where
}

// branch is one index to go along, and what must hold besides the query's conditions.
type branch struct {
	index     string
	condition string
	args      []any
	settles   settled
}

// settled is a condition of the query that holds for each entry of a branch, so that it need not be looked at: without
// it, the index alone may do.
type settled int

const (
	isOfPerson settled = iota + 1 // by the person asked for, or about him
	isByActor                     // by whom was asked for
	reachesOwn                    // by the actor or about him, which every scope takes in
	isOfEntity                    // about the entity asked for, or of a bulk change that touched it
)

// byIP is the branch along the primary key of entry_ip, a, byWord that along the primary key of entry_word, w0, to the
// entries with the rarest word, and byObject that along the primary key of entry_object, o; all others go along an index
// of entry_index.
const (
	byIP     = "a"
	byWord   = "w0"
	byObject = "o"
)

// side is the table beside entry_index that a branch goes along, of which its index is the alias, and the key there; ""
// for a branch along entry_index itself.
func (b branch) side() (table, key string) {
	switch b.index {
	case byIP:
		return "entry_ip", "PRIMARY"
	case byWord:
		return "entry_word", "PRIMARY"
	case byObject:
		return "entry_object", "PRIMARY"
	case byReview:
		return "entry_review", "review_time"
	}
	return "", ""
}

// from gives the tables of a branch in the order in which they are read, and their arguments. Where another index
// leads to fewer entries than the address, each is looked up in entry_ip; so are words in entry_word.
func (q *query) from(b branch) (tables string, args []any) {
	if side, key := b.side(); side != "" {
		tables = side + " " + b.index + " FORCE INDEX (" + key + ") STRAIGHT_JOIN entry_index i FORCE INDEX (PRIMARY) ON i.seq = " + b.index + ".seq"
	} else {
		tables = "entry_index i FORCE INDEX (" + b.index + ")"
	}
	if q.ip.IsValid() && b.index != byIP {
		tables, args = tables+lookedUp("entry_ip", "a", "ip"), append(args, q.index)
	}
	for n, word := range q.words {
		if alias := "w" + strconv.Itoa(n); alias != b.index {
			tables, args = tables+lookedUp("entry_word", alias, "word"), append(args, []byte(word))
		}
	}
	return tables, args
}

// lookedUp joins a table whose primary key is a column, the time and the place of an entry.
func lookedUp(table, alias, column string) string {
	return " STRAIGHT_JOIN " + table + " " + alias + " FORCE INDEX (PRIMARY)" +
		" ON " + alias + "." + column + " = ? AND " + alias + ".occurred_at = i.occurred_at AND " + alias + ".seq = i.seq"
}

// along is the alias of the table whose index gives the branch's order.
func (b branch) along() string {
	if side, _ := b.side(); side != "" {
		return b.index
	}
	return "i"
}

// branches chooses the indexes that lead to the fewest entries. A condition that two columns may fulfil, or
// several keys, becomes several branches: each is read in the order of its index and only as far as the page
// goes, which no single index could do.
func (q *query) branches(g spanGroup) []branch {
	switch {
	case q.Review == Flagged:
		return []branch{{index: byReview, condition: "r.state = ?", args: []any{ledger.StateFlagged}}}
	case q.rare:
		return q.alongWord()
	case q.sparse != nil:
		return q.sparse.branches(g)
	case q.Entity != "" && (q.EntityType != "" || q.types != nil):
		return q.ofEntity()
	case q.keys != nil && len(q.keys) <= maxBranches:
		all := make([]branch, 0, len(q.keys))
		for _, key := range q.keyIDs() {
			all = append(all, alongEntity(custody.EntityKey, key))
		}
		return all
	case q.ip.IsValid():
		return []branch{{index: byIP, condition: "a.ip = ?", args: []any{q.index}}}
	case !q.Actor.IsZero():
		return g.ofActors(q.actors)
	case !q.Person.IsZero():
		return g.ofPersons(isOfPerson, q.persons)
	case g.scope == access.Own:
		return g.ofPersons(reachesOwn, q.actor.Persons())
	case q.Action != "" && (q.source(g.scope) == "" || !strings.HasPrefix(q.Action, activity.AuthPrefix)):
		return []branch{{index: "action_time", condition: "i.action = ?", args: []any{q.Action}}}
	case q.source(g.scope) != "":
		return g.along("source_time", "i.source = ? AND i.stream = ?", q.source(g.scope))
	case q.Module != "":
		return g.along("module_time", "i.module = ? AND i.stream = ?", q.Module)
	case !q.Department.IsZero():
		return g.along("department_time", "i.department = ? AND i.stream = ?", q.Department)
	case g.scope == access.Department:
		return append(g.along("department_time", "i.department = ? AND i.stream = ?", q.actor.Department), g.ofPersons(reachesOwn, q.actor.Persons())...)
	case len(q.words) > 0:
		return q.alongWord()
	case q.Outcome != "" && q.Outcome != ledger.Success:
		return g.along("outcome_time", "i.outcome = ? AND i.stream = ?", q.Outcome.Code())
	}
	return g.along("stream_time", "i.stream = ?")
}

// source is the program whose entries alone can be found, "" where there is no such. What all programs call alike, as
// the sign-ins that they report, leads to more entries than the program does; any other action to fewer.
func (q *query) source(scope access.Scope) string {
	if scope == access.OwnSource {
		return q.actor.Source
	}
	return q.Source
}

// ofPersons gives the branches to what somebody did and what concerns him, under each of his ids.
func (g spanGroup) ofPersons(settles settled, persons []id.ID) []branch {
	return g.named(settles, persons, "actor", "person")
}

// ofActors gives the branches to what somebody did, under each of his ids.
func (g spanGroup) ofActors(actors []id.ID) []branch { return g.named(isByActor, actors, "actor") }

// named gives the branches to what names one of some persons in one of some columns, each of which has an index.
func (g spanGroup) named(settles settled, persons []id.ID, columns ...string) []branch {
	var branches []branch
	for _, one := range persons {
		for _, column := range columns {
			branches = append(branches, g.along(column+"_time", "i."+column+" = ? AND i.stream = ?", one)...)
		}
	}
	for i := range branches {
		branches[i].settles = settles
	}
	return branches
}

// empty reports whether no entry can match.
func (q *query) empty() bool {
	return len(q.spans) == 0 || q.keys != nil && len(q.keys) == 0 || q.types != nil && len(q.types)+len(q.touchedTypes) == 0
}

// compile gives the statement for a page of places (seq, occurred_at), one more than the window takes.
func (q *query) compile(w page.Window, at *place) (string, []any, error) {
	direction := "DESC"
	if w.Backward {
		direction = "ASC"
	}
	var parts []string
	var args []any
	for _, g := range q.groups() {
		for _, b := range q.branches(g) {
			one := q.conditions(g, b)
			one.And(b.condition, b.args...)
			q.bound(one, b.along(), w, at)
			tables, joined := q.from(b)
			parts = append(parts, "SELECT "+b.along()+".seq, "+b.along()+".occurred_at FROM "+tables+one.SQL()+
				" ORDER BY "+b.along()+".occurred_at "+direction+", "+b.along()+".seq "+direction+" LIMIT ?")
			args = append(append(args, joined...), one.Args(w.Limit+1)...)
		}
	}
	text := parts[0]
	if len(parts) > 1 {
		text = "(" + strings.Join(parts, ") UNION (") + ") ORDER BY occurred_at " + direction + ", seq " + direction + " LIMIT ?"
		args = append(args, w.Limit+1)
	}
	return mysql.In(text, args...)
}

// bound adds the bounds of time and of the page on the table whose index gives the order.
func (q *query) bound(where *mysql.Where, table string, w page.Window, at *place) {
	when := table + ".occurred_at "
	if q.From != nil {
		where.And(when+">= ?", q.From.UTC())
	}
	if q.To != nil {
		where.And(when+"< ?", q.To.UTC())
	}
	if at == nil {
		return
	}
	comparison := "<"
	if w.Backward {
		comparison = ">"
	}
	// Written out, since a comparison of rows would not use the index.
	where.And(when+comparison+"= ? AND ("+when+comparison+" ? OR "+table+".seq "+comparison+" ?)", at.OccurredAt, at.OccurredAt, at.Seq)
}
