package people

import (
	"strings"

	"github.com/keytrail/keytrail/server/id"
)

// WithEmail gives the persons with an e-mail address, in whatever case it is written; none for "".
func (s *Service) WithEmail(email string) []id.ID {
	if email == "" {
		return nil
	}
	var found []id.ID
	for _, person := range s.Search(email) {
		if p, ok := s.Find(person); ok && strings.EqualFold(p.Email, email) {
			found = append(found, person)
		}
	}
	return found
}
