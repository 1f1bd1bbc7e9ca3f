package people

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectMergedInto = "SELECT id FROM person WHERE merged_into IN (?)"
	selectTargets    = "SELECT merged_into FROM person WHERE id IN (?) AND merged_into IS NOT NULL"
)

// True gives the id of the person who somebody turned out to be: his own, unless he was merged.
func (s *Service) True(person id.ID) id.ID {
	if p, ok := s.Find(person); ok {
		return p.ID
	}
	return person
}

// MergedFrom gives the ids of those who turned out to be a person, at most MaxMerged.
func (s *Service) MergedFrom(person id.ID) []id.ID {
	return slices.Clone(s.directory.mergedFrom(person))
}

// Same gives every id under which a person is on record: his own first, then those that were merged into him. Asked of
// one who was merged, it gives those of the person who he turned out to be. Nobody has none.
func (s *Service) Same(person id.ID) []id.ID {
	if person.IsZero() {
		return nil
	}
	own := s.True(person)
	return append([]id.ID{own}, s.directory.mergedFrom(own)...)
}

// withMerged adds to persons who they turned out to be, and who turned out to be they.
func (s *Service) withMerged(ctx context.Context, persons []id.ID) ([]id.ID, error) {
	all := slices.Clone(persons)
	for _, query := range []string{selectTargets, selectMergedInto} {
		for chunk := range slices.Chunk(slices.Clone(all), loadBatch) {
			text, args, err := mysql.In(query, chunk)
			if err != nil {
				return nil, err
			}
			var more []id.ID
			if err := s.db.Select(ctx, &more, text, args...); err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
	}
	return all, nil
}
