package gormaudit

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"strings"

	"github.com/keytrail/keytrail/audit"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// chunk is how many rows are looked up by key at once.
const chunk = 500

// rows are objects of one table by their ids, in order.
type rows struct {
	order []string
	byID  map[string]row
}

// row is an object at one moment.
type row struct {
	keys   []any // values of the primary key's fields
	label  string
	fields audit.Fields
	value  reflect.Value
}

func (r *rows) add(id string, one row) {
	if r.byID == nil {
		r.byID = map[string]row{}
	}
	if _, known := r.byID[id]; !known {
		r.order = append(r.order, id)
	}
	r.byID[id] = one
}

// inner gives a session in the statement's transaction that the plugin does not record.
func inner(db *gorm.DB) *gorm.DB {
	s := db.Statement.Schema
	tx := db.Session(&gorm.Session{NewDB: true, SkipHooks: true}).Set(innerKey, true).Model(reflect.New(s.ModelType).Interface())
	if db.Statement.Table != "" {
		tx.Statement.Table, tx.Statement.TableExpr = db.Statement.Table, db.Statement.TableExpr
	}
	return tx
}

// find reads and locks the objects that a statement is about, by its own conditions. Without any it reads nothing: GORM
// refuses such a statement unless the application allows it.
func (p *Plugin) find(db *gorm.DB, conditions ...clause.Expression) (*rows, error) {
	if _, where := db.Statement.Clauses["WHERE"]; !where && len(conditions) == 0 && !db.AllowGlobalUpdate {
		return &rows{}, nil
	}
	tx := inner(db)
	if db.Statement.Unscoped {
		tx = tx.Unscoped()
	}
	for _, name := range []string{"WHERE", "ORDER BY", "LIMIT"} {
		if c, ok := db.Statement.Clauses[name]; ok {
			tx.Statement.Clauses[name] = c
		}
	}
	if len(conditions) > 0 {
		tx = tx.Where(clause.And(conditions...))
	}
	if _, limited := tx.Statement.Clauses["LIMIT"]; !limited {
		tx = tx.Limit(p.o.MaxRows + 1)
	}
	return p.load(tx, db.Statement.Schema)
}

// again reads objects by their keys, also those that are marked as deleted.
func (p *Plugin) again(db *gorm.DB, keys [][]any) (*rows, error) {
	all := &rows{}
	s := db.Statement.Schema
	for from := 0; from < len(keys); from += chunk {
		column, values := schema.ToQueryValues(clause.CurrentTable, s.PrimaryFieldDBNames, keys[from:min(from+chunk, len(keys))])
		found, err := p.load(inner(db).Unscoped().Where(clause.IN{Column: column, Values: values}), s)
		if err != nil {
			return nil, err
		}
		for _, id := range found.order {
			all.add(id, found.byID[id])
		}
	}
	return all, nil
}

// load reads rows and locks them where they are in a transaction.
func (p *Plugin) load(tx *gorm.DB, s *schema.Schema) (*rows, error) {
	if _, ok := transactionOf(tx.Statement.ConnPool); ok {
		tx = tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
	}
	list := reflect.New(reflect.SliceOf(s.ModelType))
	if err := tx.Find(list.Interface()).Error; err != nil {
		return nil, fmt.Errorf("reading what is to be recorded: %w", err)
	}
	found := &rows{}
	for i := range list.Elem().Len() {
		one := p.rowOf(tx.Statement.Context, s, list.Elem().Index(i))
		found.add(p.idOf(s, one.keys), one)
	}
	return found, nil
}

// given reads an object as the application gave it. It reads a copy, since reading may fill embedded pointers.
func (p *Plugin) given(ctx context.Context, s *schema.Schema, object reflect.Value) row {
	value := reflect.New(s.ModelType).Elem()
	value.Set(object)
	return p.rowOf(ctx, s, value)
}

// rowOf reads an object's fields by their tags.
func (p *Plugin) rowOf(ctx context.Context, s *schema.Schema, value reflect.Value) row {
	one := row{value: value}
	for _, f := range s.PrimaryFields {
		key, _ := f.ValueOf(ctx, value)
		one.keys = append(one.keys, key)
	}
	used := map[string]bool{}
	for _, f := range s.Fields {
		if f.DBName == "" || !f.Readable {
			continue
		}
		v, _ := f.ValueOf(ctx, value)
		if f.Serializer != nil { // GORM gives what writes the value, and not the value
			v = f.ReflectValueOf(ctx, value).Interface()
		}
		tag := audit.TagOf(f.StructField, p.o.Masks)
		if tag.Label && tag.Rule != audit.Mask && tag.Rule != audit.Omit {
			one.label = audit.TextOf(v)
		}
		name := audit.NameOf(f.StructField)
		if used[name] {
			name = f.DBName
		}
		used[name] = true
		one.fields.Set(name, v, tag.Rule, p.o.Masks)
	}
	return one
}

// idOf writes a primary key as a text.
func (p *Plugin) idOf(s *schema.Schema, keys []any) string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = p.keyText(s.PrimaryFields[i], key)
	}
	return strings.Join(texts, ",")
}

// keyText writes a part of a key as a text, hashed where its values are not recorded.
func (p *Plugin) keyText(f *schema.Field, key any) string {
	if valuer, ok := key.(driver.Valuer); ok && f.Serializer != nil {
		if value, err := valuer.Value(); err == nil {
			key = fmt.Sprintf("%s", value)
		}
	}
	return audit.TagOf(f.StructField, p.o.Masks).Rule.ID(audit.TextOf(key))
}

// keysOf gives the primary keys that stand in the objects of a statement.
func keysOf(ctx context.Context, s *schema.Schema, v reflect.Value) [][]any {
	var all [][]any
	for _, one := range objectsOf(v) {
		if keys := keyOf(ctx, s, one); keys != nil {
			all = append(all, keys)
		}
	}
	return all
}

// objectsOf gives the objects of a statement: structs and maps.
func objectsOf(v reflect.Value) []reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		var all []reflect.Value
		for i := range v.Len() {
			all = append(all, objectsOf(v.Index(i))...)
		}
		return all
	case reflect.Struct, reflect.Map:
		return []reflect.Value{v}
	}
	return nil
}

// keyOf gives the primary key of an object, nil when it has none yet: when all of its parts are zero, as GORM sees it.
func keyOf(ctx context.Context, s *schema.Schema, v reflect.Value) []any {
	switch {
	case v.Kind() == reflect.Map:
		return keyOfMap(s, v)
	case v.Type() != s.ModelType:
		return nil
	}
	keys, missing := make([]any, len(s.PrimaryFields)), true
	for i, f := range s.PrimaryFields {
		value, zero := f.ValueOf(ctx, v)
		keys[i], missing = value, missing && zero
	}
	if missing {
		return nil
	}
	return keys
}

// keyOfMap gives the primary key of an object that is given as a map; GORM puts a generated one under "@id".
func keyOfMap(s *schema.Schema, v reflect.Value) []any {
	values, ok := v.Interface().(map[string]any)
	if !ok || len(s.PrimaryFields) == 0 {
		return nil
	}
	var keys []any
	for _, f := range s.PrimaryFields {
		for _, name := range []string{f.DBName, f.Name, "@" + f.DBName} {
			if value, ok := values[name]; ok && value != nil {
				keys = append(keys, value)
				break
			}
		}
	}
	if len(keys) != len(s.PrimaryFields) {
		return nil
	}
	return keys
}
