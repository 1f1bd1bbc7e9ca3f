package audit

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

const (
	maxDepth   = 28 // what is nested more deeply is not sent either
	maxChanges = 500
	maxParts   = 10_000
	// cyclic stands for a pointer to something that holds it.
	cyclic = "[cyclic]"
)

// Fields are an entity's values at one moment, each with the rule that holds for it. The zero value has none.
type Fields struct{ tree map[string]any } // of maps, lists and leaves

// leaf is a value that is compared as a whole, as JSON.
type leaf struct {
	value  any
	rule   Rule
	unread bool // what stood there was not read: nobody knows whether it is the same
}

// Set adds a value under a name. Values are taken as encoding/json writes them, structs field by field with their own
// tags. Of one value the first 10,000 parts (fields, members, elements) are read, 28 deep: TooLarge stands where the rest
// begins, and counts as changed. A pointer to something that holds it ends in "[cyclic]".
func (f *Fields) Set(name string, value any, rule Rule, masks *Masks) {
	if rule == Omit {
		return
	}
	if f.tree == nil {
		f.tree = map[string]any{}
	}
	f.tree[name] = newReader(masks).node(reflect.ValueOf(value), rule, 0)
}

// FieldsOf reads an entity, a struct or a pointer to one, by its `audit` tags. It is bounded as a value is in Fields.Set.
func FieldsOf(entity any, masks *Masks) (Fields, error) {
	v := reflect.ValueOf(entity)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Struct:
		return Fields{tree: newReader(masks).structNode(v, Sealed, 0)}, nil
	case v.Kind() == reflect.Map && namesMembers(v.Type().Key()):
		tree, _ := newReader(masks).node(v, Sealed, 0).(map[string]any)
		return Fields{tree: tree}, nil
	}
	return Fields{}, fmt.Errorf("%w: %T is neither a struct nor a map with names", ErrInvalid, entity)
}

// reader reads one value. It ends whatever the value refers to, and however large it is.
type reader struct {
	masks *Masks
	parts int // how many were read
	path  map[place]bool
}

// place is where a pointer leads. The first field of a struct has the same address, and another type.
type place struct {
	kind reflect.Type
	at   uintptr
}

func newReader(masks *Masks) *reader { return &reader{masks: masks, path: map[place]bool{}} }

func (r *reader) full() bool { return r.parts >= maxParts }

func (r *reader) node(v reflect.Value, rule Rule, depth int) any {
	if r.full() {
		return leaf{value: TooLarge, rule: rule, unread: true}
	}
	r.parts++
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return leaf{rule: rule}
		}
		if marshals(v) {
			break
		}
		if v.Kind() == reflect.Pointer {
			here := place{v.Type(), v.Pointer()}
			if r.path[here] {
				return leaf{value: cyclic, rule: rule}
			}
			r.path[here] = true
			defer delete(r.path, here)
		}
		v = v.Elem()
	}
	if !v.IsValid() {
		return leaf{rule: rule}
	}
	switch {
	case rule == Mask || marshals(v):
	case depth >= maxDepth && isTree(v): // as JSON it would show what tags hide
		return leaf{value: TooLarge, rule: rule, unread: true}
	case v.Kind() == reflect.Struct:
		return r.structNode(v, rule, depth)
	case v.Kind() == reflect.Map && namesMembers(v.Type().Key()):
		return r.mapNode(v, rule, depth)
	case isList(v):
		return r.listNode(v, rule, depth)
	}
	return leaf{value: asJSON(v), rule: rule}
}

func isList(v reflect.Value) bool {
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8 || v.Kind() == reflect.Array
}

// isTree reports whether a value has values in it that are read one by one.
func isTree(v reflect.Value) bool {
	return v.Kind() == reflect.Struct || v.Kind() == reflect.Map || isList(v) && v.Len() > 0
}

func (r *reader) listNode(v reflect.Value, rule Rule, depth int) []any {
	list := make([]any, 0, min(v.Len(), maxParts))
	for i := range v.Len() {
		full := r.full()
		list = append(list, r.node(v.Index(i), rule, depth+1))
		if full {
			break
		}
	}
	return list
}

// structNode reads a struct's fields. Those of an embedded struct stand beside the others, which win where both have one of
// a name, as encoding/json has it.
func (r *reader) structNode(v reflect.Value, rule Rule, depth int) map[string]any {
	fields, promoted := map[string]any{}, map[string]any{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		tag := TagOf(f, r.masks)
		if !f.IsExported() && !f.Anonymous || tag.Rule == Omit {
			continue
		}
		if embeds(f) && !marshals(v.Field(i)) {
			for name, one := range r.embedded(v.Field(i), inherit(rule, tag.Rule), depth+1) {
				promoted[name] = one
			}
			continue
		}
		if f.IsExported() {
			fields[NameOf(f)] = r.node(v.Field(i), inherit(rule, tag.Rule), depth+1)
		}
	}
	for name, one := range promoted {
		if _, own := fields[name]; !own {
			fields[name] = one
		}
	}
	return fields
}

// embedded reads the fields of an embedded struct, or of the one that an embedded pointer leads to: none when it is nil, or
// leads to a struct that is being read.
func (r *reader) embedded(v reflect.Value, rule Rule, depth int) map[string]any {
	if v.Kind() == reflect.Pointer {
		here := place{v.Type(), v.Pointer()}
		if v.IsNil() || r.path[here] || depth > maxDepth {
			return nil
		}
		r.path[here] = true
		defer delete(r.path, here)
		v = v.Elem()
	}
	return r.structNode(v, rule, depth)
}

// embeds reports whether a field is a struct, or a pointer to one, whose fields encoding/json writes as if they were the
// outer struct's.
func embeds(f reflect.StructField) bool {
	its := f.Type
	if its.Kind() == reflect.Pointer {
		its = its.Elem()
	}
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return f.Anonymous && its.Kind() == reflect.Struct && name == ""
}

// mapNode reads members in the order of their names, so that the same ones are left out before and after a change.
func (r *reader) mapNode(v reflect.Value, rule Rule, depth int) map[string]any {
	fields := map[string]any{}
	keys := make(map[string]reflect.Value, v.Len())
	for _, key := range v.MapKeys() {
		keys[nameOfMember(key)] = key
	}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		its, full := rule, r.full()
		if r.masks.Hides(name) {
			its = Mask
		}
		fields[name] = r.node(v.MapIndex(keys[name]), its, depth+1)
		if full {
			break
		}
	}
	return fields
}

// namesMembers reports whether encoding/json makes names of a map's keys.
func namesMembers(key reflect.Type) bool {
	switch key.Kind() {
	case reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return true
	}
	return key.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// nameOfMember writes a map's key as encoding/json does.
func nameOfMember(key reflect.Value) string {
	if key.Kind() == reflect.String {
		return key.String()
	}
	if key.CanInterface() {
		if one, ok := key.Interface().(encoding.TextMarshaler); ok {
			if key.Kind() == reflect.Pointer && key.IsNil() {
				return ""
			}
			text, err := marshalText(one)
			if err != nil {
				return fmt.Sprintf("[%s that cannot be written]", key.Type())
			}
			return string(text)
		}
	}
	return fmt.Sprint(key)
}

// inherit gives the rule of a field within something that has one: its own, unless it has none.
func inherit(outer, own Rule) Rule {
	if own == Sealed {
		return outer
	}
	return own
}

// marshals reports whether a value says itself how it is written.
func marshals(v reflect.Value) bool {
	if !v.CanInterface() {
		return false
	}
	switch v.Interface().(type) {
	case json.Marshaler, encoding.TextMarshaler:
		return true
	}
	return false
}

// asJSON gives a value as JSON would give it back.
func asJSON(v reflect.Value) any {
	if !v.CanInterface() {
		return nil
	}
	text, err := marshal(v.Interface())
	if err != nil {
		return fmt.Sprintf("[%s that cannot be written]", v.Type())
	}
	value, _ := decodeJSON(text)
	return value
}
