package audit

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Diff gives what differs between an entity's fields before and after, in the order of their paths, also inside nested
// values; elements of lists are told apart by their places. Missing fields count as added or removed: a zero before
// makes everything added, a zero after everything removed. Masked values are compared but not given.
func Diff(before, after Fields, masks *Masks) Differences {
	d := Differences{masks: masks}
	d.maps("", before.tree, after.tree)
	return d
}

// Differences are changes, and what the tags say of them.
type Differences struct {
	Changes []Change
	// Plain are the paths of fields tagged plain, Personal of those tagged personal.
	Plain, Personal []string
	// More counts changes beyond 500, which are not given.
	More  int
	masks *Masks
}

func (d *Differences) maps(path string, before, after map[string]any) {
	secret := d.masks.hidesValue(before) || d.masks.hidesValue(after)
	for _, name := range namesOf(before, after) {
		was, had := before[name]
		now, has := after[name]
		if secret && isValue(name) {
			was, now = hidden(was), hidden(now)
		}
		d.nodes(path+"/"+escape(name), was, now, had, has)
	}
}

// namesOf gives the names of both, each once, in their order.
func namesOf(before, after map[string]any) []string {
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
	return names
}

func (d *Differences) nodes(path string, was, now any, had, has bool) {
	wasMap, isMap := was.(map[string]any)
	nowMap, stillMap := now.(map[string]any)
	wasList, isList := was.([]any)
	nowList, stillList := now.([]any)
	switch {
	case had != has && len(wasMap)+len(nowMap)+len(wasList)+len(nowList) == 0: // empty, or a single value
		d.add(path, was, now, had, has)
	case (isMap || !had) && (stillMap || !has):
		d.maps(path, wasMap, nowMap)
	case (isList || !had) && (stillList || !has):
		for i := range max(len(wasList), len(nowList)) {
			was, now := d.pairs(at(wasList, i), at(nowList, i))
			d.nodes(path+"/"+strconv.Itoa(i), was, now, i < len(wasList), i < len(nowList))
		}
	case !had || !has || !same(was, now):
		d.add(path, was, now, had, has)
	}
}

// pairs gives two elements of lists, with their seconds hidden where they are pairs of which one begins with a secret's name.
func (d *Differences) pairs(was, now any) (any, any) {
	wasPair, _ := was.([]any)
	nowPair, _ := now.([]any)
	if !d.masks.hidesSecond(wasPair) && !d.masks.hidesSecond(nowPair) {
		return was, now
	}
	return secondHidden(was), secondHidden(now)
}

func secondHidden(n any) any {
	if pair, ok := n.([]any); ok && len(pair) == 2 {
		return []any{pair[0], hidden(pair[1])}
	}
	return n
}

// hidden gives what stands in a tree as one value that is compared but not shown.
func hidden(n any) any {
	if n == nil {
		return nil
	}
	return leaf{value: bare(n), rule: Mask}
}

func at(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}

func same(a, b any) bool { return reflect.DeepEqual(bare(a), bare(b)) }

// bare takes the rules out of a tree.
func bare(n any) any {
	switch n := n.(type) {
	case leaf:
		if n.unread {
			return math.NaN() // the same as nothing, itself included
		}
		return n.value
	case map[string]any:
		values := make(map[string]any, len(n))
		for name, one := range n {
			values[name] = bare(one)
		}
		return values
	case []any:
		values := make([]any, len(n))
		for i, one := range n {
			values[i] = bare(one)
		}
		return values
	}
	return n
}

func (d *Differences) add(path string, was, now any, had, has bool) {
	if len(d.Changes) == maxChanges {
		d.More++
		return
	}
	d.Changes = append(d.Changes, Change{Path: path, Before: d.shown(was), After: d.shown(now), Added: !had, Removed: !has})
	rules := map[Rule]bool{}
	rulesIn(was, rules)
	rulesIn(now, rules)
	if rules[Plain] && len(rules) == 1 {
		d.Plain = append(d.Plain, path)
	}
	if rules[Personal] {
		d.Personal = append(d.Personal, path)
	}
}

// shown is what of a tree may be recorded.
func (d *Differences) shown(n any) any {
	switch n := n.(type) {
	case leaf:
		if n.rule == Mask && n.value != nil {
			return Masked
		}
		if n.rule == Plain {
			return n.value
		}
		return d.masks.Value(n.value)
	case map[string]any:
		values, secret := make(map[string]any, len(n)), d.masks.hidesValue(n)
		for name, one := range n {
			if secret && isValue(name) {
				one = hidden(one)
			}
			values[name] = d.shown(one)
		}
		return values
	case []any:
		values := make([]any, len(n))
		for i, one := range n {
			one, _ = d.pairs(one, nil)
			values[i] = d.shown(one)
		}
		return values
	}
	return nil
}

func rulesIn(n any, rules map[Rule]bool) {
	switch n := n.(type) {
	case leaf:
		rules[n.rule] = true
	case map[string]any:
		for _, one := range n {
			rulesIn(one, rules)
		}
	case []any:
		for _, one := range n {
			rulesIn(one, rules)
		}
	}
}

// escape writes a name as a step of a JSON pointer.
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
