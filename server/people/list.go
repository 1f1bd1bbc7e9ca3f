package people

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
)

// MaxFound bounds what Search gives.
const MaxFound = 1000

// Filter says which people. Conditions that are zero do not count; all others must hold.
type Filter struct {
	// Search holds words; see List.
	Search string
	// Among are those of whom the list is made; nil for everybody.
	Among []id.ID
	// LeftBefore lets through those whose last day lies before it.
	LeftBefore Date
}

// lets reports whether the filter lets a person through, its search aside.
func (f *Filter) lets(p *Person, among map[id.ID]bool) bool {
	return (f.Among == nil || among[p.ID]) && (f.LeftBefore == "" || p.ValidUntil != "" && p.ValidUntil < f.LeftBefore)
}

// List gives a page of the people whom the actor may see, by name, and how many there are in all. Every word of
// search must be part of name or badge or, where the actor may see them, of employee number, e-mail or company;
// case and diacritics do not matter. A cursor names its person by id only, since cursors end up in addresses.
func (s *Service) List(ctx context.Context, actor *access.Actor, f Filter, request page.Request) (page.Page[*Person], int, error) {
	if _, err := s.access.Require(ctx, actor, access.PeopleView); err != nil {
		return page.Page[*Person]{}, 0, err
	}
	window, err := request.Window()
	if err != nil {
		return page.Page[*Person]{}, 0, err
	}
	if utf8.RuneCountInString(f.Search) > maxSearch {
		return page.Page[*Person]{}, 0, fault.Field("search", "the search is too long; at most %d characters are allowed", maxSearch)
	}
	v := s.viewOf(actor)
	found := s.matching(v, &f)
	rows, err := s.cut(v, found, window)
	if err != nil {
		return page.Page[*Person]{}, 0, err
	}
	people := make([]*Person, len(rows))
	for i, r := range rows {
		people[i] = v.of(r.person)
	}
	return page.Cut(window, people, func(p *Person) string { return page.Encode(p.ID[:]) }), len(found), nil
}

func (s *Service) matching(v view, f *Filter) []*record {
	var found []*record
	words := searchWords(f.Search)
	among := make(map[id.ID]bool, len(f.Among))
	for _, one := range f.Among {
		among[one] = true
	}
	narrow := f.Among != nil || f.LeftBefore != "" // without, no record need be read
	lines := s.directory.all()
	for i := range lines {
		l := &lines[i]
		if narrow && !f.lets(l.of.person, among) {
			continue
		}
		if v.sees(l.id, l.department) && l.matches(words, v.seesPersonal(l.id, l.department)) {
			found = append(found, l.of)
		}
	}
	return found
}

// cut gives the rows behind the window's cursor, in its direction, one more than the window takes.
func (s *Service) cut(v view, found []*record, w page.Window) ([]*record, error) {
	if w.Backward {
		found = slices.Clone(found)
		slices.Reverse(found)
	}
	if w.Cursor == "" {
		return found[:min(len(found), w.Limit+1)], nil
	}
	at, err := s.rowOf(v, w)
	if err != nil {
		return nil, err
	}
	start, _ := slices.BinarySearchFunc(found, at, func(r, at *record) int {
		c := compareRecords(r, at)
		if w.Backward {
			c = -c
		}
		if c == 0 {
			return -1 // the row of the cursor itself is not given again
		}
		return c
	})
	return found[start:min(len(found), start+w.Limit+1)], nil
}

// rowOf finds the person of a cursor. One whom the actor may not see counts as none, so that a guessed
// cursor does not tell where a name stands.
func (s *Service) rowOf(v view, w page.Window) (*record, error) {
	field := "after"
	if w.Backward {
		field = "before"
	}
	payload, err := page.Decode(field, w.Cursor)
	if err != nil {
		return nil, err
	}
	var person id.ID
	if len(payload) == len(person) {
		copy(person[:], payload)
		if r, ok := s.directory.find(person); ok && v.sees(person, r.person.Department) {
			return r, nil
		}
	}
	return nil, fault.Field(field, "this is not a cursor of this list: use one that a page gave")
}

// Search gives the ids, at most MaxFound, of those whose name, badge, employee number, e-mail or company holds
// every word, whoever asks: the caller applies scopes.
func (s *Service) Search(words string) []id.ID {
	wanted := searchWords(words)
	if len(wanted) == 0 {
		return nil
	}
	var found []id.ID
	lines := s.directory.all()
	for i := range lines {
		if lines[i].matches(wanted, true) {
			if found = append(found, lines[i].id); len(found) == MaxFound {
				break
			}
		}
	}
	return found
}

// NamedAmong gives those of the persons whose name or badge holds every word, for lists whose readers may know a
// holder and no more of him. None where there are no words.
func (s *Service) NamedAmong(persons []id.ID, words string) []id.ID {
	wanted := searchWords(words)
	if len(wanted) == 0 {
		return nil
	}
	var named []id.ID
	for _, person := range persons {
		r, known := s.directory.find(person)
		if !known || r.person.Erased {
			continue
		}
		if l := lineOf(r); l.matches(wanted, false) {
			named = append(named, person)
		}
	}
	return named
}

// InDepartment gives the ids of those who belong to a department by now.
func (s *Service) InDepartment(department id.ID) []id.ID {
	var members []id.ID
	for _, l := range s.directory.all() {
		if l.department == department && !department.IsZero() {
			members = append(members, l.id)
		}
	}
	return members
}
