package intake

import (
	"strings"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/activity"
)

// shorten gives the first characters of a text, at most so many.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}

// leaveOut takes bodies, then headers, then the query out of an exchange until it is no longer too large: who asked for
// what, and how that ended, is worth more. The metadata name what is missing.
func leaveOut(in *activity.Input) {
	var left []any
	for _, part := range []struct {
		name  string
		value *any
	}{
		{"response.body", &in.Response.Body}, {"request.body", &in.Request.Body},
		{"response.headers", &in.Response.Headers}, {"request.headers", &in.Request.Headers}, {"request.query", &in.Request.Query},
	} {
		if in.Gauge() == nil {
			break
		}
		if *part.value != nil {
			*part.value = nil
			left = append(left, part.name)
		}
	}
	if len(left) > 0 {
		add(in, "leftOut", left)
	}
}

// nameObjects names the instances that a change concerns. An event may name so many; the ids of all others stand in its
// metadata as one text.
func nameObjects(in *activity.Input, model string, ids []any) {
	named := ids[:min(len(ids), activity.MaxObjects)]
	for _, id := range named {
		in.Objects = append(in.Objects, &activity.Object{Type: model, ID: plainText(id)})
	}
	if others := ids[len(named):]; len(others) > 0 {
		texts := make([]string, len(others))
		for i, id := range others {
			texts[i] = plainText(id)
		}
		add(in, "furtherInstances", strings.Join(texts, ", "))
	}
}
