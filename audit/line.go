package audit

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// TooLarge stands where something was left out so that the event fits.
	TooLarge  = "[too large]"
	longValue = 512
	// shortValue is what values of changes are cut to when there are many, and mostMetadata what stays of metadata.
	shortValue   = 64
	mostMetadata = 4 << 10
)

// line writes the event as a line of NDJSON without the end of line, and makes it fit first.
func (e *Event) line() ([]byte, error) {
	e.fit()
	for _, lighten := range []func(){func() {}, e.dropDeep, e.dropBodies, e.dropHeaders, e.cutValues, e.cutLists, e.cutShort} {
		lighten()
		line, fits, err := e.written()
		if fits || err != nil {
			return line, err
		}
	}
	for len(e.Changes)+len(e.Objects)+len(e.Plain) > 0 {
		e.shortenLists()
		line, fits, err := e.written()
		if fits || err != nil {
			return line, err
		}
	}
	return nil, fmt.Errorf("%w: it is larger than %d KiB or %d values even without bodies, values and lists", ErrInvalid, MaxEventBytes>>10, maxValues)
}

// written writes the event, and reports whether keytrail takes it as it is.
func (e *Event) written() (line []byte, fits bool, err error) {
	line, err = marshal(e)
	if err != nil {
		return nil, false, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	nesting, values := shapeOf(line)
	return line, len(line) <= MaxEventBytes && nesting <= maxNesting && values <= maxValues, nil
}

// shortenLists gives up a quarter of the changes and objects, the last ones, and what was said of the changes that go.
func (e *Event) shortenLists() {
	e.keepChanges(len(e.Changes) * 3 / 4)
	e.keepObjects(len(e.Objects) * 3 / 4)
	var kept []string
	for _, path := range e.Plain {
		if slices.ContainsFunc(e.Changes, func(c Change) bool { return c.Path == path || strings.HasPrefix(c.Path, path+"/") }) {
			kept = append(kept, path)
		}
	}
	e.Plain = kept
}

// dropBodies leaves bodies out. The caller's own requests stay as they are.
func (e *Event) dropBodies() {
	if e.Request != nil {
		r := *e.Request
		r.Body = instead(r.Body)
		e.Request = &r
	}
	if e.Response != nil {
		r := *e.Response
		r.Body = instead(r.Body)
		e.Response = &r
	}
}

func (e *Event) dropHeaders() {
	if e.Request != nil {
		e.Request.Headers, e.Request.Query = instead(e.Request.Headers), instead(e.Request.Query)
		e.Request.URL, e.Request.Path = cut(e.Request.URL, 4*longValue), cut(e.Request.Path, 4*longValue)
	}
	if e.Response != nil {
		e.Response.Headers, e.Response.Error = instead(e.Response.Headers), cut(e.Response.Error, longValue)
	}
	e.Metadata = shortMetadata(e.Metadata)
}

// shortMetadata leaves long members out, or all where much is left.
func shortMetadata(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return short(v)
	}
	kept := make(map[string]any, len(m))
	for name, one := range m {
		kept[name] = short(one)
	}
	if text, err := marshal(kept); err != nil || len(text) > mostMetadata {
		return TooLarge
	}
	return kept
}

// cutValues leaves long values of changes out. Of Before and After it makes changes, since what is the same needs no place.
func (e *Event) cutValues() {
	if changes, ok := e.fieldChanges(); ok {
		e.Before, e.After, e.Changes = nil, nil, changes
		e.fitLists()
	}
	e.eachValue(short)
}

// cutShort cuts what is left of values when there are many.
func (e *Event) cutShort() {
	e.eachValue(func(v any) any {
		if text, ok := v.(string); ok {
			if short := cut(text, shortValue); short != text {
				return short + "…"
			}
			return text
		}
		if text, err := marshal(v); err != nil || len(text) > shortValue {
			return TooLarge
		}
		return v
	})
}

// dropDeep leaves out what is nested more deeply than keytrail reads.
func (e *Event) dropDeep() {
	e.Before, e.After = shallowFields(e.Before), shallowFields(e.After)
	e.Metadata = shallow(e.Metadata)
	if e.Request != nil {
		r := *e.Request
		r.Query, r.Headers, r.Body = shallow(r.Query), shallow(r.Headers), shallow(r.Body)
		e.Request = &r
	}
	if e.Response != nil {
		r := *e.Response
		r.Headers, r.Body = shallow(r.Headers), shallow(r.Body)
		e.Response = &r
	}
	e.eachValue(shallow)
}

// cutLists leaves lists and objects out of changes.
func (e *Event) cutLists() {
	e.eachValue(func(v any) any {
		if text, err := marshal(v); err != nil || len(text) > 0 && (text[0] == '[' || text[0] == '{') {
			return TooLarge
		}
		return v
	})
}

// eachValue changes the values of a copy of the changes.
func (e *Event) eachValue(change func(any) any) {
	changes := make([]Change, len(e.Changes))
	for i, c := range e.Changes {
		c.Before, c.After = change(c.Before), change(c.After)
		changes[i] = c
	}
	e.Changes = changes
}

// shallow gives a value, or a word in its place when it is nested too deeply.
func shallow(v any) any {
	if v == nil {
		return nil
	}
	if text, err := marshal(v); err == nil {
		if nesting, _ := shapeOf(text); nesting > maxNesting-nestedIn {
			return TooLarge
		}
	}
	return v
}

// shallowFields does so for what has to stay an object.
func shallowFields(v any) any {
	if cut := shallow(v); cut == TooLarge {
		return map[string]any{"fieldsLeftOut": TooLarge}
	}
	return v
}

func instead(v any) any {
	if v == nil {
		return nil
	}
	return TooLarge
}

// short gives a value, or a word in its place when it is long.
func short(v any) any {
	text, err := marshal(v)
	if err != nil || len(text) > longValue {
		return TooLarge
	}
	return v
}

// clean makes a text valid UTF-8, as JSON needs it.
func clean(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
