package ledger

import "strings"

// SourceRule says in words what IsSource allows, for messages.
const SourceRule = "1 to 64 lower-case letters a–z, digits, dots, dashes and underscores, a letter or digit first, such as windows or erp"

// IsSource reports whether a text has the shape of a source: of what programs' tokens, their entries and people's
// external names call a program.
func IsSource(text string) bool {
	if text == "" || len(text) > MaxSource || !alphanumeric(text[0]) {
		return false
	}
	for i := range len(text) {
		if !inSource(text[i]) {
			return false
		}
	}
	return true
}

// SourceFrom gives the source that a program's name suggests: in lower case, with a dash for whatever stands between
// what a source may hold. "" when nothing of the name is left.
func SourceFrom(name string) string {
	var b strings.Builder
	between := false
	for _, r := range strings.ToLower(name) {
		if r >= 0x80 || !inSource(byte(r)) {
			between = true
			continue
		}
		if between && b.Len() > 0 {
			b.WriteByte('-')
		}
		between = false
		if b.Len() > 0 || alphanumeric(byte(r)) {
			b.WriteByte(byte(r))
		}
	}
	return strings.TrimRight(b.String()[:min(b.Len(), MaxSource)], "-")
}

func alphanumeric(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

func inSource(c byte) bool { return alphanumeric(c) || c == '.' || c == '_' || c == '-' }
