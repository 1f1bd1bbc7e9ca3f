package audit

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"
)

// What keytrail takes of one event: characters of its texts, and numbers of what it lists.
const (
	maxMethod     = 20
	maxEntityType = 64
	maxEntity     = 190
	maxLabel      = 500
	maxModule     = 100
	maxService    = 100
	maxAgent      = 500
	maxPath       = 500
	maxBulkID     = 190
	maxExternalID = 128
	maxName       = 200
	maxObjects    = 500
	maxDurationMs = 30 * 24 * 3600 * 1000 // a connection that was handed over may last longer

	// maxNesting is how deeply lists and objects of a line may be nested, and nestedIn how deeply a value of its changes
	// lies already. Of a value alone keytrail reads 31.
	maxNesting, nestedIn = 31, 3
	// maxValues is how many values a line may have. keytrail takes 5,000, and counts some that a line leaves out.
	maxValues = 4400
)

// reservedPrefixes begin the actions that only keytrail's own services record.
var reservedPrefixes = []string{"key.", "auth.", "access.", "log.", "work.", "privacy.", "alert.", "system."}

func checkReserved(action string) error {
	for _, prefix := range reservedPrefixes {
		if strings.HasPrefix(action, prefix) {
			return fmt.Errorf("%w: action %.60q begins with %s, which is keytrail's own: choose another", ErrInvalid, action, prefix)
		}
	}
	return nil
}

// fit cuts what is longer than keytrail takes. What the caller has stays as it is.
func (e *Event) fit() {
	for _, one := range []struct {
		text *string
		most int
	}{
		{&e.EntityType, maxEntityType}, {&e.Entity, maxEntity}, {&e.EntityLabel, maxLabel}, {&e.Module, maxModule},
		{&e.UserAgent, maxAgent}, {&e.BulkID, maxBulkID},
	} {
		*one.text = cut(*one.text, one.most)
	}
	if _, err := netip.ParseAddr(e.IP); err != nil {
		e.IP = ""
	}
	if e.Request != nil {
		r := *e.Request
		r.Method, r.Service = cut(r.Method, maxMethod), cut(r.Service, maxService)
		e.Request = &r
	}
	if e.Response != nil {
		r := *e.Response
		r.DurationMs = min(max(r.DurationMs, 0), maxDurationMs)
		e.Response = &r
	}
	e.Actor, e.DataSubject = e.Actor.fit(), e.DataSubject.fit()
	e.differTooMuch()
	e.fitLists()
}

// fitLists gives an event at most as many objects, changes and plain paths as keytrail takes, and tells of the others.
func (e *Event) fitLists() {
	named := make([]Object, 0, len(e.Objects))
	for _, o := range e.Objects {
		if o.ID != "" { // keytrail refuses the whole event for one that names nothing
			named = append(named, o)
		}
	}
	if nameless := len(e.Objects) - len(named); nameless > 0 {
		e.leftOut("objectsLeftOut", nameless)
	}
	e.Objects = named
	e.keepObjects(maxObjects)
	e.keepChanges(maxChanges)
	objects := make([]Object, len(e.Objects))
	for i, o := range e.Objects {
		objects[i] = Object{Type: cut(o.Type, maxEntityType), ID: cut(o.ID, maxEntity)}
	}
	changes := make([]Change, len(e.Changes))
	for i, c := range e.Changes {
		c.Path = cut(c.Path, maxPath)
		changes[i] = c
	}
	plain := make([]string, min(len(e.Plain), maxChanges))
	for i := range plain {
		plain[i] = cut(e.Plain[i], maxPath)
	}
	e.Objects, e.Changes, e.Plain = objects, changes, plain
}

// keepObjects keeps the first objects, and tells of the others.
func (e *Event) keepObjects(n int) {
	if more := len(e.Objects) - n; more > 0 {
		e.Objects = e.Objects[:n]
		e.leftOut("objectsLeftOut", more)
	}
}

// keepChanges keeps the first changes, and tells of the others.
func (e *Event) keepChanges(n int) {
	if more := len(e.Changes) - n; more > 0 {
		e.Changes = e.Changes[:n]
		e.leftOut("changesLeftOut", more)
	}
}

// leftOut counts in the metadata what was left out; metadata that are something else than an object stay as they are.
func (e *Event) leftOut(name string, more int) {
	if m, ok := e.Metadata.(map[string]any); ok || e.Metadata == nil {
		before, _ := m[name].(int)
		e.Metadata = with(m, name, before+more)
	}
}

// fit gives somebody as keytrail can keep him: nil for nobody.
func (p *Person) fit() *Person {
	if p == nil {
		return nil
	}
	its := *p
	its.ExternalID, its.Name = cut(oneLine(p.ExternalID), maxExternalID), cut(oneLine(p.Name), maxName)
	if its == (Person{}) {
		return nil
	}
	return &its
}

// oneLine gives a text without control characters and without spaces around it.
func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text))
}

// shapeOf gives how deeply JSON is nested, and how many values it has at most.
func shapeOf(text []byte) (nesting, values int) {
	depth, inText := 0, false
	values = 1
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			depth++
			values++
			nesting = max(nesting, depth)
		case c == '}' || c == ']':
			depth--
		case c == ',':
			values++
		}
	}
	return nesting, values
}
