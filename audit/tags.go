package audit

import (
	"reflect"
	"strings"
)

// Rule is what a field's `audit` tag says of its values.
type Rule int

// The rules.
const (
	// Sealed (no tag): values are recorded, and keytrail seals them.
	Sealed Rule = iota
	// Plain (`audit:"plain"`): values hold nothing personal; keytrail stores them in plain and searches them.
	Plain
	// Personal (`audit:"personal"`): as Sealed, and local log files leave them out.
	Personal
	// Mask (`audit:"mask"`): that the field changed is recorded, its values never.
	Mask
	// Omit (`audit:"-"`): nothing is recorded.
	Omit
)

// Tag is a field's `audit` tag: a rule, and whether the field identifies or names the entity, such as
// `audit:"id"` or `audit:"plain,label"`. A label is stored in plain.
type Tag struct {
	Rule      Rule
	ID, Label bool
}

// TagOf reads the tag of a field. A field without a rule is masked when its name is one that Masks hides, and omitted
// when encoding/json leaves it out.
func TagOf(f reflect.StructField, masks *Masks) Tag {
	text, tagged := f.Tag.Lookup("audit")
	tag, ruled := Tag{}, false
	for _, word := range strings.Split(text, ",") {
		rule, isRule := map[string]Rule{"plain": Plain, "personal": Personal, "mask": Mask, "-": Omit}[strings.TrimSpace(word)]
		if isRule {
			tag.Rule, ruled = rule, true
		}
		tag.ID = tag.ID || word == "id"
		tag.Label = tag.Label || word == "label"
	}
	switch {
	case ruled:
	case masks.Hides(f.Name) || masks.Hides(NameOf(f)):
		tag.Rule = Mask
	case f.Tag.Get("json") == "-" && !tagged:
		tag.Rule = Omit
	}
	return tag
}

// NameOf is the name by which a field is recorded: encoding/json's, or the field's own.
func NameOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" || name == "-" {
		return f.Name
	}
	return name
}
