package exports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// stored is what is kept of an order, sealed.
type stored struct {
	Order Order
	// Sight is what whoever ordered it was shown then: he gets no file that shows more than he may see now.
	Sight string
}

func (s *Service) sightOf(actor *access.Actor) string {
	sum := sha256.Sum256([]byte(s.Access.Sight(actor).Name()))
	return hex.EncodeToString(sum[:])
}

// sameSight demands that an actor is shown what he was shown when he ordered a file.
func (s *Service) sameSight(actor *access.Actor, before *stored) error {
	if s.sightOf(actor) != before.Sight {
		return fault.New(fault.Forbidden, "Your rights have changed since you asked for this file. Start the export again.")
	}
	return nil
}

func (s *Service) opened(ctx context.Context, q mysql.Querier, row *jobRow) (*stored, error) {
	plain, err := s.Seal.Unseal(ctx, q, seal.Person(row.Person), orderBound(row.ID), row.Sealed)
	if err != nil {
		return nil, err
	}
	var before stored
	return &before, json.Unmarshal(plain, &before)
}

// equal compares orders as they are stored.
func equal(one, other *Order) (bool, error) {
	a, err := json.Marshal(one)
	if err != nil {
		return false, err
	}
	b, err := json.Marshal(other)
	return bytes.Equal(a, b), err
}
