package activity

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func parsed(t testing.TB, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEveryFieldThatDiffersIsOneChange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, after, want string }{
		"nothing differs":              {`{"a":1,"b":[1,{"c":null}]}`, `{"b":[1.0,{"c":null}],"a":1}`, ``},
		"a field":                      {`{"a":1}`, `{"a":2}`, `/a 1→2`},
		"a field inside":               {`{"a":{"b":{"c":"x"},"d":1}}`, `{"a":{"b":{"c":"y"},"d":1}}`, `/a/b/c x→y`},
		"a field that is new":          {`{}`, `{"a":{"b":1}}`, `+/a map[b:1]`},
		"a field that is gone":         {`{"a":1,"b":2}`, `{"b":2}`, `-/a 1`},
		"null is a value":              {`{"a":null}`, `{}`, `-/a <nil>`},
		"elements by their places":     {`{"a":[1,2,3]}`, `{"a":[1,5,3]}`, `/a/1 2→5`},
		"a longer list":                {`{"a":[1]}`, `{"a":[1,2,3]}`, `+/a/1 2, +/a/2 3`},
		"a shorter list, from its end": {`{"a":[1,2,3]}`, `{"a":[1]}`, `-/a/2 3, -/a/1 2`},
		"another kind of value":        {`{"a":[1]}`, `{"a":{"0":1}}`, `/a [1]→map[0:1]`},
		"names that need escapes":      {`{"a/b~c":1}`, `{"a/b~c":2}`, `/a~1b~0c 1→2`},
		"a number that became a text":  {`{"a":1}`, `{"a":"1"}`, `/a 1→1`},
		"large integers that are near": {`{"a":9007199254740993}`, `{"a":9007199254740992}`, `/a 9007199254740993→9007199254740992`},
	} {
		var said []string
		for _, c := range Diff(parsed(t, c.before), parsed(t, c.after)) {
			switch {
			case c.Added:
				said = append(said, fmt.Sprintf("+%s %v", c.Path, c.After))
			case c.Removed:
				said = append(said, fmt.Sprintf("-%s %v", c.Path, c.Before))
			default:
				said = append(said, fmt.Sprintf("%s %v→%v", c.Path, c.Before, c.After))
			}
		}
		if got := strings.Join(said, ", "); got != c.want {
			t.Errorf("%s: %s; want %s", name, got, c.want)
		}
	}
}

func TestTheChangesMakeAfterOfBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after := anyObject(3).Draw(t, "before"), anyObject(3).Draw(t, "after")
		if rapid.Bool().Draw(t, "nearly the same") {
			after = mutated(t, before).(map[string]any)
		}
		changes := Diff(before, after)
		var got any = clone(before)
		for _, c := range changes {
			got = applied(t, got, stepsOf(c.Path), c)
		}
		if !reflect.DeepEqual(got, any(after)) {
			t.Fatalf("%v and %d changes make %v, not %v", before, len(changes), got, after)
		}
		if (len(changes) == 0) != reflect.DeepEqual(before, after) {
			t.Fatalf("%d changes between %v and %v", len(changes), before, after)
		}
	})
}

func anyObject(depth int) *rapid.Generator[map[string]any] {
	return rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c/d", "~", "0", "", "ā"}), anyValue(depth), 0, 4)
}

func anyValue(depth int) *rapid.Generator[any] {
	scalars := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.SampledFrom([]string{"", "x", "y"}).AsAny(),
		rapid.Map(rapid.IntRange(-3, 3), func(n int) any { return json.Number(strconv.Itoa(n)) }),
	}
	if depth == 0 {
		return rapid.OneOf(scalars...)
	}
	return rapid.OneOf(append(scalars,
		rapid.Map(anyObject(depth-1), func(m map[string]any) any { return m }),
		rapid.Map(rapid.SliceOfN(anyValue(depth-1), 0, 3), func(s []any) any { return s }))...)
}

// mutated gives a copy in which some values are others.
func mutated(t *rapid.T, v any) any {
	if rapid.IntRange(0, 9).Draw(t, "change it") == 0 {
		if _, object := v.(map[string]any); !object {
			return anyValue(1).Draw(t, "new")
		}
	}
	switch v := v.(type) {
	case map[string]any:
		all := map[string]any{}
		for name, one := range v {
			all[name] = mutated(t, one)
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i, one := range v {
			all[i] = mutated(t, one)
		}
		return all
	}
	return v
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		all := map[string]any{}
		for name, one := range v {
			all[name] = clone(one)
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i, one := range v {
			all[i] = clone(one)
		}
		return all
	}
	return v
}

func applied(t *rapid.T, v any, steps []string, c *Change) any {
	if len(steps) == 0 {
		return clone(c.After)
	}
	switch v := v.(type) {
	case map[string]any:
		if len(steps) == 1 && c.Removed {
			delete(v, steps[0])
			return v
		}
		v[steps[0]] = applied(t, v[steps[0]], steps[1:], c)
		return v
	case []any:
		at, err := strconv.Atoi(steps[0])
		if err != nil || at > len(v) {
			t.Fatalf("%s leads nowhere", c.Path)
		}
		if len(steps) == 1 && c.Removed {
			return v[:at]
		}
		if at == len(v) {
			return append(v, clone(c.After))
		}
		v[at] = applied(t, v[at], steps[1:], c)
		return v
	}
	t.Fatalf("%s leads into %v", c.Path, v)
	return nil
}
