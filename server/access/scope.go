package access

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/server/id"
)

// Scope is how far a permission reaches.
type Scope string

// The scopes, from the narrowest to the widest. None means that the permission is not held.
const (
	None       Scope = ""
	Own        Scope = "own"        // what the actor did himself, or what concerns him
	OwnSource  Scope = "source"     // what the program that asks sent itself; only tokens hold it
	Department Scope = "department" // what concerns people of the actor's department
	OfKeys     Scope = "keys"       // what concerns keys, whoever holds them; only alerts tell it apart
	All        Scope = "all"
)

// scopes lists the scopes that can be granted, the narrowest first.
func scopes() []Scope { return []Scope{Own, OwnSource, Department, OfKeys, All} }

// Covers reports whether whoever holds s holds other as well.
func (s Scope) Covers(other Scope) bool {
	return slices.Index(scopes(), s) >= slices.Index(scopes(), other)
}

// Reaches reports whether the scope takes in what concerns a person who belongs, or then belonged, to a
// department. Where several people are concerned, as by an entry's actor and its person, ask for each.
func (s Scope) Reaches(actor *Actor, person, department id.ID) bool {
	own := actor.Is(person)
	switch s {
	case All:
		return true
	case Department:
		return own || (!department.IsZero() && department == actor.Department)
	case Own:
		return own
	}
	return false
}

// MarshalGQL writes the scope as the schema's enum.
func (s Scope) MarshalGQL(w io.Writer) {
	_, _ = io.WriteString(w, strconv.Quote(strings.ToUpper(string(s))))
}

// UnmarshalGQL reads the schema's enum.
func (s *Scope) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	read := Scope(strings.ToLower(text))
	if !slices.Contains(scopes(), read) {
		return fmt.Errorf("%.60q is not a scope", text)
	}
	*s = read
	return nil
}

// Grant is a permission that somebody holds, and how far it reaches.
type Grant struct {
	Permission Permission
	Scope      Scope
}
