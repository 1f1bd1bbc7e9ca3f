package keyregister

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// moveKind is what happened to a key.
type moveKind int

const (
	unknownMove moveKind = iota
	issue
	giveBack
)

// kindOf reads the register's word for an action, in Latvian or English, singular or plural.
func kindOf(word string) moveKind {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "izsniegts", "izsniegti", "izsniegta", "izsniegtas", "izsniegt", "issued", "issue", "taken", "out", "checkout":
		return issue
	case "atgriezts", "atgriezti", "atgriezta", "atgrieztas", "atgriezt", "returned", "return", "in", "checkin":
		return giveBack
	}
	return unknownMove
}

// tidy makes a text one line without invisible characters, no longer than most characters, and says whether it was
// cut.
func tidy(text string, most int) (string, bool) {
	text = strings.ToValidUTF8(text, "")
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	runes := []rune(text)
	if len(runes) <= most {
		return text, false
	}
	return strings.TrimSpace(string(runes[:most])), true
}

// sameName maps the spellings of one name to one text.
func sameName(name string) string { return cases.Fold().String(norm.NFKC.String(name)) }

// move is a movement of the register that was understood. holder is sameName of who holds the key, "" where nobody
// stands.
type move struct {
	place   string
	id      string
	kind    moveKind
	key     string // number
	holder  string
	at      time.Time
	comment string
}

// loan is one person holding one key: what two movements, or one of a key that is out, come to.
type loan struct {
	place         string
	key, holder   string
	issuedAt      time.Time
	comment       string
	issueID       string // says which movement of the register it is, for good
	returnedAt    time.Time
	returnComment string
	returnID      string
	inferred      bool
}

func (l *loan) open() bool { return l.returnedAt.IsZero() }

func (m *move) identity() string {
	return m.id + "\x00" + m.key + "\x00" + m.at.UTC().Format(time.RFC3339Nano)
}

// pair makes loans of movements. Somebody who takes a key that another has ends the other's loan then, since nobody can
// take a key that is not there. skip is told each movement that comes to nothing, and why.
func pair(moves []move, skip func(place, why string)) []*loan {
	slices.SortStableFunc(moves, func(a, b move) int { return a.at.Compare(b.at) })
	out := map[string]*loan{}
	var loans []*loan
	for i := range moves {
		m := &moves[i]
		held := out[m.key]
		switch {
		case m.kind == giveBack && held == nil:
			skip(m.place, "the key comes back and was not out")
		case m.kind == giveBack:
			held.returnedAt, held.returnComment, held.returnID = m.at, m.comment, "return\x00"+m.identity()
			delete(out, m.key)
		case m.holder == "":
			skip(m.place, "nobody stands there who took the key")
		case held != nil && held.holder == m.holder:
			skip(m.place, "the same person had taken the key already")
		default:
			if held != nil {
				held.returnedAt, held.inferred, held.returnID = m.at, true, "inferred\x00"+m.identity()
			}
			out[m.key] = &loan{place: m.place, key: m.key, holder: m.holder, issuedAt: m.at, comment: m.comment, issueID: "issue\x00" + m.identity()}
			loans = append(loans, out[m.key])
		}
	}
	return loans
}
