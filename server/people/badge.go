package people

import "strings"

// HasBadge reports whether a badge, as it was read or typed, is the person's. Nobody has an empty one.
func (p *Person) HasBadge(badge string) bool {
	badge = strings.TrimSpace(badge)
	return badge != "" && p.Badge != "" && sameValue(badge) == sameValue(p.Badge)
}
