package gormaudit

import (
	"regexp"
	"slices"

	"github.com/keytrail/keytrail/audit"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// state is what a statement's objects were before it.
type state struct {
	action string
	before *rows
}

// begin remembers what was before a statement.
func (p *Plugin) begin(db *gorm.DB, action string, before *rows, err error) {
	if err != nil {
		_ = db.AddError(err)
		return
	}
	if before != nil && len(before.order) > p.o.MaxRows && p.strict {
		_ = db.AddError(ErrTooMany)
		return
	}
	db.InstanceSet(stateKey, &state{action: action, before: before})
}

// beforeCreate reads what an insert may find there already.
func (p *Plugin) beforeCreate(db *gorm.DB) {
	if !p.watched(db) {
		return
	}
	var before *rows
	var err error
	if _, upsert := db.Statement.Clauses["ON CONFLICT"]; upsert && db.Statement.Schema != nil {
		before, err = p.again(db, keysOf(db.Statement.Context, db.Statement.Schema, db.Statement.ReflectValue))
	}
	p.begin(db, audit.Created, before, err)
}

func (p *Plugin) beforeUpdate(db *gorm.DB) {
	if !p.watched(db) {
		return
	}
	if db.Statement.Schema == nil {
		p.begin(db, audit.Updated, nil, nil)
		return
	}
	before, err := p.find(db, p.byKeys(db)...)
	p.begin(db, audit.Updated, before, err)
}

func (p *Plugin) beforeDelete(db *gorm.DB) {
	if !p.watched(db) {
		return
	}
	action := audit.Deleted
	if db.Statement.Schema == nil {
		p.begin(db, action, nil, nil)
		return
	}
	if len(db.Statement.Schema.DeleteClauses) > 0 && !db.Statement.Unscoped {
		action = audit.SoftDeleted
	}
	before, err := p.find(db, p.byKeys(db)...)
	p.begin(db, action, before, err)
}

// byKeys are the conditions that GORM makes of the keys of the objects it is given.
func (p *Plugin) byKeys(db *gorm.DB) []clause.Expression {
	s := db.Statement.Schema
	keys := keysOf(db.Statement.Context, s, db.Statement.ReflectValue)
	if len(keys) == 0 {
		return nil
	}
	column, values := schema.ToQueryValues(clause.CurrentTable, s.PrimaryFieldDBNames, keys)
	return []clause.Expression{clause.IN{Column: column, Values: values}}
}

// after records what a statement did.
func (p *Plugin) after(db *gorm.DB) {
	found, ok := db.InstanceGet(stateKey)
	if !ok || db.Error != nil || !p.watched(db) {
		return
	}
	s := found.(*state)
	if db.Statement.Schema == nil {
		p.record(db, audit.Event{Action: s.action, EntityType: db.Statement.Table, Metadata: map[string]any{"rows": db.RowsAffected}})
		return
	}
	if s.before == nil {
		s.before = &rows{}
	}
	now, err := p.now(db, s)
	if err != nil {
		_ = db.AddError(err)
		return
	}
	if join, ok := joinOf(db.Statement.Schema); ok {
		p.links(db, join, s.before, now)
		return
	}
	p.changes(db, s, now)
}

// now reads what a statement's objects are after it.
func (p *Plugin) now(db *gorm.DB, s *state) (*rows, error) {
	if s.action == audit.Created {
		return p.again(db, keysOf(db.Statement.Context, db.Statement.Schema, db.Statement.ReflectValue))
	}
	keys := make([][]any, 0, len(s.before.order))
	for _, id := range s.before.order {
		keys = append(keys, s.before.byID[id].keys)
	}
	return p.again(db, keys)
}

// changes records an event for each object.
func (p *Plugin) changes(db *gorm.DB, s *state, now *rows) {
	ids := slices.Clone(s.before.order)
	for _, id := range now.order {
		if _, known := s.before.byID[id]; !known {
			ids = append(ids, id)
		}
	}
	bulk := ""
	if len(ids) > 1 {
		bulk = audit.NewID()
	}
	for i, id := range ids {
		if i == p.o.MaxRows {
			p.record(db, audit.Event{
				Action: s.action, EntityType: db.Statement.Schema.Name, BulkID: bulk,
				Metadata: map[string]any{"rows": db.RowsAffected, "recorded": p.o.MaxRows, "notRecorded": "more objects than MaxRows"},
			})
			return
		}
		p.change(db, s.action, bulk, id, s.before, now)
	}
}

func (p *Plugin) change(db *gorm.DB, action, bulk, id string, before, now *rows) {
	was, had := before.byID[id]
	is, has := now.byID[id]
	switch {
	case !had && !has:
		return
	case !had:
		action = audit.Created
	case !has:
		action = audit.Deleted
	case action == audit.Created || action == audit.Deleted: // it was there already, or still is
		action = audit.Updated
	}
	e := audit.Event{Action: action, EntityType: db.Statement.Schema.Name, Entity: id, EntityLabel: is.label, BulkID: bulk}
	if !has {
		e.EntityLabel = was.label
	}
	e.Differ(audit.Diff(was.fields, is.fields, p.o.Masks))
	if action == audit.Updated && isRestored(db, was, is) {
		e.Action = audit.Restored
	}
	if len(e.Changes) > 0 {
		p.record(db, e)
	}
}

// isRestored reports whether an object was marked as deleted and no longer is.
func isRestored(db *gorm.DB, was, is row) bool {
	for _, f := range db.Statement.Schema.Fields {
		if _, marks := f.TagSettings["SOFTDELETE"]; marks || f.FieldType.String() == "gorm.DeletedAt" {
			_, wasZero := f.ValueOf(db.Statement.Context, was.value)
			_, isZero := f.ValueOf(db.Statement.Context, is.value)
			return !wasZero && isZero
		}
	}
	return false
}

// read records the objects that were read of the tables that are watched for it.
func (p *Plugin) read(db *gorm.DB) {
	s := db.Statement.Schema
	if len(p.o.Reads) == 0 || !p.watched(db) || s == nil || !slices.Contains(p.o.Reads, s.Table) && !slices.Contains(p.o.Reads, "*") {
		return
	}
	keys := keysOf(db.Statement.Context, s, db.Statement.ReflectValue)
	bulk := ""
	if len(keys) > 1 {
		bulk = audit.NewID()
	}
	for i, key := range keys {
		if i == p.o.MaxRows {
			p.record(db, audit.Event{Action: audit.Viewed, EntityType: s.Name, BulkID: bulk, Metadata: map[string]any{"rows": len(keys), "recorded": i}})
			return
		}
		p.record(db, audit.Event{Action: audit.Viewed, EntityType: s.Name, Entity: idOf(key), BulkID: bulk})
	}
}

var changesData = regexp.MustCompile(`(?i)^\s*(insert|update|delete|replace|truncate|with)\b`)

// raw records that data were changed by a statement that was given as SQL, without its values.
func (p *Plugin) raw(db *gorm.DB) {
	query := db.Statement.SQL.String()
	if !p.watched(db) || !changesData.MatchString(query) {
		return
	}
	p.record(db, audit.Event{Action: "raw_sql", Metadata: map[string]any{"sql": p.o.Masks.Text(query), "rows": db.RowsAffected}})
}
