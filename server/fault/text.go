package fault

import (
	"fmt"
	"strings"

	"golang.org/x/text/language"
)

// Text is something that is said to a person: a format in English and what stands in it. The zero Text says nothing.
type Text struct {
	format string
	args   []any
	// english is what String gives.
	english string
}

// Say makes a Text. Arguments that are a Text, Texts or a fault without a cause are said in the language of the whole.
func Say(format string, args ...any) Text {
	return Text{format: format, args: args, english: fmt.Sprintf(format, args...)}
}

// String gives the text in English, which is what logs and command lines show.
func (t Text) String() string { return t.english }

// Equal reports whether two texts say the same in English.
func (t Text) Equal(other Text) bool { return t.english == other.english }

// IsZero reports whether nothing is said.
func (t Text) IsZero() bool { return t.format == "" }

// In gives the text in a language, and in English where that has no words for it.
func (t Text) In(tag language.Tag) string {
	if t.IsZero() || !translated(tag) {
		return t.english
	}
	args := make([]any, len(t.args))
	for i, arg := range t.args {
		args[i] = asInEnglish{argumentIn(tag, arg)}
	}
	return printerOf(tag).Sprintf(t.format, args...)
}

// Texts are said one behind the other, divided by commas.
type Texts []Text

// String gives the texts in English.
func (t Texts) String() string { return t.In(language.English) }

// In gives the texts in a language.
func (t Texts) In(tag language.Tag) string {
	return strings.Join(t.each(tag), ", ")
}

func (t Texts) each(tag language.Tag) []string {
	said := make([]string, len(t))
	for i, one := range t {
		said[i] = one.In(tag)
	}
	return said
}

// argumentIn gives what is to stand in a text of a language for an argument.
func argumentIn(tag language.Tag, arg any) any {
	switch a := arg.(type) {
	case Text:
		return a.In(tag)
	case Texts:
		return a.In(tag)
	case *Error:
		if a.cause == nil {
			return a.In(tag)
		}
	}
	return arg
}

// asInEnglish keeps numbers as they are: a key's number or an id must not get spaces between its digits.
type asInEnglish struct{ value any }

// Format implements fmt.Formatter.
func (a asInEnglish) Format(state fmt.State, verb rune) {
	_, _ = fmt.Fprintf(state, fmt.FormatString(state, verb), a.value)
}
