package privacy

import (
	"context"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// Obstacle is what keeps a person from being erased, and how many of it there are.
type Obstacle struct {
	Kind  ObstacleKind
	Count int
}

// ObstacleKind is a kind of obstacle, in the words of the GraphQL schema.
type ObstacleKind string

// The kinds.
const (
	HoldsKeys    ObstacleKind = "HOLDS_KEYS"
	Reservations ObstacleKind = "RESERVATIONS"
	Approvals    ObstacleKind = "APPROVALS"
	Handovers    ObstacleKind = "HANDOVERS"
	LegalHold    ObstacleKind = "LEGAL_HOLD"
)

// obstacles gives what is in the way of erasing somebody, who is on record under these ids.
func (s *Service) obstacles(ctx context.Context, q mysql.Querier, persons []id.ID) ([]Obstacle, error) {
	ties, err := s.Custody.TiesOf(ctx, q, persons)
	if err != nil {
		return nil, err
	}
	found := []Obstacle{}
	for _, one := range []Obstacle{
		{HoldsKeys, ties.Loans}, {Reservations, ties.Reservations}, {Approvals, ties.Approvals}, {Handovers, ties.Handovers},
	} {
		if one.Count > 0 {
			found = append(found, one)
		}
	}
	if s.Held == nil {
		return found, nil
	}
	for _, one := range persons {
		if held, err := s.Held(ctx, q, one); err != nil || held {
			return append(found, Obstacle{LegalHold, 1}), err
		}
	}
	return found, nil
}

// refuse gives CONFLICT when anything is in the way, which says what to do about it.
func refuse(found []Obstacle) error {
	if len(found) == 0 {
		return nil
	}
	what := map[ObstacleKind]fault.Text{
		HoldsKeys: fault.Say("take back the keys that he holds"), Reservations: fault.Say("cancel his reservations"),
		Approvals: fault.Say("have his approvals decided"), Handovers: fault.Say("end his handovers"),
		LegalHold: fault.Say("have the legal hold on him released"),
	}
	todo, kinds := make(fault.Texts, len(found)), make([]string, len(found))
	for i, one := range found {
		todo[i], kinds[i] = what[one.Kind], string(one.Kind)
	}
	return fault.New(fault.Conflict, "This person cannot be erased yet: first %s.", todo).With("obstacles", kinds)
}
