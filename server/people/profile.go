package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// profile is what is sealed of a person, as JSON with its members in order.
type profile struct {
	Badge          string         `json:"badge"`
	Company        string         `json:"company"`
	Email          string         `json:"email"`
	EmployeeNumber string         `json:"employeeNumber"`
	ExternalNames  []ExternalName `json:"externalNames,omitempty"`
	Name           string         `json:"name"`
	Phone          string         `json:"phone"`
}

// boundTo is authenticated with a profile: the same bytes in another person's row do not open.
func boundTo(person id.ID) []byte { return []byte("person\x00" + person.String()) }

func (s *Service) sealProfile(ctx context.Context, q mysql.Querier, p *Person) ([]byte, error) {
	plain, err := json.Marshal(profile{
		Badge: p.Badge, Company: p.Company, Email: p.Email, EmployeeNumber: p.EmployeeNumber, Name: p.Name, Phone: p.Phone,
		ExternalNames: p.ExternalNames,
	})
	if err != nil {
		return nil, fmt.Errorf("people: write a profile: %w", err)
	}
	return s.seal.Seal(ctx, q, seal.Person(p.ID), boundTo(p.ID), plain)
}

// openProfile fills in what is sealed of a person, and marks one whose key was destroyed as erased.
func (s *Service) openProfile(ctx context.Context, q mysql.Querier, p *Person, sealed []byte) error {
	plain, err := s.seal.Unseal(ctx, q, seal.Person(p.ID), boundTo(p.ID), sealed)
	if errors.Is(err, seal.ErrDestroyed) {
		p.Erased = true
		return nil
	}
	if _, known := fault.As(err); known {
		return err
	}
	var read profile
	if err == nil {
		err = json.Unmarshal(plain, &read)
	}
	if err != nil {
		return fault.Wrap(err, fault.Internal, "the details of person %s cannot be read: their row or key was changed", p.ID)
	}
	p.Badge, p.Company, p.Email = read.Badge, read.Company, read.Email
	p.EmployeeNumber, p.Name, p.Phone, p.ExternalNames = read.EmployeeNumber, read.Name, read.Phone, read.ExternalNames
	return nil
}
