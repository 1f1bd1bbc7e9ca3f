package intaketest

import (
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The bounds that keytrail sets to one event.
const (
	maxDepth  = 32
	maxValues = 5000
	maxMany   = 500
	ahead     = 10 * time.Minute
)

// Unfit says why keytrail would refuse an event for its size or form; "" when it would not.
func (e Event) Unfit() string {
	for name, text := range map[string]struct {
		value string
		most  int
	}{
		"entityType": {e.EntityType, 64}, "entity": {e.Entity, 190}, "entityLabel": {e.EntityLabel, 500}, "module": {e.Module, 100},
		"userAgent": {e.UserAgent, 500}, "bulkId": {e.BulkID, 190}, "eventId": {e.EventID, 190},
	} {
		if utf8.RuneCountInString(text.value) > text.most {
			return name + " is too long"
		}
	}
	if r := e.Request; r != nil && (utf8.RuneCountInString(r.Method) > 20 || utf8.RuneCountInString(r.Service) > 100) {
		return "the request's method or service is too long"
	}
	for _, p := range []*Person{e.Actor, e.DataSubject} {
		if p != nil && (utf8.RuneCountInString(p.ExternalID) > 128 || utf8.RuneCountInString(p.Name) > 200 || strings.ContainsFunc(p.ExternalID+p.Name, unicode.IsControl)) {
			return "a person cannot be kept"
		}
	}
	if _, err := netip.ParseAddr(e.IP); e.IP != "" && err != nil {
		return "the address is none"
	}
	if len(e.Objects) > maxMany || len(e.Changes) > maxMany || len(e.Plain) > maxMany {
		return "too many objects, changes or plain paths"
	}
	if e.Response != nil && (e.Response.DurationMs < 0 || e.Response.DurationMs > 30*24*3600*1000) {
		return "the duration is too long"
	}
	if problem := e.differs(); problem != "" {
		return problem
	}
	return e.gauge()
}

// differs looks at the outermost fields alone, each of which is a change at least where it differs.
func (e Event) differs() string {
	before, _ := e.Before.(map[string]any)
	after, _ := e.After.(map[string]any)
	changed := map[string]bool{}
	for _, fields := range []map[string]any{before, after} {
		for name := range fields {
			if !reflect.DeepEqual(before[name], after[name]) {
				changed[name] = true
			}
			if changed[name] && utf8.RuneCountInString(name) >= maxMany {
				return "a path is too long"
			}
		}
	}
	if len(changed) > maxMany {
		return "too many fields changed"
	}
	return ""
}

// gauge counts values as keytrail does.
func (e Event) gauge() string {
	all := []any{e.Before, e.After, e.Metadata}
	for _, c := range e.Changes {
		if utf8.RuneCountInString(c.Path) > maxMany {
			return "a path is too long"
		}
		all = append(all, c.Path, c.Before, c.After)
	}
	if r := e.Request; r != nil {
		all = append(all, r.Query, r.Headers, r.Body)
	}
	if r := e.Response; r != nil {
		all = append(all, r.Headers, r.Body)
	}
	for _, o := range e.Objects {
		if o.ID == "" || utf8.RuneCountInString(o.Type) > 64 || utf8.RuneCountInString(o.ID) > 190 {
			return "an object is too long"
		}
		all = append(all, o.Type, o.ID)
	}
	count := 0
	for _, v := range all {
		if problem := gauge(v, 1, &count); problem != "" {
			return problem
		}
	}
	return ""
}

func gauge(v any, depth int, count *int) string {
	if *count++; depth > maxDepth || *count > maxValues {
		return fmt.Sprintf("%d values, %d deep", *count, depth)
	}
	var inner []any
	switch v := v.(type) {
	case []any:
		inner = v
	case map[string]any:
		for _, one := range v {
			inner = append(inner, one)
		}
	}
	for _, one := range inner {
		if problem := gauge(one, depth+1, count); problem != "" {
			return problem
		}
	}
	return ""
}
