package verify

import (
	"bytes"
	"regexp"
)

// maxCaseDepth is how deep case.json is nested at the most. Programs that read JSON have limits of their own, some of which
// are not much higher.
const maxCaseDepth = 64

// isPlainCase reports whether every program reads the same in case.json: it is not nested deep, and no character is written
// as halves of a surrogate pair, which some refuse and others replace.
func isPlainCase(text []byte) bool {
	plain := bytes.ReplaceAll(text, []byte(`\\`), nil)
	return !regexp.MustCompile(`\\u[dD][89a-fA-F]`).Match(plain) && depthOf(plain) <= maxCaseDepth
}

// depthOf gives how deep brackets are nested outside of texts, in JSON from which escaped backslashes were taken.
func depthOf(text []byte) (deepest int) {
	depth, inText := 0, false
	for i, b := range text {
		switch {
		case b == '"' && (!inText || text[i-1] != '\\'):
			inText = !inText
		case inText:
		case b == '{' || b == '[':
			depth++
			deepest = max(deepest, depth)
		case b == '}' || b == ']':
			depth--
		}
	}
	return deepest
}
