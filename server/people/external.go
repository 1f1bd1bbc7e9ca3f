package people

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// MaxExternalNames bounds the names of one person, and maxExternalName the characters of each.
	MaxExternalNames = 10
	maxExternalName  = 128
	externalKind     = "external_name"
	insertExternal   = "INSERT INTO person_unique (kind, value, person) VALUES ('external_name', ?, ?)"
	deleteExternal   = "DELETE FROM person_unique WHERE kind = 'external_name' AND value = ? AND person = ?"
)

// same maps the spellings of one name to one text, by which it belongs to one person.
func (n ExternalName) same() string { return n.Source + "\x00" + sameValue(n.Name) }

// tidied is a name as it is kept.
func (n ExternalName) tidied() ExternalName {
	return ExternalName{Source: strings.ToLower(strings.TrimSpace(n.Source)), Name: strings.TrimSpace(n.Name)}
}

// tidyExternalNames gives the names sorted, or the BAD_USER_INPUT that names the first that is wrong.
func tidyExternalNames(given []ExternalName) ([]ExternalName, error) {
	if len(given) > MaxExternalNames {
		return nil, fault.Field("externalNames", "a person has at most %d external names", MaxExternalNames)
	}
	if len(given) == 0 {
		return nil, nil
	}
	names := make([]ExternalName, 0, len(given))
	seen := map[string]bool{}
	for i, n := range given {
		at := fmt.Sprintf("externalNames.%d", i)
		n = n.tidied()
		if !ledger.IsSource(n.Source) {
			return nil, fault.Field(at, "a source has %s", ledger.SourceRule)
		}
		if n.Name == "" {
			return nil, fault.Field(at, "say what %s calls him", n.Source)
		}
		if err := checkText(at, n.Name, maxExternalName); err != nil {
			return nil, err
		}
		if seen[n.same()] {
			return nil, fault.Field(at, "this name stands here twice")
		}
		seen[n.same()] = true
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b ExternalName) int { return strings.Compare(a.same(), b.same()) })
	return names, nil
}

// externalNamesText is how names stand in the entry of a change.
func externalNamesText(names []ExternalName) string {
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = n.Source + ": " + n.Name
	}
	return strings.Join(texts, ", ")
}

// claimExternalNames keeps each external name to one person. CONFLICT names the name and not its owner.
func (s *Service) claimExternalNames(ctx context.Context, tx *mysql.Tx, was, now *Person) error {
	before, after := sameNames(was.ExternalNames), sameNames(now.ExternalNames)
	for same := range before {
		if _, stays := after[same]; stays {
			continue
		}
		index, err := s.seal.BlindIndex(ctx, externalKind, same)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, deleteExternal, index, now.ID); err != nil {
			return err
		}
	}
	for same, n := range after {
		if _, had := before[same]; had {
			continue
		}
		index, err := s.seal.BlindIndex(ctx, externalKind, same)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, insertExternal, index, now.ID)
		if mysql.IsDuplicate(err) {
			return fault.New(fault.Conflict, "Another person is known to %s as %s. Check it, or take the name from the other person first.",
				n.Source, n.Name).With("field", "externalNames")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func sameNames(names []ExternalName) map[string]ExternalName {
	all := make(map[string]ExternalName, len(names))
	for _, n := range names {
		all[n.same()] = n
	}
	return all
}

// Known gives the person whom a source calls by a name, from memory.
func (s *Service) Known(source, name string) (id.ID, bool) {
	return s.directory.known(ExternalName{Source: source, Name: name}.tidied().same())
}
