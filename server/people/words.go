package people

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// collation sorts names as Latvian does (č behind c, š behind s), numbers inside them by value. A Collator
// serves one goroutine at a time, hence the pool.
type collation struct{ pool sync.Pool }

type collator struct {
	rules  *collate.Collator
	buffer collate.Buffer
}

func newCollation() *collation {
	return &collation{pool: sync.Pool{New: func() any {
		return &collator{rules: collate.New(language.Latvian, collate.Numeric)}
	}}}
}

// key gives bytes that compare as the names do.
func (c *collation) key(name string) string {
	one := c.pool.Get().(*collator)
	defer c.pool.Put(one)
	one.buffer.Reset()
	return string(one.rules.KeyFromString(&one.buffer, name))
}

// folded gives a text for comparison without regard to case and diacritics: "Bērziņš" is "berzins".
func folded(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range norm.NFKD.String(text) {
		switch r = unicode.ToLower(r); {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß':
			b.WriteString("ss")
		case r == 'æ':
			b.WriteString("ae")
		default:
			b.WriteRune(withoutStroke(r))
		}
	}
	return b.String()
}

// withoutStroke folds letters that Unicode does not take apart.
func withoutStroke(r rune) rune {
	switch r {
	case 'ø':
		return 'o'
	case 'ł':
		return 'l'
	case 'đ':
		return 'd'
	case 'ı':
		return 'i'
	}
	return r
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

const (
	maxSearch      = 200 // characters
	maxSearchWords = 8
)

// searchWords gives the folded words of a search, all of which must be found.
func searchWords(search string) []string {
	words := strings.Fields(folded(search))
	return words[:min(len(words), maxSearchWords)]
}
