package gormaudit

import (
	"reflect"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/audit"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// state is what a statement's objects were before it.
type state struct {
	action string
	before *rows
	upsert bool // an insert that may find its objects there already
	unread bool // what was before could not be read

	moved    map[string][]any // the keys that an update gave to the objects with these ids
	computed bool             // it gave them keys that the database computes
}

// starts reports whether a change is to be recorded. A strict plugin refuses what could not be undone; another passes over
// what may be undone without its knowing.
func (p *Plugin) starts(db *gorm.DB) bool {
	if !p.watched(db) {
		return false
	}
	p.adopt(db)
	_, seen := transactionOf(db.Statement.ConnPool)
	switch {
	case seen:
		return true
	case p.strict:
		_ = db.AddError(ErrNoTransaction)
		return false
	case unseen(db.Statement.ConnPool):
		p.o.Logger.Error("a change is not recorded: its transaction did not begin with a DB that the plugin watches", "table", db.Statement.Table)
		return false
	}
	return true
}

// begin remembers what was before a statement.
func (p *Plugin) begin(db *gorm.DB, action string, before *rows, err error) {
	if err != nil && !p.passesOver(err) {
		_ = db.AddError(err)
		return
	}
	if err != nil {
		p.o.Logger.Error("a change is recorded without values: they could not be read", "table", db.Statement.Table, "error", err)
		db.InstanceSet(stateKey, &state{action: action, unread: true})
		return
	}
	if before != nil && len(before.order) > p.o.MaxRows && p.strict {
		_ = db.AddError(ErrTooMany)
		return
	}
	db.InstanceSet(stateKey, &state{action: action, before: before, upsert: action == audit.Created && isUpsert(db)})
}

// beforeCreate reads what an insert may find there already.
func (p *Plugin) beforeCreate(db *gorm.DB) {
	if !p.starts(db) {
		return
	}
	if p.strict && len(objectsOf(db.Statement.ReflectValue)) > p.o.MaxRows {
		_ = db.AddError(ErrTooMany)
		return
	}
	var before *rows
	var err error
	if isUpsert(db) && hasKey(db) {
		var keys [][]any
		if keys, err = p.conflicting(db); err == nil {
			before, err = p.again(db, keys)
		}
	}
	p.begin(db, audit.Created, before, err)
}

func (p *Plugin) beforeUpdate(db *gorm.DB) {
	if !p.starts(db) {
		return
	}
	if !hasKey(db) {
		p.begin(db, audit.Updated, nil, nil)
		return
	}
	before, err := p.find(db, updatedKeys(db)...)
	p.begin(db, audit.Updated, before, err)
}

func (p *Plugin) beforeDelete(db *gorm.DB) {
	if !p.starts(db) {
		return
	}
	action := audit.Deleted
	if s := db.Statement.Schema; s != nil && len(s.DeleteClauses) > 0 && !db.Statement.Unscoped {
		action = audit.SoftDeleted
	}
	if !hasKey(db) {
		p.begin(db, action, nil, nil)
		return
	}
	before, err := p.find(db, deletedKeys(db)...)
	p.begin(db, action, before, err)
}

// hasKey reports whether a statement's objects can be told apart.
func hasKey(db *gorm.DB) bool {
	return db.Statement.Schema != nil && len(db.Statement.Schema.PrimaryFields) > 0
}

// updatedKeys are the conditions that GORM's update makes of the keys of the objects it is given: of one object the parts
// that are not zero, of several the keys that are not all zero, unless the last one is.
func updatedKeys(db *gorm.DB) []clause.Expression {
	s, v := db.Statement.Schema, db.Statement.ReflectValue
	objects := objectsOf(v)
	if v.Kind() != reflect.Struct {
		if len(objects) == 0 || keyOf(db.Statement.Context, s, objects[len(objects)-1]) == nil {
			return nil
		}
		return keyedBy(db, v)
	}
	var conditions []clause.Expression
	for _, f := range s.PrimaryFields {
		if value, zero := f.ValueOf(db.Statement.Context, v); !zero {
			conditions = append(conditions, clause.Eq{Column: clause.Column{Table: clause.CurrentTable, Name: f.DBName}, Value: value})
		}
	}
	return conditions
}

// deletedKeys are the conditions that GORM's delete makes of the keys of the objects it is given, and of the model's.
func deletedKeys(db *gorm.DB) []clause.Expression {
	conditions := keyedBy(db, db.Statement.ReflectValue)
	if db.Statement.ReflectValue.CanAddr() && db.Statement.Model != nil && db.Statement.Dest != db.Statement.Model {
		conditions = append(conditions, keyedBy(db, reflect.ValueOf(db.Statement.Model))...)
	}
	return conditions
}

func keyedBy(db *gorm.DB, v reflect.Value) []clause.Expression {
	s := db.Statement.Schema
	keys := keysOf(db.Statement.Context, s, v)
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
	if db.Statement.Schema == nil || !hasKey(db) && s.action != audit.Created {
		p.count(db, s.action, "")
		return
	}
	if s.unread {
		p.count(db, s.action, unreadable)
		return
	}
	if s.before == nil {
		s.before = &rows{}
	}
	now, err := p.now(db, s)
	switch {
	case err != nil && !p.passesOver(err):
		p.refuse(db, err)
		return
	case err != nil:
		p.o.Logger.Error("a change is recorded without values: they could not be read", "table", db.Statement.Table, "error", err)
		p.count(db, s.action, unreadable)
		return
	}
	if join, ok := joinOf(db.Statement.Schema); ok {
		p.links(db, join, s.before, now)
		return
	}
	p.changes(db, s, now)
}

// passesOver reports whether the application's change goes on although what it changes could not be read: for what has to do
// with reading alone. Any other error, such as a deadlock, may have ended the transaction, and what came behind it would be done
// outside of it.
func (p *Plugin) passesOver(err error) bool {
	text := err.Error()
	return !p.strict && (strings.Contains(text, "sql: Scan error") || strings.Contains(text, "SELECT command denied"))
}

// unreadable is why values are not recorded.
const unreadable = "values that could not be read"

// count records how many rows a statement touched that cannot be told apart, or of which something else keeps the values.
func (p *Plugin) count(db *gorm.DB, action, why string) {
	kind := db.Statement.Table
	if db.Statement.Schema != nil {
		kind = db.Statement.Schema.Name
	}
	told := map[string]any{"rows": db.RowsAffected}
	if why != "" {
		told["notRecorded"] = why
	}
	p.record(db, audit.Event{Action: action, EntityType: kind, Metadata: told})
}

// now reads what a statement's objects are after it.
func (p *Plugin) now(db *gorm.DB, s *state) (*rows, error) {
	var keys [][]any
	if s.action == audit.Created {
		keys = keysOf(db.Statement.Context, db.Statement.Schema, db.Statement.ReflectValue)
	}
	if s.upsert && hasKey(db) {
		found, err := p.conflicting(db)
		if err != nil {
			return nil, err
		}
		keys = append(keys, found...)
	}
	if s.action == audit.Updated {
		s.move(db)
	}
	for _, id := range s.before.order {
		key, moved := s.moved[id]
		if !moved {
			key = s.before.byID[id].keys
		}
		keys = append(keys, key)
	}
	if s.computed {
		return &rows{}, nil
	}
	return p.again(db, keys)
}

// changes records an event for each object, and for what was inserted under keys that nobody knows, from what was given.
func (p *Plugin) changes(db *gorm.DB, s *state, now *rows) {
	ids := slices.Clone(s.before.order)
	for _, id := range now.order {
		if _, known := s.before.byID[id]; !known && len(s.moved) == 0 {
			ids = append(ids, id)
		}
	}
	unknown := s.unknown(db)
	if p.strict && len(ids)+len(unknown) > p.o.MaxRows {
		p.refuse(db, ErrTooMany)
		return
	}
	bulk := ""
	if len(ids)+len(unknown) > 1 {
		bulk = audit.NewID()
	}
	recorded := 0
	for ; recorded < min(len(ids), p.o.MaxRows); recorded++ {
		p.change(db, s, bulk, ids[recorded], now)
	}
	for ; recorded < min(len(ids)+len(unknown), p.o.MaxRows); recorded++ {
		object := p.given(db.Statement.Context, db.Statement.Schema, unknown[recorded-len(ids)])
		e := audit.Event{Action: audit.Created, EntityType: db.Statement.Schema.Name, EntityLabel: object.label, BulkID: bulk}
		e.Differ(audit.Diff(audit.Fields{}, object.fields, p.o.Masks))
		p.record(db, e)
	}
	why := ""
	switch {
	case len(ids)+len(unknown) > p.o.MaxRows:
		why = "more objects than MaxRows"
	case s.missed(db, recorded, len(now.order)):
		why = "objects whose keys are not known"
	default:
		return
	}
	p.record(db, audit.Event{
		Action: s.action, EntityType: db.Statement.Schema.Name, BulkID: bulk,
		Metadata: map[string]any{"rows": db.RowsAffected, "recorded": recorded, "notRecorded": why},
	})
}

// unknown are the objects that were inserted under keys that nobody knows.
func (s *state) unknown(db *gorm.DB) []reflect.Value {
	if s.action != audit.Created || s.upsert {
		return nil
	}
	var unknown []reflect.Value
	for _, object := range objectsOf(db.Statement.ReflectValue) {
		if object.Type() == db.Statement.Schema.ModelType && keyOf(db.Statement.Context, db.Statement.Schema, object) == nil {
			unknown = append(unknown, object)
		}
	}
	return unknown
}

// missed reports whether rows were inserted that are neither among the recorded ones nor, for an upsert, were found.
func (s *state) missed(db *gorm.DB, recorded, found int) bool {
	switch {
	case s.action != audit.Created:
		return false
	case s.upsert: // counts rows that it updated once, twice or not at all
		return db.RowsAffected > 0 && found < len(objectsOf(db.Statement.ReflectValue))
	}
	return db.RowsAffected > int64(recorded)
}

func (p *Plugin) change(db *gorm.DB, s *state, bulk, id string, now *rows) {
	action, newID := s.action, id
	if key, ok := s.moved[id]; ok {
		newID = p.idOf(db.Statement.Schema, key)
	}
	was, had := s.before.byID[id]
	is, has := now.byID[newID]
	switch {
	case !had && !has:
		return
	case s.computed:
		p.record(db, audit.Event{
			Action: action, EntityType: db.Statement.Schema.Name, Entity: id, EntityLabel: was.label, BulkID: bulk,
			Metadata: map[string]any{"keyChanged": "to what the database computes: values are not recorded"},
		})
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
	if newID != id {
		e.Objects = []audit.Object{{Type: e.EntityType, ID: newID}}
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

// read records the objects that were read of the tables that are watched for it. They were shown whatever becomes of the
// transaction, so nothing waits for its commit.
func (p *Plugin) read(db *gorm.DB) {
	s := db.Statement.Schema
	if len(p.o.Reads) == 0 || !p.watched(db) || s == nil || !slices.Contains(p.o.Reads, s.Table) && !slices.Contains(p.o.Reads, "*") {
		return
	}
	if !hasKey(db) {
		if db.RowsAffected > 0 {
			p.seen(db, audit.Event{EntityType: s.Name, Metadata: map[string]any{"rows": db.RowsAffected}})
		}
		return
	}
	keys := keysOf(db.Statement.Context, s, db.Statement.ReflectValue)
	bulk := ""
	if len(keys) > 1 {
		bulk = audit.NewID()
	}
	for i, key := range keys {
		if i == p.o.MaxRows {
			p.seen(db, audit.Event{EntityType: s.Name, BulkID: bulk, Metadata: map[string]any{"rows": len(keys), "recorded": i}})
			return
		}
		p.seen(db, audit.Event{EntityType: s.Name, Entity: p.idOf(s, key), BulkID: bulk})
	}
}

func (p *Plugin) seen(db *gorm.DB, e audit.Event) {
	e.Action, e.Module = audit.Viewed, p.o.Module
	e.Fill(db.Statement.Context)
	if err := p.recorder.Record(db.Statement.Context, e); err != nil {
		p.refuse(db, err)
	}
}
