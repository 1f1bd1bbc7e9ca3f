package audit

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
)

const (
	maxDepth   = 16
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
// tags. Of one value the first 10,000 parts (fields, members, elements) are read: TooLarge stands where the rest begins,
// and counts as changed. A pointer to something that holds it ends in "[cyclic]".
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
	case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
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
	case depth >= maxDepth || rule == Mask || marshals(v):
	case v.Kind() == reflect.Struct:
		return r.structNode(v, rule, depth)
	case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
		return r.mapNode(v, rule, depth)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8 || v.Kind() == reflect.Array:
		return r.listNode(v, rule, depth)
	}
	return leaf{value: asJSON(v), rule: rule}
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

func (r *reader) structNode(v reflect.Value, rule Rule, depth int) map[string]any {
	fields := map[string]any{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		tag := TagOf(f, r.masks)
		if !f.IsExported() && !f.Anonymous || tag.Rule == Omit {
			continue
		}
		if embedded := v.Field(i); f.Anonymous && f.Tag.Get("json") == "" && embedded.Kind() == reflect.Struct && !marshals(embedded) {
			for name, one := range r.structNode(embedded, inherit(rule, tag.Rule), depth+1) {
				fields[name] = one
			}
			continue
		}
		if f.IsExported() {
			fields[NameOf(f)] = r.node(v.Field(i), inherit(rule, tag.Rule), depth+1)
		}
	}
	return fields
}

// mapNode reads members in the order of their names, so that the same ones are left out before and after a change.
func (r *reader) mapNode(v reflect.Value, rule Rule, depth int) map[string]any {
	fields := map[string]any{}
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	for _, key := range keys {
		its, full := rule, r.full()
		if r.masks.Hides(key.String()) {
			its = Mask
		}
		fields[key.String()] = r.node(v.MapIndex(key), its, depth+1)
		if full {
			break
		}
	}
	return fields
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
	text, err := json.Marshal(v.Interface())
	if err != nil {
		return fmt.Sprintf("[%s that cannot be written]", v.Type())
	}
	value, _ := decodeJSON(text)
	return value
}
