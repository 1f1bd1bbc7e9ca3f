package custody

import (
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/legible"
)

// fields are what a key is described by. All of it is plain: a key's place is not personal.
type fields struct {
	number, label, category, building, floor, room, cabinet, hook string
}

func fieldsOf(k *Key) fields {
	return fields{k.Number, k.Label, k.Category, k.Building, k.Floor, k.Room, k.Cabinet, k.Hook}
}

// named gives each field under its GraphQL name, in the order of the schema.
func (f *fields) named() []namedField {
	return []namedField{
		{"number", &f.number, MaxNumber},
		{"label", &f.label, MaxLabel},
		{"category", &f.category, MaxPlace},
		{"building", &f.building, MaxPlace},
		{"floor", &f.floor, MaxPlace},
		{"room", &f.room, MaxPlace},
		{"cabinet", &f.cabinet, MaxPlace},
		{"hook", &f.hook, MaxPlace},
	}
}

type namedField struct {
	name    string
	value   *string
	longest int
}

// checked gives the fields trimmed, once they are known to fit.
func (f fields) checked() (fields, error) {
	f.number = composed(f.number)
	for _, one := range f.named() {
		value, err := text(one.name, *one.value, one.longest)
		if err != nil {
			return f, err
		}
		*one.value = value
	}
	if f.number == "" {
		return f, fault.Field("number", "number is missing: give 1 to %d characters", MaxNumber)
	}
	if legible.HasUnseen(f.number) {
		return f, fault.Field("number", "number holds a character that nobody sees: write it anew")
	}
	return f, nil
}

// details gives the fields that are not empty, for the entry of a new key.
func (f fields) details() map[string]any {
	details := map[string]any{}
	for _, one := range f.named() {
		if *one.value != "" {
			details[one.name] = *one.value
		}
	}
	return details
}

// changesTo lists what differs as details.changes has it: path, before and after.
func (f fields) changesTo(next fields) []any {
	var changes []any
	before, after := f.named(), next.named()
	for i := range before {
		if *before[i].value != *after[i].value {
			changes = append(changes, change(before[i].name, *before[i].value, *after[i].value))
		}
	}
	return changes
}

func change(path, before, after string) map[string]any {
	return map[string]any{"path": path, "before": before, "after": after}
}

// writeTo puts the fields into a key.
func (f fields) writeTo(k *Key) {
	k.Number, k.Label, k.Category, k.Building = f.number, f.label, f.category, f.building
	k.Floor, k.Room, k.Cabinet, k.Hook = f.floor, f.room, f.cabinet, f.hook
}
