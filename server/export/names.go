package export

import (
	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/id"
)

// maxNames bounds the names that are kept while a file is made.
const maxNames = 10_000

// names gives the names of persons as one actor may see them, each as it was when the file first named him. It is for
// one goroutine.
type names struct {
	h     *Handler
	in    language.Tag // of masks
	actor *access.Actor
	known map[id.ID]string
}

func (h *Handler) namesFor(in language.Tag, actor *access.Actor) *names {
	return &names{h: h, in: in, actor: actor, known: map[id.ID]string{}}
}

// of gives a person's name, "" for nobody.
func (n *names) of(person id.ID) string {
	name, known := n.known[person]
	if known {
		return name
	}
	if len(n.known) >= maxNames {
		clear(n.known)
	}
	name = n.h.nameOf(n.in, n.actor, person)
	n.known[person] = name
	return name
}

// nameOf gives a person's name as the actor may see it, "" for nobody.
func (h *Handler) nameOf(in language.Tag, actor *access.Actor, person id.ID) string {
	if person.IsZero() {
		return ""
	}
	return h.people.DisplayNameIn(in, actor, person)
}

// languageOf gives the language of what is ordered: tables are English.
func languageOf(o *exports.Order) language.Tag {
	if o.Format == exports.PDF && o.Language != "" {
		return language.Make(o.Language)
	}
	return language.English
}
