// Package legible finds characters that nobody sees: with one of them a number passes for another that looks the same.
package legible

import (
	"strings"
	"unicode"
)

// Unseen reports whether a character shows nothing by itself: format characters, such as those that turn the direction of
// writing, zero-width spaces and joiners, fillers, variation selectors, and ends of lines and paragraphs (Unicode: Cf, Zl,
// Zp, Other_Default_Ignorable_Code_Point, Variation_Selector; UTR 36, section 2.10). Control characters are not among them.
func Unseen(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// HasUnseen reports whether a text holds such a character. It is for numbers and addresses: names may, in scripts that
// need it.
func HasUnseen(text string) bool { return strings.ContainsFunc(text, Unseen) }
