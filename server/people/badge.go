package people

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
)

// mostOfBadge bounds what ByBadge gives: badges need not be unique.
const mostOfBadge = 10

// ByBadge gives whoever has this very badge or, where the actor may see that, employee number; case does not matter.
// At most ten, by name.
func (s *Service) ByBadge(ctx context.Context, actor *access.Actor, badge string) ([]*Person, error) {
	if _, err := s.access.Require(ctx, actor, access.PeopleView); err != nil {
		return nil, err
	}
	if badge = strings.TrimSpace(badge); badge == "" || utf8.RuneCountInString(badge) > maxSearch {
		return nil, fault.Field("badge", "badge needs 1 to %d characters: scan or type the whole number", maxSearch)
	}
	v, wanted := s.viewOf(actor), folded(badge)
	found := []*Person{}
	lines := s.directory.all()
	for i := range lines {
		l := &lines[i]
		if !strings.Contains(l.open, wanted) && !strings.Contains(l.personal, wanted) || !v.sees(l.id, l.department) {
			continue
		}
		p := v.of(l.of.person)
		if folded(p.Badge) != wanted && folded(p.EmployeeNumber) != wanted {
			continue
		}
		if found = append(found, p); len(found) == mostOfBadge {
			break
		}
	}
	return found, nil
}

// WithBadge gives the one person who has this very badge, whoever asks: what the answer tells him is for the caller to
// decide. False where nobody has it, or more than one.
func (s *Service) WithBadge(badge string) (*Person, bool) {
	var found *Person
	lines := s.directory.all()
	for i := range lines {
		p := lines[i].of.person
		if p.Erased || !p.HasBadge(badge) {
			continue
		}
		if found != nil {
			return nil, false
		}
		found = p
	}
	return found, found != nil
}

// HasBadge reports whether a badge, as it was read or typed, is the person's. Nobody has an empty one.
func (p *Person) HasBadge(badge string) bool {
	badge = strings.TrimSpace(badge)
	return badge != "" && p.Badge != "" && sameValue(badge) == sameValue(p.Badge)
}
