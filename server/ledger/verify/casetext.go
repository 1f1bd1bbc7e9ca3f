package verify

import (
	"bytes"
	"regexp"
)

// maxCaseDepth is how deep case.json is nested at the most. Programs that read JSON have limits of their own, some of which
// are not much higher.
const maxCaseDepth = 64

// isPlainCase reports whether every program reads the same in case.json: it is one line without spaces outside of texts and
// without control characters, it is not nested deep, and no character is written as halves of a surrogate pair, which some
// refuse and others replace.
func isPlainCase(text []byte) bool {
	line, ended := bytes.CutSuffix(text, []byte("\n"))
	if !ended || bytes.IndexFunc(line, func(r rune) bool { return r < ' ' }) >= 0 {
		return false
	}
	plain := bytes.ReplaceAll(line, []byte(`\\`), nil)
	deepest, spaced := formOf(plain)
	return !regexp.MustCompile(`\\u[dD][89a-fA-F]`).Match(plain) && deepest <= maxCaseDepth && !spaced
}

// formOf gives how deep brackets are nested outside of texts, and whether there is a space, in JSON from which escaped
// backslashes were taken.
func formOf(text []byte) (deepest int, spaced bool) {
	depth, inText := 0, false
	for i, b := range text {
		switch {
		case b == '"' && (!inText || text[i-1] != '\\'):
			inText = !inText
		case inText:
		case b == ' ':
			spaced = true
		case b == '{' || b == '[':
			depth++
			deepest = max(deepest, depth)
		case b == '}' || b == ']':
			depth--
		}
	}
	return deepest, spaced
}
