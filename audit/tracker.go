package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
)

// Recorder takes events. Client is the one that delivers them to keytrail. An error means that the operation which
// the event is about must fail: recorders that are not strict return nil whatever happens to the event.
type Recorder interface {
	Record(ctx context.Context, e Event) error
}

// RecorderFunc is a function that takes events, for tests and for passing events on to several recorders.
type RecorderFunc func(ctx context.Context, e Event) error

// Record calls the function.
func (f RecorderFunc) Record(ctx context.Context, e Event) error { return f(ctx, e) }

// Entity is implemented by entities that tell themselves what they are. Others are named after their type, by the field
// tagged `audit:"id"` (or named ID) and labelled by the field tagged `audit:"label"`. Of a field whose values are masked
// or omitted the id is a hash (Rule.ID), and there is no label.
type Entity interface {
	AuditEntity() (entityType, id, label string)
}

// Tracker records what happens to entities, as differences between structs. Create, Update and the like return what
// the Recorder returns: pass it on as the operation's error.
type Tracker struct {
	Recorder Recorder
	// Module goes into each event, unless the context's scope names one.
	Module string
	// Masks are the names of fields that are secret without a tag; nil means NewMasks().
	Masks *Masks
}

func (t *Tracker) masks() *Masks {
	if t.Masks == nil {
		return &Masks{}
	}
	return t.Masks
}

// Create records a new entity with all its fields.
func (t *Tracker) Create(ctx context.Context, entity any) error {
	return t.record(ctx, Created, "", nil, entity)
}

// Update records what differs between an entity before and after; nothing when nothing does.
func (t *Tracker) Update(ctx context.Context, before, after any) error {
	return t.record(ctx, Updated, "", before, after)
}

// Delete records an entity that is gone, with the fields that it had.
func (t *Tracker) Delete(ctx context.Context, entity any) error {
	return t.record(ctx, Deleted, "", entity, nil)
}

// SoftDelete records an entity that is marked as gone.
func (t *Tracker) SoftDelete(ctx context.Context, before, after any) error {
	return t.record(ctx, SoftDeleted, "", before, after)
}

// Read records that an entity was shown to the actor; its values are not recorded.
func (t *Tracker) Read(ctx context.Context, entity any) error {
	e := Event{Action: Viewed, Module: t.Module}
	if err := e.Describe(entity, t.masks()); err != nil {
		return err
	}
	return t.Recorder.Record(ctx, e)
}

// Pair is an entity before and after a change; nil where there was or is none.
type Pair struct{ Before, After any }

// Bulk records a change of many entities: an event for each of them, all with the same BulkID. It stops at the first
// that makes the operation fail.
func (t *Tracker) Bulk(ctx context.Context, action string, pairs []Pair) error {
	bulk := NewID()
	for _, pair := range pairs {
		if err := t.record(ctx, action, bulk, pair.Before, pair.After); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tracker) record(ctx context.Context, action, bulk string, before, after any) error {
	e := Event{Action: action, BulkID: bulk, Module: t.Module}
	named := after
	if absent(after) {
		named = before
	}
	if err := e.Describe(named, t.masks()); err != nil {
		return err
	}
	var fields [2]Fields
	for i, entity := range []any{before, after} {
		var err error
		if absent(entity) {
			continue
		}
		if fields[i], err = FieldsOf(entity, t.masks()); err != nil {
			return err
		}
	}
	e.Differ(Diff(fields[0], fields[1], t.masks()))
	if action == Updated && len(e.Changes) == 0 {
		return nil
	}
	return t.Recorder.Record(ctx, e)
}

func absent(entity any) bool {
	v := reflect.ValueOf(entity)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// Differ gives an event its changes.
func (e *Event) Differ(d Differences) {
	e.Changes, e.Plain, e.personal = d.Changes, d.Plain, d.Personal
	if d.More > 0 {
		e.Metadata = map[string]any{"changesLeftOut": d.More}
	}
}

// Describe gives an event the entity's type, id and label.
func (e *Event) Describe(entity any, masks *Masks) error {
	if one, ok := entity.(Entity); ok {
		e.EntityType, e.Entity, e.EntityLabel = one.AuditEntity()
		return nil
	}
	v := reflect.ValueOf(entity)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return fmt.Errorf("%w: %T does not say what it is: use a struct, or implement AuditEntity", ErrInvalid, entity)
	}
	e.EntityType = v.Type().Name()
	e.describeFields(v, masks, 0)
	return nil
}

// describeFields takes id and label from the fields of a struct, and then of those that it embeds, like Fields.
func (e *Event) describeFields(v reflect.Value, masks *Masks, depth int) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if its := v.Field(i); f.Anonymous && depth < maxDepth {
			if its.Kind() == reflect.Pointer {
				its = its.Elem()
			}
			if its.Kind() == reflect.Struct {
				e.describeFields(its, masks, depth+1)
				continue
			}
		}
		if !f.IsExported() {
			continue
		}
		tag := TagOf(f, masks)
		if tag.ID || e.Entity == "" && strings.EqualFold(f.Name, "id") {
			e.Entity = tag.Rule.ID(TextOf(v.Field(i).Interface()))
		}
		if tag.Label && !tag.Rule.hides() {
			e.EntityLabel = TextOf(v.Field(i).Interface())
		}
	}
}

func (r Rule) hides() bool { return r == Mask || r == Omit }

// ID gives an entity's id as it may be recorded. One that is masked or omitted becomes a hash of itself (SHA-256, its first
// 32 hexadecimal digits behind "sha256:"): it finds all events of the entity, and tells a secret only to those who can
// guess it.
func (r Rule) ID(id string) string {
	if !r.hides() || id == "" {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "sha256:" + hex.EncodeToString(sum[:16])
}

// TextOf writes an id or a label as a text.
func TextOf(v any) string {
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() {
		if _, ok := rv.Interface().(fmt.Stringer); ok {
			break
		}
		rv = rv.Elem()
	}
	if !rv.IsValid() || rv.Kind() == reflect.Pointer && rv.IsNil() {
		return ""
	}
	return fmt.Sprint(rv.Interface())
}
