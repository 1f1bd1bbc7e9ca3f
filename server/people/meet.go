package people

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// metAtOnce bounds the people who are added in one transaction.
	metAtOnce = 200
	// meetTries is how often names are looked at again that somebody else took in between.
	meetTries    = 4
	selectOwners = "SELECT value, person FROM person_unique WHERE kind = 'external_name' AND value IN (?)"
)

// Stranger is somebody as a program names him: its own name of him, and how people call him ("" as the program does).
type Stranger struct {
	External ExternalName
	Name     string
}

// Check refuses what could not be kept as an external name and a name. Fields are externalId and name.
func (s Stranger) Check() error {
	if err := checkText("externalId", s.External.Name, maxExternalName); err != nil {
		return err
	}
	return checkText("name", s.Name, maxName)
}

// Meet gives the persons whom sources call by names, in the order of the names. Whoever is not known becomes a person with
// that external name and an entry of his own, in a transaction for each 200; by is who reported him, and what he may
// do is not asked. RATE_LIMITED when by's source named too many new people today; operators may name any number. Zero for the name of somebody who was erased. Each Stranger must have passed Check.
func (s *Service) Meet(ctx context.Context, by *access.Actor, strangers []Stranger) ([]id.ID, error) {
	met := make([]id.ID, len(strangers))
	unknown := map[string]Stranger{}
	for i, one := range strangers {
		person, known := s.Known(one.External.Source, one.External.Name)
		if met[i] = person; !known {
			unknown[one.External.same()] = one
		}
	}
	if len(unknown) == 0 {
		return met, nil
	}
	names := make([]string, 0, len(unknown))
	for name := range unknown {
		names = append(names, name)
	}
	slices.Sort(names) // so that two who meet the same people wait for each other in one order
	found := map[string]id.ID{}
	for chunk := range slices.Chunk(names, metAtOnce) {
		if err := s.meetSome(ctx, by, chunk, unknown, found); err != nil {
			return nil, err
		}
	}
	for i, one := range strangers {
		if met[i].IsZero() {
			met[i] = found[one.External.same()]
		}
	}
	return met, nil
}

// meetSome finds or adds those with names, and looks again where another process was quicker.
func (s *Service) meetSome(ctx context.Context, by *access.Actor, names []string, unknown map[string]Stranger, found map[string]id.ID) error {
	for try := 1; ; try++ {
		err := s.meetOnce(ctx, by, names, unknown, found)
		if !fault.Is(err, fault.Conflict) || try == meetTries {
			return err
		}
	}
}

func (s *Service) meetOnce(ctx context.Context, by *access.Actor, names []string, unknown map[string]Stranger, found map[string]id.ID) error {
	owned, err := s.reread(ctx, names)
	if err != nil {
		return err
	}
	var fresh []string
	for i, name := range names {
		if !owned[i] {
			fresh = append(fresh, name)
			continue
		}
		found[name], _ = s.directory.known(name) // nobody when he was erased
	}
	return s.addStrangers(ctx, by, fresh, unknown, found)
}

// Gone gives those of the names that somebody had who was erased.
func (s *Service) Gone(ctx context.Context, names []ExternalName) (map[ExternalName]bool, error) {
	given := map[string][]ExternalName{} // by the text of a name that memory does not know
	for _, n := range names {
		same := n.tidied().same()
		if _, known := s.directory.known(same); !known {
			given[same] = append(given[same], n)
		}
	}
	gone := map[ExternalName]bool{}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(given)), metAtOnce) {
		owned, err := s.reread(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for i, same := range chunk {
			if _, known := s.directory.known(same); known || !owned[i] {
				continue
			}
			for _, n := range given[same] {
				gone[n] = true
			}
		}
	}
	return gone, nil
}

// reread reports of each external name, as same gives it, whether somebody has or had it, whom memory knows by it from
// then on unless he was erased.
func (s *Service) reread(ctx context.Context, names []string) ([]bool, error) {
	indexes := make([][]byte, len(names))
	for i, name := range names {
		var err error
		if indexes[i], err = s.seal.BlindIndex(ctx, externalKind, name); err != nil {
			return nil, err
		}
	}
	owners, err := s.ownersOf(ctx, indexes)
	if err != nil {
		return nil, err
	}
	owned := make([]bool, len(names))
	for i := range names {
		var owner id.ID
		if owner, owned[i] = owners[[32]byte(indexes[i])]; !owned[i] {
			continue
		}
		if err := s.Reread(ctx, owner); err != nil {
			return nil, err
		}
	}
	return owned, nil
}

func (s *Service) ownersOf(ctx context.Context, indexes [][]byte) (map[[32]byte]id.ID, error) {
	query, args, err := mysql.In(selectOwners, indexes)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Value  []byte `db:"value"`
		Person id.ID  `db:"person"`
	}
	if err := s.db.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	owners := make(map[[32]byte]id.ID, len(rows))
	for _, r := range rows {
		owners[[32]byte(r.Value)] = r.Person
	}
	return owners, nil
}

func (s *Service) addStrangers(ctx context.Context, by *access.Actor, names []string, unknown map[string]Stranger, found map[string]id.ID) error {
	if len(names) == 0 {
		return nil
	}
	inputs := make([]CreateInput, len(names))
	for i, name := range names {
		one := unknown[name]
		inputs[i] = CreateInput{Name: one.Name, ExternalNames: []ExternalName{one.External}}
		if one.Name == "" {
			inputs[i].Name = one.External.Name
		}
	}
	if !by.IsSystem() {
		if err := s.newcomers.take(by.Source, len(names), s.now()); err != nil {
			return err
		}
	}
	var made []*Person
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		made, err = s.Insert(ctx, tx, by, time.Time{}, inputs)
		return err
	})
	if err != nil {
		if !by.IsSystem() {
			s.newcomers.giveBack(by.Source, len(names))
		}
		return err
	}
	for i, name := range names {
		found[name] = made[i].ID
	}
	return nil
}
