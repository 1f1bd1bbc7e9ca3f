package access

import (
	"slices"
	"strings"
)

// Sight names what an actor is shown. Whoever has the same Sight is shown the same of an entry and of what hangs on
// it, so that it need be worked out only once. Sights are compared with ==.
//
// What is shown of an entry depends on who looks in three ways only: how far his grants reach (Scope.Reaches),
// whether it is about himself (everybody sees himself in full), and the masks that stand for names, which are
// different for each viewer. A grant of all reaches everything whoever holds it, and one that is not held reaches
// nothing; every other grant depends on its holder's person and department. So a Sight names the grants, and with
// them the person, department and program, unless every grant is all, and those to people, keys and personal details
// are among them: only then does nobody see of himself what the others do not see of him, and no mask stands for
// anybody whose name is known. What is masked even then, because the person was erased or is not known, must not be
// passed on from one actor to another: ask Common.
type Sight struct {
	name   string
	common bool
}

// Common reports whether several people have this Sight, and not only the sessions of one.
func (s Sight) Common() bool { return s.common }

// Name is the Sight as text, different for each, "" for nobody's.
func (s Sight) Name() string { return s.name }

// Sight gives the actor's Sight at this moment. Nobody, and an actor who may see nothing, has none.
func (s *Service) Sight(actor *Actor) Sight {
	grants := s.Grants(actor)
	if len(grants) == 0 {
		return Sight{}
	}
	var name strings.Builder
	widest := 0
	common := true
	for _, g := range grants {
		name.WriteString(string(g.Permission) + "=" + string(g.Scope) + "\n")
		common = common && g.Scope == All
		if slices.Contains([]Permission{PeopleView, KeysView, LogsPersonalView}, g.Permission) {
			widest++
		}
	}
	if common = common && widest == 3; !common {
		name.WriteString(actor.Caller() + "\n" + actor.Department.String())
		for _, one := range actor.Merged {
			name.WriteString("\n" + one.String())
		}
	}
	return Sight{name.String(), common}
}
