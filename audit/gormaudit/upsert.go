package gormaudit

import (
	"reflect"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// isUpsert reports whether an insert may find its objects there already: ON CONFLICT, or a modifier such as IGNORE.
func isUpsert(db *gorm.DB) bool {
	_, conflict := db.Statement.Clauses["ON CONFLICT"]
	insert, ok := db.Statement.Clauses["INSERT"].Expression.(clause.Insert)
	return conflict || ok && insert.Modifier != ""
}

// conflicting gives the keys of the rows that have a unique value in common with the objects of an upsert. It does not
// lock: locking what is not there yet would lock the gap around it, and two upserts of new objects would wait for each
// other. What others committed after the transaction began to read may therefore be missing.
func (p *Plugin) conflicting(db *gorm.DB) ([][]any, error) {
	s := db.Statement.Schema
	objects := objectsOf(db.Statement.ReflectValue)
	var keys [][]any
	for _, fields := range p.uniques(db) {
		values := uniqueValues(db, fields, objects)
		for from := 0; from < len(values); from += chunk {
			column, some := schema.ToQueryValues(clause.CurrentTable, namesOf(fields), values[from:min(from+chunk, len(values))])
			list := reflect.New(reflect.SliceOf(s.ModelType))
			tx := inner(db).Unscoped().Select(s.PrimaryFieldDBNames).Where(clause.IN{Column: column, Values: some})
			if err := tx.Find(list.Interface()).Error; err != nil {
				return nil, err
			}
			keys = append(keys, keysOf(db.Statement.Context, s, list)...)
		}
	}
	return keys, nil
}

// uniques are the fields of which two rows cannot have the same values: the primary key, those of unique indexes, and
// those that the statement itself names.
func (p *Plugin) uniques(db *gorm.DB) [][]*schema.Field {
	s := db.Statement.Schema
	all := append([][]*schema.Field{s.PrimaryFields}, p.indexed(s)...)
	conflict, _ := db.Statement.Clauses["ON CONFLICT"].Expression.(clause.OnConflict)
	var named []*schema.Field
	for _, column := range conflict.Columns {
		f := s.LookUpField(column.Name)
		if f == nil {
			return all
		}
		named = append(named, f)
	}
	for _, known := range all {
		if sameFields(known, named) {
			return all
		}
	}
	if len(named) > 0 {
		all = append(all, named)
	}
	return all
}

func sameFields(a, b []*schema.Field) bool {
	in := map[*schema.Field]bool{}
	for _, f := range a {
		in[f] = true
	}
	for _, f := range b {
		if !in[f] {
			return false
		}
	}
	return len(a) == len(b)
}

// indexed are the fields of a schema's unique indexes, without those of expressions. GORM's parsing writes into the
// schema, so each schema is parsed once.
func (p *Plugin) indexed(s *schema.Schema) [][]*schema.Field {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, ok := p.indexes[s]; ok {
		return known
	}
	var all [][]*schema.Field
	for _, f := range s.Fields {
		if f.Unique && f.DBName != "" {
			all = append(all, []*schema.Field{f})
		}
	}
	for _, index := range s.ParseIndexes() {
		var fields []*schema.Field
		for _, one := range index.Fields {
			if index.Class == "UNIQUE" && one.Expression == "" && one.DBName != "" {
				fields = append(fields, one.Field)
			}
		}
		if len(fields) > 0 && len(fields) == len(index.Fields) {
			all = append(all, fields)
		}
	}
	p.indexes[s] = all
	return all
}

func namesOf(fields []*schema.Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.DBName
	}
	return names
}

// uniqueValues gives the values of fields in each object that has all of them.
func uniqueValues(db *gorm.DB, fields []*schema.Field, objects []reflect.Value) [][]any {
	var all [][]any
	for _, object := range objects {
		values := make([]any, 0, len(fields))
		for _, f := range fields {
			if value, ok := valueIn(db, f, object); ok {
				values = append(values, value)
			}
		}
		if len(values) == len(fields) {
			all = append(all, values)
		}
	}
	return all
}

// valueIn gives the value of a field that an object is inserted with; none when it is NULL or the database makes it.
func valueIn(db *gorm.DB, f *schema.Field, object reflect.Value) (any, bool) {
	if object.Kind() == reflect.Map {
		values, _ := object.Interface().(map[string]any)
		for _, name := range []string{f.DBName, f.Name} {
			if value := values[name]; value != nil {
				return value, true
			}
		}
		return nil, false
	}
	if object.Type() != db.Statement.Schema.ModelType {
		return nil, false
	}
	value, zero := f.ValueOf(db.Statement.Context, object)
	return value, !zero || f.FieldType.Kind() != reflect.Pointer && !f.HasDefaultValue
}
