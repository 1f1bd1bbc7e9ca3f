package ledger

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/keytrail/keytrail/server/id"
)

const (
	// maxWord is the longest word that is told apart, in bytes: of a longer one, its beginning stands for it.
	maxWord = 64
	// MaxEntryWords is how many different words of an entry can be found, the first ones.
	MaxEntryWords = 200
	// maxDetailDepth bounds how deep words are looked for in details.
	maxDetailDepth = 32
)

// Words gives the different words of a text in their order, folded: neither case nor diacritics count. A word is letters
// and digits; an id (UUID) is one word.
func Words(text string) []string {
	w := wordList{}
	w.addText(text)
	return w.words
}

// Words gives the words that lie in plain in a body: of its action, module and entity, and of its details. There are
// MaxEntryWords at most.
func (b *Body) Words() []string {
	w := wordList{}
	for _, text := range []string{b.Action, b.Module, b.Entity.Label, b.Entity.ID, b.Entity.Type} {
		w.addText(text)
	}
	w.addDetail(b.Details, maxDetailDepth)
	return w.words
}

// wordList gathers words, each once.
type wordList struct {
	words []string
	known map[string]bool
}

func (w *wordList) full() bool { return len(w.words) >= MaxEntryWords }

// addDetail adds the words of texts and numbers inside plain JSON. Times are no words: entries are found by when they occurred.
func (w *wordList) addDetail(value any, depth int) {
	if depth == 0 || w.full() {
		return
	}
	switch v := value.(type) {
	case string:
		if _, err := time.Parse(time.RFC3339, v); err != nil {
			w.addText(v)
		}
	case float64:
		w.addText(strconv.FormatFloat(v, 'f', -1, 64))
	case []any:
		for _, one := range v {
			w.addDetail(one, depth-1)
		}
	case map[string]any:
		for _, name := range sortedNames(v) {
			w.addDetail(v[name], depth-1)
		}
	}
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (w *wordList) addText(text string) {
	for piece := range strings.FieldsSeq(text) {
		for more := true; more; {
			var one, rest string
			piece, one, rest, more = cutID(piece)
			for _, word := range strings.FieldsFunc(foldWords(piece), isBetweenWords) {
				w.add(word)
			}
			if more {
				w.add(strings.ToLower(one))
			}
			piece = rest
		}
	}
}

// cutID cuts a text around the first id in it that stands between words, as in "/orders/<id>/lines".
func cutID(text string) (before, one, after string, found bool) {
	const length, firstDash = 36, 8
	for from := 0; ; {
		dash := strings.IndexByte(text[from:], '-')
		if dash < 0 {
			return text, "", "", false
		}
		start := from + dash - firstDash
		from += dash + 1
		if start < 0 || start+length > len(text) {
			continue
		}
		before, one, after = text[:start], text[start:start+length], text[start+length:]
		if _, err := id.Parse(one); err != nil {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(before)
		next, _ := utf8.DecodeRuneInString(after)
		if (before == "" || isBetweenWords(last)) && (after == "" || isBetweenWords(next)) {
			return before, one, after, true
		}
	}
}

func (w *wordList) add(word string) {
	if len(word) > maxWord {
		word = cutWord(word)
	}
	if w.full() || w.known[word] {
		return
	}
	if w.known == nil {
		w.known = map[string]bool{}
	}
	w.known[word] = true
	w.words = append(w.words, word)
}

// cutWord gives the beginning of a word that is too long, up to a whole letter.
func cutWord(word string) string {
	end := maxWord
	for end > 0 && !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}

func isBetweenWords(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// foldWords gives a text without case and diacritics: "Izdotā" is "izdota".
func foldWords(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
