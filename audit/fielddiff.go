package audit

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// fieldChanges gives the changes between Before and After, of which a list can be cut, as keytrail would find them; false
// where they are not objects, of which keytrail says what is wrong with them.
func (e *Event) fieldChanges() ([]Change, bool) {
	before, ok := fieldsIn(e.Before)
	after, alsoOK := fieldsIn(e.After)
	if !ok || !alsoOK || e.Before == nil && e.After == nil {
		return nil, false
	}
	return appendFields(nil, "", before, after), true
}

// differTooMuch replaces Before and After by their changes where keytrail would refuse the event for these: for more than it
// takes, or for paths that are too long.
func (e *Event) differTooMuch() {
	changes, ok := e.fieldChanges()
	if ok && (len(changes) > maxChanges || slices.ContainsFunc(changes, func(c Change) bool { return utf8.RuneCountInString(c.Path) > maxPath })) {
		e.Before, e.After, e.Changes = nil, nil, changes
	}
}

func fieldsIn(v any) (map[string]any, bool) {
	text, err := marshal(v)
	if err != nil {
		return nil, false
	}
	value, ok := decodeJSON(text)
	fields, isObject := value.(map[string]any)
	return fields, ok && (isObject || value == nil)
}

func appendDiff(changes []Change, path string, before, after any) []Change {
	switch was := before.(type) {
	case map[string]any:
		if now, ok := after.(map[string]any); ok {
			return appendFields(changes, path, was, now)
		}
	case []any:
		if now, ok := after.([]any); ok {
			return appendElements(changes, path, was, now)
		}
	}
	if same(before, after) {
		return changes
	}
	return append(changes, Change{Path: path, Before: before, After: after})
}

func appendFields(changes []Change, path string, before, after map[string]any) []Change {
	for _, name := range namesOf(before, after) {
		at := path + "/" + escape(name)
		was, had := before[name]
		now, has := after[name]
		switch {
		case !had:
			changes = append(changes, Change{Path: at, After: now, Added: true})
		case !has:
			changes = append(changes, Change{Path: at, Before: was, Removed: true})
		default:
			changes = appendDiff(changes, at, was, now)
		}
	}
	return changes
}

func appendElements(changes []Change, path string, before, after []any) []Change {
	common := min(len(before), len(after))
	for i := range common {
		changes = appendDiff(changes, path+"/"+strconv.Itoa(i), before[i], after[i])
	}
	for i := len(before) - 1; i >= common; i-- {
		changes = append(changes, Change{Path: path + "/" + strconv.Itoa(i), Before: before[i], Removed: true})
	}
	for i := common; i < len(after); i++ {
		changes = append(changes, Change{Path: path + "/" + strconv.Itoa(i), After: after[i], Added: true})
	}
	return changes
}
