package export

import (
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
)

// maxNames bounds the names that are kept while a file is made.
const maxNames = 10_000

// names gives the names of persons as one actor may see them, each as it was when the file first named him. It is for
// one goroutine.
type names struct {
	h     *Handler
	actor *access.Actor
	known map[id.ID]string
}

func (h *Handler) namesFor(actor *access.Actor) *names {
	return &names{h: h, actor: actor, known: map[id.ID]string{}}
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
	name = n.h.nameOf(n.actor, person)
	n.known[person] = name
	return name
}
