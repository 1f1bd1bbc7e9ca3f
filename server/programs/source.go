// Package programs keeps what programs that record activity declare of themselves: what for, which fields hold nothing
// personal and so may stand in plain, and what their actions are called.
package programs

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// The bounds of a declaration.
const (
	// MaxSources bounds how many sources can be declared.
	MaxSources = 200
	// MaxFields bounds the plain fields of a source.
	MaxFields = 200
	// MaxWords bounds the actions of a source that have words of their own.
	MaxWords   = 200
	maxPurpose = 1000 // characters
	maxPath    = 200  // characters
	maxTitle   = 80   // characters
)

// Source is what a program declares of itself.
type Source struct {
	Name string
	// Purpose says what its records are for, as everybody is told whom they name; "" when that was not said.
	Purpose string
	// Plain are the fields whose values are not sealed, and so can be searched.
	Plain []*Field
	// Words are what its actions are called.
	Words     []*Word
	ChangedAt time.Time
	// ChangedByID is zero when the program itself declared it.
	ChangedByID id.ID
}

// Field is a field of the things that a program changes.
type Field struct {
	// EntityType narrows it to things of a type; "" for all.
	EntityType string `json:"entityType"`
	// Path is a JSON pointer (RFC 6901); what lies in it is declared, too.
	Path string `json:"path"`
}

// Word is what an action is called.
type Word struct {
	Action  string `json:"action"`
	English string `json:"english"`
	Latvian string `json:"latvian"`
}

// Input declares a source. What it leaves out is declared no more.
type Input struct {
	// Name is the source; "" is the caller's own.
	Name    *string
	Purpose *string
	Plain   []*Field
	Words   []*Word
}

// source checks an input, and gives what it declares; without a name, of the caller's own source.
func (in Input) source(own string) (*Source, error) {
	s := &Source{Name: own, Plain: in.Plain, Words: in.Words}
	if in.Name != nil && *in.Name != "" {
		s.Name = *in.Name
	}
	if !ledger.IsSource(s.Name) {
		return nil, fault.Field("name", "%.60q is not a source: use lower-case letters, digits, dots, hyphens and underscores, such as billing", s.Name)
	}
	if in.Purpose != nil {
		s.Purpose = strings.TrimSpace(*in.Purpose)
	}
	if n := utf8.RuneCountInString(s.Purpose); n > maxPurpose {
		return nil, fault.Field("purpose", "a purpose has at most %d characters, and this one %d", maxPurpose, n)
	}
	if strings.ContainsFunc(s.Purpose, unprintable) {
		return nil, fault.Field("purpose", "write the purpose on one line")
	}
	if err := s.checkPlain(); err != nil {
		return nil, err
	}
	return s, s.checkWords()
}

func (s *Source) checkPlain() error {
	if len(s.Plain) > MaxFields {
		return fault.Field("plain", "%d fields are declared; at most %d can be", len(s.Plain), MaxFields)
	}
	for i, f := range s.Plain {
		switch {
		case f == nil || !strings.HasPrefix(f.Path, "/") || utf8.RuneCountInString(f.Path) > maxPath:
			return fault.Field(fmt.Sprintf("plain.%d.path", i), "write the path as a JSON pointer of at most %d characters, such as /status", maxPath)
		case utf8.RuneCountInString(f.EntityType) > ledger.MaxEntityType:
			return fault.Field(fmt.Sprintf("plain.%d.entityType", i), "a type has at most %d characters", ledger.MaxEntityType)
		case slices.ContainsFunc(s.Plain[:i], func(other *Field) bool { return *other == *f }):
			return fault.Field(fmt.Sprintf("plain.%d", i), "%s is declared twice: leave one out", f.Path)
		}
	}
	return nil
}

func (s *Source) checkWords() error {
	if len(s.Words) > MaxWords {
		return fault.Field("words", "%d actions have words; at most %d can have", len(s.Words), MaxWords)
	}
	for i, w := range s.Words {
		if w == nil || !ledger.IsAction(w.Action) || ledger.Reserved(w.Action) {
			return fault.Field(fmt.Sprintf("words.%d.action", i), "write an action as your program sends it, such as invoice.approved")
		}
		for field, title := range map[string]string{"english": w.English, "latvian": w.Latvian} {
			if n := utf8.RuneCountInString(title); n > maxTitle || strings.TrimSpace(title) == "" || strings.ContainsFunc(title, unprintable) {
				return fault.Field(fmt.Sprintf("words.%d.%s", i, field), "an action is called something of 1 to %d characters on one line", maxTitle)
			}
		}
		if slices.ContainsFunc(s.Words[:i], func(other *Word) bool { return other.Action == w.Action }) {
			return fault.Field(fmt.Sprintf("words.%d.action", i), "%s has words twice: leave one out", w.Action)
		}
	}
	return nil
}

func unprintable(r rune) bool { return r < ' ' || r == '\u2028' || r == '\u2029' }
