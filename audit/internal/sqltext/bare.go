// Package sqltext reads as much of SQL as recording what it does needs.
package sqltext

import (
	"regexp"
	"strings"
)

var dollarTag = regexp.MustCompile(`^\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$`)

// Bare gives a statement without comments and with ? in place of each string and number, so that it holds nothing of what
// the statement is about. In MySQL and SQLite (doubled) what stands in double quotes is a string as well; in MySQL (hash)
// # begins a comment, and -- only before a space. From where databases would not agree on where a string ends, such as
// at \', the rest is left out.
type Bare struct{ Doubled, Hash bool }

// BareOf gives what holds for a dialect, by GORM's name of it.
func BareOf(dialect string) Bare {
	return Bare{Doubled: dialect == "mysql" || dialect == "sqlite", Hash: dialect == "mysql"}
}

// Of makes a statement bare.
func (o Bare) Of(query string) string {
	var b strings.Builder
	for len(query) > 0 {
		text, n := o.next(query)
		b.WriteString(text)
		query = query[n:]
	}
	return strings.TrimSpace(b.String())
}

// next gives what to write for the first token, and how long that is.
func (o Bare) next(query string) (string, int) {
	switch c := query[0]; {
	case c == '\'' || c == '"' && o.Doubled:
		return "?", literal(query)
	case c == '"' || c == '`':
		n := strings.IndexByte(query[1:], c) + 2
		if n < 2 {
			return "?", len(query)
		}
		return query[:n], n
	case strings.HasPrefix(query, "/*"):
		return " ", through(query, 2, "*/")
	case o.comments(query):
		return "\n", through(query, 0, "\n")
	case c == '$' && dollarTag.MatchString(query):
		tag := dollarTag.FindString(query)
		return "?", through(query, len(tag), tag)
	case c >= '0' && c <= '9':
		return "?", 1 + word(query[1:], ".")
	case word(query, "$@:") > 0:
		n := 1 + word(query[1:], "$")
		return query[:n], n
	}
	return query[:1], 1
}

// comments reports whether a comment to the end of the line begins.
func (o Bare) comments(query string) bool {
	if !strings.HasPrefix(query, "--") {
		return o.Hash && query[0] == '#'
	}
	return !o.Hash || len(query) == 2 || query[2] <= ' '
}

// through is how far it is to the end of what ends a token, or to the end of all.
func through(query string, from int, end string) int {
	if n := strings.Index(query[from:], end); n >= 0 {
		return from + n + len(end)
	}
	return len(query)
}

// word is how many letters, digits, underscores and others the text begins with.
func word(text, others string) int {
	for i := range len(text) {
		c := text[i]
		if c != '_' && c < 0x80 && !(c >= '0' && c <= '9') && !(c|0x20 >= 'a' && c|0x20 <= 'z') && !strings.ContainsRune(others, rune(c)) {
			return i
		}
	}
	return len(text)
}

// literal is how long the string is that the text begins with; all of the rest where that is not sure.
func literal(text string) int {
	quote, slashes := text[0], 0
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			slashes++
			continue
		case text[i] != quote:
		case slashes%2 == 1:
			return len(text)
		case i+1 < len(text) && text[i+1] == quote:
			i++
		default:
			return i + 1
		}
		slashes = 0
	}
	return len(text)
}
