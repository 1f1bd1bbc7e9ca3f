package sqltext

import (
	"regexp"
	"strings"
)

// longest is what a statement about savepoints has at most.
const longest = 2000

var (
	saves     = regexp.MustCompile(`(?i)^(?:savepoint|save\s+tran(?:saction)?)\s+([^\s;]+)\s*;?$`)
	undoesAll = regexp.MustCompile(`(?i)^rollback(?:\s+(?:work|tran(?:saction)?))?(?:\s+and\s.*)?\s*;?$`)
	undoes    = regexp.MustCompile(`(?i)^rollback(?:\s+(?:work|tran(?:saction)?))?(?:\s+to)?(?:\s+savepoint)?\s+([^\s;]+)\s*;?$`)
	releases  = regexp.MustCompile(`(?i)^release(?:\s+savepoint)?\s+([^\s;]+)\s*;?$`)
)

// Savepoints follows the savepoints of one transaction: what is rolled back to one takes along what came after it. The
// zero value has none.
type Savepoints struct{ all []savepoint }

type savepoint struct {
	name string
	held int
}

// Follow takes a statement that was executed when so many events were held, and gives how many of them still stand.
func (s *Savepoints) Follow(query string, held int) int {
	if len(query) > longest {
		return held
	}
	query = Bare{}.Of(query)
	if m := saves.FindStringSubmatch(query); m != nil {
		s.all = append(s.all, savepoint{plain(m[1]), held})
		return held
	}
	if undoesAll.MatchString(query) {
		s.all = nil
		return 0
	}
	if m := undoes.FindStringSubmatch(query); m != nil {
		if i := s.find(m[1]); i >= 0 {
			s.all = s.all[:i+1]
			return min(held, s.all[i].held)
		}
	}
	if m := releases.FindStringSubmatch(query); m != nil {
		if i := s.find(m[1]); i >= 0 {
			s.all = s.all[:i]
		}
	}
	return held
}

// find gives the place of the last savepoint of a name, -1 without one.
func (s *Savepoints) find(name string) int {
	for i := len(s.all) - 1; i >= 0; i-- {
		if s.all[i].name == plain(name) {
			return i
		}
	}
	return -1
}

func plain(name string) string { return strings.ToLower(strings.Trim(name, "`\"[]")) }
