package activity

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Change is a field that differs. Path is its JSON pointer (RFC 6901).
type Change struct {
	Path   string `json:"path"`
	Before any    `json:"before"`
	After  any    `json:"after"`
	// Added says that there was no such field before, Removed that there is none any more; null is a value.
	Added   bool `json:"added,omitempty"`
	Removed bool `json:"removed,omitempty"`
}

// Diff gives the fields in which two JSON values differ, in the order of their paths within each object and list, also
// inside nested ones. A field that is new or gone is one change, with all that is in it; elements of a list are told
// apart by their places. Applied in order, the changes make after of before.
func Diff(before, after any) []*Change {
	return appendDiff(nil, "", before, after)
}

func appendDiff(changes []*Change, path string, before, after any) []*Change {
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
	if sameValue(before, after) {
		return changes
	}
	return append(changes, &Change{Path: path, Before: before, After: after})
}

func appendFields(changes []*Change, path string, before, after map[string]any) []*Change {
	names := make([]string, 0, len(before)+len(after))
	for name := range before {
		names = append(names, name)
	}
	for name := range after {
		if _, both := before[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		at := path + "/" + escapePointer(name)
		was, had := before[name]
		now, has := after[name]
		switch {
		case !had:
			changes = append(changes, &Change{Path: at, After: now, Added: true})
		case !has:
			changes = append(changes, &Change{Path: at, Before: was, Removed: true})
		default:
			changes = appendDiff(changes, at, was, now)
		}
	}
	return changes
}

// appendElements tells of what is gone from the end backwards, so that each path still holds when it is applied.
func appendElements(changes []*Change, path string, before, after []any) []*Change {
	common := min(len(before), len(after))
	for i := range common {
		changes = appendDiff(changes, path+"/"+strconv.Itoa(i), before[i], after[i])
	}
	for i := len(before) - 1; i >= common; i-- {
		changes = append(changes, &Change{Path: path + "/" + strconv.Itoa(i), Before: before[i], Removed: true})
	}
	for i := common; i < len(after); i++ {
		changes = append(changes, &Change{Path: path + "/" + strconv.Itoa(i), After: after[i], Added: true})
	}
	return changes
}

// escapePointer writes a name as a step of a JSON pointer.
func escapePointer(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// stepsOf gives the names that a JSON pointer leads along.
func stepsOf(path string) []string {
	steps := strings.Split(path, "/")[1:]
	for i, step := range steps {
		steps[i] = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
	}
	return steps
}

// sameValue compares JSON values; numbers by what they mean, however they are written.
func sameValue(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for name, v := range x {
			if w, has := y[name]; !has || !sameValue(v, w) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, sameValue)
	}
	if x, ok := numberOf(a); ok {
		y, ok := numberOf(b)
		return ok && sameNumber(x, y)
	}
	if _, ok := numberOf(b); ok {
		return false
	}
	return a == b
}

// sameNumber compares numbers as they are kept: exactly where both are integers, otherwise as doubles.
func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, errX := a.Int64()
	y, errY := b.Int64()
	if errX == nil && errY == nil {
		return x == y
	}
	f, errF := a.Float64()
	g, errG := b.Float64()
	return errF == nil && errG == nil && f == g
}

// numberOf gives a number in whichever Go type JSON may be read into.
func numberOf(v any) (json.Number, bool) {
	switch n := v.(type) {
	case json.Number:
		return n, true
	case int:
		return json.Number(strconv.Itoa(n)), true
	case int64:
		return json.Number(strconv.FormatInt(n, 10)), true
	case float64:
		return json.Number(strconv.FormatFloat(n, 'g', -1, 64)), true
	}
	return "", false
}
