package people

import (
	"context"
	"database/sql"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// Update changes a person. Nothing is recorded when nothing differs. NOT_FOUND when there is no person whom
// the actor may change; CONFLICT when the version is no longer the one given, or another has the badge or number.
func (s *Service) Update(ctx context.Context, actor *access.Actor, in UpdateInput) (*Person, error) {
	scope, err := s.access.Require(ctx, actor, access.PeopleManage)
	if err != nil {
		return nil, err
	}
	var person *Person
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"updatePerson": in})
		if err != nil {
			return err
		}
		if person, err = s.lockTrue(ctx, tx, in.ID); err != nil {
			return err
		}
		if person.Erased || !scope.Reaches(actor, person.ID, person.Department) {
			return notFound()
		}
		if claim.Replayed {
			return nil
		}
		after, drafts, err := s.change(ctx, tx, actor, person, &in)
		if err != nil {
			return err
		}
		if err := mayPlace(scope, actor, after); err != nil {
			return err
		}
		person = after
		entries, err := s.ledger.Append(ctx, tx, drafts...)
		if err != nil {
			return err
		}
		return claim.Settle(ctx, tx, entries)
	})
	if err != nil {
		return nil, err
	}
	return s.viewOf(actor).of(person), nil
}

// change stores what the input changes of a locked person and gives the entries to append, none when nothing differs.
func (s *Service) change(ctx context.Context, tx *mysql.Tx, actor *access.Actor, before *Person, in *UpdateInput) (*Person, []ledger.Draft, error) {
	if in.Version != nil && *in.Version != before.Version {
		return nil, nil, fault.New(fault.Conflict, "Somebody changed this person meanwhile. Load him again and repeat your change.").
			With("version", before.Version)
	}
	was := s.detailsOf(before)
	d, err := in.over(was).check()
	if err != nil {
		return nil, nil, err
	}
	if known, ok := s.directory.departmentNamed(d.Department); ok {
		d.Department = known.Name // in whatever spelling it was given
	}
	differs := changeOf(was, d)
	if len(differs.names) == 0 {
		return before, nil, nil
	}
	at := moments{now: s.moment()}
	departments := s.newDepartments(tx, at, actor)
	department := before.Department
	if in.Department != nil {
		if department, err = departments.named(ctx, d.Department); err != nil {
			return nil, nil, err
		}
	}
	after := *before
	d.into(&after, department)
	after.Version, after.UpdatedAt = before.Version+1, at.now
	if err := s.claimValues(ctx, tx, before, &after); err != nil {
		return nil, nil, err
	}
	if err := s.updateRow(ctx, tx, &after); err != nil {
		return nil, nil, err
	}
	s.publish(tx, &after)
	return &after, append(departments.drafts, personDraft(actor, &after, ledger.AccessPersonUpdated, differs, at)), nil
}

func (s *Service) lock(ctx context.Context, tx *mysql.Tx, person id.ID) (*Person, error) {
	var r row
	err := tx.Get(ctx, &r, lockPerson, person[:])
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	return s.read(ctx, tx, &r)
}

// lockTrue is lock of the person who somebody turned out to be.
func (s *Service) lockTrue(ctx context.Context, tx *mysql.Tx, person id.ID) (*Person, error) {
	p, err := s.lock(ctx, tx, person)
	if err != nil || p.MergedInto.IsZero() {
		return p, err
	}
	return s.lock(ctx, tx, p.MergedInto)
}

func notFound() error {
	return fault.New(fault.NotFound, "There is no person with this id whom you may change.")
}

// detailsOf gives what an input could have said to make the person what he is.
func (s *Service) detailsOf(p *Person) details {
	department, _ := s.directory.department(p.Department)
	return details{
		Name: p.Name, Department: department.Name, EmployeeNumber: p.EmployeeNumber, Email: p.Email, Phone: p.Phone,
		Company: p.Company, Badge: p.Badge, Language: p.Language, ValidUntil: p.ValidUntil,
		ExternalNames: p.ExternalNames,
	}
}
