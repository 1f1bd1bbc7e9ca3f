package gormaudit

import (
	"reflect"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// assignedKey gives what an update assigned to parts of the primary key.
func assignedKey(db *gorm.DB) map[*schema.Field]any {
	s := db.Statement.Schema
	chosen, restricted := db.Statement.SelectAndOmitColumns(false, true)
	assigned := map[*schema.Field]any{}
	assign := func(f *schema.Field, value any) {
		if in, told := chosen[f.DBName]; f.PrimaryKey && (told && in || !told && !restricted) {
			assigned[f] = value
		}
	}
	dest := reflect.ValueOf(db.Statement.Dest)
	for dest.Kind() == reflect.Pointer {
		dest = dest.Elem()
	}
	switch {
	case dest.Kind() == reflect.Map:
		values, _ := dest.Interface().(map[string]any)
		for name, value := range values {
			if f := s.LookUpField(name); f != nil {
				assign(f, value)
			}
		}
	case dest.Kind() == reflect.Struct && db.Statement.Dest != db.Statement.Model:
		given := &gorm.Statement{DB: db}
		if given.Parse(db.Statement.Dest) != nil {
			break
		}
		for _, f := range s.PrimaryFields {
			its := given.Schema.LookUpField(f.DBName)
			if its == nil {
				continue
			}
			if value, zero := its.ValueOf(db.Statement.Context, dest); !zero || chosen[f.DBName] {
				assign(f, value)
			}
		}
	}
	return assigned
}

// move finds out where an update moved its objects that changed their keys: to keys that are known, or computed by the
// database.
func (s *state) move(db *gorm.DB) {
	assigned := assignedKey(db)
	if len(assigned) == 0 {
		return
	}
	s.moved = map[string][]any{}
	for _, id := range s.before.order {
		key, ok := movedTo(db, s.before.byID[id].keys, assigned)
		if !ok {
			s.computed = true
			return
		}
		s.moved[id] = key
	}
}

// movedTo gives a key after its parts were assigned, as it is read from the database.
func movedTo(db *gorm.DB, key []any, assigned map[*schema.Field]any) ([]any, bool) {
	object := reflect.New(db.Statement.Schema.ModelType).Elem()
	moved := make([]any, len(key))
	for i, f := range db.Statement.Schema.PrimaryFields {
		value, given := assigned[f]
		if !given {
			moved[i] = key[i]
			continue
		}
		switch value.(type) {
		case clause.Expression, *gorm.DB, gorm.Valuer:
			return nil, false
		}
		if f.Set(db.Statement.Context, object, value) != nil {
			return nil, false
		}
		moved[i], _ = f.ValueOf(db.Statement.Context, object)
	}
	return moved, true
}
